"""Before a letter goes to many or somebody is refused, the organiser is asked; lists say it all."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.approving import approve, who_wait
from event.attendees import Attendee, Registration, register
from event.line import line_up
from event.mail import Mail
from event.own_seats import take_seat
from event.programme import Category
from pages.postman import deliver
from tests.house import Clock, post
from tests.registrants import words

TO_ALL = {"subject": "Nhắc lịch: {tên}", "body": "Kính gửi {tên},"}
IN_BOTH = TO_ALL | {"subject_en": "A reminder: {name}", "body_en": "Dear {name},"}


@pytest.fixture
def organiser(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("organiser")


def put_down(session: Session, clock: Clock, name: str, **more: Any) -> Attendee:
    stated = {"email": "an@vidu.vn"} | more
    return register(session, Registration(name, **stated), at=clock()).attendee


def with_approval(session: Session) -> None:
    """Visitors wait for a yes."""
    session.scalars(select(Category).where(Category.key == "visitor")).one().approval = True
    session.commit()


def test_a_letter_to_many_goes_out_after_a_second_question(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "Nguyễn An", mail=False)
    page = str(post(organiser, "/organiser/circulars/new", TO_ALL).location)
    assert f'action="{page}/send"' not in organiser.get(page).text
    assert f'href="{page}/send"' in organiser.get(page).text
    asked = organiser.get(f"{page}/send").text
    assert "<h1>Gửi thư này tới 1 người?</h1>" in asked
    assert "Nhắc lịch: Nguyễn An" in asked
    assert session.scalars(select(Mail)).all() == []
    assert post(organiser, f"{page}/send", {}).status_code == 303
    assert [mail.kind for mail in session.scalars(select(Mail))] == ["circular"]
    assert organiser.get(f"{page}/send").location == page


def test_the_preview_has_the_subject_as_it_arrives_in_each_language(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "Nguyễn An", mail=False)
    page = str(post(organiser, "/organiser/circulars/new", IN_BOTH).location)
    shown = organiser.get(page).text
    assert '<strong lang="vi">Nhắc lịch: Nguyễn An</strong>' in shown
    assert "Bản tiếng Anh" not in shown
    put_down(session, clock, "Jane Doe", language="en", mail=False)
    shown = organiser.get(page).text
    (english,) = re.findall(r'<a href="([^"]+)">Bản tiếng Anh, gửi Jane Doe</a>', shown)
    seen = organiser.get(english).text
    assert '<strong lang="en">A reminder: Jane Doe</strong>' in seen


def test_the_form_of_a_letter_names_the_fields_that_are_wrong(organiser: FlaskClient) -> None:
    answer = post(organiser, "/organiser/circulars/new", {"subject": "", "body": "x"})
    assert answer.status_code == 422
    assert '<li><a href="#subject">Tiêu đề</a>: Xin điền mục này.</li>' in answer.text


def test_a_refusal_is_asked_about_and_says_what_follows(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    with_approval(session)
    put_down(session, clock, "Nguyễn An", category="visitor")
    shown = organiser.get("/organiser/registration").text
    assert 'action="/organiser/registration/people/1/no"' not in shown
    assert 'href="/organiser/registration/people/1/no"' in shown
    asked = organiser.get("/organiser/registration/people/1/no").text
    assert "<h1>Không duyệt đăng ký này?</h1>" in asked
    assert "Thư gửi ngay tới an@vidu.vn báo rằng đăng ký không được duyệt." in asked
    assert len(session.scalars(who_wait()).all()) == 1
    address = "/organiser/registration/people/1/no"
    assert post(organiser, address, {}).status_code == 303
    assert session.scalars(who_wait()).all() == []
    assert organiser.get(address).location == "/organiser/registration"


def test_waiting_lists_and_returned_mails_are_always_one_press_away(
    organiser: FlaskClient,
) -> None:
    assert '<a href="/organiser/waiting">' in organiser.get("/organiser/registration").text
    mails = organiser.get("/organiser/mails").text
    assert 'href="/organiser/mails/returned">Thư bị trả lại</a>' in mails


def test_a_list_of_mails_names_letters_by_subject_and_receipts_without_a_badge(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    with_approval(session)
    person = put_down(session, clock, "Nguyễn An", category="visitor")
    receipt, badge = "Thư báo đã nhận đăng ký, chưa có thẻ", "Thư xác nhận kèm thẻ"
    assert receipt in organiser.get("/organiser/mails").text
    deliver()
    clock.forward(minutes=1)
    approve(session, session.merge(person), at=clock(), by="lan@vidu.vn")
    deliver()
    page = str(post(organiser, "/organiser/circulars/new", TO_ALL).location)
    post(organiser, f"{page}/send", {})
    for address in ("/organiser/mails", "/organiser/people/1"):
        shown = organiser.get(address).text
        assert [shown.count(f">{name}<") for name in (receipt, badge)] == [1, 1], address
        assert "Nhắc lịch: {tên}</" in shown
        assert (shown.count("đã ghi thành tệp"), shown.count(">đã gửi<")) == (2, 0)
    assert f"<dd>{receipt}</dd>" in organiser.get("/organiser/mails/1").text
    assert f"<dd>{badge}</dd>" in organiser.get("/organiser/mails/2").text


def test_who_has_no_place_yet_is_not_counted_in_the_line_for_a_seat(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    for name in ("Đủ Chỗ", "Chưa Suất", "Trần Văn Ánh"):
        take_seat(session, put_down(session, clock, name), "energy-1", at=clock(), by="attendee")
    line_up(session, session.get_one(Attendee, 2), at=clock(), by="attendee")
    session.commit()
    shown = words(organiser.get("/organiser/waiting").text)
    assert "Phiên energy-1 1 người chờ Ngoài ra 1 người đã chọn phiên này" in shown
    assert "1 Trần Văn Ánh" in shown
    assert "– Chưa Suất" in shown
    programme = organiser.get("/organiser/programme").text
    assert '<a class="small line" href="/organiser/waiting#energy-1">1 người chờ</a>' in programme
