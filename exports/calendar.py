"""The calendar file of what one person chose, for the calendar of their phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from event.programme import Event, Slot

AGAIN = timedelta(hours=1)
"""How often a calendar that subscribed should ask."""


@dataclass(frozen=True)
class Diary:
    """Whose calendar it is; `holder`, their number, makes its entries unlike anybody else's.

    `edition` grows with each change; `given_up` are sessions that an earlier one had.
    """

    event: Event
    holder: int
    slots: Sequence[Slot]
    language: str
    edition: int = 0
    given_up: Sequence[Slot] = ()
    cancelled: bool = False

    @property
    def sequence(self) -> int:
        """Grows when the programme changes, and when the person's choice does."""
        return self.event.version + self.edition


def write_calendar(diary: Diary, *, at: datetime) -> bytes:
    """One entry for each session; the event's days where none was chosen.

    A file fetched again replaces the first one's entries: the UID stays, SEQUENCE grows, and what
    was given up is taken out.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Ghi Danh//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", diary.event.name.in_(diary.language))
    calendar.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for slot in diary.slots:
        calendar.add_component(_sitting(diary, slot, at))
    for slot in diary.given_up:
        calendar.add_component(_gone(_sitting(diary, slot, at)))
    if not diary.slots:
        whole = _whole_event(diary, at)
        calendar.add_component(_gone(whole) if diary.cancelled else whole)
    elif diary.edition:
        calendar.add_component(_gone(_whole_event(diary, at)))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _gone(entry: icalendar.Event) -> icalendar.Event:
    """An entry that a calendar takes out."""
    entry.add("status", "CANCELLED")
    return entry


def _sitting(diary: Diary, slot: Slot, at: datetime) -> icalendar.Event:
    zone = ZoneInfo(diary.event.zone)
    entry = _entry(diary, slot.key, slot.title.in_(diary.language), at)
    entry.add("dtstart", slot.starts_at.astimezone(zone))
    entry.add("dtend", slot.ends_at.astimezone(zone))
    room = slot.room.name.in_(diary.language) if slot.room else ""
    place = diary.event.place.in_(diary.language)
    entry.add("location", ", ".join(filter(None, (room, place))))
    return entry


def _whole_event(diary: Diary, at: datetime) -> icalendar.Event:
    event = diary.event
    entry = _entry(diary, "event", event.name.in_(diary.language), at)
    entry.add("dtstart", event.first_day)
    entry.add("dtend", event.last_day + timedelta(days=1))
    entry.add("location", event.place.in_(diary.language))
    return entry


def _entry(diary: Diary, key: str, title: str, at: datetime) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", f"{key}.{diary.holder}@{diary.event.key}")
    entry.add("sequence", diary.sequence)
    entry.add("dtstamp", at)
    entry.add("summary", title)
    entry.add("description", diary.event.name.in_(diary.language))
    return entry
