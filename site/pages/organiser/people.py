"""The table of people: searched, narrowed, put in order, and turned page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.delegations import Delegation, Strength, strengths
from event.keyset import ORDERS, Turn, WrongPlace, page_of
from event.people import asked, filtered, how_many
from event.programme import Category, Slot, categories, sessions, tracks
from event.provinces import province_names
from event.scans import Presence
from pages import access, current
from pages.database import db
from pages.htmx import asked_by_htmx, shown_at
from pages.organiser.blueprint import page
from pages.wording import day, hour, words


@dataclass(frozen=True)
class Row:
    """One line of the table, with what stands in other tables."""

    attendee: Attendee
    category: Category
    party: Strength | None
    arrived_at: datetime | None


@page.get("/people")
@access.needs("supervisor")
def people() -> str | Response:
    """The page, or for htmx only what the search changes; the address holds all of it."""
    facts = asked(request.args)
    turn = _turn()
    try:
        found = page_of(db.session(), filtered(facts), turn)
    except WrongPlace:
        abort(400)
    shown: dict[str, Any] = {
        "facts": facts,
        "order": turn.order,
        "found": found,
        "rows": rows_of(found.rows),
        "besides": _besides(facts, found.total),
        "with_all": _address({**facts, "state": "all"}, turn.order),
        "here": lambda **more: _address(facts, turn.order, **more),
        "back": _asked_for(facts, turn.order, **_place()) or None,
    }
    if asked_by_htmx():
        part = render_template("organiser/_people.html", **shown)
        return shown_at(part, _address(facts, turn.order))
    return render_template("organiser/people.html", **shown, **_choices())


def _besides(facts: Mapping[str, str], found: int) -> int:
    """How many more match who wait, stand in line or cancelled; 0 where a state is asked for."""
    return 0 if "state" in facts else how_many(db.session(), {**facts, "state": "all"}) - found


def _turn() -> Turn:
    order = request.args.get("order") or ORDERS[0]
    if order not in ORDERS:
        abort(400)
    place = _place()
    return Turn(order, "".join(place.values()), back="before" in place)


def _place() -> dict[str, str]:
    """Which page of the table is asked for; empty for the first."""
    for word in ("before", "after"):
        if key := request.args.get(word):
            return {word: key}
    return {}


def _address(facts: Mapping[str, str], order: str, **more: str) -> str:
    """The same people in the same order, as an address that can be passed on."""
    said = _asked_for(facts, order, **more)
    address = url_for("organiser.people")
    return f"{address}?{said}" if said else address


def _asked_for(facts: Mapping[str, str], order: str, **more: str) -> str:
    said = dict(facts) | ({"order": order} if order != ORDERS[0] else {}) | more
    return urlencode(said)


def rows_of(found: Sequence[Attendee]) -> list[Row]:
    """What a page of people shows of each, in three queries however many they are."""
    session = db.session()
    kinds = {category.id: category for category in session.scalars(categories())}
    parties = strengths(session, (a.party_id for a in found if a.party_id))
    first = (
        select(Presence.attendee_id, func.min(Presence.first_at))
        .where(Presence.attendee_id.in_([a.id for a in found]))
        .group_by(Presence.attendee_id)
    )
    came = {row[0]: row[1] for row in session.execute(first)}
    return [
        Row(a, kinds[a.category_id], parties.get(a.party_id or 0), came.get(a.id)) for a in found
    ]


def _choices() -> dict[str, Any]:
    """The options of each filter: what stands in the address, and what the reader sees."""
    session = db.session()
    parties = session.scalars(select(Delegation).order_by(Delegation.folded_name))
    return {
        "categories": [(kind.key, words(kind.name)) for kind in session.scalars(categories())],
        "provinces": list(province_names(current.language()).items()),
        "sessions": [(slot.key, _called(slot)) for slot in session.scalars(sessions())],
        "tracks": [(track.key, words(track.name)) for track in session.scalars(tracks())],
        "delegations": [(str(party.id), party.name) for party in parties],
    }


def _called(slot: Slot) -> str:
    return f"{day(slot.starts_at)} {hour(slot.starts_at)} · {words(slot.title)}"
