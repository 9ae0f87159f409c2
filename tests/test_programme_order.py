"""The programme stands in one order, whichever database keeps it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.programme import Room, sessions, slots


def keys(store: Session) -> list[str]:
    """Of everything with a time, as it is listed."""
    return [slot.key for slot in store.scalars(slots())]


def test_at_the_same_time_a_forum_comes_after_the_sessions_of_tracks(store: Session) -> None:
    assert keys(store) == ["it-1", "energy-1", "forum", "energy-2", "it-2"]


def test_what_has_no_room_yet_comes_after_what_has_one(store: Session) -> None:
    by_key = {slot.key: slot for slot in store.scalars(sessions())}
    by_key["it-1"].room = None
    by_key["it-2"].starts_at = by_key["it-1"].starts_at
    by_key["it-2"].room = store.scalars(select(Room).where(Room.key == "room-a")).one()
    store.commit()
    assert keys(store) == ["it-2", "it-1", "energy-1", "forum", "energy-2"]
