"""A delegation on the screens of the door: offered, ticked, let in, taken back, and named after."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.delegations import Delegation
from event.scans import Scan
from tests.doors import badge, csrf, put_down, scan, send
from tests.house import OPENING, Clock

AsStaff = Callable[[str], FlaskClient]
NAMES = ("Phạm Quốc Hùng", "Võ Thị Sáu", "Bùi Thị Xuân", "Lý Tự Trọng")


@pytest.fixture
def people(session: Session) -> list[Attendee]:
    """Four of Đoàn Đồng Nai, the first its head, the last cancelled."""
    party = Delegation(name="Đoàn Đồng Nai", folded_name="doan dong nai", created_at=OPENING)
    session.add(party)
    session.flush()
    members = [put_down(session, name) for name in NAMES]
    for member in members:
        member.party_id = party.id
    members[0].heads_party = True
    members[3].cancelled_at = OPENING
    session.commit()
    return members


@pytest.fixture
def desk(as_staff: AsStaff) -> FlaskClient:
    return as_staff("desk")


def scanned(app: Flask, session: Session, browser: FlaskClient, person: Attendee) -> dict:  # type: ignore[type-arg]
    answer = scan(browser, code=badge(session, app.config["KEYS"], person)).json
    assert isinstance(answer, dict)
    return answer


def tick(browser: FlaskClient, address: str, *members: Attendee) -> str:
    """Tick these on the page and press; gives the page that comes then."""
    page = browser.get(address).text
    mark = re.search(r'name="press" value="(\w+)"', page)
    assert mark
    fields = {"press": mark[1], "member": [str(who.id) for who in members]}
    assert send(browser, address, **fields).location == address
    return browser.get(address).text


def test_the_heads_verdict_offers_those_who_came_along(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    verdict = scanned(app, session, desk, people[0])
    assert (verdict["party"], verdict["party_words"]) == (
        "/checkin/party/1", "Đoàn Đồng Nai · 2 người đi cùng",
    )  # fmt: skip
    assert "party" not in scanned(app, session, desk, people[1])


def test_a_page_without_javascript_offers_them_too(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    code = badge(session, app.config["KEYS"], people[0])
    page = send(
        desk, "/checkin/scan", nonce="plain-001", checkpoint="gate-a", method="camera", code=code
    ).text
    assert 'href="/checkin/party/1">Đoàn Đồng Nai · 2 người đi cùng</a>' in page


def test_who_is_ticked_comes_in_and_the_page_says_who_is_in(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee], clock: Clock
) -> None:
    address = scanned(app, session, desk, people[0])["party"]
    before = desk.get(address).text
    assert before.count('name="member"') == 2
    assert "1/3 đã vào" in before
    assert "Lý Tự Trọng" in before
    assert "Đã hủy" in before
    clock.forward(minutes=4)
    after = tick(desk, address, people[1])
    assert "2/3 đã vào" in after
    assert "Đã vào lúc 07:34" in after
    assert "Hoàn tác cả 1" in after
    assert after.count('name="member"') == 1


def test_those_refused_stand_there_with_the_reason_and_the_others_are_in(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    code = badge(session, app.config["KEYS"], people[0])
    address = scan(desk, code=code, checkpoint="it-1").json["party"]
    put_down(session, "Người giữ chỗ", sessions=("it-1",))
    after = tick(desk, address, people[1], people[2])
    assert "Chưa được vào: 2 người. Lý do ghi cạnh từng người." in after
    assert after.count('class="small line refused"') == 2
    kinds = session.scalars(select(Scan.verdict).where(Scan.because_id.is_not(None))).all()
    assert kinds == ["help", "help"]


def test_nobody_ticked_lets_nobody_in(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    address = scanned(app, session, desk, people[0])["party"]
    assert "Chưa chọn ai. Xin chọn những người có mặt." in tick(desk, address)
    assert len(session.scalars(select(Scan)).all()) == 1


def test_the_last_press_is_taken_back_by_one_press(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    address = scanned(app, session, desk, people[0])["party"]
    tick(desk, address, people[1], people[2])
    send(desk, f"{address}/undo")
    page = desk.get(address).text
    assert "Đã hoàn tác 2 lượt vào." in page
    assert "1/3 đã vào" in page
    send(desk, f"{address}/undo")
    assert "Không còn lượt nào của đoàn này để hoàn tác." in desk.get(address).text


def test_after_another_scan_only_a_supervisor_takes_it_back(
    app: Flask, session: Session, desk: FlaskClient, as_staff: AsStaff, people: list[Attendee]
) -> None:
    address = scanned(app, session, desk, people[0])["party"]
    tick(desk, address, people[1], people[2])
    scanned(app, session, desk, put_down(session, "Người sau"))
    assert "Hoàn tác cả" not in desk.get(address).text
    send(desk, f"{address}/undo")
    assert "Chỉ giám sát" in desk.get(address).text
    boss = as_staff("supervisor")
    send(boss, f"{address}/undo")
    assert "Đã hoàn tác 2 lượt vào." in boss.get(address).text


def test_each_of_the_last_press_is_taken_back_alone_too(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    address = scanned(app, session, desk, people[0])["party"]
    page = tick(desk, address, people[1], people[2])
    numbers = re.findall(r'name="scan" value="(\d+)"', page)
    assert numbers == ["2", "3"]
    assert send(desk, "/checkin/undo", scan="2", reason="wrong_person").status_code == 303
    assert "2/3 đã vào" in desk.get(address).text


def test_lists_and_peoples_pages_name_the_head(
    app: Flask, session: Session, desk: FlaskClient, as_staff: AsStaff, people: list[Attendee]
) -> None:
    address = scanned(app, session, desk, people[0])["party"]
    tick(desk, address, people[1])
    said = "cùng đoàn với Phạm Quốc Hùng, 07:30"
    assert said in desk.get("/checkin/recent").text
    assert said in desk.get(f"/checkin/people/{people[1].id}").text
    assert said not in desk.get(f"/checkin/people/{people[0].id}").text
    assert said in as_staff("organiser").get(f"/organiser/people/{people[1].id}").text


def test_the_search_says_how_many_of_a_delegation_are_there_and_leads_to_them(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    scanned(app, session, desk, people[0])
    found = desk.get("/checkin/people?q=dong+nai").text
    assert re.search(r'href="/checkin/parties/1">Đoàn Đồng Nai <strong>1/3</strong>', found)
    page = desk.get("/checkin/parties/1").text
    assert "Đoàn Đồng Nai 1/3" in page
    assert 'href="/checkin/party/1"' in page
    assert "Võ Thị Sáu" in page


def test_before_its_head_came_a_delegation_is_let_in_one_by_one(
    desk: FlaskClient, people: list[Attendee]
) -> None:
    page = desk.get("/checkin/parties/1").text
    assert "Đoàn Đồng Nai 0/3" in page
    assert "Khi trưởng đoàn đã được cho vào" in page
    assert desk.get("/checkin/parties/9").status_code == 404


def test_a_scan_that_is_no_heads_opens_no_page(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee]
) -> None:
    scanned(app, session, desk, people[1])
    assert desk.get("/checkin/party/1").status_code == 404
    assert send(desk, "/checkin/party/1", press="0" * 24, member="1").status_code == 404
    assert send(desk, "/checkin/party/1/undo").status_code == 404


@pytest.mark.parametrize("press", ["", "short", "Z" * 24, "0" * 25])
def test_a_press_needs_its_mark(
    app: Flask, session: Session, desk: FlaskClient, people: list[Attendee], press: str
) -> None:
    address = scanned(app, session, desk, people[0])["party"]
    answer = send(desk, address, press=press, member=str(people[1].id))
    assert answer.status_code == 422


def test_a_paired_device_is_offered_nobody(
    app: Flask, session: Session, people: list[Attendee], as_staff: AsStaff
) -> None:
    organiser, phone = as_staff("organiser"), app.test_client()
    fields = {"csrf_token": csrf(organiser), "name": "Cổng A · 1", "doors": ["gate-a"]}
    shown = organiser.post("/organiser/devices", data=fields).text
    code = re.search(r'value="http://[^/"]+(/checkin/pair/[\w-]+)"', shown)
    assert code
    proof = re.search(r'name="csrf_token" value="([^"]+)"', phone.get(code[1]).text)
    assert proof
    phone.post(code[1], data={"csrf_token": proof[1]})
    verdict = scanned(app, session, phone, people[0])
    assert (verdict["kind"], "party" in verdict) == ("in", False)
    assert phone.get("/checkin/party/1").status_code == 403
