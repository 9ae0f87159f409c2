"""The table of people as an organiser narrows it: the pages and every export share these words."""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

import icu
from sqlalchemy import Select, exists, false, func, or_, select
from sqlalchemy.orm import Session

from event.attendees import Attendee, in_session, matching
from event.bookings import Booking
from event.consents import agreed_to
from event.names import clean
from event.programme import Category, Slot, Track
from event.reprints import to_print_anew
from event.scans import Presence

People: TypeAlias = Select[Attendee]
CODE = re.compile(r"[0-9]{1,9}")
INITIALS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
"""Letters that a given name may begin with, in their order; tones do not make another letter."""
STATES = ("cancelled", "waiting", "in_line", "all")
OTHER = "#"
"""Stands for every other beginning: names in other scripts."""


def filtered(facts: Mapping[str, str]) -> People:
    """The people that `facts` ask for, in the Vietnamese order of given names.

    Known words are those of `NARROWINGS`, as they stand in an address; others and empty ones are
    passed over. Cancelled people, and those who wait for an organiser's yes or for a place, are
    left out unless `state` is "cancelled", "waiting" or "in_line" (only them) or "all"; who was
    erased is nowhere.
    """
    query = select(Attendee).order_by(Attendee.sort_key, Attendee.id)
    query = query.where(Attendee.erased_at.is_(None))
    if facts.get("state") not in STATES:
        query = query.where(Attendee.cancelled_at.is_(None), ~Attendee.waits)
    for word, narrow in NARROWINGS.items():
        value = facts.get(word, "").strip()
        if value:
            query = narrow(query, value)
    return query


def how_many(session: Session, facts: Mapping[str, str]) -> int:
    """How many people `filtered` would give."""
    numbers = filtered(facts).order_by(None).with_only_columns(Attendee.id)
    return session.scalar(select(func.count()).select_from(numbers.subquery())) or 0


def asked(facts: Mapping[str, str]) -> dict[str, str]:
    """Those of `facts` that narrow the table, for the address of a page or an export."""
    return {word: value for word in NARROWINGS if (value := facts.get(word, "").strip())}


def _of_state(query: People, state: str) -> People:
    if state == "waiting":
        asking = Attendee.waits, Attendee.line.is_(None), Attendee.cancelled_at.is_(None)
        return query.where(*asking)
    if state == "in_line":
        return query.where(Attendee.line.is_not(None))
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


def _by_initial(query: People, letter: str) -> People:
    """Sort keys begin with the given name, and tones come behind all letters."""
    key = Attendee.sort_key
    if letter == OTHER:
        return query.where(or_(key < _FIRST[INITIALS[0]], key >= _AFTER[INITIALS[-1]]))
    known = letter.casefold()
    if known not in _FIRST:
        return query.where(false())
    return query.where(key >= _FIRST[known], key < _AFTER[known])


def _by_change(query: People, wanted: str) -> People:
    """ "yes" for those who were never printed, or whose badge shows something else by now."""
    return to_print_anew(query) if wanted == "yes" else query.where(false())


def _who_agreed(query: People, purpose: str) -> People:
    """To a purpose, and has not withdrawn it."""
    return query.where(Attendee.id.in_(agreed_to(purpose)))


def _number(text: str) -> int:
    """0, which nothing has, for what is no number."""
    return int(text) if CODE.fullmatch(text) else 0


_LETTERS = icu.Collator.createInstance(icu.Locale("vi"))
_LETTERS.setStrength(icu.Collator.PRIMARY)
_FIRST = {letter: bytes(_LETTERS.getSortKey(letter)).rstrip(b"\0") for letter in INITIALS}
"""What the sort keys of a letter begin with, and what the first key after them is below."""
_ENDS = (*list(_FIRST.values())[1:], bytes([_FIRST[INITIALS[-1]][0] + 1]))
_AFTER = dict(zip(INITIALS, _ENDS, strict=True))


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
    "initial": _by_initial,
    "changed": _by_change,
    "agreed": _who_agreed,
}
