"""Uploads of what a device kept without a network: scans and counts together, a result for each."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, abort, g, jsonify
from flask_babel import gettext as _

from event.badges import own_seal
from event.checkin import Scanned, Verdict
from event.devices import Scanner
from event.headcounts import Counted
from event.strays import keep_strays
from event.uploads import MOST, Report, Result, Untaken, take_in
from forms.desk import WrongScan, read_kept_count, read_kept_scan
from pages import access, current
from pages.attendee import shelf
from pages.clock import now
from pages.database import db
from pages.desk.verdicts import why
from pages.desk.welcoming import KIOSK, answered, by_a_guest

LONGEST_MARK = 40
OTHER_DOOR = "other_door"
"""What speaks against a scan at a door that the device was not, or is no longer, bound to."""

Row = Report | WrongScan


def take_upload(rows: object) -> Response:
    """Take in at most `MOST` rows, each a scan or, with `counted_at`, a count.

    A row that cannot be understood is kept as it came, and its result says what is wrong with it.
    """
    if not isinstance(rows, list) or len(rows) > MOST:
        abort(413 if isinstance(rows, list) else 400)
    read = [_read(row) for row in rows]
    g.event = shelf.shown().offer.event
    reports = [report for report in read if not isinstance(report, WrongScan)]
    told: list[dict[str, Any]] = []

    def write_beside(results: Sequence[Result]) -> None:
        told[:] = _told(read, results)
        _keep_strays(rows, told)

    key = own_seal(current.keys().badges)
    take_in(db.session(), current.event(), reports, key, at=now(), beside=write_beside)
    return jsonify(results=told, at=now().isoformat())


def _read(row: object) -> Row:
    if not isinstance(row, Mapping):
        return WrongScan("nonce")
    try:
        return _count(row) if "counted_at" in row else _scan(row)
    except WrongScan as wrong:
        return wrong


def _count(row: Mapping[str, Any]) -> Counted:
    """By whoever may count there at once too."""
    person, report = access.at_door(), read_kept_count(row, at=now())
    if isinstance(person, Scanner) and (person.kiosk or not person.guards(report.checkpoint)):
        raise WrongScan("checkpoint")
    return Counted(device=access.device(), staff_id=person.id, **vars(report))


def _scan(row: Mapping[str, Any]) -> Scanned:
    person, report = access.at_door(), read_kept_scan(row, at=now())
    if report.override and not person.may("supervisor"):
        raise WrongScan("override")
    if report.method == KIOSK and not by_a_guest(report):
        raise WrongScan("method")
    scanned = Scanned(device=access.device(), staff_id=person.id, **vars(report))
    if not isinstance(person, Scanner):
        return scanned
    if report.attendee_id is not None:
        raise WrongScan("attendee")
    if person.kiosk and report.method != KIOSK:
        raise WrongScan("method")
    if person.guards(report.checkpoint):
        return scanned
    if not report.decided:
        raise WrongScan("checkpoint")
    return replace(scanned, objection=OTHER_DOOR)


def _told(read: Sequence[Row], results: Sequence[Result]) -> list[dict[str, Any]]:
    """A result for each row, in the order of the rows."""
    taken = iter(results)
    return [
        {"errors": row.errors} if isinstance(row, WrongScan) else _result(row, next(taken))
        for row in read
    ]


def _result(report: Report, result: Result) -> dict[str, Any]:
    """In words only what nobody at the door knows yet."""
    if isinstance(result, Untaken):
        return {"errors": {result.why: _why(result.why)}}
    if not isinstance(result, Verdict) or not isinstance(report, Scanned):
        return {}
    if not report.decided:
        return {"verdict": answered(result, report.method)}
    if not result.objection or report.method == KIOSK:
        return {}
    return {"objection": {"why": _although(result.objection)}}


def _although(objection: str) -> str:
    return _("Let in here, although: %(why)s", why=why(objection))


def _why(untaken: str) -> str:
    if untaken == "checkpoint":
        return WrongScan("checkpoint").errors["checkpoint"]
    if untaken == "nonce":
        return _("Another report of this device had the same nonce.")
    return _("Nothing of this device is left to take back.")


def _keep_strays(rows: Sequence[Any], told: Sequence[Mapping[str, Any]]) -> None:
    strays = {
        _mark(row): (row, "; ".join(f"{field}: {why}" for field, why in result["errors"].items()))
        for row, result in zip(rows, told, strict=True)
        if "errors" in result
    }
    keep_strays(db.session(), access.device(), strays, at=now())


def _mark(row: object) -> str:
    """The same for the same row: a repeat of an upload makes no second one."""
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:LONGEST_MARK]
