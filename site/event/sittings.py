"""What can be a session of this event: rules for a file and for the organiser's pages alike."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from event.programme import ENTRIES, RULES
from event.words import Words

KINDS = ("session", "forum", "round")
KEY_PATTERN = "^[a-z0-9]+([_-][a-z0-9]+)*$"
KEY_LENGTH = 60
TEXT_LENGTH = 300
MOST_SEATS = 1_000_000
NOBODY = Words("")
BRIEFLY = timedelta(microseconds=1)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (a field, or a path in the file), what (a key), and values."""

    where: str
    what: str
    values: Mapping[str, Any] = field(default_factory=dict)


class WrongSession(ValueError):
    """Facts that cannot be a session of this event; `problems` says why, field by field."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{p.where}: {p.what}" for p in self.problems))


@dataclass(frozen=True)
class SlotFacts:
    """What an organiser states of a session; `track` and `room` are keys, times are aware."""

    key: str
    title: Words
    starts_at: datetime
    ends_at: datetime
    kind: str = "session"
    chair: Words = NOBODY
    track: str | None = None
    room: str | None = None
    capacity: int | None = None
    rule: str = "open"
    categories: tuple[str, ...] = ()
    entry: str = "free"
    meetings: int | None = None
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What a session has to fit into: the days of the event, its zone, and the keys it may name."""

    first_day: date
    last_day: date
    zone: ZoneInfo
    tracks: frozenset[str]
    rooms: frozenset[str]
    categories: frozenset[str]


def problems_of(facts: SlotFacts, frame: Frame, others: Iterable[SlotFacts]) -> Iterator[Problem]:
    """All that is wrong with a session, beside `others` that may stand in the same room."""
    yield from _wrong_values(facts)
    wrong_times = list(_wrong_times(facts, frame))
    yield from wrong_times
    if facts.track is not None and facts.track not in frame.tracks:
        yield Problem("track", "unknown_key", _choice(facts.track, frame.tracks))
    if facts.room is not None and facts.room not in frame.rooms:
        yield Problem("room", "unknown_key", _choice(facts.room, frame.rooms))
    for category in facts.categories:
        if category not in frame.categories:
            yield Problem("categories", "unknown_key", _choice(category, frame.categories))
    for other in () if wrong_times else others:
        if facts.room is not None and facts.room == other.room and _meet(facts, other):
            starts, ends = (at.astimezone(frame.zone) for at in (other.starts_at, other.ends_at))
            taken = {"room": facts.room, "key": other.key, "title": other.title}
            yield Problem("room", "room_taken", taken | {"starts": starts, "ends": ends})


def _wrong_values(facts: SlotFacts) -> Iterator[Problem]:
    if len(facts.key) > KEY_LENGTH or not re.match(KEY_PATTERN, facts.key):
        yield Problem("key", "not_a", {"right": "key", "found": facts.key})
    if not facts.title.vi:
        yield Problem("title", "missing", {"right": "name"})
    texts = {"title": facts.title.vi, "title_en": facts.title.en}
    texts |= {"chair": facts.chair.vi, "chair_en": facts.chair.en}
    for where, text in texts.items():
        if len(text) > TEXT_LENGTH:
            yield Problem(where, "too_long", {"limit": TEXT_LENGTH})
    choices = (("kind", facts.kind, KINDS), ("rule", facts.rule, RULES))
    for where, found, known in (*choices, ("entry", facts.entry, ENTRIES)):
        if found not in known:
            yield Problem(where, "unknown_key", _choice(found, known))
    for where, number in (("capacity", facts.capacity), ("meetings", facts.meetings)):
        if number is not None and not 0 <= number <= MOST_SEATS:
            yield Problem(where, "not_a", {"right": "count", "found": number})
    yield from _not_of_this_kind(facts)


def _not_of_this_kind(facts: SlotFacts) -> Iterator[Problem]:
    if facts.kind != "round":
        if facts.meetings is not None:
            yield Problem("meetings", "only_rounds_meet")
        return
    if facts.categories:
        yield Problem("categories", "rounds_have_no_door")
    if facts.entry != "free":
        yield Problem("entry", "rounds_have_no_door")


def _wrong_times(facts: SlotFacts, frame: Frame) -> Iterator[Problem]:
    first, last = frame.first_day, frame.last_day
    starts, ends = (at.astimezone(frame.zone) for at in (facts.starts_at, facts.ends_at))
    if ends <= starts:
        yield Problem("ends", "ends_before_start", {"starts": starts, "ends": ends})
    days = {"first": first, "last": last}
    if not first <= starts.date() <= last:
        yield Problem("starts", "outside_days", days | {"found": starts})
    elif ends > starts and (ends - BRIEFLY).date() > last:
        yield Problem("ends", "outside_days", days | {"found": ends})


def _choice(found: str, known: Iterable[str]) -> dict[str, Any]:
    return {"found": found, "known": sorted(known)}


def _meet(one: SlotFacts, other: SlotFacts) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
