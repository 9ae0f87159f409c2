"""Putting one's name down at /register: what goes in, what is refused, and that it happens once."""

import threading
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import create_app
from event.attendees import Attendee
from event.bookings import Booking
from event.consents import Consent, publish
from event.programme import Checkpoint, Slot
from event.words import Words
from pages.database import db
from tests.house import Clock, post
from tests.registrants import GOOD, Ticks, hidden, register, words


def people(session: Session) -> int:
    """How many are registered."""
    return session.scalars(select(func.count(Attendee.id))).one()


def taken(session: Session) -> dict[str, int]:
    """Seats taken, where any are."""
    return {slot.key: slot.taken for slot in session.scalars(select(Slot).where(Slot.taken > 0))}


def summary(page: str) -> str:
    """What stands in the summary of errors."""
    return words(page[page.index('id="summary"') : page.index("<form")]).partition("xem lại ")[2]


def test_a_person_is_put_down_with_seats_and_consent(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    name = unicodedata.normalize("NFD", "Nguyễn  Thị Hương")
    answer = register(client, name=name, sessions=["it-1", "forum"])
    person = session.scalars(select(Attendee)).one()
    assert (answer.status_code, answer.location[:4]) == (303, "/me/")
    assert (person.name, person.phone, person.province, person.language) == (
        "Nguyễn Thị Hương", "+84912345678", "75", "vi",
    )  # fmt: skip
    assert taken(session) == {"it-1": 1, "forum": 1}
    consent = session.scalars(select(Consent)).one()
    assert (consent.language, consent.given_at, consent.given_by) == ("vi", clock(), "attendee")


def test_nothing_is_ticked_or_chosen_beforehand(client: FlaskClient) -> None:
    page = client.get("/register").text
    assert "checked" not in page
    assert "selected" not in page.replace('<option selected value="">', "")
    assert 'value="staff"' not in page


def test_english_registers_in_english(client: FlaskClient, session: Session) -> None:
    answer = register(client, "/en/register")
    assert (answer.status_code, answer.location[:7]) == (303, "/en/me/")
    assert session.scalars(select(Attendee.language)).one() == "en"
    assert session.scalars(select(Consent.language)).one() == "en"


@pytest.mark.parametrize(
    ("wrong", "where", "why"),
    [
        ({"name": " "}, "Họ và tên", "Xin điền mục này."),
        ({"name": "???"}, "Họ và tên", "Họ và tên phải có ít nhất một chữ cái."),
        ({"email": "huong@"}, "Email", "Địa chỉ email chưa đúng. Ví dụ: hoa.le@vidu.vn"),
        ({"email": "hương@vidu.vn"}, "Email", "Địa chỉ email chưa đúng. Ví dụ: hoa.le@vidu.vn"),
        ({"name": "😀 🇻🇳"}, "Họ và tên", "Xin điền mục này."),
        ({"phone": "0912"}, "Điện thoại",
         "Số điện thoại chưa đúng. Ví dụ: 0912 345 678, +82 2 312 3456"),
        ({"organisation": ""}, "Đơn vị", "Xin điền mục này."),
        ({"position": "ơ" * 121}, "Chức vụ", "Tối đa 120 ký tự."),
        ({"province": ""}, "Tỉnh, thành phố", "Xin chọn một mục."),
        ({"category": "staff"}, "Đối tượng", "Xin chọn đối tượng trong danh sách."),
        ({"agreed": ""}, "Sự đồng ý của Quý khách",
         "Cần có sự đồng ý của Quý khách thì Ban tổ chức mới đăng ký được."),
        ({"sessions": "no-such"}, "Phiên tham dự",
         "Chương trình vừa thay đổi. Xin Quý khách chọn lại."),
        ({"sessions": ["it-1", "energy-1"]}, "Phiên tham dự",
         "“Phiên it-1” và “Phiên energy-1” trùng giờ và đều giới hạn chỗ: chỉ giữ một phiên."),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused_with_its_reason(
    wrong: dict[str, Any], where: str, why: str, client: FlaskClient, session: Session
) -> None:
    answer = register(client, **wrong)
    assert (answer.status_code, summary(answer.text)) == (422, f"{where} : {why}")
    assert (people(session), taken(session)) == (0, {})


def test_emoji_do_not_reach_the_badge(client: FlaskClient, session: Session) -> None:
    register(client, name="Lan 👩🏽‍🌾❤️ Nguyễn")
    assert session.scalars(select(Attendee.name)).one() == "Lan Nguyễn"


def test_everything_typed_is_kept(client: FlaskClient) -> None:
    page = register(client, name='<b>"Hương"</b>', email="sai", sessions=["it-2"]).text
    assert 'value="&lt;b&gt;&#34;Hương&#34;&lt;/b&gt;"' in page
    assert 'value="sai"' in page
    assert '<option selected value="75">Đồng Nai</option>' in page
    assert 'name="sessions" value="it-2" checked' in page
    assert 'name="agreed" value="take_part.1" checked' in page


def test_two_limited_sessions_at_once_are_refused_by_name(client: FlaskClient) -> None:
    page = words(register(client, sessions=["energy-1", "it-1"]).text)
    assert (
        "đều có số chỗ giới hạn, nên một người không thể giữ chỗ ở cả hai. Xin Quý khách giữ lại "
        "một phiên: “Phiên it-1” (08:00–09:30) và “Phiên energy-1” (08:00–09:30)"
    ) in page


def test_an_overlap_with_open_seats_is_allowed_and_pointed_out(client: FlaskClient) -> None:
    answer = register(client, sessions=["energy-2", "it-2"])
    assert answer.status_code == 303
    page = words(client.get(answer.location).text)
    assert "“Phiên energy-2” (09:00–10:30) và “Phiên it-2” (10:00–11:30)" in page


def test_a_seat_that_went_meanwhile_is_named_and_the_rest_kept(
    client: FlaskClient, session: Session, ticks: Ticks
) -> None:
    client.get("/register")
    register(client, sessions=["energy-1"])
    answer = register(client, name="Trần Văn Ánh", sessions=["energy-1", "it-2"])
    assert answer.status_code == 409
    assert summary(answer.text) == (
        "Phiên tham dự : Phiên “Phiên energy-1” đã hết chỗ. Các lựa chọn khác của Quý khách được "
        "giữ nguyên."
    )
    assert 'value="energy-1" disabled' in answer.text
    assert 'value="it-2" checked' in answer.text
    assert 'value="Trần Văn Ánh"' in answer.text
    assert (people(session), taken(session)) == (1, {"energy-1": 1})


def test_a_full_session_is_shown_but_cannot_be_ticked(client: FlaskClient, ticks: Ticks) -> None:
    register(client, sessions=["energy-1"])
    ticks.time += 1
    page = client.get("/register").text
    entry = page[page.index('value="energy-1"') :].partition("</label>")[0]
    assert (entry[:25], words("<" + entry).endswith("Hết chỗ")) == (
        'value="energy-1" disabled',
        True,
    )


def test_the_same_form_sent_twice_registers_once(client: FlaskClient, session: Session) -> None:
    page = client.get("/register").text
    fields = GOOD | {name: hidden(page, name) for name in ("csrf_token", "nonce")}
    first, again = (client.post("/register", data=fields | {"sessions": "it-1"}) for _ in "ab")
    assert (first.status_code, again.location) == (303, first.location)
    assert (people(session), taken(session)) == (1, {"it-1": 1})


def test_going_back_and_typing_another_person_registers_that_person(
    client: FlaskClient, session: Session
) -> None:
    page = client.get("/register").text
    fields = GOOD | {name: hidden(page, name) for name in ("csrf_token", "nonce")}
    first = client.post("/register", data=fields)
    other = client.post("/register", data=fields | {"name": "Trần Văn Ánh"})
    assert (people(session), other.location != first.location) == (2, True)


def test_a_secretary_registers_ten_with_one_address(client: FlaskClient, session: Session) -> None:
    answers = [register(client, name=f"Nguyễn Văn {letter}") for letter in "ABCDEGHIKL"]
    assert [answer.status_code for answer in answers] == [303] * 10
    assert people(session) == 10


def test_each_form_has_its_own_nonce(client: FlaskClient) -> None:
    first, second = (hidden(client.get("/register").text, "nonce") for _ in "ab")
    assert first != second
    assert len(first) >= 22


def test_an_expired_token_shows_the_form_again_filled(
    client: FlaskClient, session: Session
) -> None:
    page = client.get("/register").text
    fields = GOOD | {"csrf_token": "too-old", "nonce": hidden(page, "nonce"), "sessions": "it-2"}
    answer = client.post("/register", data=fields)
    assert (answer.status_code, people(session)) == (400, 0)
    assert summary(answer.text) == (
        "Trang này đã mở quá lâu. Mọi thông tin đã nhập vẫn còn: xin Quý khách bấm gửi lại."
    )
    fresh = {name: hidden(answer.text, name) for name in ("csrf_token", "nonce")}
    assert fresh["nonce"] == fields["nonce"]
    assert client.post("/register", data=fields | fresh).status_code == 303


def test_consent_to_older_words_is_none(
    client: FlaskClient, session: Session, ticks: Ticks
) -> None:
    client.get("/register")
    publish(session, "take_part", Words("Lời mới", "New words"))
    session.commit()
    ticks.time += 1
    answer = register(client, agreed="take_part.1")
    assert (answer.status_code, "Lời mới" in answer.text) == (422, True)
    assert register(client, agreed="take_part.2").status_code == 303


def test_a_session_taken_out_within_the_second_is_told(
    client: FlaskClient, session: Session, ticks: Ticks
) -> None:
    client.get("/register")
    session.execute(delete(Checkpoint).where(Checkpoint.key == "it-2"))
    session.execute(delete(Slot).where(Slot.key == "it-2"))
    session.commit()
    answer = register(client, sessions=["it-2", "forum"])
    assert (answer.status_code, people(session)) == (422, 0)
    assert "Chương trình vừa thay đổi" in summary(answer.text)
    assert 'value="forum" checked' in answer.text


@pytest.mark.parametrize("data", [{}, {"name": ["a", "b"]}, {"sessions": [""] * 50}])
def test_odd_forms_are_refused_calmly(
    data: dict[str, Any], client: FlaskClient, session: Session
) -> None:
    assert post(client, "/register", data).status_code == 422
    assert client.post("/register", json={"name": 5}).status_code == 400
    assert people(session) == 0


def test_a_field_is_checked_as_it_is_left(client: FlaskClient, session: Session) -> None:
    wrong = client.post("/register/check/email", data={"email": "sai", "name": ""})
    assert wrong.status_code == 200
    assert words(wrong.text) == "Email Địa chỉ email chưa đúng. Ví dụ: hoa.le@vidu.vn"
    assert 'aria-invalid="true"' in wrong.text
    right = client.post("/en/register/check/email", data={"email": "huong@vidu.vn"})
    assert (words(right.text), "aria-invalid" in right.text) == ("E-mail", False)
    assert client.post("/register/check/nonce", data={}).status_code == 404
    assert people(session) == 0


def test_overlaps_are_told_while_choosing(client: FlaskClient) -> None:
    chosen = {"sessions": ["energy-2", "it-2"]}
    assert words(client.post("/en/register/check/sessions", data=chosen).text) == (
        "These overlap. You may keep both and attend a part of each: "
        "“Session energy-2” (09:00–10:30) and “Session it-2” (10:00–11:30)"
    )
    assert words(client.post("/register/check/sessions", data={"sessions": "it-1"}).text) == ""


def test_the_last_seat_goes_to_exactly_one_of_two(app: Flask, clock: Clock) -> None:
    """Two web processes are two apps on one database."""
    folder: Path = app.config["DATA_DIR"]
    browsers = [create_app(data_dir=folder, now=clock, testing=True).test_client() for _ in "ab"]
    forms = [GOOD | {"csrf_token": hidden(b.get("/register").text, "csrf_token")} for b in browsers]
    together = threading.Barrier(2)
    statuses: list[int] = []

    def press(at: int) -> None:
        together.wait()
        fields = forms[at] | {"name": f"Người {at}", "sessions": "energy-1"}
        statuses.append(browsers[at].post("/register", data=fields).status_code)

    presses = [threading.Thread(target=press, args=(at,)) for at in (0, 1)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(statuses) == [303, 409]
    assert taken(db.session()) == {"energy-1": 1}
    assert db.session().scalars(select(func.count(Booking.id))).one() == 1
