"""What the door says to a steward who knows nothing of it: hours, misreadings, whom to ask."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.staff import Staff, set_password
from tests.doors import put_down, scan, send
from tests.house import OPENING, Clock

AsStaff = Callable[[str], FlaskClient]


def at(browser: FlaskClient, checkpoint: str) -> FlaskClient:
    """A device that stands there."""
    send(browser, "/checkin/checkpoint", checkpoint=checkpoint)
    return browser


@pytest.fixture
def desk(as_staff: AsStaff) -> FlaskClient:
    """Signed in at Cổng A."""
    return at(as_staff("desk"), "gate-a")


@pytest.fixture
def supervisor(as_staff: AsStaff) -> FlaskClient:
    """Signed in at Cổng A, may correct."""
    return at(as_staff("supervisor"), "gate-a")


# Misreadings

LOST = "Đọc thiếu, quét lại"
SUPPORT = "Mời Quý khách đến bàn hỗ trợ"


@pytest.mark.parametrize(
    ("code", "kind", "title"),
    [
        ("8" * 7, "again", "Xin quét mã QR"),
        ("8" * 8, "help", SUPPORT),
        ("8" * 9, "help", SUPPORT),
        ("8" * 13, "help", SUPPORT),
        ("8" * 60, "help", SUPPORT),
        ("8" * 61, "again", LOST),
        ("8" * 199, "again", LOST),
        ("8" * 399, "again", LOST),
        ("8" * 400, "again", "Hai thẻ cùng lúc"),
        ("8" * 600, "again", "Hai thẻ cùng lúc"),
    ],
)
def test_only_what_may_be_a_badge_is_asked_for_again(
    code: str, kind: str, title: str, desk: FlaskClient
) -> None:
    answer = scan(desk, code=code, method="scanner").json
    assert answer
    assert (answer["kind"], answer["title"]) == (kind, title)
    assert title in desk.get("/checkin/").text


def test_the_number_below_a_badge_is_looked_up_and_proves_nothing(
    desk: FlaskClient, session: Session
) -> None:
    put_down(session)
    report = {"nonce": "typed-number", "checkpoint": "gate-a", "method": "scanner"}
    answer = send(desk, "/checkin/scan", **report, code="00001")
    assert answer.location == "/checkin/people?q=00001"
    assert "Nguyễn Thị Hương" in desk.get(answer.location).text
    barcode = scan(desk, code="00001", method="scanner").json
    assert barcode
    assert barcode["kind"] == "again"


def test_a_search_for_one_letter_says_what_it_needs(desk: FlaskClient, session: Session) -> None:
    put_down(session)
    assert "ít nhất hai chữ" in desk.get("/checkin/people?q=h").text
    assert "ít nhất hai chữ" not in desk.get("/checkin/people?q=").text


def test_who_comes_back_into_a_full_session_is_not_said_to_take_a_free_seat(
    desk: FlaskClient, session: Session
) -> None:
    guest = put_down(session)
    for _ in range(2):
        answer = scan(desk, attendee=guest.id, checkpoint="energy-2", method="search").json
    assert answer
    assert (answer["kind"], answer["why"]) == (
        "back",
        "Chưa đăng ký phiên này; đã được cho vào trước đó.",
    )


# Hours


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-91, "Phiên này đến 08:00 29/09/2023 mới bắt đầu."),
        (-90, ""),
        (150, ""),
        (151, "Phiên này đã kết thúc lúc 09:30 29/09/2023."),
    ],
)
def test_a_session_long_over_or_far_off_is_said_on_the_scanner(
    minutes: int, said: str, desk: FlaskClient, clock: Clock
) -> None:
    at(desk, "it-1")
    clock.forward(minutes=minutes)
    bars = desk.get("/checkin/").text.split('class="notice warn off-hours"')[1:]
    shown = [bar for bar in bars if " hidden" not in bar.split(">")[0]]
    assert [said in bar.split("</p>")[0] for bar in shown] == ([True] if said else [])


def test_a_gate_has_no_hours(desk: FlaskClient) -> None:
    assert "off-hours" not in desk.get("/checkin/").text


def test_gates_and_the_sessions_of_this_hour_come_first(desk: FlaskClient, clock: Clock) -> None:
    clock.forward(minutes=20)
    page = desk.get("/checkin/checkpoint").text
    first, folded = page.split('<details class="of-day">')
    for key in ("gate-a", "it-1", "forum", "energy-2"):
        assert f'value="{key}"' in first
    assert 'value="it-2"' in folded
    assert "29/09/2023" in folded


def test_the_day_of_the_chosen_session_is_open(desk: FlaskClient) -> None:
    at(desk, "it-2")
    assert '<details class="of-day" open>' in desk.get("/checkin/checkpoint").text


def test_a_walk_in_where_only_those_registered_come_in_is_warned_of_first(
    desk: FlaskClient,
) -> None:
    at(desk, "energy-1")
    page = desk.get("/checkin/walk-in").text
    assert "Phiên energy-1 chỉ dành cho người đã đăng ký" in page
    assert "Khách được vào tại" not in page
    at(desk, "it-1")
    assert "Khách được vào tại" in desk.get("/checkin/walk-in").text


# Whom to ask


def test_who_may_take_an_older_entry_back_is_said(desk: FlaskClient, session: Session) -> None:
    words = "Muốn hoàn tác lượt không có nút, xin nhờ giám sát."
    scan(desk, attendee=put_down(session, "Khách A").id, method="search")
    assert words not in desk.get("/checkin/recent").text
    scan(desk, attendee=put_down(session, "Khách B").id, method="search")
    assert words in desk.get("/checkin/recent").text


def test_a_supervisor_finds_the_way_to_correct_somebody(
    desk: FlaskClient, supervisor: FlaskClient, session: Session
) -> None:
    guest = put_down(session)
    link = f'href="/organiser/people/{guest.id}"'
    assert link not in desk.get(f"/checkin/people/{guest.id}").text
    assert link in supervisor.get(f"/checkin/people/{guest.id}").text
    assert supervisor.get(f"/organiser/people/{guest.id}").status_code == 200
    cancel(session, guest, at=OPENING, by="test")
    assert "Khôi phục" in supervisor.get(f"/checkin/people/{guest.id}").text


def test_signing_out_is_asked_once_more_where_only_a_new_link_leads_back(
    desk: FlaskClient, session: Session
) -> None:
    assert "Vẫn đăng xuất" in desk.get("/checkin/").text
    account = session.scalars(select(Staff)).one()
    set_password(session, account, "mot mat khau dai", at=OPENING)
    with desk.session_transaction() as cookie:
        cookie["stamp"] = account.stamp
    page = desk.get("/checkin/").text
    assert "Vẫn đăng xuất" not in page
    assert "Đăng xuất" in page


@pytest.mark.parametrize("address", ["/checkin/scan", "/checkin/undo"])
def test_an_address_that_only_takes_forms_leads_to_the_scanner(
    address: str, desk: FlaskClient
) -> None:
    assert desk.get(address).location == "/checkin/"


# Small


def test_a_verdict_on_a_page_has_the_colour_of_the_category(
    desk: FlaskClient, session: Session
) -> None:
    report = {"nonce": "a-plain-form", "checkpoint": "gate-a", "method": "search"}
    page = send(desk, "/checkin/scan", **report, attendee=put_down(session).id).text
    assert 'fill="#0b5c7a"' in page


@pytest.mark.parametrize("address", ["", "people", "people/1", "walk-in", "checkpoint"])
def test_every_page_of_the_door_takes_a_scan(
    address: str, desk: FlaskClient, session: Session
) -> None:
    put_down(session)
    page = desk.get(f"/checkin/{address}").text
    for part in ('id="verdict"', "desk/scanner.js", 'data-checkpoint="gate-a"'):
        assert part in page


@pytest.mark.parametrize(("site", "warned"), [("", True), ("https://vidu.vn", False)])
def test_a_link_that_a_phone_cannot_open_is_shown_with_a_warning(
    site: str, warned: bool, app: Flask, as_staff: AsStaff, session: Session
) -> None:
    app.config["SITE_URL"] = site
    organiser = as_staff("organiser")
    number = session.scalars(select(Staff.id)).one()
    page = organiser.get("/organiser/staff").text
    assert "tài khoản của Quý vị" in page
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = organiser.post(f"/organiser/staff/{number}/link", data={"csrf_token": token})
    assert ("điện thoại không mở được" in answer.text) == warned
