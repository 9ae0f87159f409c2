"""One agenda: what overlaps, and where the way between two rooms takes longer than there is.

Both are said at both sessions: whoever reads about one of them learns of the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from event.bookings import clashes
from event.programme import Slot


@dataclass(frozen=True)
class Walk:
    """From one session to the next: minutes that it takes, and minutes that there are."""

    first: Slot
    second: Slot
    takes: int
    there_are: int


@dataclass(frozen=True)
class Remark:
    """What stands beside a session: another one, and the way there if they do not overlap."""

    other: Slot
    walk: Walk | None = None


def walks(slots: Iterable[Slot]) -> list[Walk]:
    """Where one would come late, in order of time. Needs the rooms loaded."""
    ordered = sorted(slots, key=lambda slot: (slot.starts_at, slot.id))
    found = [_walk(one, other) for one, other in combinations(ordered, 2)]
    return [walk for walk in found if 0 <= walk.there_are < walk.takes]


def _walk(one: Slot, other: Slot) -> Walk:
    gap = other.starts_at - one.ends_at
    return Walk(one, other, minutes_between(one, other), gap // timedelta(minutes=1))


def minutes_between(one: Slot, other: Slot) -> int:
    """As the event file says of either room; 0 where it says nothing."""
    if one.room is None or other.room is None:
        return 0
    there, back = one.room.minutes_to, other.room.minutes_to
    return max(there.get(other.room.key, 0), back.get(one.room.key, 0))


def remarks(slots: Sequence[Slot]) -> dict[int, list[Remark]]:
    """By a session's number: all that stands in its way, said both ways."""
    found: dict[int, list[Remark]] = {slot.id: [] for slot in slots}
    for clash in clashes(slots):
        found[clash.first.id].append(Remark(clash.second))
        found[clash.second.id].append(Remark(clash.first))
    for walk in walks(slots):
        found[walk.first.id].append(Remark(walk.second, walk))
        found[walk.second.id].append(Remark(walk.first, walk))
    return found
