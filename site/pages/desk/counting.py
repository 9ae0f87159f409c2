"""Guests without a badge: counted by a press, without a network too, and taken back."""

from typing import Any

from flask import abort, flash, jsonify, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.devices import Scanner
from event.doors import UnknownCheckpoint
from event.headcounts import (
    Counted,
    NonceOfAnother,
    NothingToTakeBack,
    count_people,
    counted_at,
)
from event.programme import Checkpoint
from event.scans import day_of
from forms.desk import CountReport, WrongScan, read_count
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import page, sent


def counted_here(place: Checkpoint) -> int:
    """Guests without a badge at this door today."""
    return counted_at(db.session(), place.id, day_of(current.event(), now()))


@page.get("/count")
@access.needs("gate")
def nothing_counted() -> Response:
    """Where a form goes; somebody who reloads is taken to the scanner."""
    return redirect("/checkin/")


@page.post("/count")
@access.needs("gate")
def count() -> Response | tuple[Response, int]:
    """One press: JSON for the scanner, back to its page for a plain form."""
    try:
        total = _count(read_count(sent(), at=now()))
    except WrongScan as wrong:
        return _told(422, errors=wrong.errors)
    except UnknownCheckpoint:
        return _told(422, errors=WrongScan("checkpoint").errors)
    except NothingToTakeBack:
        return _told(409, error=_("Nothing of this device is left to take back."))
    except NonceOfAnother:
        return _told(409, error=_("This press was counted already, with another number."))
    return _told(200, total=total)


def _count(report: CountReport) -> int:
    person = access.at_door()
    if isinstance(person, Scanner) and not person.guards(report.checkpoint):
        abort(403)
    counted = Counted(device=access.device(), staff_id=person.id, **vars(report))
    return count_people(db.session(), current.event(), counted, at=now())


def _told(status: int, **facts: Any) -> Response | tuple[Response, int]:
    if request.is_json:
        return jsonify(facts), status
    wrong = facts.get("error") or " ".join(facts.get("errors", {}).values())
    flash(wrong or _("Counted: %(total)s guests without a badge here today.", **facts),
          "bad" if wrong else "good")  # fmt: skip
    return redirect("/checkin/", 303)
