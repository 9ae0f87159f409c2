"""GET /checkin/roster: what a device keeps to decide by itself, and only that."""

import json
from base64 import b64decode
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.amendments import cancel, replace_badge
from event.blanks import Issue, issue
from event.devices import open_place, pair
from event.programme import the_event
from tests.doors import badge, put_down, scan
from tests.house import OPENING


@pytest.fixture
def desk(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    """Signed in at the door."""
    return as_staff("desk")


def test_it_tells_doors_categories_and_the_key(desk: FlaskClient, app: Flask) -> None:
    told = desk.get("/checkin/roster").json
    key = app.config["KEYS"].badges.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert (told["event"], b64decode(told["key"])) == (2023, key)
    assert told["categories"]["1"] == ["Khách tham quan", "#0b5c7a"]
    assert told["doors"] == {
        "gate-a": {"gate": True, "rule": "open", "bit": None, "free": None},
        "gate-b": {"gate": True, "rule": "open", "bit": None, "free": None},
        "it-1": {"gate": False, "rule": "registered_first", "bit": 0, "free": 2},
        "it-2": {"gate": False, "rule": "open", "bit": None, "free": None},
        "energy-1": {"gate": False, "rule": "registered_only", "bit": 1, "free": None},
        "energy-2": {"gate": False, "rule": "open", "bit": None, "free": 30, "near": 3},
        "forum": {"gate": False, "rule": "open", "bit": None, "free": None},
    }


def test_only_people_whose_badge_may_be_wrong_are_in_it_and_by_number(
    desk: FlaskClient, session: Session
) -> None:
    put_down(session, "Không Có Gì")
    gone, lost = put_down(session, "Đã Hủy"), put_down(session, "Thẻ Mất", sessions=("it-1",))
    cancel(session, gone, at=OPENING, by="test")
    replace_badge(session, lost, at=OPENING, by="test")
    answer = desk.get("/checkin/roster")
    assert answer.json["exceptions"] == {
        str(gone.id): [gone.revision, True, "0", 1],
        str(lost.id): [lost.revision, False, "1", 1],
    }
    said = json.dumps(answer.json, ensure_ascii=False)
    assert not [word for word in ("Không Có Gì", "Đã Hủy", "Thẻ Mất", "Sở KH&CN") if word in said]


def test_asked_again_it_tells_only_what_is_new(desk: FlaskClient, session: Session) -> None:
    first, second = put_down(session), put_down(session)
    cancel(session, first, at=OPENING, by="test")
    version = desk.get("/checkin/roster").json["version"]
    assert desk.get(f"/checkin/roster?since={version}").json["exceptions"] == {}
    cancel(session, second, at=OPENING, by="test")
    news = desk.get(f"/checkin/roster?since={version}").json
    assert (list(news["exceptions"]), news["since"]) == ([str(second.id)], version)


@pytest.mark.parametrize("since", ["x", "-1", "", "9" * 30, "1.5"])
def test_a_made_up_version_does_no_harm(desk: FlaskClient, since: str) -> None:
    assert desk.get(f"/checkin/roster?since={since}").status_code == 200


def test_free_seats_go_down_with_those_let_in(
    app: Flask, desk: FlaskClient, session: Session
) -> None:
    code = badge(session, app.config["KEYS"], put_down(session))
    for door in ("it-1", "energy-2"):
        scan(desk, code=code, checkpoint=door)
    doors = desk.get("/checkin/roster").json["doors"]
    assert (doors["it-1"]["free"], doors["energy-2"]["free"]) == (1, 29)


def test_blanks_come_as_the_numbers_that_were_printed(desk: FlaskClient, session: Session) -> None:
    event = the_event(session)
    assert event
    for count in (3, 2):
        issue(session, event, Issue(count, "delegate", "a6"), by="test", at=OPENING)
    told = desk.get("/checkin/roster").json
    assert (told["blanks"], told["withdrawn"], told["bound"]) == ([[1, 3], [4, 5]], [], {})


def test_a_paired_device_hears_of_its_own_doors(app: Flask, session: Session) -> None:
    _, secret = open_place(session, "Cổng A", ["gate-a"], by="test", at=OPENING)
    device, key = pair(session, secret, at=OPENING)
    phone = app.test_client()
    phone.set_cookie("ghidanh_device", f"{device.id}.{key}", path="/checkin")
    assert list(phone.get("/checkin/roster").json["doors"]) == ["gate-a"]
