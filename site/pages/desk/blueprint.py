"""The door's pages as one blueprint, and the checkpoint that each device stands at."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.devices import Scanner
from event.programme import Checkpoint, Slot
from event.staff import Staff
from pages import access
from pages.clock import now
from pages.database import db

page = Blueprint("desk", __name__, url_prefix="/checkin")

CHOSEN = "checkpoint"
THREE_DAYS = 3 * 24 * 3600
LARGEST_REPORT = 20_000  # bytes
LARGEST_UPLOAD = 400_000


@page.context_processor
def _site_time() -> dict[str, str]:
    """Scanners go by the site's clock, not by their own."""
    return {"server_time": now().isoformat()}


@page.context_processor
def _way_back_in() -> dict[str, Callable[[], bool]]:
    """Whether somebody who signs out can come back without a new link; asked by whole pages."""
    return {"has_password": _has_password}


def _has_password() -> bool:
    mine = select(Staff.id).where(Staff.id == access.at_door().id, Staff.password.is_not(None))
    return db.session().scalar(mine) is not None


def chosen() -> Checkpoint | None:
    """Where this device scans, if it was said and still exists."""
    place = checkpoint(request.cookies.get(CHOSEN, ""))
    return place if place and guarded(place) else None


def guarded(place: Checkpoint) -> bool:
    """Whether whoever is here may scan there: accounts everywhere, a device at its doors."""
    person = access.whoever()
    return not isinstance(person, Scanner) or person.guards(place.key)


def checkpoint(key: str) -> Checkpoint | None:
    """The checkpoint of this key, with its session and room."""
    if not key.isprintable():
        return None
    room = joinedload(Checkpoint.slot).joinedload(Slot.room)
    found = select(Checkpoint).where(Checkpoint.key == key).options(room)
    return db.session().scalar(found)


def remember(place: Checkpoint, response: Response) -> Response:
    """Keep the choice on this device, through signing out and in."""
    response.set_cookie(
        CHOSEN, place.key, max_age=THREE_DAYS, path="/checkin", samesite="Lax", httponly=True
    )
    return response


def sent() -> Mapping[str, Any]:
    """The fields of a report, as a form or in JSON; answers 400 or 413 to anything else.

    Only an upload, which has `scans`, may be longer than one report.
    """
    if not request.is_json:
        return request.form
    length = request.content_length or 0
    if length > LARGEST_UPLOAD:
        abort(413)
    try:
        fields = json.loads(request.get_data())
    except (ValueError, RecursionError):
        fields = None
    known = fields if isinstance(fields, dict) else {}
    if length > LARGEST_REPORT and "scans" not in known:
        abort(413)
    return known if isinstance(fields, dict) else abort(400)


def here() -> Checkpoint:
    """The chosen checkpoint, for pages that let people in; 409 where none is chosen yet."""
    place = chosen()
    if place is None:
        abort(409)
    return place
