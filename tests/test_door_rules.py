"""The rule of each checkpoint: days, categories, how often, in and out, how many are inside."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.blanks import Issue, issue, token_of_blank
from event.checkin import Scanned, Verdict, check_in
from event.corrections import Undo, undo
from event.doors import objection_to, open_door, write_passage
from event.places import inside_now
from event.programme import Checkpoint, Event, the_event
from event.recounting import rebuild
from event.scans import BlankPresence, Presence, Scan, day_of
from event.staff import Staff, add_staff
from event.words import Words
from tests.house import OPENING

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
TOMORROW = OPENING + timedelta(days=1)
GATE_A = Words("Cổng A", "Gate A")
nonces = count(1)
Scans = Callable[..., Verdict]


@pytest.fixture
def event(store: Session) -> Event:
    """The small event."""
    found = the_event(store)
    assert found
    return found


@pytest.fixture
def scan(store: Session, event: Event) -> Scans:
    """`scan(who)` at Cổng A, minutes after the opening; anything of `Scanned` otherwise."""

    def scanned(who: Attendee | str, minutes: int = 0, **words: Any) -> Verdict:
        at = OPENING + timedelta(minutes=minutes)
        usual: dict[str, Any] = {"device": "phone-1", "checkpoint": "gate-a", "method": "camera"}
        whom = {"code": who} if isinstance(who, str) else {"attendee_id": who.id}
        told = {**usual, "nonce": f"r{next(nonces)}", "scanned_at": at, **whom, **words}
        return check_in(store, event, Scanned(**told), KEY.public_key(), at=at)

    return scanned


@pytest.fixture
def minh(store: Session) -> Staff:
    """A supervisor."""
    return add_staff(store, "minh@vidu.vn", "supervisor", at=OPENING, by="test")


def put_down(store: Session, name: str = "Lê An", *sessions: str, **stated: Any) -> Attendee:
    """Register somebody."""
    return register(store, Registration(name, sessions=sessions, **stated), at=OPENING).attendee


def people(store: Session, number: int) -> list[Attendee]:
    """So many visitors."""
    return [put_down(store, f"Khách {n}") for n in range(number)]


def state(store: Session, key: str, **rule: Any) -> None:
    """What the event file says of a checkpoint, or of a session."""
    stated = store.scalars(select(Checkpoint).where(Checkpoint.key == key)).one().stated
    for name, value in rule.items():
        setattr(stated, name, value)
    store.commit()


def said(verdict: Verdict) -> tuple[str, str]:
    """Kind and reason."""
    return verdict.kind, verdict.reason


def inside(store: Session, key: str = "gate-a", day: int = 0) -> int:
    """How many are inside, so many days after the first."""
    store.commit()
    when = (OPENING + timedelta(days=day)).date()
    return inside_now(store.connection(), open_door(store, key), when)


# Days and categories


def test_a_gate_takes_badges_on_its_own_days_alone(store: Session, scan: Scans) -> None:
    state(store, "gate-a", days=["2023-09-30"])
    an = put_down(store)
    assert said(scan(an)) == ("help", "wrong_day")
    assert said(scan(an, scanned_at=TOMORROW)) == ("in", "")


def test_a_day_of_a_gate_begins_at_midnight_of_the_place(store: Session, scan: Scans) -> None:
    state(store, "gate-a", days=["2023-09-29"])
    an = put_down(store)
    evening = OPENING.replace(hour=16, minute=59)
    assert scan(an, scanned_at=evening).kind == "in"
    assert said(scan(an, scanned_at=evening + timedelta(minutes=1))) == ("help", "wrong_day")


def test_a_gate_takes_its_own_categories_alone(store: Session, scan: Scans) -> None:
    state(store, "gate-a", categories=["delegate", "staff"])
    assert said(scan(put_down(store))) == ("help", "wrong_category")
    assert said(scan(put_down(store, category="delegate"))) == ("in", "")


def test_a_blank_badge_comes_as_what_is_printed_on_it(
    store: Session, event: Event, scan: Scans
) -> None:
    issue(store, event, Issue(1, "delegate", "a6"), by="test", at=OPENING)
    code = token_of_blank(event, 1, 2, KEY)
    state(store, "gate-a", categories=["delegate"])
    state(store, "gate-b", categories=["visitor"])
    assert scan(code).kind == "in"
    assert said(scan(code, checkpoint="gate-b")) == ("help", "wrong_category")


def test_a_session_may_be_for_some_categories_even_with_a_seat(store: Session, scan: Scans) -> None:
    state(store, "it-1", categories=["delegate"])
    seated = put_down(store, "Lê An", "it-1")
    assert said(scan(seated, checkpoint="it-1")) == ("help", "wrong_category")


# How often


def test_a_gate_that_takes_a_badge_once_says_when_and_where_it_was(
    store: Session, scan: Scans
) -> None:
    for gate in ("gate-a", "gate-b"):
        state(store, gate, entry="once")
    an = put_down(store)
    assert said(scan(an)) == ("in", "")
    again = scan(an, checkpoint="gate-b", scanned_at=TOMORROW)
    assert said(again) == ("help", "used")
    assert again.first
    assert (again.first.at, again.first.place) == (OPENING, GATE_A)


def test_a_gate_that_takes_a_badge_daily_takes_it_again_the_next_day(
    store: Session, scan: Scans
) -> None:
    state(store, "gate-a", entry="daily")
    an = put_down(store)
    assert said(scan(an)) == ("in", "")
    again = scan(an, 5)
    assert said(again) == ("help", "used_today")
    assert again.first
    assert again.first.at == OPENING
    assert said(scan(an, scanned_at=TOMORROW)) == ("in", "")


def test_a_repeat_of_a_refusal_says_again_when_it_was_used(store: Session, scan: Scans) -> None:
    state(store, "gate-a", entry="once")
    an = put_down(store)
    scan(an)
    assert scan(an, 3, nonce="same").first == scan(an, 3, nonce="same").first is not None


def test_gates_of_another_area_count_apart(store: Session, scan: Scans) -> None:
    state(store, "gate-b", area="lunch", entry="daily")
    an = put_down(store)
    scan(an)
    assert said(scan(an, checkpoint="gate-b")) == ("in", "")
    assert said(scan(an, checkpoint="gate-b")) == ("help", "used_today")
    assert scan(an).kind == "back"


def test_an_entry_taken_back_was_no_use_of_the_badge(
    store: Session, event: Event, scan: Scans, minh: Staff
) -> None:
    state(store, "gate-a", entry="once")
    an = put_down(store)
    first = scan(an)
    undo(store, event, Undo(first.scan_id or 0, "x", "u1", "by_mistake"), minh, at=OPENING)
    assert said(scan(an)) == ("in", "")


def test_a_supervisor_s_reason_passes_every_rule_of_a_gate(store: Session, scan: Scans) -> None:
    state(store, "gate-a", entry="once", days=["2023-09-29"], categories=["visitor"], capacity=1)
    an = put_down(store)
    scan(an)
    for who in (an, put_down(store, "Lê Bình", category="delegate")):
        verdict = scan(who, scanned_at=TOMORROW, override="trưởng đoàn")
        assert said(verdict) == ("extra", "override: trưởng đoàn")
    assert inside(store, day=1) == 2


# In and out


@pytest.fixture
def in_and_out(store: Session) -> None:
    """Both gates are scanned in both directions."""
    for gate in ("gate-a", "gate-b"):
        state(store, gate, entry="in_out")


@pytest.mark.usefixtures("in_and_out")
def test_who_goes_out_is_not_inside_and_comes_back_in(store: Session, scan: Scans) -> None:
    an, binh = people(store, 2)
    scan(an)
    scan(binh, checkpoint="gate-b")
    assert inside(store) == inside(store, "gate-b") == 2
    out = scan(an, 10, checkpoint="gate-b", direction="out")
    assert (said(out), out.admits) == (("out", ""), False)
    assert inside(store) == 1
    back = scan(an, 20)
    assert said(back) == ("back", "")
    assert back.first
    assert back.first.at == OPENING
    assert inside(store) == 2


@pytest.mark.usefixtures("in_and_out")
def test_who_was_never_scanned_in_goes_out_and_it_is_said(store: Session, scan: Scans) -> None:
    an = put_down(store)
    assert said(scan(an, direction="out")) == ("out", "not_inside")
    assert inside(store) == 0
    assert store.scalars(select(Presence)).all() == []
    assert said(scan(an, 1)) == ("in", "")


@pytest.mark.usefixtures("in_and_out")
def test_who_comes_in_twice_is_let_in_counted_once_and_it_is_said(
    store: Session, scan: Scans
) -> None:
    an = put_down(store)
    scan(an)
    assert said(scan(an, 5, checkpoint="gate-b")) == ("back", "still_inside")
    assert inside(store) == 1
    scan(an, 6, direction="out")
    assert inside(store) == 0


def test_a_gate_that_is_not_scanned_on_the_way_out_lets_nobody_out(
    store: Session, scan: Scans
) -> None:
    an = put_down(store)
    scan(an)
    assert said(scan(an, 1, direction="out")) == ("help", "no_way_out")
    assert inside(store) == 1


@pytest.mark.usefixtures("in_and_out")
def test_a_new_day_begins_empty(store: Session, scan: Scans) -> None:
    an = put_down(store)
    scan(an)
    assert (inside(store, day=0), inside(store, day=1)) == (1, 0)
    assert said(scan(an, scanned_at=TOMORROW, direction="out")) == ("out", "not_inside")


@pytest.mark.usefixtures("in_and_out")
def test_the_log_says_which_way_somebody_went(store: Session, scan: Scans) -> None:
    an = put_down(store)
    scan(an)
    scan(an, 1, direction="out")
    rows = [(s.verdict, s.direction) for s in store.scalars(select(Scan).order_by(Scan.id))]
    assert rows == [("in", "in"), ("out", "out")]


@pytest.mark.usefixtures("in_and_out")
def test_a_way_out_can_be_taken_back(
    store: Session, event: Event, scan: Scans, minh: Staff
) -> None:
    an = put_down(store)
    scan(an)
    out = scan(an, 1, direction="out")
    undo(store, event, Undo(out.scan_id or 0, "x", "u1", "by_mistake"), minh, at=OPENING)
    assert inside(store) == 1


@pytest.mark.usefixtures("in_and_out")
@pytest.mark.parametrize(
    "order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (0, 2, 1), (2, 0, 1)], ids=str
)
def test_who_is_inside_follows_from_the_times_in_whatever_order_scans_arrive(
    order: tuple[int, ...], store: Session, event: Event, scan: Scans
) -> None:
    an, binh = people(store, 2)
    for who, steps in ((an, ("in", "out", "in")), (binh, ("out", "in", "out"))):
        for n in order:
            gate = ("gate-a", "gate-b", "gate-b")[n]
            scan(who, 10 * n, checkpoint=gate, direction=steps[n])
    found = {p.attendee_id for p in store.scalars(select(Presence).where(Presence.inside))}
    assert found == {an.id}
    before = counted(store)
    rebuild(store, event)
    assert counted(store) == before


def counted(store: Session) -> set[tuple[Any, ...]]:
    """Everything derived from the log."""
    store.commit()
    store.expire_all()
    return {
        (p.attendee_id, p.checkpoint_id, p.day, p.first_at, p.last_at, p.entries, p.registered,
         p.inside)
        for p in store.scalars(select(Presence))
    }  # fmt: skip


@pytest.mark.usefixtures("in_and_out")
def test_a_blank_badge_goes_in_and_out_too(store: Session, event: Event, scan: Scans) -> None:
    issue(store, event, Issue(1, "visitor", "a6"), by="test", at=OPENING)
    code = token_of_blank(event, 1, 1, KEY)
    scan(code)
    assert inside(store) == 1
    assert said(scan(code, 5, direction="out")) == ("out", "")
    assert inside(store) == 0
    rebuild(store, event)
    assert [(b.inside, b.entries) for b in store.scalars(select(BlankPresence))] == [(False, 1)]


# How many


def test_a_full_gate_refuses_and_lets_in_whom_it_counted_already(
    store: Session, scan: Scans
) -> None:
    for gate in ("gate-a", "gate-b"):
        state(store, gate, capacity=2)
    an, binh, chi = people(store, 3)
    scan(an)
    scan(binh, checkpoint="gate-b")
    assert said(scan(chi)) == ("help", "full")
    assert said(scan(an, 1, checkpoint="gate-b")) == ("back", "")
    assert inside(store) == 2
    assert said(scan(chi, scanned_at=TOMORROW)) == ("in", "")


@pytest.mark.usefixtures("in_and_out")
def test_where_guests_go_out_their_place_is_free_again(store: Session, scan: Scans) -> None:
    state(store, "gate-a", capacity=1)
    an, binh = people(store, 2)
    scan(an)
    assert said(scan(binh)) == ("help", "full")
    scan(an, 1, direction="out")
    assert said(scan(binh, 2)) == ("in", "")
    assert said(scan(an, 3)) == ("help", "full")


def test_a_session_scanned_in_and_out_gives_a_place_to_the_next(
    store: Session, scan: Scans
) -> None:
    state(store, "energy-2", capacity=1, entry="in_out")
    an, binh = people(store, 2)
    assert said(scan(an, checkpoint="energy-2")) == ("extra", "not_registered")
    assert said(scan(binh, checkpoint="energy-2")) == ("help", "full")
    scan(an, 1, checkpoint="energy-2", direction="out")
    assert said(scan(binh, 2, checkpoint="energy-2")) == ("extra", "not_registered")
    assert said(scan(an, 3, checkpoint="energy-2")) == ("help", "full")


def test_from_nine_tenths_on_the_verdict_says_how_many_places_are_left(
    store: Session, scan: Scans
) -> None:
    state(store, "gate-a", capacity=20)
    left = [scan(who).left for who in people(store, 20)]
    assert left == [None] * 17 + [2, 1, 0]


def test_a_gate_without_limit_says_nothing_of_places(store: Session, scan: Scans) -> None:
    assert scan(put_down(store)).left is None


# What a device decided by itself


def test_an_objection_is_told_and_nothing_is_written(
    store: Session, event: Event, scan: Scans
) -> None:
    state(store, "gate-a", entry="once")
    an, binh = people(store, 2)
    scan(an)
    door, today = open_door(store, "gate-a"), day_of(event, OPENING)
    before = counted(store)
    told = [objection_to(store.connection(), who.id, door, today) for who in (an, binh)]
    assert told == [("help", "used"), ("in", "")]
    assert objection_to(store.connection(), an.id, door, today, direction="out")[1] == "no_way_out"
    assert counted(store) == before


def test_a_passage_counts_as_it_was_decided_whatever_the_rule(store: Session, event: Event) -> None:
    state(store, "gate-a", capacity=0, entry="in_out")
    an = put_down(store)
    door, today = open_door(store, "gate-a"), day_of(event, OPENING)
    passage = (store.connection(), an.id, door, today)
    write_passage(*passage, OPENING, kind="in")
    write_passage(*passage, OPENING + timedelta(minutes=5), kind="back")
    store.commit()
    row = store.scalars(select(Presence)).one()
    assert (row.entries, row.inside, row.registered) == (2, True, True)
    late = OPENING + timedelta(minutes=9)
    write_passage(store.connection(), an.id, door, today, late, kind="out", direction="out")
    assert inside(store) == 0
