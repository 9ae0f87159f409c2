"""What the numbers in the rows of a list stand for, in its language: the small tables, read once.

Each is read when the first column asks for it, so that a list costs no query it has no use for.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from event.delegations import Delegation, delegations
from event.programme import Category, Checkpoint, Slot
from event.provinces import province_names
from event.words import Words

CHOICES = 4096  # different ones kept; people choose the same few again and again


class Reading:
    """For whom cells are made. What has no name reads as ""."""

    def __init__(self, session: Session, language: str) -> None:
        self._session = session
        self.language = language

    @cached_property
    def provinces(self) -> Mapping[str, str]:
        """By their codes."""
        return province_names(self.language)

    @cached_property
    def categories(self) -> Mapping[int, str]:
        """By their numbers, as all that follow."""
        return self._names(select(Category.id, Category.name))

    @cached_property
    def places(self) -> Mapping[int, str]:
        """Gates and doors."""
        return self._names(select(Checkpoint.id, Checkpoint.name))

    @cached_property
    def parties(self) -> Mapping[int, str]:
        """Delegations."""
        return dict(self._session.execute(select(Delegation.id, Delegation.name)).all())

    @cached_property
    def headed_parties(self) -> Mapping[int, str]:
        """What each delegation is headed with: "Đoàn Đồng Nai (18/25)", put down of expected."""
        return {
            party.id: f"{party.name} ({count}/{party.expected})"
            if party.expected
            else f"{party.name} ({count})"
            for party, count, _ in self._session.execute(delegations())
        }

    @cached_property
    def sessions(self) -> Callable[[str | None], str]:
        """The titles of sessions, in order of time, for their numbers as the database joins them:
        "7,3".
        """
        titles = self._names(select(Slot.id, Slot.title).order_by(Slot.starts_at, Slot.id))

        @lru_cache(CHOICES)
        def told(numbers: str | None) -> str:
            chosen = set(map(int, numbers.split(","))) if numbers else set()
            return "; ".join(title for slot, title in titles.items() if slot in chosen)

        return told

    def _names(self, query: Select[int, Words]) -> dict[int, str]:
        return {number: name.in_(self.language) for number, name in self._session.execute(query)}
