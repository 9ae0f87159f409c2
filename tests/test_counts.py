"""The numbers of the event: people once, visits each time, arrivals by quarter of an hour."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.counts import Door, newest, numbers_now
from event.programme import Checkpoint
from event.scans import Presence
from tests.house import OPENING

FRIDAY, SATURDAY = date(2023, 9, 29), date(2023, 9, 30)


def put_down(store: Session, name: str, *sessions: str, category: str = "visitor") -> Attendee:
    stated = Registration(name=name, category=category, sessions=sessions)
    return register(store, stated, at=OPENING).attendee


def came(
    store: Session, who: Attendee, place: str, minutes: int, entries: int = 1, *, seat: bool = True
) -> None:
    """Somebody was first let in there, so many minutes after half past seven on Friday."""
    at = OPENING + timedelta(minutes=minutes)
    door = store.query(Checkpoint).filter_by(key=place).one()
    store.add(
        Presence(
            attendee_id=who.id, checkpoint_id=door.id, day=FRIDAY + timedelta(days=minutes // 1440),
            first_at=at, entries=entries, registered=seat,
        )
    )  # fmt: skip
    store.commit()


@pytest.fixture
def people(store: Session) -> list[Attendee]:
    """An and Bình (delegate) came, Chi did not; An through both gates, and on both days."""
    an = put_down(store, "Lê An", "it-1")
    binh = put_down(store, "Lê Bình", "it-1", "forum", category="delegate")
    chi = put_down(store, "Lê Chi", "energy-2")
    came(store, an, "gate-a", 4, entries=2)
    came(store, an, "gate-b", 60)
    came(store, an, "it-1", 31)
    came(store, an, "gate-a", 1440)
    came(store, binh, "gate-a", 14, entries=3)
    came(store, binh, "energy-2", 95, seat=False)
    return [an, binh, chi]


def test_people_are_counted_once_and_visits_each_time(
    store: Session, people: list[Attendee]
) -> None:
    numbers = numbers_now(store, FRIDAY)
    assert (numbers.registered, numbers.arrived) == (3, 2)
    assert (numbers.visits, numbers.visits_that_day, numbers.arrived_that_day) == (7, 6, 2)


def test_each_category_has_its_own_numbers(store: Session, people: list[Attendee]) -> None:
    numbers = numbers_now(store, FRIDAY)
    assert [(t.category.key, t.registered, t.arrived) for t in numbers.tallies] == [
        ("visitor", 2, 1),
        ("delegate", 1, 1),
        ("staff", 0, 0),
    ]


def test_a_cancelled_registration_counts_nowhere(store: Session, people: list[Attendee]) -> None:
    cancel(store, people[1], at=OPENING, by="test")
    numbers = numbers_now(store, FRIDAY)
    assert (numbers.registered, numbers.arrived) == (2, 1)
    assert [t.registered for t in numbers.tallies] == [2, 0, 0]


def test_arrivals_stand_in_the_quarter_of_an_hour_of_the_first_door_that_day(
    store: Session, people: list[Attendee]
) -> None:
    late = put_down(store, "Lê Dũng")
    came(store, late, "gate-b", 15)
    assert numbers_now(store, FRIDAY).arrivals == {
        OPENING: 2,
        OPENING + timedelta(minutes=15): 1,
    }
    assert numbers_now(store, SATURDAY).arrivals == {OPENING + timedelta(days=1): 1}


def test_sessions_show_seats_people_inside_and_those_without_a_seat(
    store: Session, people: list[Attendee]
) -> None:
    sessions = {t.slot.key: t for t in numbers_now(store, FRIDAY).sessions}
    found = {k: (t.slot.taken, t.slot.free, t.inside, t.extra) for k, t in sessions.items()}
    assert found == {
        "it-1": (2, 0, 1, 0),
        "it-2": (0, None, 0, 0),
        "energy-1": (0, 1, 0, 0),
        "energy-2": (1, 29, 1, 1),
        "forum": (1, None, 0, 0),
    }


def test_tracks_add_up_their_sessions_and_free_seats_those_with_a_limit(
    store: Session, people: list[Attendee]
) -> None:
    numbers = numbers_now(store, FRIDAY)
    assert [(t.track.key, t.booked, t.arrived) for t in numbers.tracks] == [
        ("it", 2, 1),
        ("energy", 1, 1),
    ]
    assert (numbers.seats, numbers.free_seats) == (33, 30)


def test_each_gate_has_its_people_and_visits_day_by_day(
    store: Session, people: list[Attendee]
) -> None:
    gates = {g.key: g for g in store.query(Checkpoint).filter_by(kind="gate")}
    assert numbers_now(store, FRIDAY).doors == [
        Door(gates["gate-a"], FRIDAY, people=2, visits=5),
        Door(gates["gate-a"], SATURDAY, people=1, visits=1),
        Door(gates["gate-b"], FRIDAY, people=1, visits=1),
    ]


def test_nobody_yet_is_zero_everywhere(store: Session) -> None:
    numbers = numbers_now(store, FRIDAY)
    assert (numbers.registered, numbers.arrived, numbers.visits, numbers.arrivals) == (0, 0, 0, {})


def test_the_newest_come_first_without_the_cancelled(
    store: Session, people: list[Attendee]
) -> None:
    cancel(store, people[2], at=OPENING, by="test")
    assert [a.name for a in store.scalars(newest())] == ["Lê Bình", "Lê An"]


def test_the_numbers_cost_the_same_however_many_came(
    store: Session, people: list[Attendee]
) -> None:
    engine = store.get_bind()
    assert isinstance(engine, Engine)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    numbers_now(store, FRIDAY)
    before = [statement for statement in asked if statement.startswith("SELECT")]
    put_down(store, "Lê Em")
    asked.clear()
    numbers_now(store, FRIDAY)
    after = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(after) == len(before) == 9
