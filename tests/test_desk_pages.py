"""The door's pages without JavaScript: checkpoint, search, cards, badges, undo, walk-ins, roles."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sql
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.amendments import cancel
from event.attendees import Attendee
from event.consents import Consent, Notice
from event.delegations import announce, join
from event.mail import Mail
from event.scans import Presence, Scan
from pages.database import db
from tests.doors import csrf, put_down, scan, send
from tests.house import OPENING, Clock, post

AsStaff = Callable[[str], FlaskClient]
HTMX = {"HX-Request": "true"}


def at_gate(browser: FlaskClient, checkpoint: str = "gate-a") -> FlaskClient:
    """A device that knows where it stands."""
    send(browser, "/checkin/checkpoint", checkpoint=checkpoint)
    return browser


@pytest.fixture
def desk(as_staff: AsStaff) -> FlaskClient:
    """Signed in at Cổng A."""
    return at_gate(as_staff("desk"))


@pytest.fixture
def supervisor(as_staff: AsStaff) -> FlaskClient:
    """Signed in at Cổng A, may correct."""
    return at_gate(as_staff("supervisor"))


# Who gets in

GETS = ("/checkin/", "/checkin/checkpoint", "/checkin/recent", "/checkin/people",
        "/checkin/people/1", "/checkin/badge/1.pdf", "/checkin/walk-in")  # fmt: skip
POSTS = ("/checkin/checkpoint", "/checkin/scan", "/checkin/undo", "/checkin/walk-in")


@pytest.mark.parametrize("address", GETS)
def test_a_stranger_is_sent_to_sign_in_and_back(
    address: str, client: FlaskClient, session: Session
) -> None:
    put_down(session)
    answer = client.get(address)
    assert (answer.status_code, answer.location) == (302, f"/staff/sign-in?then={address}")


@pytest.mark.parametrize("role", ["desk", "supervisor", "organiser"])
def test_every_role_works_at_the_door(role: str, as_staff: AsStaff, session: Session) -> None:
    put_down(session)
    browser = at_gate(as_staff(role))
    assert {browser.get(address).status_code for address in GETS} == {200}


@pytest.mark.parametrize("address", POSTS)
def test_a_stranger_can_send_nothing(address: str, client: FlaskClient, session: Session) -> None:
    field = client.get("/staff/sign-in").text.split('name="csrf_token"')[1]
    token = field.split('value="')[1].split('"')[0]
    assert client.post(address, data={"csrf_token": token}).status_code == 401
    assert client.post(address).status_code in (400, 401)
    assert session.scalars(select(Scan)).all() == []


@pytest.mark.parametrize("address", POSTS[:3])
def test_nothing_is_taken_without_a_token(address: str, desk: FlaskClient) -> None:
    assert desk.post(address, data={"checkpoint": "gate-a"}).status_code == 400


# Where this device stands


def test_the_checkpoint_is_chosen_first_and_remembered_through_signing_out(
    as_staff: AsStaff,
) -> None:
    browser = as_staff("desk")
    assert browser.get("/checkin/").location == "/checkin/checkpoint"
    assert browser.get("/checkin/walk-in").location == "/checkin/checkpoint"
    at_gate(browser, "energy-1")
    page = browser.get("/checkin/").text
    assert "Phiên energy-1" in page
    assert "Chỉ dành cho người đã đăng ký" in page
    send(browser, "/staff/sign-out")
    assert browser.get_cookie("checkpoint", path="/checkin")


@pytest.mark.parametrize("key", ["gate-z", "", "gate\u0000a"])
def test_a_checkpoint_that_is_not_there_is_refused(key: str, desk: FlaskClient) -> None:
    assert send(desk, "/checkin/checkpoint", checkpoint=key).status_code == 422


def test_a_checkpoint_that_went_away_has_to_be_chosen_again(desk: FlaskClient) -> None:
    desk.set_cookie("checkpoint", "removed", path="/checkin")
    assert desk.get("/checkin/").location == "/checkin/checkpoint"


def test_the_scanner_alone_may_compile_webassembly_and_use_the_camera(desk: FlaskClient) -> None:
    headers = desk.get("/checkin/").headers
    assert "script-src 'self' 'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "wasm" not in desk.get("/staff/password").headers["Content-Security-Policy"]


# Search and cards


@pytest.mark.parametrize(
    "asked",
    ["nguyen huong", "NGUYỄN THỊ HƯƠNG", "huong nguyen", "so khcn", "0912 345 678", "00001", "1"],
)
def test_people_are_found_as_staff_type(asked: str, desk: FlaskClient, session: Session) -> None:
    put_down(session, organisation="Sở KHCN", phone="+84912345678")
    put_down(session, "Trần Văn Ánh", organisation="Viện")
    found = desk.get("/checkin/people", query_string={"q": asked}).text
    assert ("Nguyễn Thị Hương" in found) == (asked != "1")
    assert "Trần Văn Ánh" not in found


def test_htmx_gets_the_results_alone(desk: FlaskClient, session: Session) -> None:
    put_down(session)
    part = desk.get("/checkin/people?q=huong", headers=HTMX).text
    assert "Nguyễn Thị Hương" in part
    assert "<html" not in part


@pytest.mark.parametrize(
    "asked", ["%", "_", "\x00a", "ab\x00", "9" * 400, "'; drop", "@\x00@", "😀"]
)
def test_odd_searches_find_nobody_and_break_nothing(
    asked: str, desk: FlaskClient, session: Session
) -> None:
    put_down(session)
    answer = desk.get("/checkin/people", query_string={"q": asked})
    assert answer.status_code == 200
    assert "Nguyễn Thị Hương" not in answer.text


def test_letting_in_from_the_results_is_one_press(desk: FlaskClient, session: Session) -> None:
    guest = put_down(session)
    page = desk.get("/checkin/people?q=huong").text
    nonce = page.split('name="nonce" value="')[1].split('"')[0]
    fields = {"nonce": nonce, "method": "search", "checkpoint": "gate-a", "attendee": guest.id}
    assert 'class="verdict in"' in send(desk, "/checkin/scan", **fields).text
    assert "Đã vào lúc 07:30" in desk.get("/checkin/people?q=huong").text


def test_who_cancelled_is_found_but_offered_no_way_in(desk: FlaskClient, session: Session) -> None:
    cancel(session, put_down(session), at=OPENING, by="test")
    page = desk.get("/checkin/people?q=huong").text
    assert "Đã hủy" in page
    assert 'name="attendee"' not in page
    assert desk.get("/checkin/badge/1.pdf").status_code == 409


def test_a_card_shows_sessions_delegation_and_every_scan(
    desk: FlaskClient, session: Session
) -> None:
    guest = put_down(session, sessions=("it-1",), phone="+84912345678")
    party = announce(session, "Đoàn Đồng Nai", at=OPENING, by="test")
    party.expected = 25
    session.commit()
    join(session, guest, party, at=OPENING, by="test")
    scan(desk, attendee=guest.id, method="search")
    page = desk.get(f"/checkin/people/{guest.id}").text
    for words in ("Đoàn Đồng Nai 1/25", "Phiên it-1", "08:00–09:30", "0912 345 678", "Mời vào"):
        assert words in page
    assert desk.get("/checkin/people/99").status_code == 404
    assert desk.get("/checkin/people/99999999999999999999").status_code == 404


def test_one_badge_is_a_pdf_to_print(desk: FlaskClient, session: Session) -> None:
    guest = put_down(session)
    answer = desk.get(f"/checkin/badge/{guest.id}.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert desk.get("/checkin/badge/99.pdf").status_code == 404


# Undo


def take_back(browser: FlaskClient, scan_id: int, **options: Any) -> TestResponse:
    """Press one of the reasons."""
    return send(browser, "/checkin/undo", scan=scan_id, reason="wrong_person")


def test_the_desk_takes_back_its_last_scan(desk: FlaskClient, session: Session) -> None:
    guest = put_down(session)
    scan(desk, attendee=guest.id, method="search")
    page = desk.get("/checkin/").text
    assert 'name="scan" value="1"' in page
    assert take_back(desk, 1).location == "/checkin/"
    assert session.scalars(select(Presence)).all() == []
    assert "Đã hoàn tác" in desk.get("/checkin/").text
    assert 'name="scan" value="1"' not in desk.get("/checkin/recent").text


def test_the_desk_is_offered_no_older_scan_and_a_supervisor_is(
    desk: FlaskClient, supervisor: FlaskClient, session: Session, clock: Clock
) -> None:
    for name in ("Khách A", "Khách B"):
        scan(desk, attendee=put_down(session, name).id, method="search")
    assert desk.get("/checkin/recent").text.count('name="scan"') == 1
    take_back(desk, 1)
    assert "Chỉ giám sát mới hoàn tác được" in desk.get("/checkin/").text
    clock.forward(minutes=11)
    assert desk.get("/checkin/recent").text.count('name="scan"') == 0
    assert 'name="scan" value="1"' in supervisor.get("/checkin/people/1").text
    take_back(supervisor, 1)
    assert [p.attendee_id for p in session.scalars(select(Presence))] == [2]


@pytest.mark.parametrize(("number", "status"), [("99", 404), ("x", 404), ("", 404), ("1", 409)])
def test_an_undo_that_cannot_be_says_why(number: str, status: int, supervisor: FlaskClient) -> None:
    scan(supervisor, code="abc")
    fields = {"scan": number, "reason": "by_mistake", "csrf_token": csrf(supervisor)}
    answer = supervisor.post("/checkin/undo", data=fields, headers=HTMX)
    assert answer.status_code == status
    assert 'class="notice bad"' in answer.text


# Walk-ins

LAN = {"name": "Lê Thị Lan", "organisation": "Báo VnExpress", "agreed": "take_part.1"}


def nonce(browser: FlaskClient) -> str:
    """Of a fresh form."""
    return browser.get("/checkin/walk-in").text.split('name="nonce"')[1].split('value="')[1][:32]


def test_a_walk_in_is_put_down_let_in_and_has_a_badge(desk: FlaskClient, session: Session) -> None:
    page = post(desk, "/checkin/walk-in", {**LAN, "nonce": nonce(desk)})
    assert page.status_code == 200
    lan = session.scalars(select(Attendee)).one()
    assert (lan.name, lan.organisation, lan.registered_by, lan.informed_at) == (
        "Lê Thị Lan", "Báo VnExpress", "desk@vidu.vn", OPENING,
    )  # fmt: skip
    assert session.scalars(select(Consent.given_by)).all() == ["desk@vidu.vn"]
    assert session.scalars(select(Presence.attendee_id)).all() == [lan.id]
    assert 'class="verdict in"' in page.text
    assert f"/checkin/badge/{lan.id}.pdf" in page.text


def test_pressed_twice_or_reloaded_a_walk_in_is_one_person_let_in_once(
    desk: FlaskClient, session: Session
) -> None:
    fields = {**LAN, "nonce": nonce(desk)}
    pages = [post(desk, "/checkin/walk-in", fields) for _ in range(3)]
    assert {page.status_code for page in pages} == {200}
    assert session.scalar(select(func.count()).select_from(Attendee)) == 1
    assert session.scalars(select(Presence.entries)).all() == [1]


def test_the_same_form_with_another_name_is_another_person(
    desk: FlaskClient, session: Session
) -> None:
    fields = {**LAN, "nonce": nonce(desk)}
    post(desk, "/checkin/walk-in", fields)
    post(desk, "/checkin/walk-in", {**fields, "name": "Lê Văn Hải"})
    assert session.scalar(select(func.count()).select_from(Attendee)) == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "Xin điền mục này."),
        ({"name": "123"}, "chữ cái"),
        ({"organisation": " "}, "Xin điền mục này."),
        ({"phone": "12"}, "Số điện thoại chưa đúng"),
        ({"email": "lan"}, "Địa chỉ email chưa đúng"),
        ({"category": "staff"}, "danh sách"),
        ({"agreed": ""}, "chưa đồng ý thì không lưu gì"),
        ({"agreed": "take_part.0"}, "chưa đồng ý thì không lưu gì"),
        ({"name": "L" * 121}, "120"),
    ],
)
def test_a_walk_in_with_a_mistake_keeps_all_that_was_typed(
    wrong: dict[str, str], message: str, desk: FlaskClient, session: Session
) -> None:
    page = post(desk, "/checkin/walk-in", {**LAN, "nonce": nonce(desk), **wrong})
    assert page.status_code == 422
    assert message in page.text
    for key in {"name", "organisation"} - set(wrong):
        assert f'value="{LAN[key]}"' in page.text
    assert session.scalars(select(Attendee)).all() == []


def test_an_expired_token_shows_the_walk_in_again_filled(desk: FlaskClient) -> None:
    page = desk.post("/checkin/walk-in", data={**LAN, "csrf_token": "old", "nonce": "n" * 32})
    assert page.status_code == 422
    assert 'value="Lê Thị Lan"' in page.text
    assert "Trang này đã mở quá lâu" in page.text


def test_phone_and_e_mail_are_kept_when_given_and_a_mail_goes_out(
    desk: FlaskClient, session: Session
) -> None:
    more = {"phone": "0912 345 678", "email": "Lan@VnExpress.net", "category": "delegate"}
    post(desk, "/checkin/walk-in", {**LAN, **more, "nonce": nonce(desk)})
    lan = session.scalars(select(Attendee)).one()
    assert (lan.phone, lan.email) == ("+84912345678", "lan@vnexpress.net")
    assert session.scalars(select(Mail.attendee_id)).all() == [lan.id]


def test_somebody_like_them_is_shown_first_and_can_be_let_in(
    desk: FlaskClient, session: Session
) -> None:
    known = put_down(session, "LE THI LAN", organisation="Báo VnExpress")
    fields = {**LAN, "nonce": nonce(desk)}
    page = post(desk, "/checkin/walk-in", fields)
    assert page.status_code == 409
    assert f'href="/checkin/people/{known.id}"' in page.text
    assert f'name="attendee" value="{known.id}"' in page.text
    assert 'value="Lê Thị Lan"' in page.text
    post(desk, "/checkin/walk-in", {**fields, "confirmed": "1"})
    assert session.scalar(select(func.count()).select_from(Attendee)) == 2


def test_a_namesake_from_elsewhere_is_no_warning(desk: FlaskClient, session: Session) -> None:
    put_down(session, "Lê Thị Lan", organisation="Viện Năng lượng")
    assert post(desk, "/checkin/walk-in", {**LAN, "nonce": nonce(desk)}).status_code == 200


def test_other_purposes_are_free_to_choose(desk: FlaskClient, session: Session) -> None:
    words = session.scalars(select(Notice.words)).one()
    session.add(Notice(purpose="news", version=1, words=words))
    session.commit()
    both = {**LAN, "agreed": ["take_part.1", "news.1"]}
    post(desk, "/checkin/walk-in", {**both, "nonce": nonce(desk)})
    assert session.scalar(select(func.count()).select_from(Consent)) == 2


def test_staff_categories_are_for_supervisors(desk: FlaskClient, supervisor: FlaskClient) -> None:
    option = '<option value="staff">'
    assert option not in desk.get("/checkin/walk-in").text
    assert option in supervisor.get("/checkin/walk-in").text


def test_a_walk_in_to_a_full_room_is_put_down_but_sent_to_the_help_desk(
    desk: FlaskClient, session: Session
) -> None:
    at_gate(desk, "energy-1")
    page = post(desk, "/checkin/walk-in", {**LAN, "nonce": nonce(desk)})
    assert 'class="verdict help"' in page.text
    assert session.scalars(select(Presence)).all() == []
    assert session.scalar(select(func.count()).select_from(Attendee)) == 1


# Costs and languages


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement, as it is sent."""
    sent: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sql.listen(db.engine, "before_cursor_execute", listen)
    yield sent
    sql.remove(db.engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("address", ["/checkin/people?q=khach", "/checkin/", "/checkin/recent"])
def test_three_people_cost_as_many_statements_as_one(
    address: str, supervisor: FlaskClient, session: Session, statements: list[str]
) -> None:
    costs = []
    for names in (("A",), ("B", "C")):
        for name in names:
            scan(supervisor, attendee=put_down(session, f"Khách {name}").id, method="search")
        session.expunge_all()
        statements.clear()
        supervisor.get(address)
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_the_door_speaks_english_to_those_who_chose_it(desk: FlaskClient, session: Session) -> None:
    send(desk, "/staff/language", language="en")
    assert "Open: guests may go out and come back in" in desk.get("/checkin/").text
    answer = scan(desk, attendee=put_down(session).id, method="search").json
    assert answer
    assert (answer["title"], answer["category"]) == ("Welcome", "Visitor")
