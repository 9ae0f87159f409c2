"""What a device keeps so that it can decide without a network, in the reader's words."""

from base64 import b64encode
from dataclasses import asdict
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Response, jsonify, request
from flask_wtf.csrf import generate_csrf

from event.badges import Facts, public_key, sign
from event.bearers import WITHDRAWN
from event.devices import Scanner
from event.roster import OfflineDoor, Roster, roster
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk import app_shell
from pages.desk.blueprint import page
from pages.desk.verdicts import TITLES, WHY, why
from pages.wording import words

LARGEST_VERSION = 2**31
ALWAYS = ("gate", "rule", "bit", "free")
"""What is said of every door."""


@page.get("/roster")
@access.needs("kiosk")
def roster_since() -> Response:
    """Doors, categories, and whoever's badge may be wrong since the version asked from."""
    asked = request.args.get("since", 0, type=int)
    since = asked if 0 <= asked < LARGEST_VERSION else 0
    found = roster(db.session(), current.event(), since=since, at=now())
    told = _told(found) | {"since": since, "key": _key(), "at": now().isoformat()}
    told |= {"token": generate_csrf(), "app": app_shell.version(), "specimen": _specimen()}
    return jsonify(told)


def _specimen() -> str:
    """A badge of nobody and of no event, which no door takes: devices try their reading on it."""
    return sign(Facts(event=0, attendee=0, revision=0, category=0), current.keys().badges)


def _told(found: Roster) -> dict[str, Any]:
    """Entitlements as text: a script's numbers have no 64 bits."""
    return {
        "version": found.version,
        "event": found.event,
        "doors": {key: _door(door) for key, door in found.doors.items() if _mine(key)},
        "categories": {c.number: [words(c.name), c.colour] for c in found.categories},
        "exceptions": {
            number: [now.revision, now.cancelled, str(now.entitlements), now.category]
            for number, now in found.exceptions.items()
        },
        "blanks": found.blanks,
        "withdrawn": found.withdrawn,
        "bound": found.bound,
        "groups": found.groups,
        "titles": {key: str(said) for key, said in TITLES.items()},
        "why": {key: str(said) for key, said in WHY.items()} | {"withdrawn": why(WITHDRAWN)},
    }


def _door(door: OfflineDoor) -> dict[str, Any]:
    """Its rule; what most doors do not ask is left out."""
    usual = OfflineDoor(gate=door.gate)
    facts = asdict(door)
    return {
        name: value
        for name, value in facts.items()
        if name in ALWAYS or value != getattr(usual, name)
    }


def _mine(checkpoint: str) -> bool:
    person = access.at_door()
    return not isinstance(person, Scanner) or person.guards(checkpoint)


def _key() -> str:
    key = public_key(current.keys().badges)
    return b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
