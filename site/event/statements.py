"""What an event file states, as the columns of the database, and as a history can keep it."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from event.about import About, Item, Letterhead, Organiser, as_facts
from event.eventfile import (
    CategoryPart,
    Document,
    GatePart,
    LetterheadPart,
    Named,
    OrganiserPart,
    RoomPart,
    TrackPart,
)
from event.words import Words


def number_of(key: str) -> int:
    """The event's number in each badge, always the same for a key; 31 bits fit every database."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) >> 1


def event_values(document: Document) -> dict[str, Any]:
    """The columns of the event's own row."""
    part = document.event
    return {
        "key": part.key,
        "number": number_of(part.key),
        "name": Words(part.name, part.name_en),
        "theme": Words(part.theme, part.theme_en),
        "place": Words(part.place, part.place_en),
        "first_day": part.first_day,
        "last_day": part.last_day,
        "zone": part.time_zone,
        "expected_people": part.expected_people,
        "expected_booths": part.expected_booths,
        "places": part.places,
        "facts": as_facts(_about(document)),
        "assumed": list(part.assumed),
    }


def _about(document: Document) -> About:
    part = document.event
    return About(
        address=Words(part.address, part.address_en),
        since=part.since,
        keep_until=part.keep_until,
        rehearsal=bool(part.rehearsal),
        registration_opens=part.registration_opens,
        registration_closes=part.registration_closes,
        changes_until=part.changes_until,
        holidays=list(part.holidays),
        expected_booths_at_least=part.expected_booths_at_least,
        organisers=[
            Organiser(**_item(key, body), role=Words(body.role, body.role_en))
            for key, body in document.organisers.items()
        ],
        activities=_items(document.activities),
        audience=_items(document.audience),
        consulting=_items(document.consulting),
        letterhead=_letterhead(document.letterhead),
    )


def _letterhead(head: LetterheadPart) -> Letterhead:
    return Letterhead(
        parent=head.parent,
        body=head.body,
        place=head.place,
        signs=head.signs,
        assumed=list(head.assumed),
    )


def _items(parts: Mapping[str, Named]) -> list[Item]:
    return [Item(**_item(key, part)) for key, part in parts.items()]


def _item(key: str, part: Named | OrganiserPart) -> dict[str, Any]:
    return {"key": key, "name": Words(part.name, part.name_en), "assumed": list(part.assumed)}


def thing_values(part: Named) -> dict[str, Any]:
    """The columns of a zone, track, room, category or gate."""
    values = {"name": Words(part.name, part.name_en), "assumed": list(part.assumed)}
    if isinstance(part, TrackPart):
        return values | {"colour": part.colour, "subjects": list(part.subjects)}
    if isinstance(part, CategoryPart):
        more = {"number": part.number, "colour": part.colour, "public": part.public}
        more |= {"approval": bool(part.approval), "group": bool(part.group), "places": part.places}
        return values | more | {"aliases": list(part.aliases)}
    if isinstance(part, RoomPart):
        return values | {"minutes_to": dict(part.minutes_to)}
    return values | _rule(part) if isinstance(part, GatePart) else values


def _rule(gate: GatePart) -> dict[str, Any]:
    return {
        "area": gate.area or "",
        "days": [day.isoformat() for day in gate.days],
        "categories": list(gate.categories),
        "entry": gate.entry or "free",
        "capacity": gate.capacity,
    }


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a history can keep them: both languages apart, days as text."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Words):
            plain |= {name: value.vi, f"{name}_en": value.en}
        else:
            plain[name] = value.isoformat() if isinstance(value, date) else value
    return plain
