"""The scanner's page, and what every scan is answered: by camera, hand scanner or search."""

import json
import secrets
from typing import Any

from flask import Response, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from event.badges import own_seal
from event.bearers import NUMBER
from event.checkin import NonceReused, Scanned, check_in
from event.devices import Scanner
from event.doors import UnknownCheckpoint
from event.staff import Account
from forms.desk import ScanReport, WrongScan, read_scan
from pages import access, current
from pages.attendee import shelf
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import chosen, page, sent
from pages.desk.checkpoints import hours
from pages.desk.counting import counted_here
from pages.desk.inside import crowd
from pages.desk.undoing import recent_scans
from pages.desk.uploading import take_upload
from pages.desk.welcoming import KIOSK, answered, by_a_guest
from pages.door_rules import rule


@page.get("/")
@access.needs("gate")
def scanner() -> str | AnyResponse:
    """The scanner, once it is known where it stands."""
    place = chosen()
    if place is None:
        return redirect("/checkin/checkpoint")
    return render_template(
        "desk/scanner.html",
        place=place,
        rule=rule(place),
        crowd=crowd(place),
        hours=hours(place),
        scans=recent_scans(),
        counted=counted_here(place),
        nonce=secrets.token_hex(8),
        asked="",
        found=(),
    )


@page.get("/scan")
@page.get("/undo")
@access.needs("gate")
def nothing_here() -> AnyResponse:
    """Where forms go; somebody who reloads or types the address is taken to the scanner."""
    return redirect("/checkin/")


@page.post("/scan")
@access.needs("kiosk")
def scan() -> AnyResponse:
    """Decide one scan: JSON for the scanner, a page for a plain form. `scans` are an upload."""
    fields = sent()
    if "scans" in fields and request.is_json:
        return take_upload(fields["scans"])
    try:
        report = read_scan(fields, at=now())
        if _typed_number(report) and access.at_door().may("desk"):
            return redirect(f"/checkin/people?q={report.code}", 303)
        verdict = _decide(report)
    except WrongScan as wrong:
        return _answer({"errors": wrong.errors}, 422)
    except UnknownCheckpoint:
        return _answer({"errors": WrongScan("checkpoint").errors}, 422)
    except NonceReused:
        abort(409)
    return _answer(verdict, 200)


def _typed_number(report: ScanReport) -> bool:
    """Whether somebody typed the number below a badge: it proves nothing, so it is looked up."""
    number = NUMBER.fullmatch(report.code)
    return bool(number) and report.method == "scanner" and not request.is_json


def _decide(report: ScanReport) -> dict[str, Any]:
    person = access.at_door()
    if not _may(person, report):
        abort(403)
    scanned = Scanned(device=access.device(), staff_id=person.id, **vars(report))
    key = own_seal(current.keys().badges)
    # The event as it was at most a second ago: neither its number nor its zone changes in the rush.
    g.event = shelf.shown().offer.event
    verdict = check_in(db.session(), current.event(), scanned, key, at=now())
    return answered(verdict, report.method)


def _may(person: Account | Scanner, report: ScanReport) -> bool:
    """A supervisor everything; others no override; a device no search, and its own doors alone."""
    if report.override and not person.may("supervisor"):
        return False
    if report.method == KIOSK and not by_a_guest(report):
        return False
    if isinstance(person, Scanner):
        own = report.attendee_id is None and person.guards(report.checkpoint)
        return own and (report.method == KIOSK or not person.kiosk)
    return True


def _answer(facts: dict[str, Any], status: int) -> AnyResponse:
    by_script = request.is_json or request.accept_mimetypes.best == "application/json"
    if by_script or request.form.get("method") == KIOSK:
        return Response(json.dumps(facts), status, content_type="application/json")
    if "errors" in facts:
        text = render_template("desk/not_taken.html", errors=facts["errors"], place=chosen())
    else:
        nonce = secrets.token_hex(8)
        text = render_template("desk/verdict.html", verdict=facts, nonce=nonce, place=chosen())
    return Response(text, status)
