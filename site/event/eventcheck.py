"""How the values of an event file must fit together: keys that are named, numbers, days, rooms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from event.badgecheck import problems_in_badges
from event.eventfile import CategoryPart, Document, Named, Sitting, TrackPart
from event.eventshape import MOST_THINGS
from event.names import fold
from event.programme import ENTRIES
from event.sittings import Frame, Problem, SlotFacts, problems_of
from event.words import Words

LONGEST = timedelta(days=366)
KINDS = {"forums": "forum", "sessions": "session", "rounds": "round"}
SECTIONS = {kind: section for section, kind in KINDS.items()}


def problems_in(document: Document) -> list[Problem]:
    """Everything that does not fit, in the order of the file."""
    if document.event.time_zone not in available_timezones():
        return [Problem("event.time_zone", "unknown_zone", {"found": document.event.time_zone})]
    return [
        *_in_event(document),
        *_in_sections(document),
        *_in_names(document.tracks, "tracks"),
        *_in_names(document.categories, "categories"),
        *_in_numbers(document.categories),
        *_in_rooms(document),
        *_in_gates(document),
        *_in_sittings(document),
        *problems_in_badges(document.badges),
    ]


def shifted(document: Document, to: date) -> Document:
    """The same event on other days, its first on `to`: for rehearsals. Raises `OverflowError`."""
    by = to - document.event.first_day
    event = document.event
    moved = msgspec.structs.replace(
        event,
        first_day=to,
        last_day=event.last_day + by,
        keep_until=event.keep_until + by if event.keep_until else None,
        rehearsal=True,
        registration_opens=event.registration_opens + by if event.registration_opens else None,
        registration_closes=event.registration_closes + by if event.registration_closes else None,
        changes_until=event.changes_until + by if event.changes_until else None,
    )
    gates = {
        key: msgspec.structs.replace(gate, days=[day + by for day in gate.days])
        for key, gate in document.gates.items()
    }
    parts: dict[str, Any] = {
        section: {key: _shifted(sitting, by) for key, sitting in getattr(document, section).items()}
        for section in KINDS
    }
    return msgspec.structs.replace(document, event=moved, gates=gates, **parts)


def sittings(document: Document) -> dict[str, SlotFacts]:
    """What the file states of each session, forum and round, by its path in the file."""
    zone = ZoneInfo(document.event.time_zone)
    return {
        f"{section}.{key}": _facts(key, kind, sitting, zone)
        for section, kind in KINDS.items()
        for key, sitting in getattr(document, section).items()
    }


def _shifted(sitting: Sitting, by: timedelta) -> Sitting:
    return msgspec.structs.replace(sitting, starts=sitting.starts + by, ends=sitting.ends + by)


def _facts(key: str, kind: str, sitting: Sitting, zone: ZoneInfo) -> SlotFacts:
    return SlotFacts(
        key=key,
        title=Words(sitting.title, sitting.title_en),
        starts_at=sitting.starts.replace(tzinfo=zone).astimezone(UTC),
        ends_at=sitting.ends.replace(tzinfo=zone).astimezone(UTC),
        kind=kind,
        chair=Words(sitting.chair, sitting.chair_en),
        track=sitting.track,
        room=sitting.room,
        capacity=sitting.capacity,
        rule=sitting.rule,
        categories=tuple(sitting.categories),
        entry=sitting.entry or "free",
        meetings=sitting.meetings,
        assumed=tuple(sitting.assumed),
    )


def _in_event(document: Document) -> Iterator[Problem]:
    event = document.event
    days = {"first": event.first_day, "last": event.last_day}
    if event.last_day < event.first_day:
        yield Problem("event.last_day", "ends_before_first_day", days)
    elif event.last_day - event.first_day > LONGEST:
        yield Problem("event.last_day", "too_many_days", days | {"limit": LONGEST.days})
    if event.keep_until and event.keep_until < event.last_day:
        yield Problem("event.keep_until", "kept_too_short", days | {"found": event.keep_until})
    opens, closes = event.registration_opens, event.registration_closes
    if opens and closes and closes <= opens:
        values = {"found": closes, "opens": opens}
        yield Problem("event.registration_closes", "closes_before_it_opens", values)


def _in_sections(document: Document) -> Iterator[Problem]:
    if "take_part" not in document.notices:
        yield Problem("notices.take_part", "missing", {"right": "table"})
    if not document.gates:
        yield Problem("gates", "none_of_these")
    if not any(category.public for category in document.categories.values()):
        yield Problem("categories", "none_public")
    seen = {key: f"gates.{key}" for key in document.gates}
    for section in KINDS:
        for key in getattr(document, section):
            where = f"{section}.{key}"
            if seen.setdefault(key, where) != where:
                yield Problem(where, "key_taken", {"found": key, "other": seen[key]})


def _in_names(things: Mapping[str, Named], section: str) -> Iterator[Problem]:
    """A name that lists may use must lead to one thing only, accents and case aside."""
    seen: dict[str, str] = {}
    for key, thing in things.items():
        for field, name in _ways_to_say(thing):
            where = f"{section}.{key}"
            first = seen.setdefault(fold(name), where)
            if first != where:
                yield Problem(f"{where}.{field}", "name_taken", {"found": name, "other": first})


def _ways_to_say(thing: Named) -> Iterator[tuple[str, str]]:
    yield "name", thing.name
    if thing.name_en:
        yield "name_en", thing.name_en
    if isinstance(thing, TrackPart):
        yield from (("subjects", name) for name in thing.subjects)
    if isinstance(thing, CategoryPart):
        yield from (("aliases", name) for name in thing.aliases)


def _in_numbers(categories: Mapping[str, CategoryPart]) -> Iterator[Problem]:
    seen: dict[int, str] = {}
    for key, category in categories.items():
        first = seen.setdefault(category.number, f"categories.{key}")
        if first != f"categories.{key}":
            used = {category.number for category in categories.values()}
            free = next(number for number in range(1, MOST_THINGS + 2) if number not in used)
            values = {"found": category.number, "other": first, "free": free}
            yield Problem(f"categories.{key}.number", "number_taken", values)


def _in_rooms(document: Document) -> Iterator[Problem]:
    """One walks to rooms that there are."""
    for key, room in document.rooms.items():
        for other in room.minutes_to:
            if other not in document.rooms:
                values = {"found": other, "known": sorted(document.rooms)}
                yield Problem(f"rooms.{key}.minutes_to", "unknown_key", values)


def _in_gates(document: Document) -> Iterator[Problem]:
    days = {"first": document.event.first_day, "last": document.event.last_day}
    entries: dict[str | None, str] = {}
    for key, gate in document.gates.items():
        where, entry = f"gates.{key}", gate.entry or "free"
        for day in gate.days:
            if not days["first"] <= day <= days["last"]:
                yield Problem(f"{where}.days", "outside_days", days | {"found": day})
        for category in gate.categories:
            if category not in document.categories:
                values = {"found": category, "known": sorted(document.categories)}
                yield Problem(f"{where}.categories", "unknown_key", values)
        if entry not in ENTRIES:
            values = {"found": entry, "known": sorted(ENTRIES)}
            yield Problem(f"{where}.entry", "unknown_key", values)
        elif (entry == "in_out") != (entries.setdefault(gate.area, entry) == "in_out"):
            yield Problem(f"{where}.entry", "not_all_in_out")


def _in_sittings(document: Document) -> Iterator[Problem]:
    event = document.event
    zone = ZoneInfo(event.time_zone)
    frame = Frame(
        event.first_day,
        event.last_day,
        zone,
        frozenset(document.tracks),
        frozenset(document.rooms),
        frozenset(document.categories),
    )
    earlier: list[SlotFacts] = []
    for where, facts in sittings(document).items():
        for problem in chain(problems_of(facts, frame, earlier), _skipped_hour(document, where)):
            yield replace(problem, where=f"{where}.{problem.where}")
        earlier.append(facts)


def _skipped_hour(document: Document, where: str) -> Iterator[Problem]:
    """A clock that is put forward never shows some times: nobody could come then."""
    section, key = where.split(".")
    zone = ZoneInfo(document.event.time_zone)
    for field in ("starts", "ends"):
        local: datetime = getattr(getattr(document, section)[key], field)
        shown = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        if shown.replace(tzinfo=None) != local:
            yield Problem(field, "no_such_time", {"found": local})
