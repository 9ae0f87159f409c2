"""Changing the programme of a running event: nobody's seat is lost, and who did it stays known."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Registration, register
from event.bookings import SeatsGone, UnknownSessions, drop
from event.in_use import CapacityBelowTaken, CheckpointScanned, SessionBooked
from event.journal import history
from event.programme import Checkpoint, EntitlementBit, Event, Slot, checkpoints
from event.scans import Scan
from event.sittings import SlotFacts, WrongSession
from event.timetable import (
    add_session,
    affected,
    change_session,
    facts_of,
    free_key,
    programme,
    remove_session,
)
from event.words import Words
from tests.house import OPENING

BY = "organiser@vidu.vn"
NINE = datetime(2023, 9, 30, 2, 0, tzinfo=UTC)
"""09:00 at the place of the event, on its second day."""
TALK = SlotFacts(
    key="it-3",
    title=Words("Dữ liệu mở", "Open data"),
    starts_at=NINE,
    ends_at=NINE + timedelta(hours=1),
    track="it",
    room="hall",
    capacity=3,
    rule="registered_only",
)


def slot(store: Session, key: str) -> Slot:
    return programme(store)[key]


def seat(store: Session, *keys: str, count: int = 1) -> None:
    for number in range(count):
        register(store, Registration(name=f"Khách {number}", sessions=keys), at=OPENING)


def scan(store: Session, place: str) -> None:
    """A forged badge, refused: even that keeps the door in the log."""
    checkpoint = store.scalars(select(Checkpoint).where(Checkpoint.key == place)).one()
    store.add(
        Scan(
            device="d", nonce=f"n-{place}", method="camera", checkpoint_id=checkpoint.id,
            scanned_at=OPENING, received_at=OPENING, verdict="help", reason="not_ours",
        )
    )  # fmt: skip
    store.commit()


def version(store: Session) -> int:
    return store.scalars(select(Event.version)).one()


def wrong(store: Session, facts: SlotFacts) -> list[tuple[str, str]]:
    with pytest.raises(WrongSession) as error:
        add_session(store, facts, at=OPENING, by=BY)
    assert facts.key not in programme(store) or facts.key == "it-1"
    return [(problem.where, problem.what) for problem in error.value.problems]


def test_a_new_session_gets_a_door_in_order_of_time_and_a_bit(store: Session) -> None:
    added = add_session(store, TALK, at=OPENING, by=BY)
    assert (added.bit, added.taken, facts_of(added)) == (2, 0, TALK)
    doors = [place.key for place in store.scalars(checkpoints())]
    assert doors[:2] == ["gate-a", "gate-b"]
    assert doors[2:] == list(programme(store))
    assert doors[-1] == "it-3"
    note = store.scalars(history("slot", added.id)).one()
    assert (note.verb, note.actor, note.at) == ("added", BY, OPENING)
    assert note.details["capacity"] == [None, 3]


def test_an_open_session_gets_no_bit_until_its_rule_asks(store: Session) -> None:
    added = add_session(store, replace(TALK, rule="open"), at=OPENING, by=BY)
    assert added.bit is None
    change_session(store, added, TALK, at=OPENING, by=BY)
    assert added.bit == 2
    change_session(store, added, replace(TALK, rule="open"), at=OPENING, by=BY)
    assert added.bit == 2


def test_a_bit_is_never_given_again(store: Session) -> None:
    first = add_session(store, TALK, at=OPENING, by=BY)
    remove_session(store, first, at=OPENING, by=BY)
    assert add_session(store, TALK, at=OPENING, by=BY).bit == 3
    bits = store.scalars(select(EntitlementBit).order_by(EntitlementBit.bit))
    assert [b.slot_key for b in bits] == ["it-1", "energy-1", "it-3", "it-3"]


def test_a_matching_round_has_no_door(store: Session) -> None:
    facts = replace(TALK, kind="round", meetings=20, rule="open", capacity=None)
    add_session(store, facts, at=OPENING, by=BY)
    assert "it-3" not in [place.key for place in store.scalars(checkpoints())]


def test_a_change_gives_before_and_after_and_moves_the_door(store: Session) -> None:
    forum = slot(store, "forum")
    later = replace(
        facts_of(forum),
        title=Words("  Diễn đàn  mới "),
        starts_at=NINE,
        ends_at=NINE + timedelta(1 / 24),
    )
    before = version(store)
    details = change_session(store, forum, later, at=OPENING, by=BY)
    assert details == {
        "title": ["Phiên forum", "Diễn đàn mới"],
        "title_en": ["Session forum", ""],
        "starts": ["2023-09-29T01:00:00+00:00", "2023-09-30T02:00:00+00:00"],
        "ends": ["2023-09-29T02:30:00+00:00", "2023-09-30T03:00:00+00:00"],
    }
    assert store.scalars(history("slot", forum.id)).one().details == details
    door = list(store.scalars(checkpoints()))[-1]
    assert (door.key, door.name) == ("forum", Words("Diễn đàn mới"))
    assert version(store) == before + 1


def test_a_change_to_the_same_changes_nothing(store: Session) -> None:
    talk, before = slot(store, "it-2"), version(store)
    there = ZoneInfo("Asia/Ho_Chi_Minh")
    starts, ends = (at.astimezone(there) for at in (talk.starts_at, talk.ends_at))
    same = replace(facts_of(talk), starts_at=starts, ends_at=ends)
    assert change_session(store, talk, same, at=OPENING, by=BY) == {}
    assert (version(store), list(store.scalars(history("slot", talk.id)))) == (before, [])


def test_track_and_room_can_be_read_after_a_change(store: Session) -> None:
    talk = slot(store, "it-2")
    facts = replace(facts_of(talk), track="energy", room=None)
    change_session(store, talk, facts, at=OPENING, by=BY)
    assert talk.track
    assert (talk.track.key, talk.room) == ("energy", None)


def test_a_change_keeps_the_key(store: Session) -> None:
    talk = slot(store, "it-2")
    change_session(store, talk, replace(facts_of(talk), key="other"), at=OPENING, by=BY)
    assert talk.key == "it-2"


def test_a_booked_session_cannot_go(store: Session) -> None:
    seat(store, "energy-2", count=3)
    with pytest.raises(SessionBooked) as refused:
        remove_session(store, slot(store, "energy-2"), at=OPENING, by=BY)
    assert (refused.value.slot.key, refused.value.count) == ("energy-2", 3)
    assert slot(store, "energy-2").taken == 3


def test_a_session_given_back_by_all_can_go_with_its_door(store: Session) -> None:
    person = register(store, Registration(name="A", sessions=("energy-2",)), at=OPENING).attendee
    drop(store, person.id)
    store.commit()
    going = slot(store, "energy-2")
    remove_session(store, going, at=OPENING, by=BY)
    assert "energy-2" not in programme(store)
    assert "energy-2" not in [place.key for place in store.scalars(checkpoints())]
    assert store.scalars(history("slot", going.id)).one().details["key"] == "energy-2"


@pytest.mark.parametrize("wish", [change_session, remove_session])
def test_a_session_that_somebody_else_took_out_is_unknown(
    store: Session, wish: Callable[..., object]
) -> None:
    mine = slot(store, "energy-2")
    facts = [facts_of(mine)] if wish is change_session else []
    with Session(store.get_bind()) as other:
        remove_session(other, programme(other)["energy-2"], at=OPENING, by=BY)
    with pytest.raises(UnknownSessions, match=r"^energy-2$"):
        wish(store, mine, *facts, at=OPENING, by=BY)


def test_a_session_at_whose_door_badges_were_scanned_cannot_go(store: Session) -> None:
    scan(store, "it-2")
    with pytest.raises(CheckpointScanned) as refused:
        remove_session(store, slot(store, "it-2"), at=OPENING, by=BY)
    assert (refused.value.place.key, refused.value.count) == ("it-2", 1)
    assert "it-2" in programme(store)


def test_capacity_cannot_fall_below_the_seats_taken(store: Session) -> None:
    seat(store, "energy-2", count=3)
    talk = slot(store, "energy-2")
    with pytest.raises(CapacityBelowTaken) as refused:
        change_session(store, talk, replace(facts_of(talk), capacity=2), at=OPENING, by=BY)
    assert (refused.value.wanted, refused.value.taken) == (2, 3)
    assert slot(store, "energy-2").capacity == 30
    change_session(store, talk, replace(facts_of(talk), capacity=3), at=OPENING, by=BY)
    assert slot(store, "energy-2").capacity == 3


def test_open_seats_cannot_become_fewer_than_are_taken(store: Session) -> None:
    seat(store, "forum", count=2)
    talk = slot(store, "forum")
    with pytest.raises(CapacityBelowTaken):
        change_session(store, talk, replace(facts_of(talk), capacity=1), at=OPENING, by=BY)


def test_those_affected_are_those_with_a_seat(store: Session) -> None:
    seat(store, "energy-2", count=2)
    seat(store, "forum")
    people = store.scalars(affected(slot(store, "energy-2")))
    assert [person.name for person in people] == ["Khách 0", "Khách 1"]


CHANGES: list[tuple[Callable[[SlotFacts], SlotFacts], list[tuple[str, str]]]] = [
    (lambda f: replace(f, title=Words("")), [("title", "missing")]),
    (lambda f: replace(f, title=Words("a", "b" * 301)), [("title_en", "too_long")]),
    (lambda f: replace(f, ends_at=f.starts_at), [("ends", "ends_before_start")]),
    (lambda f: replace(f, ends_at=NINE + timedelta(days=1)), [("ends", "outside_days")]),
    (
        lambda f: replace(f, track="x", room="y"),
        [("track", "unknown_key"), ("room", "unknown_key")],
    ),
    (lambda f: replace(f, capacity=-1), [("capacity", "not_a")]),
    (lambda f: replace(f, capacity=10**9), [("capacity", "not_a")]),
    (lambda f: replace(f, rule="never"), [("rule", "unknown_key")]),
    (lambda f: replace(f, kind="party"), [("kind", "unknown_key")]),
    (lambda f: replace(f, meetings=5), [("meetings", "only_rounds_meet")]),
    (lambda f: replace(f, key="Phiên 1"), [("key", "not_a")]),
    (lambda f: replace(f, key="it-1"), [("key", "key_taken")]),
    (lambda f: replace(f, key="gate-a"), [("key", "key_taken")]),
]


@pytest.mark.parametrize(("changed", "problems"), CHANGES)
def test_facts_that_cannot_be_are_refused_by_field(
    store: Session,
    changed: Callable[[SlotFacts], SlotFacts],
    problems: list[tuple[str, str]],
) -> None:
    assert wrong(store, changed(TALK)) == problems


def test_a_room_that_is_taken_is_refused_with_who_has_it(store: Session) -> None:
    talk = slot(store, "it-2")
    start = slot(store, "energy-2").starts_at
    facts = replace(
        facts_of(talk), room="room-a", starts_at=start, ends_at=start + timedelta(hours=1)
    )
    with pytest.raises(WrongSession) as error:
        change_session(store, talk, facts, at=OPENING, by=BY)
    taken = [p.values["key"] for p in error.value.problems if p.what == "room_taken"]
    assert taken == ["energy-1", "energy-2"]
    assert slot(store, "it-2").room_id != slot(store, "energy-2").room_id


def test_who_shares_a_room_already_may_still_mend_a_title(store: Session) -> None:
    talk = slot(store, "it-1")
    assert talk.room_id == slot(store, "forum").room_id
    change_session(store, talk, replace(facts_of(talk), title=Words("Khác")), at=OPENING, by=BY)
    assert slot(store, "it-1").title == Words("Khác")


def test_a_new_session_is_given_a_free_key(store: Session) -> None:
    assert (free_key(store, "it"), free_key(store, "market")) == ("it-3", "market-1")


@pytest.mark.parametrize("again", range(3))
def test_cutting_seats_while_people_take_them_loses_none(store: Session, again: int) -> None:
    talk = slot(store, "energy-2")
    fewer = replace(facts_of(talk), capacity=10)
    store.commit()

    def press(number: int) -> bool:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            stated = Registration(name=f"Người {number}", sessions=("energy-2",))
            try:
                if number == 10:
                    change_session(
                        session, session.get_one(Slot, talk.id), fewer, at=OPENING, by=BY
                    )
                else:
                    register(session, stated, at=OPENING)
            except (SeatsGone, CapacityBelowTaken):
                return False
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(press, range(21)))
    after, cut = slot(store, "energy-2"), done[10]
    assert after.taken == sum(done) - cut
    assert (after.capacity, after.taken) == ((10, 10) if cut else (30, 20))
