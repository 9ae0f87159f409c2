"""A delegation at the gate: who of it is there is ticked, and let in with its head by one tap."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.corrections import MayNotUndo, NothingToUndo, Undo, UnknownScan, may_undo, undo_tap
from event.delegations import Delegation, members, strengths
from event.gate_parties import Head, Member, NoHead, Tap, head_of, let_in, roll
from event.scans import ADMITTING, Scan, day_of, scans_of, undone
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import chosen, page
from pages.desk.people import described
from pages.desk.verdicts import why

PRESS = re.compile(r"[0-9a-f]{24}")
NUMBER = re.compile(r"[0-9]{1,9}")


@page.get("/party/<int(max=2147483647):number>")
@access.needs("desk")
def party(number: int) -> str:
    """The members, by the scan of their head: who is in, and who can be ticked."""
    return _shown(_head(number))


@page.post("/party/<int(max=2147483647):number>")
@access.needs("desk")
def party_in(number: int) -> str | Response:
    """Let in those who were ticked; a second press of the same page counts nobody twice."""
    head = _head(number)
    press = request.form.get("press", "")
    if not PRESS.fullmatch(press):
        abort(422)
    ticked = [int(who) for who in request.form.getlist("member") if NUMBER.fullmatch(who)]
    if not ticked:
        flash(_("Nobody is ticked. Tick who is there."), "warn")
        return redirect(f"/checkin/party/{number}", 303)
    tap = Tap(number, ticked, access.device(), press, access.me().id)
    verdicts = let_in(db.session(), current.event(), tap, at=now())
    refused = sum(not verdict.admits for verdict in verdicts)
    if refused:
        flash(_("Not let in: %(count)s. The reason stands beside each.", count=refused), "warn")
    return redirect(f"/checkin/party/{head.scan.id}", 303)


@page.post("/party/<int(max=2147483647):number>/undo")
@access.needs("desk")
def party_back(number: int) -> Response:
    """Take the last tap back, all of it."""
    last = _last_tap(roll(db.session(), current.event(), _head(number), at=now()))
    wish = Undo(last.id if last else 0, access.device(), secrets.token_hex(8), "by_mistake")
    try:
        count = undo_tap(db.session(), current.event(), wish, access.at_door(), at=now())
        flash(_("Entries taken back: %(count)s.", count=count), "good")
    except (UnknownScan, NothingToUndo):
        flash(_("Nothing of this delegation is left to take back."), "warn")
    except MayNotUndo:
        flash(_("Only a supervisor can take this one back."), "bad")
    return redirect(f"/checkin/party/{number}", 303)


def _head(number: int) -> Head:
    try:
        return head_of(db.session(), current.event(), number, at=now())
    except NoHead:
        return abort(404)


def _last_tap(members: list[Member]) -> Scan | None:
    """The last who came in with the head and can be taken back."""
    came = [m.scan for m in members if m.scan and m.inside and m.scan.verdict in ADMITTING]
    return max(came, key=lambda scan: scan.id, default=None)


def _shown(head: Head) -> str:
    members = roll(db.session(), current.event(), head, at=now())
    return render_template(
        "desk/party.html",
        head=head,
        place=head.scan.checkpoint,
        members=members,
        waiting=[member for member in members if member.waits],
        inside=sum(member.inside for member in members),
        last=_taken_back(members),
        mark=secrets.token_hex(12),
        why=why,
    )


def _taken_back(members: list[Member]) -> dict[str, Any] | None:
    """How many the last tap let in, and whether the reader may take that back."""
    scan = _last_tap(members)
    if scan is None:
        return None
    tap = [m for m in members if m.scan and m.inside and m.scan.received_at == scan.received_at]
    may = may_undo(db.session(), scan, access.at_door(), access.device(), at=now())
    return {"count": len(tap), "may": may, "at": scan.received_at}


@page.get("/parties/<int(max=2147483647):number>")
@access.needs("desk")
def one_party(number: int) -> str:
    """Has this delegation arrived? Each member, and the way to let them in with their head."""
    delegation = db.session().get(Delegation, number) or abort(404)
    found = db.session().scalars(members(delegation).options(joinedload(Attendee.category))).all()
    return render_template(
        "desk/one_party.html",
        party=strengths(db.session(), [number])[number],
        found=described(found),
        head=_head_now(found),
        place=chosen(),
        new_nonce=lambda: secrets.token_hex(8),
    )


def _head_now(found: Sequence[Attendee]) -> Scan | None:
    """The scan that let the head in today, if it stands."""
    head = next((who for who in found if who.heads_party), None)
    if head is None:
        return None
    standing = scans_of(head.id).where(Scan.verdict.in_(ADMITTING), Scan.id.not_in(undone()))
    last = db.session().scalar(standing.limit(1))
    event = current.event()
    today = last is not None and day_of(event, last.scanned_at) == day_of(event, now())
    return last if today else None
