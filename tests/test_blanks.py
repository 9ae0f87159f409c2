"""Blank badges at the door: let in without a name, bound to a person before or after, withdrawn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy import event as sql
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, UnknownCategory
from event.badges import Facts, read, sign
from event.bearers import Guest
from event.binding import (
    AlreadyBound,
    MayNotUnbind,
    NoPlace,
    Wish,
    Withdrawn,
    bind,
    unbind,
)
from event.blanks import (
    Blank,
    Issue,
    Pile,
    TooMany,
    UnknownBlank,
    code_of,
    give_back,
    issue,
    number_of,
    token_of_blank,
    withdraw,
)
from event.checkin import NonceReused, Verdict, check_in
from event.corrections import Undo, undo
from event.counts import BlankTally, Door, SessionTally, numbers_now
from event.journal import history
from event.printing import PrintRun
from event.programme import Category, Checkpoint, Event, Slot, the_event
from event.recounting import rebuild
from event.scans import BlankPresence, Scan, scans_of
from event.staff import Staff, add_staff
from event.words import Words
from tests.event_files import ONE_DAY, document, edited, take
from tests.house import OPENING
from tests.test_checkin import KEY, a_scan, badge, event, log, present, put_down, scan
from tests.test_load_refusals import refused

__all__ = ["event", "scan"]
Scans = Callable[..., Verdict]
FRIDAY = date(2023, 9, 29)
LATER = OPENING + timedelta(minutes=9)


@pytest.fixture
def blanks(store: Session, event: Event) -> list[str]:
    """The digits of B0001 to B0003, for delegates."""
    return printed(store, event, 3)


def printed(store: Session, event: Event, count: int, category: str = "delegate") -> list[str]:
    """Print blanks, and give their digits."""
    batch = issue(store, event, Issue(count, category, "a6"), by="test", at=OPENING)
    kind = store.get_one(Category, batch.category_id).number
    return [token_of_blank(event, n, kind, KEY) for n in range(batch.first, batch.last + 1)]


def given(store: Session, event: Event, number: int, who: Attendee, *, lost: bool = False) -> None:
    """Bind at the desk, by lan@vidu.vn."""
    bind(store, event, Wish(number, who.id, lost), by="lan@vidu.vn", at=OPENING)


def nameless(store: Session) -> set[tuple[object, ...]]:
    """Blanks that are present: number, place, day, first, entries, registered."""
    store.commit()
    store.expire_all()
    return {
        (p.blank_id, p.checkpoint_id, p.day, p.first_at, p.entries, p.registered)
        for p in store.scalars(select(BlankPresence))
    }


@pytest.fixture
def lan(store: Session) -> Staff:
    """At the desk."""
    return add_staff(store, "lan@vidu.vn", "desk", at=OPENING, by="test")


@pytest.fixture
def supervisor(store: Session) -> Staff:
    """Who may take back anything."""
    return add_staff(store, "truong@vidu.vn", "supervisor", at=OPENING, by="test")


# Numbers and tokens


def test_numbers_go_on_from_one_printing_to_the_next(store: Session, event: Event) -> None:
    first = issue(store, event, Issue(2, "visitor", "4up"), by="lan", at=OPENING)
    run = store.get_one(PrintRun, first.run_id)
    assert (first.first, first.last, run.layout) == (1, 2, "4up")
    assert run.people == {"blanks": "B0001–B0002", "category": "visitor"}
    second = issue(store, event, Issue(5, "delegate", "a6"), by="lan", at=OPENING)
    assert (second.first, second.last) == (3, 7)
    assert list(store.scalars(select(Blank.id).order_by(Blank.id))) == [1, 2, 3, 4, 5, 6, 7]


def test_two_printings_at_once_share_no_number(store: Session, event: Event) -> None:
    start = Barrier(2)

    def printing(_: int) -> int:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            start.wait()
            return issue(session, event, Issue(3, "visitor", "a6"), by="x", at=OPENING).first

    store.commit()
    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(printing, range(2))) == [1, 4]


@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_none_or_too_many_at_a_time_are_refused(store: Session, event: Event, count: int) -> None:
    with pytest.raises(TooMany):
        issue(store, event, Issue(count, "visitor", "a6"), by="lan", at=OPENING)
    with pytest.raises(UnknownCategory):
        issue(store, event, Issue(1, "nobody", "a6"), by="lan", at=OPENING)
    assert store.scalars(select(Blank)).all() == []


def test_a_blank_says_so_by_its_number_alone(event: Event, blanks: list[str]) -> None:
    assert len(blanks[2]) == 200
    facts = read(blanks[2], KEY.public_key())
    assert facts == Facts(event=2023, attendee=2**31 + 3, revision=0, category=2, entitlements=0)


def test_people_may_type_the_number_as_they_like() -> None:
    assert (code_of(7), code_of(12345)) == ("B0007", "B12345")
    asked = ("B0007", "b7", " b7 ", "B 0007", "7", "00007", "7x", "", "B", "B0", "B1234567890")
    assert [number_of(text) for text in asked] == [7, 7, 7, 7, *[None] * 7]


# At the door


def test_a_blank_is_let_in_and_back_in_without_a_name(
    store: Session, scan: Scans, blanks: list[str]
) -> None:
    verdict = scan(blanks[0])
    assert (verdict.kind, verdict.reason) == ("in", "")
    assert verdict.guest == Guest(
        2**31 + 1, "", "", Words("Đại biểu", "Delegate"), "#8a1f2b", None, blank=1
    )
    assert not verdict.guest.known
    again = scan(blanks[0], checkpoint="gate-b", scanned_at=LATER)
    assert again.kind == "back"
    assert again.first
    assert (again.first.at, again.first.place) == (OPENING, Words("Cổng A", "Gate A"))
    assert scan(blanks[0], scanned_at=OPENING + timedelta(days=1)).kind == "in"
    assert scan(blanks[1]).kind == "in"
    assert present(store) == set()
    saturday = OPENING + timedelta(days=1)
    assert nameless(store) == {
        (1, 1, FRIDAY, OPENING, 1, True),
        (1, 2, FRIDAY, LATER, 1, True),
        (1, 1, date(2023, 9, 30), saturday, 1, True),
        (2, 1, FRIDAY, OPENING, 1, True),
    }


def test_the_log_names_the_blank_and_nobody(store: Session, scan: Scans, blanks: list[str]) -> None:
    scan(blanks[1])
    row = store.scalars(select(Scan)).one()
    assert (row.attendee_id, row.blank_id, row.verdict) == (None, 2, "in")


def test_a_number_that_was_never_printed_is_a_forgery_however_well_signed(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    verdict = scan(token_of_blank(event, 4, 2, KEY))
    assert (verdict.kind, verdict.reason, verdict.guest) == ("help", "not_ours", None)
    assert scan(token_of_blank(event, 2**31 - 1, 2, KEY)).reason == "not_ours"
    assert [row.blank_id for row in store.scalars(select(Scan))] == [None, None]


def test_a_blank_of_another_event_is_refused(scan: Scans, blanks: list[str]) -> None:
    other = sign(Facts(2024, 2**31 + 1, 0, 2), KEY)
    assert (scan(other).kind, scan(other).reason) == ("help", "other_event")


def test_a_repeated_nonce_gets_the_same_answer(scan: Scans, blanks: list[str]) -> None:
    first = scan(blanks[0], nonce="same-nonce")
    assert scan(blanks[0], nonce="same-nonce") == first
    with pytest.raises(NonceReused):
        scan(blanks[1], nonce="same-nonce")


def test_a_session_takes_blanks_as_people_without_a_seat(
    store: Session, scan: Scans, blanks: list[str]
) -> None:
    asked = [scan(blanks[0], checkpoint=key) for key in ("it-1", "energy-1", "forum")]
    assert [(v.kind, v.reason) for v in asked] == [
        ("extra", "not_registered"),
        ("help", "registered_only"),
        ("extra", "not_registered"),
    ]
    assert scan(blanks[1], checkpoint="it-1").kind == "extra"
    full = scan(blanks[2], checkpoint="it-1")  # two seats, and two blanks are in them
    assert (full.kind, full.reason) == ("help", "full")


def test_a_room_with_open_seats_counts_the_blanks_in_it(
    store: Session, scan: Scans, blanks: list[str]
) -> None:
    slot = store.scalars(select(Slot).where(Slot.key == "energy-2")).one()
    slot.capacity = 2
    store.commit()
    scan(blanks[0], checkpoint="energy-2")
    scan(badge(store, put_down(store)), checkpoint="energy-2")
    assert scan(blanks[1], checkpoint="energy-2").reason == "full"


# Bound to a person


def test_bound_before_the_first_entry_a_blank_lets_its_person_in(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store)
    given(store, event, 1, huong)
    verdict = scan(blanks[0])
    assert verdict.kind == "in"
    assert verdict.guest
    assert (verdict.guest.id, verdict.guest.name, verdict.guest.blank) == (
        huong.id, "TS. Nguyễn Thị Hương", 1,
    )  # fmt: skip
    assert present(store) == {(huong.id, 1, FRIDAY, OPENING, 1, True)}
    assert nameless(store) == set()


def test_bound_after_it_the_person_has_arrived_then(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store)
    scan(blanks[0])
    scan(blanks[0], scanned_at=LATER)
    given(store, event, 1, huong)
    assert present(store) == {(huong.id, 1, FRIDAY, OPENING, 2, True)}
    assert nameless(store) == set()
    assert [row.blank_id for row in store.scalars(scans_of(huong.id))] == [1, 1]
    again = scan(blanks[0], scanned_at=LATER)
    assert again.kind == "back"
    assert again.guest
    assert again.guest.id == huong.id


def test_somebody_who_came_in_with_both_badges_counts_once(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store)
    scan(blanks[0])
    scan(badge(store, huong), scanned_at=LATER)
    given(store, event, 1, huong)
    assert present(store) == {(huong.id, 1, FRIDAY, OPENING, 2, True)}
    numbers = numbers_now(store, FRIDAY)
    assert (numbers.arrived, numbers.arrived_that_day, numbers.visits) == (1, 1, 2)


def test_their_own_badge_stays_good_unless_it_was_lost(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong, binh = put_down(store), put_down(store, "Lê Bình")
    old = {who.id: badge(store, who) for who in (huong, binh)}
    given(store, event, 1, huong)
    given(store, event, 2, binh, lost=True)
    assert scan(old[huong.id]).kind == "in"
    refused = scan(old[binh.id])
    assert (refused.kind, refused.reason) == ("help", "replaced")
    assert scan(blanks[1]).kind == "in"


def test_a_seat_that_was_used_with_a_blank_is_no_extra_seat(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store, "Lê Hương", "it-1")
    assert scan(blanks[0], checkpoint="it-1").kind == "extra"
    given(store, event, 1, huong)
    place = store.scalars(select(Checkpoint).where(Checkpoint.key == "it-1")).one()
    assert present(store) == {(huong.id, place.id, FRIDAY, OPENING, 1, True)}
    assert scan(blanks[1], checkpoint="it-1").kind == "extra"
    assert scan(blanks[2], checkpoint="it-1").reason == "full"


def test_a_cancelled_person_gets_none_and_theirs_is_refused(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store)
    given(store, event, 1, huong)
    cancel(store, huong, at=OPENING, by="test")
    assert scan(blanks[0]).reason == "cancelled"
    with pytest.raises(NoPlace):
        given(store, event, 2, huong)
    with pytest.raises(NoPlace):
        bind(store, event, Wish(2, 999), by="lan", at=OPENING)


def test_a_blank_goes_to_one_person_only(store: Session, event: Event, blanks: list[str]) -> None:
    huong, binh = put_down(store), put_down(store, "Lê Bình")
    given(store, event, 1, huong)
    with pytest.raises(AlreadyBound) as refusal:
        given(store, event, 1, binh, lost=True)
    assert refusal.value.attendee_id == huong.id
    assert binh.revision == 0
    given(store, event, 1, huong)  # the same once more changes nothing
    assert [change.verb for change in store.scalars(history("attendee", huong.id))].count(
        "blank_bound"
    ) == 1
    with pytest.raises(UnknownBlank):
        given(store, event, 4, huong)


def test_of_two_desks_that_bind_one_blank_at_once_one_wins_and_the_other_is_told_to_whom(
    store: Session, event: Event, blanks: list[str]
) -> None:
    people = [put_down(store, f"Lê Người {n}").id for n in range(2)]
    start = Barrier(2)

    def at_desk(who: int) -> int:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            start.wait()
            try:
                bind(session, event, Wish(1, who), by="x", at=OPENING)
            except AlreadyBound as refusal:
                return refusal.attendee_id
            return who

    store.commit()
    with ThreadPoolExecutor(2) as threads:
        told = set(threads.map(at_desk, people))
    store.expire_all()
    assert told == {store.get_one(Blank, 1).attendee_id}


@pytest.mark.parametrize("_turn", range(3))
def test_a_scan_while_it_is_being_bound_counts_for_its_person_once(
    store: Session, event: Event, blanks: list[str], _turn: int
) -> None:
    huong = put_down(store)
    own, number = badge(store, huong), event.id
    start = Barrier(3)

    def at_door(code: str) -> None:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            mine = session.get_one(Event, number)
            start.wait()
            check_in(session, mine, a_scan(code, nonce=code[:20], scanned_at=OPENING),
                     KEY.public_key(), at=OPENING)  # fmt: skip

    def at_desk() -> None:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            mine = session.get_one(Event, number)
            start.wait()
            given(session, mine, 1, huong)

    store.commit()
    with ThreadPoolExecutor(3) as threads:
        working = [threads.submit(at_door, own), threads.submit(at_door, blanks[0])]
        working.append(threads.submit(at_desk))
        for each in working:
            each.result()
    assert present(store) == {(huong.id, 1, FRIDAY, OPENING, 2, True)}
    assert nameless(store) == set()


# Taken back


def test_the_wrong_person_gives_it_back_and_everything_is_as_before(
    store: Session, event: Event, scan: Scans, blanks: list[str], lan: Staff
) -> None:
    huong, binh = put_down(store), put_down(store, "Lê Bình")
    own = badge(store, huong)
    scan(blanks[0])
    given(store, event, 1, huong, lost=True)
    scan(blanks[0], scanned_at=LATER)
    assert unbind(store, event, 1, lan, at=LATER) == huong.id
    assert present(store) == set()
    assert nameless(store) == {(1, 1, FRIDAY, OPENING, 2, True)}
    assert scan(own, checkpoint="gate-b").kind == "in"
    given(store, event, 1, binh)
    assert (binh.id, 1, FRIDAY, OPENING, 2, True) in present(store)
    verbs = [change.verb for change in store.scalars(history("attendee", huong.id))]
    assert verbs[:2] == ["blank_unbound", "blank_bound"]


def test_the_desk_takes_back_its_own_for_ten_minutes_and_a_supervisor_any(
    store: Session, event: Event, blanks: list[str], lan: Staff, supervisor: Staff
) -> None:
    huong = put_down(store)
    other = add_staff(store, "nam@vidu.vn", "desk", at=OPENING, by="test")
    given(store, event, 1, huong)
    for person, at in ((other, OPENING), (lan, OPENING + timedelta(minutes=11))):
        with pytest.raises(MayNotUnbind):
            unbind(store, event, 1, person, at=at)
    assert unbind(store, event, 1, supervisor, at=OPENING + timedelta(hours=3)) == huong.id
    with pytest.raises(UnknownBlank):
        unbind(store, event, 1, supervisor, at=OPENING)


def test_a_scan_that_is_taken_back_counts_for_nobody(
    store: Session, event: Event, scan: Scans, blanks: list[str], supervisor: Staff
) -> None:
    huong = put_down(store)
    first, second = scan(blanks[0]), scan(blanks[1])
    given(store, event, 2, huong)
    for verdict, nonce in ((first, "undo-1"), (second, "undo-2")):
        assert verdict.scan_id
        wish = Undo(verdict.scan_id, "phone-1", nonce, "wrong_person")
        undo(store, event, wish, supervisor, at=OPENING)
    assert (present(store), nameless(store)) == (set(), set())
    assert scan(blanks[1]).kind == "in"


def test_counting_anew_from_the_log_gives_the_same(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store, "Lê Hương", "it-1")
    own = badge(store, huong)
    for code, place in ((blanks[0], "it-1"), (blanks[0], "gate-a"), (own, "gate-a"),
                        (blanks[1], "gate-b"), (own, "it-1"), (blanks[2], "forum")):  # fmt: skip
        scan(code, checkpoint=place)
    given(store, event, 1, huong)
    before = present(store), nameless(store)
    assert [len(rows) for rows in before] == [2, 2]
    assert rebuild(store, event) == 4
    assert (present(store), nameless(store)) == before


# Withdrawn


def test_a_withdrawn_blank_is_refused_with_the_reason_until_it_is_given_back(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    pile = Pile(2, 9, "rơi ở nhà in")
    assert withdraw(store, event, pile, by="truong@vidu.vn", at=OPENING) == 2
    assert withdraw(store, event, pile, by="truong@vidu.vn", at=OPENING) == 0
    refused = scan(blanks[1])
    assert (refused.kind, refused.reason) == ("help", "withdrawn: rơi ở nhà in")
    assert scan(blanks[0]).kind == "in"
    with pytest.raises(Withdrawn):
        given(store, event, 2, put_down(store))
    assert give_back(store, event, Pile(2, 2), by="truong@vidu.vn", at=OPENING) == 1
    assert scan(blanks[1]).kind == "in"
    assert scan(blanks[2]).kind == "help"
    told = [change.details for change in store.scalars(history("event", event.id))]
    assert {"first": 2, "last": 9, "count": 2, "why": "rơi ở nhà in"} in told


def test_a_withdrawn_blank_that_is_bound_is_refused_too(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store)
    given(store, event, 1, huong)
    withdraw(store, event, Pile(1, 1), by="truong@vidu.vn", at=OPENING)
    refused = scan(blanks[0])
    assert (refused.kind, refused.reason) == ("help", "withdrawn: ")
    assert refused.guest
    assert refused.guest.id == huong.id
    assert log(store) == [("help", "withdrawn: ")]


# Numbers, and what stays cheap


def test_blanks_are_counted_apart_until_they_are_somebodys(
    store: Session, event: Event, scan: Scans, blanks: list[str]
) -> None:
    huong = put_down(store)
    for code, place in ((blanks[0], "gate-a"), (blanks[0], "gate-a"), (blanks[1], "gate-a"),
                        (blanks[1], "forum"), (badge(store, huong), "gate-b")):  # fmt: skip
        scan(code, checkpoint=place)
    withdraw(store, event, Pile(3, 3), by="x", at=OPENING)
    numbers = numbers_now(store, FRIDAY)
    gates = {g.key: g for g in store.query(Checkpoint).filter_by(kind="gate")}
    assert numbers.blanks == BlankTally(issued=3, bound=0, withdrawn=1, inside=2)
    assert (numbers.arrived, numbers.visits) == (1, 1)
    assert numbers.doors == [
        Door(gates["gate-a"], FRIDAY, people=0, visits=0, blanks=2),
        Door(gates["gate-b"], FRIDAY, people=1, visits=1, blanks=0),
    ]
    forum = next(tally for tally in numbers.sessions if tally.slot.key == "forum")
    assert forum == SessionTally(forum.slot, inside=0, extra=0, blanks=1)
    given(store, event, 2, huong)
    numbers = numbers_now(store, FRIDAY)
    assert numbers.blanks == BlankTally(issued=3, bound=1, withdrawn=1, inside=1)
    assert (numbers.arrived, numbers.arrived_that_day) == (1, 1)


def test_an_ordinary_badge_is_let_in_without_a_look_at_blanks(
    store: Session, scan: Scans, blanks: list[str]
) -> None:
    token = badge(store, put_down(store))
    engine = store.get_bind()
    assert isinstance(engine, Engine)
    asked: list[str] = []
    sql.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    scan(token)
    assert [line for line in asked if "FROM blank" in line or "INTO blank" in line] == []


def test_a_category_of_blanks_stays_in_the_event(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    found = the_event(bare)
    assert found
    issue(bare, found, Issue(4, "visitor", "a6"), by="test", at=OPENING)
    file = edited(ONE_DAY, ("[categories.visitor]", "[categories.guest]"))
    told = {"name": Words("Khách tham dự"), "count": 4}
    assert refused(bare, file) == [("categories.visitor", "category_has_blanks", told)]
