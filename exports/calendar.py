"""The calendar file of what one person chose, for the calendar of their phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from event.programme import Event, Slot

REMIND = timedelta(minutes=15)


@dataclass(frozen=True)
class Diary:
    """Whose calendar it is; `holder`, their number, makes its entries unlike anybody else's."""

    event: Event
    holder: int
    slots: Sequence[Slot]
    language: str


def write_calendar(diary: Diary, *, at: datetime) -> bytes:
    """One entry for each session; the event's days where none was chosen.

    A file fetched again replaces the first one's entries: the UID stays, SEQUENCE grows.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Ghi Danh//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", diary.event.name.in_(diary.language))
    for slot in diary.slots:
        calendar.add_component(_sitting(diary, slot, at))
    if not diary.slots:
        calendar.add_component(_whole_event(diary, at))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


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
    entry.add("sequence", diary.event.version)
    entry.add("dtstamp", at)
    entry.add("summary", title)
    entry.add("description", diary.event.name.in_(diary.language))
    return entry
