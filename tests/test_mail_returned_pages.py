"""Organisers see which mails came back, mend the address, and bring reports as files."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.attendees import Registration, register
from event.mail import Mail
from event.returned import looked
from pages.postman import deliver
from pages.returned import last_reading
from tests.house import Clock, post
from tests.post_offices import Office, opened
from tests.returns import mark_in, report

SignIn = Callable[[str], FlaskClient]
PAGE = "/organiser/mails/returned"


@pytest.fixture
def marks(app: Flask, session: Session, clock: Clock) -> list[str]:
    """Two mails have gone out; their marks."""
    office = Office()
    for number in range(2):
        register(session, Registration(f"Người {number}", email=f"n{number}@vidu.vn"), at=clock())
    with opened(office) as app.config["SMTP_URL"]:
        deliver()
    return [mark_in(message) for message in office.taken]


def bring(browser: FlaskClient, *files: tuple[bytes, str]) -> TestResponse:
    """Choose files and press the button."""
    chosen = [(BytesIO(data), name) for data, name in files]
    return post(browser, PAGE, {"files": chosen})


def test_files_mark_what_came_back_and_the_organiser_is_told(
    session: Session, clock: Clock, as_staff: SignIn, marks: list[str]
) -> None:
    browser = as_staff("organiser")
    clock.forward(hours=1)
    mails = [report("postfix", marks[0]), report("gmail", marks[1], "delayed"), b"Subject: x\n\ny"]
    box = b"\n\n".join(b"From MAILER-DAEMON Fri Sep 29 2023\n" + mail for mail in mails)
    answer = bring(browser, (box, "all.mbox"), (report("exim", marks[0]), "one.eml"))
    assert answer.location == "/organiser/mails?state=returned"
    shown = browser.get(answer.location).text
    said = (
        "1 thư bị trả lại, đã đánh dấu, 1 thư đã biết từ trước, 1 thư chỉ bị chậm, "
        "1 tệp hoặc thư không báo gì về thư của ban tổ chức."
    )
    assert said in shown
    assert ("Người 0" in shown, "Người 1" in shown) == (True, False)
    assert "gửi 07:30 29/09/2023, biết từ 08:30 29/09/2023" in shown
    assert "550 5.1.1 &lt;an@vidu.vn&gt;: Recipient address rejected: User unknown" in shown
    assert 'href="/organiser/people/1/mail"' in shown


def test_after_the_address_was_corrected_the_mail_goes_to_the_new_one(
    app: Flask, session: Session, clock: Clock, as_staff: SignIn, marks: list[str]
) -> None:
    browser = as_staff("organiser")
    bring(browser, (report("postfix", marks[0]), "a.eml"))
    register(session, Registration("Khác", email="x@vidu.vn"), at=clock())
    page = browser.get("/organiser/people/1/mail").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    post(browser, "/organiser/people/1/mail", {"email": "dung@vidu.vn", "seen": seen})
    shown = browser.get("/organiser/mails?state=returned").text
    assert "Địa chỉ đã được sửa: dung@vidu.vn" in shown
    assert "Gửi lại" in browser.get("/organiser/mails/1").text
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        deliver()
    assert [str(message["To"].addresses[0].addr_spec) for message in office.taken] == [
        "x@vidu.vn", "dung@vidu.vn",
    ]  # fmt: skip


def test_one_person_and_one_mail_show_that_it_came_back(as_staff: SignIn, marks: list[str]) -> None:
    browser = as_staff("organiser")
    bring(browser, (report("exchange", marks[1]), "a.eml"))
    for page in ("/organiser/people/2", "/organiser/mails/2"):
        shown = browser.get(page).text
        assert "bị trả lại" in shown
        assert "RESOLVER.ADR.RecipientNotFound" in shown
    assert "bị trả lại" not in browser.get("/organiser/people/1").text


@pytest.mark.parametrize(
    ("files", "status", "said"),
    [
        ([], 422, "Xin"),
        ([(b"", "")], 422, "Xin"),
        ([(b"\xd0\xcf\x11\xe0rest", "thu.msg")], 422, "thu.msg ở định dạng riêng của Outlook"),
    ],
)
def test_files_that_cannot_be_read_are_refused_at_the_field(
    as_staff: SignIn, files: list[tuple[bytes, str]], status: int, said: str
) -> None:
    answer = bring(as_staff("organiser"), *files)
    assert answer.status_code == status
    assert said in answer.text.split('id="files-error"')[1]


def test_hostile_files_mark_nothing(session: Session, as_staff: SignIn, marks: list[str]) -> None:
    nested = b"Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n" * 3000
    answer = bring(
        as_staff("organiser"), (nested, "a.eml"), (b"\x00" * 100_000, "b.eml"),
        (b"From \n\n" * 5000, "c.mbox"),
    )  # fmt: skip
    assert answer.location == PAGE
    assert session.scalars(select(Mail).where(Mail.returned_at.is_not(None))).all() == []


def test_a_mailbox_that_cannot_be_read_is_told_where_letters_are(
    app: Flask, session: Session, clock: Clock, as_staff: SignIn
) -> None:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    app.config["MAIL_BOUNCES"] = "imaps://u:p@vidu.vn"
    browser = as_staff("organiser")
    assert "Chưa đọc lần nào" in browser.get(PAGE).text
    reading = last_reading()
    assert reading is not None
    looked(session, reading.mailbox, "vidu.vn:993: timed out", at=clock())
    assert "Không đọc được hộp thư nhận thư trả lại: vidu.vn:993: timed out" in (
        browser.get("/organiser/mails").text
    )
    assert "Lần xem tới: 07:33 29/09/2023." in browser.get(PAGE).text
    looked(session, reading.mailbox, at=clock())
    assert "Đọc gần nhất lúc 07:30 29/09/2023" in browser.get(PAGE).text
    assert "Không đọc được" not in browser.get("/organiser/mails").text
