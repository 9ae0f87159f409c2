"""What comes in at each gate: people of today, and entries minute by minute."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from event.badges import FIRST_BLANK
from event.blanks import Issue, issue
from event.corrections import Undo, undo
from event.flow import MINUTES, flow_now, starts_until
from event.headcounts import Counted, count_people
from event.programme import Event, the_event
from event.recounting import rebuild
from tests.doors import put_down
from tests.house import OPENING
from tests.test_review import SUPERVISOR, A, B, entry, upload

NOW = OPENING + timedelta(minutes=10, seconds=20)


@pytest.fixture
def event(store: Session) -> Event:
    found = the_event(store)
    assert found
    return found


def gates(store: Session, event: Event) -> dict[str, tuple[int, int, int, dict[int, int]]]:
    """By key: people, blanks, counted, and the entries of each minute after the opening."""
    flow = flow_now(store, event, at=NOW)
    first = [int((start - OPENING).total_seconds() // 60) for start in flow.starts]
    return {
        gate.place.key: (
            gate.people,
            gate.blanks,
            gate.counted,
            {first[n]: many for n, many in enumerate(gate.minutes) if many},
        )
        for gate in flow.gates
    }


def test_the_last_thirty_minutes_end_with_the_present_one() -> None:
    starts = starts_until(NOW)
    assert (len(starts), starts[0], starts[-1]) == (
        MINUTES,
        OPENING - timedelta(minutes=19),
        OPENING + timedelta(minutes=10),
    )


def test_nobody_came_yet(store: Session, event: Event) -> None:
    assert gates(store, event) == {"gate-a": (0, 0, 0, {}), "gate-b": (0, 0, 0, {})}
    assert not flow_now(store, event, at=NOW).anybody


def test_people_and_entries_are_counted_gate_by_gate(store: Session, event: Event) -> None:
    huong, binh = (put_down(store, name).id for name in ("Hương", "Bình"))
    upload(
        store,
        entry(store, huong, *A),
        entry(store, huong, *A, seconds=60, verdict="back"),
        entry(store, binh, *A, seconds=119.9),
        entry(store, binh, *B, seconds=620, verdict="back"),
        entry(store, huong, *B, seconds=-1200, verdict="back"),
        entry(store, huong, *B, seconds=300, verdict="out", direction="out"),
        entry(store, binh, *B, seconds=300, verdict="help"),
        entry(store, binh, "forum", "d3", seconds=300),
    )
    rebuild(store, event)
    assert gates(store, event) == {
        "gate-a": (2, 0, 0, {0: 1, 1: 2}),
        "gate-b": (2, 0, 0, {10: 1}),
    }
    assert flow_now(store, event, at=NOW).anybody


def test_yesterday_counts_for_no_total(store: Session, event: Event) -> None:
    upload(store, entry(store, put_down(store).id, *A, seconds=-86_400))
    rebuild(store, event)
    assert gates(store, event)["gate-a"] == (0, 0, 0, {})


def test_an_entry_taken_back_counts_nowhere(store: Session, event: Event) -> None:
    scan = entry(store, put_down(store).id, *A, seconds=120)
    upload(store, scan, entry(store, put_down(store).id, *A, seconds=130))
    rebuild(store, event)
    assert gates(store, event)["gate-a"] == (2, 0, 0, {2: 2})
    undo(store, event, Undo(scan.id, "d9", "u1", "by_mistake"), SUPERVISOR, at=NOW)
    assert gates(store, event)["gate-a"] == (1, 0, 0, {2: 1})


def test_blank_badges_and_guests_without_one_stand_apart(store: Session, event: Event) -> None:
    batch = issue(store, event, Issue(1, "delegate", "a6"), by="test", at=OPENING)
    upload(store, entry(store, FIRST_BLANK + batch.first, *A))
    rebuild(store, event)
    count_people(store, event, Counted("d1", "c1", "gate-a", OPENING, 12), at=OPENING)
    assert gates(store, event)["gate-a"] == (0, 1, 12, {0: 1})
