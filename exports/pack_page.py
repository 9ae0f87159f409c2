"""What the page of an offline pack knows: people, places to come in, and which pack it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import everyone
from event.packing import Pack
from event.programme import Category, Checkpoint, Event, checkpoints
from event.ticks import FORMAT
from exports.fields import FIELDS, NUMBER, Rows
from exports.reading import Reading

ASKED = ("full_name", "organisation", "category", "party")
CONTACTS = ("phone", "email")


def page_data(session: Session, event: Event, pack: Pack, proof: str, *, at: datetime) -> bytes:
    """JSON that can stand inside HTML.

    `people` are [number, name, organisation, category, delegation, numbers of places they have a
    seat at], and where wanted phone and e-mail.
    """
    places = list(session.scalars(checkpoints()))
    data = {
        "format": FORMAT,
        "event": event.key,
        "pack": pack.number,
        "proof": proof,
        "name": event.name.in_(pack.language),
        "zone": event.zone,
        "made_at": at,
        "places": [_place(place, pack.language) for place in places],
        "colours": _colours(session, pack.language),
        "people": list(_people(session, pack, places)),
    }
    return msgspec.json.encode(data).replace(b"<", b"\\u003c")


def _place(place: Checkpoint, language: str) -> dict[str, Any]:
    name = place.name.in_(language)
    return {"key": place.key, "name": name, "booked": place.slot_id is not None}


def _colours(session: Session, language: str) -> dict[str, str]:
    """By the names of categories."""
    return {kind.name.in_(language): kind.colour for kind in session.scalars(select(Category))}


def _people(session: Session, pack: Pack, places: list[Checkpoint]) -> Iterator[list[Any]]:
    """In the order of given names."""
    seats = {place.slot_id: at for at, place in enumerate(places) if place.slot_id}
    keys = (*ASKED, *(CONTACTS if pack.contacts else ()))
    fields = [NUMBER, replace(FIELDS["sessions"], tell=None), *(FIELDS[key] for key in keys)]
    for number, chosen, *known in Rows(session, fields, Reading(session, pack.language)).of(
        everyone()
    ):
        booked = map(int, str(chosen).split(",")) if chosen else ()
        held = sorted(seats[slot] for slot in booked if slot in seats)
        yield [number, *known[: len(ASKED)], held, *known[len(ASKED) :]]
