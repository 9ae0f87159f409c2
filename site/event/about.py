"""What is only shown of the event: who runs it, what happens, for whom; JSON in `Event.facts`."""

from datetime import date, datetime
from typing import Any

import msgspec

from event.programme import Event
from event.words import Words


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a list; `assumed` names the values that are not announced yet."""

    key: str
    name: Words
    assumed: list[str] = []


class Organiser(Item, frozen=True, kw_only=True, omit_defaults=True):
    """A body with its part in the event: organiser, co-organiser, official media."""

    role: Words


class Letterhead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Head and signature of official lists: `parent` above `body`; `signs` is "TM. BAN TỔ CHỨC"."""

    parent: str = ""
    body: str = ""
    place: str = ""
    signs: str = ""
    assumed: list[str] = []


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The shape of `Event.facts`. `since` is the year of the first of a yearly event.

    `rehearsal`: its days were moved. `registration_opens` and `_closes`, and `changes_until` (by
    people themselves), are times at the place, without a zone. `holidays` are no working days.
    """

    address: Words = Words("")
    since: int | None = None
    keep_until: date | None = None
    rehearsal: bool = False
    registration_opens: datetime | None = None
    registration_closes: datetime | None = None
    changes_until: datetime | None = None
    holidays: list[date] = []
    expected_booths_at_least: int | None = None
    organisers: list[Organiser] = []
    activities: list[Item] = []
    audience: list[Item] = []
    consulting: list[Item] = []
    letterhead: Letterhead = Letterhead()


def about(event: Event) -> About:
    """The facts of the event with their types."""
    return msgspec.convert(event.facts, About)


def as_facts(shown: About) -> dict[str, Any]:
    """The same as JSON, for `Event.facts`."""
    facts: dict[str, Any] = msgspec.to_builtins(shown)
    return facts
