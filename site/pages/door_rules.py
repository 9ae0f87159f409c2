"""The rule of a checkpoint in words: whom it lets in, how often, when, and how many."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from event.programme import Category, Checkpoint
from pages.database import db
from pages.wording import day, number, words

RULES = {
    "open": _l("Open: guests may go out and come back in"),
    "open_seats": _l("Open to everybody while seats are free"),
    "registered_first": _l("Those registered first; others while seats are free"),
    "registered_only": _l("For those registered only"),
}
ENTRIES = {
    "free": _l("As often as the guest comes"),
    "once": _l("Each badge once in the whole event"),
    "daily": _l("Each badge once a day"),
    "in_out": _l("Scanned on the way in and on the way out"),
}


def rule(place: Checkpoint) -> str:
    """The rule of a checkpoint in words."""
    return " · ".join(_parts(place))


def entry_rule(key: str) -> str:
    """How often a badge is taken."""
    return str(ENTRIES.get(key, key))


def _parts(place: Checkpoint) -> Iterator[str]:
    stated = place.stated
    if place.slot is not None:
        limited = place.slot.capacity is not None
        yield str(RULES["open_seats" if place.rule == "open" and limited else place.rule])
    elif stated.entry == "free":
        yield str(RULES["open"])
    if stated.entry != "free":
        yield entry_rule(stated.entry)
    if stated.categories:
        yield _("Only: %(categories)s", categories=", ".join(_names(stated.categories)))
    if place.days:
        yield _("Only on %(days)s", days=", ".join(day(date.fromisoformat(d)) for d in place.days))
    if place.slot is None and place.capacity is not None:
        most = number(place.capacity)
        inside = _("At most %(count)s inside", count=most)
        yield inside if place.entry == "in_out" else _("At most %(count)s a day", count=most)


def _names(keys: list[str]) -> list[str]:
    named = select(Category).where(Category.key.in_(keys)).order_by(Category.position)
    return [words(category.name) for category in db.session().scalars(named)]
