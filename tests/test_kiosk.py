"""Self check-in: what a kiosk tells its guest, and all that a kiosk may not do."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.devices import Device
from event.printing import call_trial
from event.printqueue import PrintJob, open_printer
from event.scans import Scan
from tests.doors import badge, put_down
from tests.house import OPENING, Clock, post
from tests.prints import printed
from tests.test_pairing import code_of

AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def organiser(as_staff: AsStaff) -> FlaskClient:
    return as_staff("organiser")


@pytest.fixture
def kiosk(app: Flask, organiser: FlaskClient) -> FlaskClient:
    """A tablet at gate A, paired for self check-in."""
    wanted = {"name": "Máy tự đón 1", "doors": ["gate-a"], "kiosk": "yes"}
    shown = post(organiser, "/organiser/devices", wanted)
    browser = app.test_client()
    answer = post(browser, code_of(shown.text), {})
    assert answer.location == "/checkin/kiosk"
    return browser


def token(browser: FlaskClient) -> str:
    found = re.search(r'data-token="([^"]+)"', browser.get("/checkin/kiosk").text)
    assert found
    return found[1]


def send(browser: FlaskClient, address: str = "/checkin/scan", **fields: object) -> TestResponse:
    usual = {"nonce": "kiosk-0001", "checkpoint": "gate-a", "method": "kiosk"}
    headers = {"X-CSRFToken": token(browser)}
    return browser.post(address, json={**usual, **fields}, headers=headers)


def test_a_guest_is_welcomed_by_name_and_told_nothing_else(
    app: Flask, session: Session, kiosk: FlaskClient
) -> None:
    answer = send(kiosk, code=badge(session, app.config["KEYS"], put_down(session)))
    assert answer.json == {"kind": "in", "name": "Nguyễn Thị Hương", "printer": ""}
    row = session.scalars(select(Scan)).one()
    assert (row.method, row.verdict, row.staff_id) == ("kiosk", "in", None)


def test_a_guest_who_comes_again_is_welcomed_again(
    app: Flask, session: Session, kiosk: FlaskClient
) -> None:
    code = badge(session, app.config["KEYS"], put_down(session))
    send(kiosk, code=code)
    answer = send(kiosk, code=code, nonce="kiosk-0002").json
    assert answer == {"kind": "back", "name": "Nguyễn Thị Hương", "printer": ""}


def test_every_refusal_is_the_same_and_names_nobody_and_no_reason(
    app: Flask, session: Session, kiosk: FlaskClient
) -> None:
    huong = put_down(session)
    good = badge(session, app.config["KEYS"], huong)
    huong.cancelled_at = OPENING
    session.commit()
    codes = {
        "cancelled": good,
        "forged": good[:-1] + str((int(good[-1]) + 1) % 10),
        "other": "12345678",
    }
    told = [send(kiosk, code=code, nonce=f"nonce-{why}").json for why, code in codes.items()]
    assert told == [{"kind": "help"}] * 3


def test_a_code_that_was_not_read_whole_is_asked_for_again(
    app: Flask, session: Session, kiosk: FlaskClient
) -> None:
    code = badge(session, app.config["KEYS"], put_down(session))
    assert send(kiosk, code=code[:150]).json == {"kind": "again"}


def test_the_guest_is_told_where_the_badge_is_printed_and_a_replay_queues_one(
    app: Flask, session: Session, kiosk: FlaskClient, clock: Clock
) -> None:
    open_printer(session, "laptop", "Bàn 1", at=clock())
    code = badge(session, app.config["KEYS"], put_down(session))
    told = [send(kiosk, code=code).json for _ in range(3)]
    assert told == [{"kind": "in", "name": "Nguyễn Thị Hương", "printer": "Bàn 1"}] * 3
    assert len(session.scalars(select(PrintJob)).all()) == 1


def test_who_has_a_printed_badge_is_told_where_to_ask_and_a_trial_prints_none(
    app: Flask, session: Session, kiosk: FlaskClient, clock: Clock
) -> None:
    open_printer(session, "laptop", "Bàn 1", at=clock())
    first, second = put_down(session), put_down(session)
    codes = [badge(session, app.config["KEYS"], each) for each in (first, second)]
    printed(session, first.id)
    call_trial(session, printed(session, second.id), by="lan@vidu.vn", at=clock())
    told = [send(kiosk, code=code, nonce=f"nonce-{n}").json for n, code in enumerate(codes, 1000)]
    name = {"name": "Nguyễn Thị Hương"}
    assert told[0] == {"kind": "in", "printer": "", "ready": True} | name
    assert told[1] == {"kind": "in", "printer": "Bàn 1"} | name
    assert "Thẻ của Quý khách đã in sẵn." in kiosk.get("/checkin/kiosk").text


def test_the_page_speaks_both_languages_and_shows_no_list_and_no_way_on(
    session: Session, kiosk: FlaskClient
) -> None:
    put_down(session, "Người khác")
    page = kiosk.get("/checkin/kiosk").text
    for words in (
        "Đưa mã QR trên điện thoại vào khung",
        "Please hold the QR code on your phone into the frame",
        "Mời Quý khách đến bàn hỗ trợ",
        "Please come to the help desk",
    ):
        assert words in page
    assert "Người khác" not in page
    links = set(re.findall(r'(?:href|action)="(/[^"]*)"', page))
    assert {link for link in links if not link.startswith("/static/")} == {
        "/checkin/app.webmanifest",
        "/staff/sign-in?then=/checkin/",
    }


@pytest.mark.parametrize(
    "address",
    [
        "/checkin/",
        "/checkin/checkpoint",
        "/checkin/recent",
        "/checkin/people?q=huong",
        "/checkin/people/1",
        "/checkin/badge/1.pdf",
        "/checkin/printer",
        "/checkin/parties/1",
        "/checkin/walk-in",
    ],
)
def test_a_kiosk_that_is_led_astray_comes_back_to_its_page(
    session: Session, kiosk: FlaskClient, address: str
) -> None:
    put_down(session)
    answer = kiosk.get(address)
    assert (answer.status_code, answer.location) == (302, "/checkin/kiosk")


@pytest.mark.parametrize(
    "address",
    [
        "/checkin/undo",
        "/checkin/count",
        "/checkin/checkpoint",
        "/checkin/walk-in",
        "/checkin/printer",
        "/checkin/printer/beat",
        "/checkin/printer/jobs/1",
        "/checkin/party/1",
        "/checkin/people/1/blank",
    ],
)
def test_a_kiosk_changes_nothing_but_by_scans(
    session: Session, kiosk: FlaskClient, address: str
) -> None:
    headers = {"X-CSRFToken": token(kiosk)}
    assert kiosk.post(address, data={"scan": "1"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "trick",
    [
        {"attendee": 1, "code": None},
        {"method": "camera"},
        {"method": "search", "attendee": 1, "code": None},
        {"override": "quen biết"},
        {"checkpoint": "gate-b"},
        {"direction": "out"},
    ],
)
def test_a_kiosk_searches_nobody_overrides_nothing_and_stays_at_its_door(
    app: Flask, session: Session, kiosk: FlaskClient, trick: dict[str, object]
) -> None:
    code = badge(session, app.config["KEYS"], put_down(session))
    fields = {key: value for key, value in {"code": code, **trick}.items() if value is not None}
    assert send(kiosk, **fields).status_code == 403
    assert session.scalars(select(Scan)).all() == []


@pytest.mark.parametrize(
    "trick", [{"attendee": 1, "code": ""}, {"method": "camera"}, {"override": "quen biết"}]
)
def test_an_upload_smuggles_none_of_it_in(
    app: Flask, session: Session, kiosk: FlaskClient, trick: dict[str, object]
) -> None:
    row = {
        "nonce": "kiosk-0009", "checkpoint": "gate-a", "method": "kiosk",
        "code": badge(session, app.config["KEYS"], put_down(session)),
        "scanned_at": OPENING.isoformat(), **trick,
    }  # fmt: skip
    headers = {"X-CSRFToken": token(kiosk)}
    answer = kiosk.post("/checkin/scan", json={"scans": [row]}, headers=headers).json
    assert "errors" in answer["results"][0]
    assert session.scalars(select(Scan)).all() == []


def test_what_a_kiosk_uploads_is_answered_in_the_guests_words(
    app: Flask, session: Session, kiosk: FlaskClient
) -> None:
    row = {
        "nonce": "kiosk-0009", "checkpoint": "gate-a", "method": "kiosk",
        "code": badge(session, app.config["KEYS"], put_down(session)),
        "scanned_at": OPENING.isoformat(),
    }  # fmt: skip
    headers = {"X-CSRFToken": token(kiosk)}
    answer = kiosk.post("/checkin/scan", json={"scans": [row]}, headers=headers).json
    assert answer["results"][0]["verdict"]["kind"] == "in"
    assert set(answer["results"][0]["verdict"]) == {"kind", "name", "printer"}


def test_what_it_holds_for_times_without_a_network_is_the_same_page(kiosk: FlaskClient) -> None:
    shell = kiosk.get("/checkin/shell")
    assert shell.status_code == 200
    assert "Đưa mã QR trên điện thoại vào khung" in shell.text
    assert 'data-time=""' in shell.text
    assert kiosk.get("/checkin/roster").status_code == 200


def test_any_account_shows_it_at_the_door_it_chose(as_staff: AsStaff) -> None:
    desk = as_staff("desk")
    assert desk.get("/checkin/kiosk").location == "/checkin/checkpoint"
    post(desk, "/checkin/checkpoint", {"checkpoint": "gate-b"})
    page = desk.get("/checkin/kiosk").text
    assert 'data-checkpoint="gate-b"' in page
    assert 'href="/checkin/" data-hold' in page


def test_a_scan_by_an_account_at_a_kiosk_finds_nobody_and_overrides_nothing(
    app: Flask, session: Session, as_staff: AsStaff
) -> None:
    boss = as_staff("supervisor")
    post(boss, "/checkin/checkpoint", {"checkpoint": "gate-a"})
    put_down(session)
    assert send(boss, attendee=1).status_code == 403
    code = badge(session, app.config["KEYS"], put_down(session))
    assert send(boss, code=code, override="quen").status_code == 403
    plain = boss.post(
        "/checkin/scan",
        data={"csrf_token": token(boss), "nonce": "plain-001", "checkpoint": "gate-a",
              "method": "kiosk", "code": code},
    )  # fmt: skip
    assert set(plain.get_json(force=True)) == {"kind", "name", "printer"}


@pytest.mark.parametrize("doors", [[], ["gate-a", "gate-b"]])
def test_a_kiosk_stands_at_just_one_door(
    session: Session, organiser: FlaskClient, doors: list[str]
) -> None:
    wanted = {"name": "Máy", "doors": doors, "kiosk": "yes"}
    answer = post(organiser, "/organiser/devices", wanted)
    assert answer.status_code == 422
    assert "Máy tự đón khách đứng ở đúng một cửa" in answer.text
    assert session.scalars(select(Device)).all() == []


def test_a_kiosk_becomes_an_ordinary_scanner_and_back_without_pairing_again(
    organiser: FlaskClient, kiosk: FlaskClient
) -> None:
    post(organiser, "/organiser/devices/1", {"name": "Máy 1", "doors": ["gate-a"]})
    assert kiosk.get("/checkin/checkpoint").status_code == 200
    fields = {"name": "Máy 1", "doors": ["gate-a"], "kiosk": "yes"}
    post(organiser, "/organiser/devices/1", fields)
    assert kiosk.get("/checkin/checkpoint").location == "/checkin/kiosk"
    assert "tự đón khách" in organiser.get("/organiser/devices").text


def test_a_kiosk_whose_door_is_gone_says_so(
    session: Session, organiser: FlaskClient, kiosk: FlaskClient
) -> None:
    device = session.get_one(Device, 1)
    device.doors = ["gone"]
    session.commit()
    answer = kiosk.get("/checkin/kiosk")
    assert (answer.status_code, "Cửa của máy này không còn" in answer.text) == (409, True)


def test_a_kiosk_that_was_withdrawn_opens_nothing(
    organiser: FlaskClient, kiosk: FlaskClient
) -> None:
    proof = token(kiosk)
    proof_of_organiser = re.search(
        r"name=\"csrf_token\" value=\"([^\"]+)\"", organiser.get("/organiser/devices").text
    )
    assert proof_of_organiser
    organiser.post("/organiser/devices/1/withdraw", data={"csrf_token": proof_of_organiser[1]})
    assert kiosk.get("/checkin/kiosk").status_code == 403
    answer = kiosk.post("/checkin/scan", json={}, headers={"X-CSRFToken": proof})
    assert answer.status_code == 401
