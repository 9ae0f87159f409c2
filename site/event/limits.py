"""How many may come, in all and of each category: counted anew each time, so that nothing drifts.

Organisers, the desk and lists are a yes already: they may bring the count above the limit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from event.person import Attendee, has_place
from event.prepared import Prepared
from event.programme import Category, Event

EVERYBODY = 1_000_000_000
"""More than could ever come at once."""
FEW = 0.1
"""At this part of the places, and below it, people are told how many are left."""


@dataclass(frozen=True)
class Limit:
    """So many `places` (None: as many as like), and so many people and companions who have one."""

    places: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """Never below none, even where organisers said yes to more."""
        return None if self.places is None else max(0, self.places - self.taken)

    @property
    def full(self) -> bool:
        """Whether not even one more may come."""
        return self.left == 0

    @property
    def few(self) -> bool:
        """Whether it is time to say how many are left."""
        return self.left is not None and self.left <= (self.places or 0) * FEW

    def holds(self, people: int) -> bool:
        """Whether so many more may come."""
        return self.left is None or people <= self.left

    def after(self, people: int) -> "Limit":
        """When they have come."""
        return replace(self, taken=self.taken + people)


@dataclass(frozen=True)
class Limits:
    """The event's own, and those of the categories by their numbers."""

    event: Limit
    categories: Mapping[int, Limit]

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return any(limit.places is not None for limit in (self.event, *self.categories.values()))

    def told(self) -> tuple[int | None, ...]:
        """What people are told of them: how many are left, where they are few."""
        every = (self.event, *self.categories.values())
        return tuple(limit.left if limit.few else None for limit in every)

    def full(self, category_id: int) -> bool:
        """Whether not even one more of a category may come."""
        return self.event.full or self.categories[category_id].full

    def hold(self, category_id: int, people: int) -> bool:
        """Whether so many more of a category may come."""
        return self.event.holds(people) and self.categories[category_id].holds(people)

    def after(self, category_id: int, people: int) -> "Limits":
        """When they have come."""
        categories = dict(self.categories)
        categories[category_id] = categories[category_id].after(people)
        return Limits(self.event.after(people), categories)

    def rooms(self) -> Iterator[tuple[int, int]]:
        """Category, and how many more of it may come; only where there is room."""
        for number, limit in self.categories.items():
            left = [most for most in (self.event.left, limit.left) if most is not None]
            if not self.full(number):
                yield number, min(left, default=EVERYBODY)


def limited() -> ColumnElement[bool]:
    """Whether the event, or any category, has a limit."""
    return or_(
        select(Event.id).where(Event.places.is_not(None)).exists(),
        select(Category.id).where(Category.places.is_not(None)).exists(),
    )


_PLACES = Prepared(
    select(Category.id, Category.places, select(Event.places).scalar_subquery().label("in_all"))
)
# The index of categories holds all of it.
_TAKEN = Prepared(
    select(Attendee.category_id, (func.count() + func.sum(Attendee.companions)).label("taken"))
    .where(has_place())
    .group_by(Attendee.category_id)
)


def limits(session: Session) -> Limits:
    """As of now. To decide by them, hold the queues (`waiting.hold_queues`)."""
    session.flush()
    connection = session.connection()
    places = _PLACES(connection)
    taken = {row.category_id: int(row.taken) for row in _TAKEN(connection)}
    categories = {row.id: Limit(row.places, taken.get(row.id, 0)) for row in places}
    return Limits(Limit(places[0].in_all if places else None, sum(taken.values())), categories)
