"""The journal in words: who did what and when, and what stood there before and after."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from event.journal import Change
from event.programme import Category, Room, Slot, Track
from event.questions import BY_KEY
from pages.database import db
from pages.door_rules import entry_rule
from pages.organiser.phrases import door_rule, slot_kind
from pages.wording import moment, phone, province, words

DEEDS = {
    ("registered", "attendee"): _l("Put down"),
    ("changed", "attendee"): _l("Corrected"),
    ("cancelled", "attendee"): _l("Cancelled"),
    ("reinstated", "attendee"): _l("Reinstated"),
    ("badge_replaced", "attendee"): _l("Badge replaced; the old one is refused"),
    ("blank_bound", "attendee"): _l("Blank badge %(code)s given to them"),
    ("blank_unbound", "attendee"): _l("Blank badge %(code)s taken back: it was somebody else's"),
    ("link_replaced", "attendee"): _l("Link replaced; the old one opens nothing"),
    ("mailed_again", "attendee"): _l("Confirmation sent again"),
    ("seated", "attendee"): _l("Seat from a waiting list"),
    ("queued", "attendee"): _l("Joined a waiting list"),
    ("unqueued", "attendee"): _l("Left a waiting list"),
    ("taken_over", "attendee"): _l("Place handed over by somebody else"),
    ("informed", "attendee"): _l("Read the notice and agreed"),
    ("withdrawn", "attendee"): _l("Consent withdrawn"),
    ("waits", "attendee"): _l("Waits for an organiser's yes"),
    ("approved", "attendee"): _l("Approved"),
    ("lined_up", "attendee"): _l("In line for a place"),
    ("admitted", "attendee"): _l("Place from the waiting list"),
    ("declined", "attendee"): _l("Not approved"),
    ("erased", "attendee"): _l("Personal data erased"),
    ("taken_along", "attendee"): _l("Took a copy of their data"),
    ("announced", "party"): _l("Delegation put down"),
    ("changed", "party"): _l("Corrected"),
    ("asked", "request"): _l("Request entered"),
    ("answered", "request"): _l("Answered"),
    ("settled", "request"): _l("Settled"),
    ("added", "slot"): _l("Put into the programme"),
    ("changed", "slot"): _l("Changed"),
}
GIVEN = ("blank_bound", "blank_unbound")
FIELDS = {
    "sessions": _l("Sessions"),
    "waiting": _l("Waiting lists"),
    "expected": _l("Expected people"),
    "contact_name": _l("Contact"),
    "contact_phone": _l("Contact's phone"),
    "contact_email": _l("Contact's e-mail"),
    "kind": _l("Kind"),
    "title": _l("Title in Vietnamese"),
    "title_en": _l("Title in English"),
    "chair": _l("Chair"),
    "chair_en": _l("Chair, in English"),
    "starts": _l("From"),
    "ends": _l("To"),
    "track": _l("Track"),
    "room": _l("Room"),
    "capacity": _l("Seats"),
    "rule": _l("Who is let in"),
    "categories": _l("Categories let in"),
    "entry": _l("How often a badge is taken"),
    "meetings": _l("Meetings at once"),
}
TOLD = ("changed", "cancelled", "reinstated", "seated", "queued", "unqueued")
"""Deeds whose fields are shown, before and after."""
UNTOLD = ("assumed", "to")
"""What follows from other fields and would only be noise."""


def _at(iso: str) -> str:
    return moment(datetime.fromisoformat(iso))


SHOWN: dict[str, Callable[[Any], str]] = {
    "starts": _at,
    "ends": _at,
    "kind": slot_kind,
    "rule": door_rule,
    "entry": entry_rule,
    "province": province,
    "phone": phone,
    "contact_phone": phone,
}


@dataclass(frozen=True)
class Edit:
    """One field that was changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Story:
    """One change, as it is told."""

    at: datetime
    who: str
    deed: str
    edits: list[Edit] = field(default_factory=list)


def stories(changes: Iterable[Change]) -> list[Story]:
    """Tell each change, in the order given."""
    names = _names()
    return [
        Story(change.at, who(change.actor), _deed(change), list(_edits(change, names)))
        for change in changes
    ]


def _names() -> dict[str, dict[str, str]]:
    """What is only known by its key."""
    session = db.session()
    titles = {slot.key: words(slot.title) for slot in session.scalars(select(Slot))}
    categories = {c.key: words(c.name) for c in session.scalars(select(Category))}
    return {
        "category": categories,
        "categories": categories,
        "sessions": titles,
        "waiting": titles,
        "track": {track.key: words(track.name) for track in session.scalars(select(Track))},
        "room": {room.key: words(room.name) for room in session.scalars(select(Room))},
    }


def who(actor: str) -> str:
    """The one who did it."""
    if actor == "attendee":
        return _("the person themselves")
    if actor == "shown":
        return _("whoever used the link that shows")
    if actor == "nightly":
        return _("the nightly job")
    if actor == "waiting":
        return _("the waiting list")
    if actor == "command":
        return _("a command on the server")
    if actor == "invented":
        return _("invented for a rehearsal")
    if actor.startswith("import:"):
        return _("list number %(number)s", number=actor.removeprefix("import:"))
    return actor


def _deed(change: Change) -> str:
    if change.verb == "joined":
        party, head = change.details.get("party"), change.details.get("head")
        if not party:
            return _("Taken out of the delegation")
        if head:
            return _("Head of the delegation “%(name)s”", name=party)
        return _("Member of the delegation “%(name)s”", name=party)
    if change.verb == "cancelled" and (to := change.details.get("to")):
        return _("Place handed over to badge number %(code)s", code=f"{to:05d}")
    deed = str(DEEDS.get((change.verb, change.subject), change.verb))
    if change.verb not in GIVEN:
        return deed
    told = deed % {"code": change.details.get("blank", "")}
    lost = _("their own badge was lost")
    return f"{told}; {lost}" if change.details.get("lost") else told


def _edits(change: Change, names: Mapping[str, Mapping[str, str]]) -> Iterator[Edit]:
    if change.verb not in TOLD:
        return
    for name, told in change.details.items():
        if name in UNTOLD:
            continue
        before, after = told
        yield Edit(label(name), said(name, before, names), said(name, after, names))


def label(name: str) -> str:
    """What a field is called on the screen."""
    if name in BY_KEY:
        return words(BY_KEY[name].label)
    return str(FIELDS.get(name, name))


def said(name: str, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    """A stored value as a reader knows it; "" where there was none."""
    if name in names:
        return " · ".join(names[name].get(key, key) for key in str(value or "").split())
    return "" if value is None else SHOWN.get(name, str)(value)
