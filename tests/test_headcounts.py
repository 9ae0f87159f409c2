"""Guests without a badge are counted at a door, taken back, and never counted twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.doors import UnknownCheckpoint
from event.headcounts import (
    Counted,
    Headcount,
    NonceOfAnother,
    NothingToTakeBack,
    count_people,
    counted_by_door,
)
from event.programme import Event, the_event
from tests.house import OPENING


@pytest.fixture
def event(store: Session) -> Event:
    found = the_event(store)
    assert found
    return found


def press(store: Session, event: Event, nonce: str, people: int = 0, **facts: object) -> int:
    """What the door says after a press at gate a on device d1."""
    usual = {"device": "d1", "checkpoint": "gate-a", "counted_at": OPENING}
    counted = Counted(nonce=nonce, people=people, **(usual | facts))  # type: ignore[arg-type]
    return count_people(store, event, counted, at=OPENING)


def test_presses_add_up_for_one_door_and_day(store: Session, event: Event) -> None:
    assert [press(store, event, f"n{n}", n) for n in (1, 10, 3)] == [1, 11, 14]
    assert press(store, event, "b", 7, checkpoint="gate-b") == 7
    tomorrow = OPENING + timedelta(days=1)
    assert press(store, event, "t", 2, counted_at=tomorrow) == 2


def test_a_press_sent_twice_counts_once(store: Session, event: Event) -> None:
    assert [press(store, event, "n1", 10) for _ in range(3)] == [10, 10, 10]
    assert press(store, event, "n1", 10, device="d2") == 20


@pytest.mark.parametrize(
    "other", [{"people": 9}, {"people": 10, "checkpoint": "gate-b"}, {"undoes": "n1"}]
)
def test_one_nonce_is_one_press(store: Session, event: Event, other: dict[str, object]) -> None:
    press(store, event, "n1", 10)
    with pytest.raises(NonceOfAnother):
        press(store, event, "n1", **other)  # type: ignore[arg-type]
    assert press(store, event, "n2", 1) == 11


def test_a_press_is_taken_back_once_and_a_repeat_changes_nothing(
    store: Session, event: Event
) -> None:
    press(store, event, "n1", 10)
    press(store, event, "n2", 1)
    assert [press(store, event, "u1", undoes="n1") for _ in range(2)] == [1, 1]
    with pytest.raises(NothingToTakeBack):
        press(store, event, "u2", undoes="n1")
    assert [row.people for row in store.scalars(select(Headcount))] == [10, 1, -10]


@pytest.mark.parametrize(
    "wish",
    [
        {"undoes": "unknown"},
        {"undoes": "n1", "device": "d2"},
        {"undoes": "n1", "checkpoint": "gate-b"},
        {"undoes": "n1", "counted_at": OPENING + timedelta(minutes=10, seconds=1)},
        {"undoes": "u1"},
    ],
)
def test_what_a_device_may_not_take_back(
    store: Session, event: Event, wish: dict[str, object]
) -> None:
    press(store, event, "n1", 5)
    if wish["undoes"] == "u1":
        press(store, event, "u1", undoes="n1")
    before = press(store, event, "n3", 1)
    with pytest.raises(NothingToTakeBack):
        press(store, event, "u9", **wish)  # type: ignore[arg-type]
    assert press(store, event, "n3", 1) == before


def test_a_press_before_midnight_is_taken_back_from_its_own_day(
    store: Session, event: Event
) -> None:
    late = datetime(2023, 9, 29, 16, 58, tzinfo=UTC)  # 23:58 at the place of the event
    press(store, event, "n1", 500, counted_at=late)
    press(store, event, "u1", undoes="n1", counted_at=late + timedelta(minutes=3))
    assert store.execute(counted_by_door()).all() == []


def test_an_unknown_door_counts_nobody(store: Session, event: Event) -> None:
    with pytest.raises(UnknownCheckpoint):
        press(store, event, "n1", 1, checkpoint="nowhere")


def test_doors_with_counted_people_are_listed_by_day(store: Session, event: Event) -> None:
    press(store, event, "n1", 3, checkpoint="gate-b")
    press(store, event, "n2", 2)
    press(store, event, "n3", 4, counted_at=OPENING + timedelta(days=1))
    press(store, event, "n4", 9, checkpoint="it-1")
    press(store, event, "u4", undoes="n4", checkpoint="it-1")
    found = [
        (place.key, day.day, people) for place, day, people in store.execute(counted_by_door())
    ]
    assert found == [("gate-a", 29, 2), ("gate-b", 29, 3), ("gate-a", 30, 4)]
