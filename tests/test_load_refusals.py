"""What stands against loading an event file: those who registered, booked, agreed, were scanned."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.bookings import SeatsGone
from event.dumping import dump
from event.eventfile import Document
from event.journal import Change
from event.loading import LoadRefused
from event.programme import (
    Checkpoint,
    Event,
    Slot,
    slots,
)
from event.scans import Scan
from event.words import Words
from tests.event_files import AT, ONE_DAY, TEN_TRACKS, come, count, document, edited, take, without


def refused(session: Session, file: Document) -> list[tuple[str, str, dict[str, Any]]]:
    """Where, what and the values of what stands against a file; nothing may have changed by it."""
    before, notes = dump(session), count(session, Change)
    with pytest.raises(LoadRefused) as error:
        take(session, file)
    assert (dump(session), count(session, Change)) == (before, notes)
    return [(p.where, p.what, dict(p.values)) for p in error.value.problems]


def test_everything_that_stands_against_a_file_is_named_at_once(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    come(bare, "seminar", number=2)
    come(bare, "panel", number=3)
    gate = bare.scalars(select(Checkpoint).where(Checkpoint.key == "door")).one()
    bare.add(
        Scan(
            device="d", nonce="n", method="camera", checkpoint_id=gate.id, scanned_at=AT,
            received_at=AT, verdict="help", reason="not_ours",
        )
    )  # fmt: skip
    bare.commit()
    file = edited(
        ONE_DAY,
        ("[sessions.seminar]", "[sessions.workshop]"),
        ("capacity = 40", "capacity = 2"),
        ("[gates.door]", "[gates.window]"),
        ("number = 1", "number = 7"),
    )
    assert refused(bare, file) == [
        (
            "categories.visitor.number",
            "number_in_use",
            {"name": Words("Khách tham dự"), "count": 5, "found": 7, "number": 1},
        ),
        ("gates.door", "checkpoint_scanned", {"name": Words("Cửa chính"), "count": 1}),
        (
            "sessions.seminar",
            "session_booked",
            {"name": Words("Hội thảo chuyên đề: tiếp cận công nghệ mới"), "count": 2},
        ),
        (
            "sessions.panel.capacity",
            "capacity_below_taken",
            {"name": Words("Tọa đàm: tìm đối tác và thị trường"), "found": 2, "taken": 3},
        ),
    ]


def test_a_category_with_people_in_it_stays(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    come(bare, category="delegate", number=2)
    assert refused(bare, without(document(TEN_TRACKS), "categories", "delegate")) == [
        (
            "categories.delegate",
            "category_in_use",
            {"name": Words("Đại biểu", "Delegate"), "count": 2},
        )
    ]


def test_a_notice_that_people_agreed_to_stays(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    stated = Registration("Lý A Sử", agreed=("take_part", "newsletter"))
    register(bare, stated, at=AT)
    assert refused(bare, without(document(TEN_TRACKS), "notices", "newsletter")) == [
        ("notices.newsletter", "notice_agreed", {"count": 1})
    ]


def test_another_event_is_refused_once_people_have_registered(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    come(bare)
    values = {"found": "techconnect-2023", "loaded": "sme-south-2025", "count": 1}
    assert refused(bare, document()) == [("event.key", "other_event", values)]


def test_a_file_that_does_not_fit_is_refused_before_anything_is_written(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    wrong = edited(ONE_DAY, ("capacity = 40", "capacity = 40\nmeetings = 3"))
    assert refused(bare, wrong) == [("sessions.panel.meetings", "only_rounds_meet", {})]


def test_two_loads_at_once_load_once(bare: Session) -> None:
    engine = bare.get_bind()

    def load_one(_: int) -> bool:
        with Session(engine) as session:
            return take(session, document(ONE_DAY)).anything

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(load_one, range(4))) == [False, False, False, True]
    assert (count(bare, Event), count(bare, Slot)) == (1, 2)


def test_a_load_that_cuts_seats_while_people_register_loses_none(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    engine, fewer = bare.get_bind(), edited(ONE_DAY, ("capacity = 40", "capacity = 8"))

    def press(number: int) -> bool:
        with Session(engine, expire_on_commit=False) as session:
            try:
                if number == 8:
                    take(session, fewer)
                else:
                    register(session, Registration("Khách", sessions=("panel",)), at=AT)
            except (SeatsGone, LoadRefused):
                return False
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(press, range(17)))
    slot = bare.scalars(slots().where(Slot.key == "panel")).one()
    held = sum(done) - done[8]
    assert (slot.taken, count(bare, Attendee)) == (held, held)
    assert (slot.capacity, held) == ((8, 8) if done[8] else (40, 16))
