"""The event of the database as a document again, with every change made since it was loaded."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from event.about import Item, Letterhead, Organiser, about
from event.consents import Notice, notices
from event.designs import description
from event.eventcheck import KINDS, SECTIONS
from event.eventfile import (
    CategoryPart,
    Document,
    EventPart,
    GatePart,
    LetterheadPart,
    Named,
    NoticePart,
    OrganiserPart,
    RoomPart,
    Sitting,
    TrackPart,
    written,
)
from event.programme import (
    Category,
    Checkpoint,
    Event,
    Room,
    Track,
    Zone,
    categories,
    checkpoints,
    rooms,
    the_event,
    tracks,
    zones,
)
from event.sittings import SlotFacts
from event.timetable import facts_of, programme
from event.words import Words

HEAD = "# The event of this site: change it, then run  flask event load FILE\n\n"


class NoEvent(LookupError):
    """Nothing has been loaded yet."""


def dump(session: Session) -> str:
    """The event as TOML; loading it again changes nothing. Raises `NoEvent`."""
    return HEAD + written(document_of(session))


def document_of(session: Session) -> Document:
    """The event as its file would say it. Raises `NoEvent`."""
    event = the_event(session)
    if event is None:
        raise NoEvent
    shown = about(event)
    gates = checkpoints().where(Checkpoint.kind == "gate")
    return Document(
        event=_event(event),
        letterhead=_letterhead(shown.letterhead),
        notices={row.purpose: _notice(row) for row in session.scalars(notices())},
        organisers={body.key: _organiser(body) for body in shown.organisers},
        activities=_items(shown.activities),
        audience=_items(shown.audience),
        consulting=_items(shown.consulting),
        zones=_items(session.scalars(zones())),
        tracks={track.key: _track(track) for track in session.scalars(tracks())},
        rooms={room.key: _room(room) for room in session.scalars(rooms())},
        categories={row.key: _category(row) for row in session.scalars(categories())},
        gates={gate.key: _gate(gate) for gate in session.scalars(gates)},
        **_sittings(session, ZoneInfo(event.zone)),
        badges=description(session),
    )


def _sittings(session: Session, zone: ZoneInfo) -> dict[str, dict[str, Sitting]]:
    """By section of the file, then by key."""
    found: dict[str, dict[str, Sitting]] = {section: {} for section in KINDS}
    for slot in programme(session).values():
        facts = facts_of(slot)
        found[SECTIONS[facts.kind]][facts.key] = _sitting(facts, zone)
    return found


def _in_both(field: str, words: Words) -> dict[str, Any]:
    return {field: words.vi, f"{field}_en": words.en}


def _named(thing: Item | Zone | Track | Room | Category | Checkpoint) -> dict[str, Any]:
    return {**_in_both("name", thing.name), "assumed": list(thing.assumed)}


def _items(things: Iterable[Item | Zone]) -> dict[str, Named]:
    return {thing.key: Named(**_named(thing)) for thing in things}


def _notice(notice: Notice) -> NoticePart:
    return NoticePart(**_in_both("text", notice.words))


def _organiser(body: Organiser) -> OrganiserPart:
    return OrganiserPart(**_named(body), **_in_both("role", body.role))


def _event(event: Event) -> EventPart:
    shown = about(event)
    return EventPart(
        key=event.key,
        **_in_both("name", event.name),
        **_in_both("theme", event.theme),
        **_in_both("place", event.place),
        **_in_both("address", shown.address),
        first_day=event.first_day,
        last_day=event.last_day,
        time_zone=event.zone,
        since=shown.since,
        expected_people=event.expected_people,
        expected_booths_at_least=shown.expected_booths_at_least,
        expected_booths=event.expected_booths,
        places=event.places,
        keep_until=shown.keep_until,
        rehearsal=shown.rehearsal or None,
        registration_opens=shown.registration_opens,
        registration_closes=shown.registration_closes,
        changes_until=shown.changes_until,
        holidays=list(shown.holidays),
        assumed=list(event.assumed),
    )


def _letterhead(head: Letterhead) -> LetterheadPart:
    return LetterheadPart(
        parent=head.parent,
        body=head.body,
        place=head.place,
        signs=head.signs,
        assumed=list(head.assumed),
    )


def _track(track: Track) -> TrackPart:
    return TrackPart(**_named(track), colour=track.colour, subjects=list(track.subjects))


def _room(room: Room) -> RoomPart:
    return RoomPart(**_named(room), minutes_to=dict(room.minutes_to))


def _category(row: Category) -> CategoryPart:
    return CategoryPart(
        **_named(row),
        number=row.number,
        colour=row.colour,
        public=row.public,
        approval=row.approval or None,
        group=row.group or None,
        places=row.places,
        aliases=list(row.aliases),
    )


def _gate(gate: Checkpoint) -> GatePart:
    return GatePart(
        **_named(gate),
        area=gate.area or None,
        days=[date.fromisoformat(day) for day in gate.days],
        categories=list(gate.categories),
        entry=_entry(gate.entry),
        capacity=gate.capacity,
    )


def _entry(entry: str) -> str | None:
    """What goes without saying is left out."""
    return None if entry == "free" else entry


def _sitting(facts: SlotFacts, zone: ZoneInfo) -> Sitting:
    return Sitting(
        track=facts.track,
        **_in_both("title", facts.title),
        **_in_both("chair", facts.chair),
        starts=_local(facts.starts_at, zone),
        ends=_local(facts.ends_at, zone),
        room=facts.room,
        capacity=facts.capacity,
        rule=facts.rule,
        categories=list(facts.categories),
        entry=_entry(facts.entry),
        meetings=facts.meetings,
        assumed=list(facts.assumed),
    )


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
