"""The table of people as an organiser narrows it: the pages and every export share these words."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from sqlalchemy import Select, exists, false, select

from event.attendees import Attendee, in_session, matching
from event.bookings import Booking
from event.names import clean
from event.programme import Category, Slot, Track
from event.scans import Presence

People: TypeAlias = Select[Attendee]
CODE = re.compile(r"[0-9]{1,9}")


def filtered(facts: Mapping[str, str]) -> People:
    """The people that `facts` ask for, in the Vietnamese order of given names.

    Known words are those of `NARROWINGS`, as they stand in an address; others and empty ones are
    passed over. Cancelled people are left out unless `state` is "cancelled" (only them) or "all".
    """
    query = select(Attendee).order_by(Attendee.sort_key, Attendee.id)
    if facts.get("state") not in ("cancelled", "all"):
        query = query.where(Attendee.cancelled_at.is_(None))
    for word, narrow in NARROWINGS.items():
        value = facts.get(word, "").strip()
        if value:
            query = narrow(query, value)
    return query


def asked(facts: Mapping[str, str]) -> dict[str, str]:
    """Those of `facts` that narrow the table, for the address of a page or an export."""
    return {word: value for word in NARROWINGS if (value := facts.get(word, "").strip())}


def _of_state(query: People, state: str) -> People:
    return query.where(Attendee.cancelled_at.is_not(None)) if state == "cancelled" else query


def _of_category(query: People, key: str) -> People:
    category = select(Category.id).where(Category.key == key).scalar_subquery()
    return query.where(Attendee.category_id == category)


def _of_province(query: People, code: str) -> People:
    return query.where(Attendee.province == code)


def _of_track(query: People, key: str) -> People:
    booked = (
        select(Booking.id)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Track, Track.id == Slot.track_id)
        .where(Booking.attendee_id == Attendee.id, Track.key == key)
    )
    return query.where(booked.exists())


def _of_delegation(query: People, number: str) -> People:
    """By number; "none" for those who come by themselves."""
    if number == "none":
        return query.where(Attendee.party_id.is_(None))
    known = number.isascii() and number.isdigit() and len(number) < 10
    return query.where(Attendee.party_id == int(number) if known else false())


def _by_arrival(query: People, wanted: str) -> People:
    present = exists().where(Presence.attendee_id == Attendee.id)
    return query.where({"yes": present, "no": ~present}.get(wanted, false()))


def _of_organisation(query: People, name: str) -> People:
    return query.where(Attendee.organisation == clean(name))


def _of_import(query: People, number: str) -> People:
    return query.where(Attendee.import_id == _number(number))


def _picked(query: People, codes: str) -> People:
    """By hand: codes with anything between them, such as "00012, 00015"."""
    return query.where(Attendee.id.in_(map(int, CODE.findall(codes))))


def _number(text: str) -> int:
    """0, which nothing has, for what is no number."""
    return int(text) if CODE.fullmatch(text) else 0


NARROWINGS: dict[str, Callable[[People, str], People]] = {
    "q": matching,
    "category": _of_category,
    "province": _of_province,
    "session": in_session,
    "track": _of_track,
    "delegation": _of_delegation,
    "arrived": _by_arrival,
    "state": _of_state,
    "organisation": _of_organisation,
    "imported": _of_import,
    "ids": _picked,
}
