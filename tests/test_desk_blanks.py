"""Blank badges at the desk: what a scan shows, and binding one to a person from either side."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.blanks import Blank, Issue, Pile, issue, token_of_blank, withdraw
from event.programme import the_event
from tests.doors import badge, put_down, scan, send
from tests.house import OPENING, Clock
from tests.registrants import queries, words

AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def blanks(app: Flask, session: Session) -> list[str]:
    """The digits of B0001 to B0003, for delegates."""
    event = the_event(session)
    assert event
    issue(session, event, Issue(3, "delegate", "a6"), by="test", at=OPENING)
    return [token_of_blank(event, n, 2, app.config["KEYS"].badges) for n in (1, 2, 3)]


@pytest.fixture
def desk(as_staff: AsStaff) -> FlaskClient:
    """Signed in at the door, standing at the first gate."""
    browser = as_staff("desk")
    send(browser, "/checkin/checkpoint", checkpoint="gate-a")
    return browser


@pytest.fixture
def huong(session: Session) -> Attendee:
    """Registered, for nothing in particular."""
    return put_down(session)


def owner(session: Session, number: int) -> int | None:
    """Whose a blank is."""
    session.expire_all()
    return session.get_one(Blank, number).attendee_id


def give(desk: FlaskClient, who: Attendee, code: str, **more: str) -> str:
    """Scan it on the person's page; what the reader then sees."""
    answer = send(desk, f"/checkin/people/{who.id}/blank", code=code, **more)
    if answer.status_code == 303:
        assert answer.location == f"/checkin/people/{who.id}"
        return words(desk.get(answer.location).text)
    assert answer.status_code == 409
    return words(answer.text)


def test_a_blank_is_let_in_and_asks_whose_it_is(desk: FlaskClient, blanks: list[str]) -> None:
    assert scan(desk, code=blanks[0]).json == {
        "kind": "in",
        "reason": "",
        "scan_id": 1,
        "title": "Mời vào",
        "why": "",
        "first": "",
        "name": "Thẻ trắng B0001",
        "organisation": "Chưa có tên",
        "category": "Đại biểu",
        "colour": "#8a1f2b",
        "whose": 1,
    }
    page = send(desk, "/checkin/scan", nonce="nonce-form", checkpoint="gate-a",
                method="scanner", code=blanks[1]).text  # fmt: skip
    assert '<a class="button big" href="/checkin/blanks/2">Thẻ của ai?</a>' in page
    assert "Thẻ trắng B0002" in words(desk.get("/checkin/recent").text)


def test_a_withdrawn_one_is_refused_with_the_reason_and_asks_nothing(
    desk: FlaskClient, session: Session, blanks: list[str]
) -> None:
    event = the_event(session)
    assert event
    withdraw(session, event, Pile(1, 2, "mất một chồng"), by="test", at=OPENING)
    answer = scan(desk, code=blanks[0]).json
    assert answer
    assert (answer["kind"], answer["why"], answer["whose"]) == (
        "help", "Thẻ trắng này đã bị thu hồi: mất một chồng", None,
    )  # fmt: skip
    page = words(desk.get("/checkin/blanks/1").text)
    assert "Thẻ trắng này đã bị thu hồi: mất một chồng" in page
    assert "Thẻ của ai?" not in page.replace("Thẻ của ai? Chi tiết", "")


def test_one_scan_on_the_persons_page_gives_them_the_blank(
    desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    assert (
        f'href="/checkin/people/{huong.id}/blank"' in desk.get(f"/checkin/people/{huong.id}").text
    )
    seen = give(desk, huong, blanks[0])
    assert "Thẻ trắng B0001 nay là thẻ của Nguyễn Thị Hương." in seen
    assert owner(session, 1) == huong.id
    told = scan(desk, code=blanks[0]).json
    assert told
    assert (told["kind"], told["attendee"], told["name"]) == ("in", huong.id, "Nguyễn Thị Hương")


@pytest.mark.parametrize("typed", ["B0002", "b2", " b 2 "])
def test_the_number_below_the_code_will_do(
    desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str], typed: str
) -> None:
    give(desk, huong, typed)
    assert owner(session, 2) == huong.id


def test_what_is_no_blank_is_said_at_the_field(
    app: Flask, desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    own = badge(session, app.config["KEYS"], put_down(session, "Lê Bình"))
    no_blank = "Đây không phải thẻ trắng, hoặc mã chưa được đọc đủ. Xin quét lại."
    for code in (own, blanks[0][:150], "8934588012345", "xin chào", "", "00002"):
        assert no_blank in give(desk, huong, code)
    assert "Chưa từng in thẻ trắng B0009." in give(desk, huong, "B0009")


def test_who_is_too_late_is_told_whose_it_is(
    desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    binh = put_down(session, "Lê Bình")
    give(desk, huong, blanks[0])
    seen = give(desk, binh, blanks[0], lost="1")
    assert "Thẻ trắng B0001 đã là của người khác: Nguyễn Thị Hương" in seen
    found = send(desk, "/checkin/blanks/1/bind", attendee=str(binh.id))
    assert found.status_code == 409
    assert f'người khác: <a href="/checkin/people/{huong.id}">' in found.text
    assert owner(session, 1) == huong.id


def test_from_the_blank_its_person_is_searched_and_given_it(
    desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    scan(desk, code=blanks[0])
    page = desk.get("/checkin/blanks/1?q=huong").text
    assert "Nguyễn Thị Hương" in words(page)
    part = desk.get("/checkin/blanks/1?q=huong", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert f'name="attendee" value="{huong.id}"' in part
    answer = send(desk, "/checkin/blanks/1/bind", attendee=str(huong.id))
    assert (answer.status_code, answer.location) == (303, f"/checkin/people/{huong.id}")
    card = words(desk.get(answer.location).text)
    assert "Mời vào 07:30 · Cổng A · 29/09/2023 · Thẻ trắng B0001" in card
    assert "Nguyễn Thị Hương 07:30 · Cổng A" in words(desk.get("/checkin/recent").text)


def test_a_lost_badge_is_refused_once_its_blank_is_given(
    app: Flask, desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    own = badge(session, app.config["KEYS"], huong)
    give(desk, huong, blanks[0], lost="1")
    refused = scan(desk, code=own).json
    assert refused
    assert (refused["kind"], refused["reason"]) == ("help", "replaced")
    assert "Thẻ cũ đã mất và không còn được nhận." in words(desk.get("/checkin/blanks/1").text)


def test_a_new_badge_printed_at_the_desk_outlives_the_blank(
    app: Flask, desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    own = badge(session, app.config["KEYS"], huong)
    give(desk, huong, blanks[0], lost="1")
    assert desk.get(f"/checkin/badge/{huong.id}.pdf").status_code == 200
    session.expire_all()
    new = badge(session, app.config["KEYS"], huong)
    send(desk, "/checkin/blanks/1/unbind")
    told = [scan(desk, code=code).json for code in (own, new)]
    assert [(t["kind"], t["reason"]) for t in told if t] == [("help", "replaced"), ("in", "")]


def test_a_lost_blank_is_refused_in_words(
    as_staff: AsStaff, desk: FlaskClient, huong: Attendee, blanks: list[str]
) -> None:
    give(desk, huong, blanks[0])
    give(desk, huong, blanks[1], lost="1")
    refused = scan(desk, code=blanks[0]).json
    assert refused
    assert (refused["kind"], refused["why"]) == ("help", "Thẻ trắng này đã được báo mất.")
    assert "Thẻ trắng B0001 đã bị thu hồi." in give(desk, huong, blanks[0])
    withdrawn = words(as_staff("organiser").get("/organiser/prints/blanks").text)
    assert "B0001 1 đã báo mất tại bàn" in withdrawn


def test_the_number_below_a_blank_finds_it(desk: FlaskClient, blanks: list[str]) -> None:
    report = {"nonce": "typed-number", "checkpoint": "gate-a", "method": "scanner"}
    answer = send(desk, "/checkin/scan", **report, code="B0002")
    assert answer.location == "/checkin/people?q=B0002"
    page = desk.get(answer.location).text
    assert '<a class="button" href="/checkin/blanks/2">Thẻ trắng B0002</a>' in page
    assert "Không tìm thấy" not in page
    assert "/checkin/blanks/" not in desk.get("/checkin/people?q=B0009").text


def test_the_wrong_person_gives_it_back_on_their_card(
    desk: FlaskClient, session: Session, clock: Clock, huong: Attendee, blanks: list[str]
) -> None:
    give(desk, huong, blanks[0])
    card = desk.get(f"/checkin/people/{huong.id}").text
    assert 'action="/checkin/blanks/1/unbind"' in card
    answer = send(desk, "/checkin/blanks/1/unbind")
    assert answer.location == "/checkin/blanks/1"
    assert "Đã gỡ: thẻ trắng B0001 chưa là của ai." in words(desk.get(answer.location).text)
    assert owner(session, 1) is None


def test_after_ten_minutes_it_takes_a_supervisor(
    desk: FlaskClient, as_staff: AsStaff, session: Session, clock: Clock, huong: Attendee,
    blanks: list[str],
) -> None:  # fmt: skip
    give(desk, huong, blanks[0])
    clock.forward(minutes=11)
    assert "/unbind" not in desk.get(f"/checkin/people/{huong.id}").text
    send(desk, "/checkin/blanks/1/unbind")
    assert owner(session, 1) == huong.id
    supervisor = as_staff("supervisor")
    assert 'action="/checkin/blanks/1/unbind"' in supervisor.get("/checkin/blanks/1").text
    send(supervisor, "/checkin/blanks/1/unbind")
    assert owner(session, 1) is None
    history = words(supervisor.get(f"/organiser/people/{huong.id}").text)
    assert "Gỡ thẻ trắng B0001: thẻ của người khác" in history
    assert "Được gắn thẻ trắng B0001" in history


def test_an_expired_page_gives_nothing(
    desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    answer = desk.post(f"/checkin/people/{huong.id}/blank", data={"code": blanks[0]})
    assert answer.status_code == 400
    assert owner(session, 1) is None


@pytest.mark.parametrize("address", ["/checkin/blanks/9", "/checkin/people/9/blank"])
def test_what_does_not_exist_is_not_found(desk: FlaskClient, address: str) -> None:
    assert desk.get(address).status_code == 404


def test_the_list_of_scans_costs_the_same_for_any_number_of_blanks(
    desk: FlaskClient, session: Session, huong: Attendee, blanks: list[str]
) -> None:
    give(desk, huong, blanks[0])
    scan(desk, code=blanks[0])
    with queries() as one:
        desk.get("/checkin/recent")
    for code in blanks[1:]:
        scan(desk, code=code)
    with queries() as three:
        desk.get("/checkin/recent")
    assert len(one) == len(three)
