"""What tests of the door share: people with badges, and scans sent as the scanner sends them."""

from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.test import TestResponse

from event.attendees import Attendee, Registration, register
from event.badges import token_of
from event.keys import Keys
from event.programme import the_event
from tests.house import OPENING

_numbers = count(1)


def put_down(session: Session, name: str = "Nguyễn Thị Hương", **stated: Any) -> Attendee:
    """Register somebody; anything of `Registration` can be said otherwise."""
    stated = {"organisation": "Sở KH&CN", **stated}
    return register(session, Registration(name, **stated), at=OPENING).attendee


def badge(session: Session, keys: Keys, attendee: Attendee) -> str:
    """The digits of somebody's badge."""
    event = the_event(session)
    assert event
    whole = select(Attendee).where(Attendee.id == attendee.id)
    loaded = session.scalars(whole.options(joinedload(Attendee.category))).one()
    return token_of(session, event, loaded, keys.badges)


def csrf(browser: FlaskClient) -> str:
    """The token of a page that this browser sees."""
    field = browser.get("/checkin/checkpoint").text.split('name="csrf_token"')[1]
    return field.split('value="')[1].split('"')[0]


def send(browser: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """A plain form, as without JavaScript."""
    return browser.post(address, data={"csrf_token": csrf(browser), **fields})


def scan(browser: FlaskClient, **fields: Any) -> TestResponse:
    """A scan in JSON; a field given as None is left out."""
    usual = {"nonce": f"nonce-{next(_numbers):06}", "checkpoint": "gate-a", "method": "camera"}
    report = {key: value for key, value in {**usual, **fields}.items() if value is not None}
    return browser.post("/checkin/scan", json=report, headers={"X-CSRFToken": csrf(browser)})
