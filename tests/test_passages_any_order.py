"""Whatever comes in at the doors, in any order: counted again from the log, it is the same."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.attendees import Registration, register
from event.checkin import Scanned, check_in
from event.corrections import Undo, undo
from event.programme import Checkpoint, the_event
from event.recounting import rebuild
from event.scans import Presence
from event.staff import Staff, add_staff
from tests.house import OPENING

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32).public_key()
GATES = ("gate-a", "gate-b")
numbers = count(1)
PASSAGE = st.tuples(
    st.sampled_from(GATES), st.sampled_from(("in", "in", "out")), st.integers(0, 5), st.booleans()
)
"""Gate, direction, minute, and whether it is taken back."""


@pytest.fixture
def minh(store: Session) -> Staff:
    """A supervisor, at gates that are scanned in both directions."""
    gates = update(Checkpoint).where(Checkpoint.key.in_(GATES))
    store.execute(gates.values(entry="in_out"))
    store.commit()
    return add_staff(store, "minh@vidu.vn", "supervisor", at=OPENING, by="test")


def counted(store: Session) -> set[tuple[Any, ...]]:
    """What is derived from the log."""
    store.commit()
    store.expire_all()
    return {
        (p.attendee_id, p.checkpoint_id, p.day, p.first_at, p.last_at, p.entries, p.registered,
         p.inside)
        for p in store.scalars(select(Presence))
    }  # fmt: skip


# One database for all examples: each is another guest.
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(passages=st.lists(PASSAGE, min_size=1, max_size=7))
def test_counted_again_from_the_log_it_is_the_same(
    store: Session, minh: Staff, passages: list[tuple[str, str, int, bool]]
) -> None:
    event = the_event(store)
    assert event
    guest = register(store, Registration(f"Khách {next(numbers)}"), at=OPENING).attendee.id
    for gate, direction, minute, taken_back in passages:
        at = OPENING + timedelta(minutes=minute)
        scanned = Scanned(
            "phone", f"n{next(numbers)}", gate, "search", at, attendee_id=guest, direction=direction
        )
        verdict = check_in(store, event, scanned, KEY, at=OPENING)
        if taken_back and verdict.scan_id:
            nonce = f"u{next(numbers)}"
            undo(store, event, Undo(verdict.scan_id, "x", nonce, ""), minh, at=OPENING)
    before = counted(store)
    rebuild(store, event)
    assert counted(store) == before
    mine = [p for p in store.scalars(select(Presence)) if p.attendee_id == guest]
    assert sum(p.inside for p in mine) <= 1
    standing = [(minute, n, way) for n, (_, way, minute, gone) in enumerate(passages) if not gone]
    entered = any(way == "in" for _, _, way in standing)
    ended_inside = entered and max(standing)[2] == "in"
    assert sum(p.inside for p in mine) == ended_inside
