"""Many press at once: as many sit as there are seats, in the order in which they came."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.waiting import fight
from event.attendees import Registration, put_down
from event.programme import Slot
from event.waiting import Wait, queue
from tests.house import OPENING


def test_a_crowd_with_cancels_fills_each_seat_once_and_in_order(store: Session) -> None:
    slot = store.scalars(select(Slot).where(Slot.key == "energy-2")).one()
    slot.capacity = 10
    people = [
        put_down(store, Registration(name=f"Khách {number}"), at=OPENING, by="test")
        for number in range(120)
    ]
    store.commit()
    engine = store.get_bind()
    seen = fight(engine, slot, people, seed=7, at=OPENING)  # type: ignore[arg-type]
    assert (seen.wrong, seen.seated, seen.out_of_order) == ([], 10, 0)
    assert seen.looks > 0
    store.rollback()
    waiting = store.scalars(queue(slot.id)).all()
    assert [wait.id for wait in waiting] == sorted(store.scalars(select(Wait.id)))
    assert len(waiting) > 10
