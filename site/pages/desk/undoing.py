"""Taking a scan back, and the list of what this device scanned last."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.blanks import Blank
from event.corrections import MayNotUndo, NothingToUndo, Undo, UnknownScan, may_undo, undo
from event.gate_parties import Cause, causes
from event.names import clean
from event.scans import PASSING, Scan, recent
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import page
from pages.desk.verdicts import UNDONE, title_of, why
from pages.htmx import asked_by_htmx

REFUSED = {
    UnknownScan: (404, _l("This scan is not in the log.")),
    NothingToUndo: (409, _l("This scan let nobody in, so there is nothing to take back.")),
    MayNotUndo: (403, _l("Only a supervisor can take this one back.")),
}
SHOWN = 10
WHOLE = (
    joinedload(Scan.attendee),
    joinedload(Scan.blank).joinedload(Blank.attendee),
    joinedload(Scan.checkpoint),
)
"""What a list of scans says of each."""


@dataclass(frozen=True)
class Past:
    """A scan in a list: whether it was taken back, and whether the reader may do so.

    `cause` is the head of a delegation, with whom they came in.
    """

    scan: Scan
    undone: bool
    undoable: bool
    cause: Cause | None = None

    @property
    def out_of_reach(self) -> bool:
        """Whether it stands, and only a supervisor may take it back."""
        return self.scan.verdict in PASSING and not (self.undone or self.undoable)


def past(scans: Sequence[Scan]) -> list[Past]:
    """Scans with what may still be done about them; asks the same few queries for any number."""
    ids = [scan.id for scan in scans]
    gone = set(db.session().scalars(select(Scan.undoes_id).where(Scan.undoes_id.in_(ids))))
    standing = [s for s in scans if s.verdict in PASSING and s.id not in gone]
    undoable = set(_undoable(standing))
    heads = causes(db.session(), scans)
    return [
        Past(scan, scan.id in gone, scan.id in undoable, heads.get(scan.because_id or 0))
        for scan in scans
    ]


def _undoable(standing: list[Scan]) -> Iterable[int]:
    """All for a supervisor; for the desk the last of its device, and who came in with that."""
    person, device = access.at_door(), access.device()
    head = standing[0].because_id if standing else None
    last = [scan for scan in standing if head and scan.because_id == head] or standing[:1]
    mine = standing if person.may("supervisor") else last
    return (scan.id for scan in mine if may_undo(db.session(), scan, person, device, at=now()))


def recent_scans() -> list[Past]:
    """The last scans of this device."""
    scans = recent(access.device()).where(Scan.undoes_id.is_(None)).options(*WHOLE)
    return past(db.session().scalars(scans.limit(SHOWN)).all())


@page.context_processor
def _words() -> dict[str, object]:
    return {"undo_reasons": UNDONE, "title_of": title_of, "why": why}


@page.get("/recent")
@access.needs("gate")
def recent_list() -> str:
    """The list alone, for the scanner to refresh."""
    return render_template("desk/_recent.html", scans=recent_scans())


@page.post("/undo")
@access.needs("gate")
def take_back() -> Response:
    """Take a scan back; the reason is one of the three, or a supervisor's own words."""
    number = request.form.get("scan", "")
    scan_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    reason = clean(request.form.get("reason", ""))[:200] or "by_mistake"
    wish = Undo(scan_id, access.device(), secrets.token_hex(8), reason)
    try:
        undo(db.session(), current.event(), wish, access.at_door(), at=now())
    except (UnknownScan, NothingToUndo, MayNotUndo) as refusal:
        status, message = REFUSED[type(refusal)]
        return _told(str(message), "bad", status)
    return _told(_("Taken back: this entry does not count."), "good", 200)


def _told(message: str, kind: str, status: int) -> Response:
    """Where the form stood, for htmx; else on the scanner's page."""
    if not asked_by_htmx():
        flash(message, kind)
        return redirect("/checkin/", 303)
    text = render_template("desk/_told.html", message=message, kind=kind)
    response = make_response(text, status)
    response.headers["HX-Trigger"] = "scanned"
    return response
