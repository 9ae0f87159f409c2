"""Organisers read mails, write to many, and send one person's again; the desk shows the code."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.amendments import cancel
from event.attendees import Attendee, Registration, matching, register
from event.links import key_of
from event.mail import Circular, Mail
from event.words import Words
from pages.postman import deliver
from tests.house import Clock, post

SignIn = Callable[[str], FlaskClient]
BUSES = {"subject": "Xe đưa đón", "body": "Kính gửi {tên},\n\nXe chạy lúc 06:30."}


def put_down(session: Session, clock: Clock, name: str = "Nguyễn An", **more: Any) -> Attendee:
    """Somebody with an address."""
    stated = {"email": "an@vidu.vn"} | more
    return register(session, Registration(name, **stated), at=clock()).attendee


def mails(session: Session) -> list[Mail]:
    """All of them as they are now."""
    query = select(Mail).order_by(Mail.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def written(browser: FlaskClient, **other: str) -> str:
    """The address of a draft."""
    answer = post(browser, "/organiser/circulars/new", BUSES | other)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def send_to(browser: FlaskClient, address: str, **options: Any) -> TestResponse:
    """The form of one person's confirmation, with the version that it was shown for."""
    page = "/organiser/people/1/mail"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', browser.get(page).text)
    assert seen
    return post(browser, page, {"email": address, "seen": seen[1]}, **options)


def press(browser: FlaskClient, page: str, deed: str) -> int:
    """Press a button of a letter's page."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)
    assert token
    return browser.post(f"{page}/{deed}", data={"csrf_token": token[1]}).status_code


def test_staff_who_read_a_mail_are_not_shown_its_readers_key(
    app: Flask, session: Session, clock: Clock, as_staff: SignIn
) -> None:
    key = key_of(put_down(session, clock), app.config["KEYS"])
    staff = as_staff("supervisor")
    for _sent in (False, True):
        shown = staff.get("/organiser/mails/1").text, staff.get("/organiser/mails/1/page").text
        assert ["/change/…" in text for text in shown] == [True, True]
        assert [key in text for text in shown] == [False, False]
        deliver()
    assert key in (app.config["DATA_DIR"] / "mail/000001.eml").read_text().replace("=\n", "")


def test_a_mail_that_is_a_file_is_read_and_its_files_are_fetched(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock)
    deliver()
    browser = as_staff("organiser")
    shown = browser.get("/organiser/mails").text
    assert "Chưa thiết lập máy chủ thư" in shown
    assert 'href="/organiser/mails/1"' in shown
    page = browser.get("/organiser/mails/1").text
    assert "Đây chính là tệp thư." in page
    assert "Kính gửi Nguyễn An" in page
    assert '<iframe class="letter" sandbox src="/organiser/mails/1/page"' in page
    paper = browser.get("/organiser/mails/1/files/0")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert paper.headers["Content-Disposition"] == 'attachment; filename="badge-00001.pdf"'
    assert browser.get("/organiser/mails/1/files/1").mimetype == "text/calendar"
    assert browser.get("/organiser/mails/1/files/2").status_code == 404


def test_the_frame_of_a_mail_runs_and_loads_nothing(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock)
    deliver()
    answer = as_staff("supervisor").get("/organiser/mails/1/page")
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; "
        "frame-ancestors 'self'"
    )
    assert 'src="data:image/png;base64,' in answer.text
    assert "cid:" not in answer.text


def test_states_can_be_asked_for_and_count_right(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock)
    gone = put_down(session, clock, "Bình Đi")
    cancel(session, gone, at=clock(), by="x")
    deliver()
    put_down(session, clock, "Chi Đợi")
    browser = as_staff("organiser")
    for state, name in (("waiting", "Chi Đợi"), ("sent", "Nguyễn An"), ("failed", "Bình Đi")):
        shown = browser.get(f"/organiser/mails?state={state}").text
        others = {"Chi Đợi", "Nguyễn An", "Bình Đi"} - {name}
        assert name in shown
        assert not any(other in shown for other in others)
    assert browser.get("/organiser/mails?state=x").status_code == 400
    assert browser.get("/organiser/mails?circular=x").status_code == 400


def test_the_outbox_is_turned_page_by_page(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    for number in range(51):
        put_down(session, clock, f"Người {number}")
    browser = as_staff("organiser")
    first = browser.get("/organiser/mails").text
    assert "/organiser/mails?before=2" in first
    assert ">Người 0<" not in first
    assert ">Người 0<" in browser.get("/organiser/mails?before=2").text


def test_a_mail_that_was_given_up_is_tried_again(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock)
    (mail,) = mails(session)
    mail.done_at, mail.failure, mail.attempts = clock(), "451 Not now", 16
    session.commit()
    assert press(as_staff("supervisor"), "/organiser/mails/1", "again") == 303
    (mail,) = mails(session)
    assert (mail.done_at, mail.attempts, mail.failure) == (None, 0, "")


def test_a_letter_is_written_looked_at_tried_and_sent(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock, mail=False)
    put_down(session, clock, "Không Thư", email="", mail=False)
    browser = as_staff("organiser")
    page = written(browser, subject_en="Buses", body_en="Dear {name}")
    letter = session.scalars(select(Circular)).one()
    assert letter.subject == Words("Xe đưa đón", "Buses")
    assert letter.started_at is None
    shown = browser.get(page).text
    assert "1 trong 2 người có địa chỉ email để gửi." in shown
    assert "Kính gửi Nguyễn An," in browser.get(f"{page}/preview?person=1").text
    for nobody in ("99999999999", "9" * 40, "-1", "x"):
        assert browser.get(f"{page}?person={nobody}").status_code == 200
        assert browser.get(f"{page}/preview?person={nobody}").status_code == 200
    assert press(browser, page, "trial") == 303
    assert [(m.kind, m.address) for m in mails(session)] == [
        ("trial", "organiser@vidu.vn"), ("trial_en", "organiser@vidu.vn"),
    ]  # fmt: skip
    assert press(browser, page, "send") == 303
    assert press(browser, page, "send") == 303
    assert [m.attendee_id for m in mails(session) if m.kind == "circular"] == [1]
    deliver()
    assert '<dd>1<span class="note"> / 1</span></dd>' in browser.get(page).text
    assert "Nguyễn An" in browser.get("/organiser/mails?circular=1&state=sent").text


def test_it_is_paused_continued_and_stopped(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock, mail=False)
    browser = as_staff("organiser")
    page = written(browser)
    press(browser, page, "send")
    press(browser, page, "pause")
    assert deliver() == 0
    assert "Tạm dừng lúc" in browser.get(page).text
    press(browser, page, "go-on")
    press(browser, page, "stop")
    assert deliver() == 0
    assert [(m.failure, m.done_at) for m in mails(session)] == [("mail.stopped", clock())]
    assert "đã được thu lại" in browser.get(page).text


def test_what_is_wrong_stands_at_the_field_and_nothing_is_kept(
    session: Session, as_staff: SignIn
) -> None:
    browser = as_staff("organiser")
    for fields, said in (
        ({"subject": "", "body": "x"}, "Xin điền mục này."),
        (BUSES | {"body": "Gửi {ten}"}, "{ten} không phải là từ có thể thay thế."),
        (BUSES | {"subject_en": "Buses"}, "Vui lòng viết cả phần này bằng tiếng Anh."),
        (BUSES | {"category": "nonsense"}, "Xin chọn trong danh sách."),
    ):
        answer = post(browser, "/organiser/circulars/new", fields)
        assert (answer.status_code, said in answer.text) == (422, True), said
    assert session.scalars(select(Circular)).all() == []


def test_it_is_for_those_chosen_in_the_table_of_people_and_can_be_changed(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock, mail=False)
    put_down(session, clock, "Lê Bình", category="delegate", email="b@vidu.vn", mail=False)
    browser = as_staff("organiser")
    assert (
        "/organiser/circulars/new?category=delegate"
        in browser.get("/organiser/people?category=delegate").text
    )
    form = browser.get("/organiser/circulars/new?category=delegate").text
    assert "1 người có email" in form
    page = written(browser, category="delegate")
    assert "<strong>Đối tượng: Đại biểu</strong>" in browser.get(page).text
    edit = browser.get(f"{page}/edit").text
    assert 'value="Xe đưa đón"' in edit
    assert '<option selected value="delegate">' in edit
    changed = BUSES | {"subject": "Tàu", "category": "visitor", "with_badge": "y"}
    assert post(browser, f"{page}/edit", changed).location == page
    session.expire_all()
    letter = session.scalars(select(Circular)).one()
    assert (letter.subject.vi, letter.people, letter.with_badge) == (
        "Tàu", {"category": "visitor"}, True,
    )  # fmt: skip
    press(browser, page, "discard")
    session.expire_all()
    assert session.scalars(select(Circular)).all() == []


def test_a_confirmation_goes_again_to_a_corrected_address(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock)
    deliver()
    browser = as_staff("supervisor")
    answer = send_to(browser, "An.Moi@Vidu.vn")
    assert (answer.status_code, answer.location) == (303, "/organiser/people/1")
    session.expire_all()
    person = session.get_one(Attendee, 1)
    assert person.email == "an.moi@vidu.vn"
    assert session.scalars(matching(select(Attendee), "an.moi@vidu.vn")).all() == [person]
    deliver()
    assert [(m.address, m.done_at) for m in mails(session)] == [
        ("an@vidu.vn", clock()), ("an.moi@vidu.vn", clock()),
    ]  # fmt: skip
    page = browser.get("/organiser/people/1").text
    assert "tới an@vidu.vn" in page
    assert "Gửi lại thư xác nhận" in page


def test_a_confirmation_that_waits_is_not_doubled(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock)
    answer = send_to(as_staff("supervisor"), "an@vidu.vn", follow_redirects=True)
    assert "Thư đang chờ gửi sẵn; thư sẽ tới an@vidu.vn." in answer.text
    assert len(mails(session)) == 1


@pytest.mark.parametrize("address", ["", "sai"])
def test_a_wrong_address_is_told_and_nothing_goes_out(
    session: Session, clock: Clock, as_staff: SignIn, address: str
) -> None:
    put_down(session, clock, mail=False)
    answer = send_to(as_staff("supervisor"), address)
    assert answer.status_code == 422
    assert mails(session) == []


def test_the_desk_shows_the_code_again_and_sends_the_mail_again(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    put_down(session, clock, mail=False)
    browser = as_staff("desk")
    assert 'href="/checkin/people/1/code"' in browser.get("/checkin/people/1").text
    page = browser.get("/checkin/people/1/code").text
    assert page.count('class="qr"') == 3
    assert "Gửi lại thư xác nhận tới an@vidu.vn" in page
    answer = post(browser, "/checkin/people/1/code", {})
    assert answer.status_code == 405
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    sent = browser.post("/checkin/people/1/mail", data={"csrf_token": token[1]})
    assert (sent.status_code, sent.location) == (303, "/checkin/people/1/code")
    assert [(m.attendee_id, m.kind) for m in mails(session)] == [(1, "registered")]


def test_the_desk_shows_no_code_of_a_cancelled_registration(
    session: Session, clock: Clock, as_staff: SignIn
) -> None:
    cancel(session, put_down(session, clock), at=clock(), by="x")
    assert as_staff("desk").get("/checkin/people/1/code").status_code == 409
