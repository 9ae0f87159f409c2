"""Finding people at the door, one person's card, and their badge printed again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import Response, abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

import exports
from event.attendees import Attendee, matching
from event.binding import keep_new_badge, may_unbind
from event.blanks import Blank, blanks_of, number_of
from event.bookings import booked
from event.delegations import Delegation, Strength, strengths
from event.designs import design_of
from event.names import clean, fold
from event.person import Erased
from event.programme import Checkpoint, Slot
from event.scans import Presence, Scan, day_of, scans_of
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import chosen, page
from pages.desk.undoing import WHOLE, past
from pages.desk.verdicts import delegation_words
from pages.door_rules import rule
from pages.htmx import page_or_part

SHOWN = 20
SHORTEST = 2
PARTIES = 5


@dataclass(frozen=True)
class Found:
    """One person in the results: their delegation, and when they were first let in today."""

    attendee: Attendee
    delegation: str
    arrived: Presence | None


@page.get("/people")
@access.needs("desk")
def people() -> str:
    """Search by name, phone, organisation or code; htmx gets the results alone."""
    asked = clean(request.args.get("q", ""))[:100]
    found, more = search(asked)
    return page_or_part(
        "desk/people.html",
        "desk/_people.html",
        asked=asked,
        found=found,
        more=more,
        parties=parties_called(asked),
        blank=_blank_called(asked),
        place=chosen(),
        new_nonce=lambda: secrets.token_hex(8),
    )


def _blank_called(asked: str) -> Blank | None:
    """The blank badge with this number below its code, such as "B0002"."""
    return db.session().get(Blank, number_of(asked) or 0)


def search(asked: str) -> tuple[list[Found], bool]:
    """Those who match, in the order of given names, and whether there are more."""
    if len(asked) < SHORTEST:
        return [], False
    order = (Attendee.cancelled_at.is_not(None), Attendee.sort_key, Attendee.id)
    known = select(Attendee).where(Attendee.erased_at.is_(None))
    whole = known.options(joinedload(Attendee.category)).order_by(*order)
    hits = db.session().scalars(matching(whole, asked).limit(SHOWN + 1)).all()
    return described(hits[:SHOWN]), len(hits) > SHOWN


def parties_called(asked: str) -> list[Strength]:
    """The delegations whose name holds what is searched for, each with its "18/25"."""
    if len(asked) < SHORTEST:
        return []
    named = Delegation.folded_name.contains(fold(asked), autoescape=True)
    ids = select(Delegation.id).where(named).order_by(Delegation.folded_name).limit(PARTIES)
    found = db.session().scalars(ids).all()
    return list(strengths(db.session(), found).values()) if found else []


def described(people: Sequence[Attendee]) -> list[Found]:
    """People as the results show them; the same queries for any number."""
    parties = {p.party_id for p in people if p.party_id}
    names = select(Delegation.id, Delegation.name).where(Delegation.id.in_(parties))
    delegations = {row.id: row.name for row in db.session().execute(names)}
    arrived = _arrivals([p.id for p in people])
    return [Found(p, delegations.get(p.party_id or 0, ""), arrived.get(p.id)) for p in people]


def _arrivals(ids: list[int]) -> dict[int, Presence]:
    """The first time today that each was let in at a gate."""
    today = select(Presence).join(Checkpoint, Checkpoint.id == Presence.checkpoint_id)
    today = today.where(Presence.attendee_id.in_(ids), Checkpoint.kind == "gate")
    today = today.where(Presence.day == day_of(current.event(), now()))
    latest_first = today.order_by(Presence.first_at.desc())
    return {p.attendee_id: p for p in db.session().scalars(latest_first)}


def someone(number: int) -> Attendee:
    """The person of that number; answers 404 where there is none. Raises `Erased`."""
    whole = select(Attendee).where(Attendee.id == number).options(joinedload(Attendee.category))
    found = db.session().scalar(whole)
    if found is None:
        abort(404)
    if found.erased_at is not None:
        raise Erased(number)
    return found


@page.get("/people/<int(max=2147483647):number>")
@access.needs("desk")
def person(number: int) -> str:
    """One person: who they are, what they booked, their delegation, and every scan."""
    attendee = someone(number)
    slots = booked(number).options(joinedload(Slot.room), joinedload(Slot.track))
    scans = scans_of(number).where(Scan.undoes_id.is_(None))
    scans = scans.options(*WHOLE).limit(SHOWN)
    place = chosen()
    return render_template(
        "desk/person.html",
        person=attendee,
        slots=db.session().scalars(slots).all(),
        delegation=delegation_words(attendee.party_id),
        scans=past(db.session().scalars(scans).all()),
        blanks=_blanks(number),
        place=place,
        rule=rule(place) if place else "",
        nonce=secrets.token_hex(8),
    )


def _blanks(number: int) -> list[tuple[Blank, bool]]:
    """The blank badges that are theirs, and whether the reader may take one back."""
    person, at = access.me(), now()
    theirs = db.session().scalars(blanks_of(number))
    return [(blank, may_unbind(blank, person, at=at)) for blank in theirs]


@page.get("/badge/<int(max=2147483647):number>.pdf")
@access.needs("desk")
def badge(number: int) -> Response:
    """One badge on a page, in the person's own language; none for a cancelled registration."""
    attendee = someone(number)
    if not attendee.has_badge:
        abort(409)
    keep_new_badge(db.session(), number)
    only = select(Attendee).where(Attendee.id == number)
    faces = exports.faces.faces(db.session(), current.event(), current.keys().badges, only)
    paper = BytesIO()
    design = design_of(db.session())
    exports.badges.write_badges(faces, design.single, paper, design)
    response = Response(paper.getvalue(), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="badge-{attendee.code}.pdf"'
    return response
