"""Entries that should not both have been let in are found in any order, and judged by a person."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import count, permutations
from threading import Barrier
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, select, update
from sqlalchemy import event as heard
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import FIRST_BLANK
from event.base import begin_writing
from event.binding import Wish, bind
from event.blanks import Issue, issue
from event.checkin import Scanned, check_in
from event.corrections import Undo, undo
from event.database import make_engine
from event.journal import history
from event.judging import (
    UnknownReview,
    how_many_wait,
    open_again,
    page_of,
    settle,
    settled,
    waiting,
)
from event.programme import Checkpoint, Event, the_event
from event.review import Review, look_through
from event.scans import Scan
from event.staff import Staff
from tests.doors import put_down
from tests.house import OPENING

nonces = count(1)
LATER = OPENING + timedelta(hours=2)
SUPERVISOR = Staff(email="lan@vidu.vn", role="supervisor")
A, B = ("gate-a", "d1"), ("gate-b", "d2")


@pytest.fixture
def event(store: Session) -> Event:
    found = the_event(store)
    assert found
    return found


@pytest.fixture
def huong(store: Session) -> int:
    return put_down(store).id


def place(store: Session, key: str) -> int:
    return store.scalars(select(Checkpoint.id).where(Checkpoint.key == key)).one()


def entry(store: Session, who: int, where: str, device: str, **facts: Any) -> Scan:
    """Somebody was let in offline at the opening; `seconds` later; anything can be said else."""
    facts.pop("at", None)
    moment = OPENING + timedelta(seconds=facts.pop("seconds", 0))
    usual = {"method": "camera", "verdict": "in", "provisional": True, "received_at": LATER}
    bearer = {"blank_id": who - FIRST_BLANK} if who >= FIRST_BLANK else {"attendee_id": who}
    return Scan(
        device=device, nonce=f"n{next(nonces)}", checkpoint_id=place(store, where),
        scanned_at=moment, **usual | bearer | facts,
    )  # fmt: skip


def upload(store: Session, *scans: Scan) -> None:
    """As one upload: written down and looked through in one transaction."""
    connection = begin_writing(store)
    store.add_all(scans)
    store.flush()
    look_through(connection, [scan.id for scan in scans], at=LATER)
    store.commit()


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """What is asked of the database while it lasts."""
    sent: list[str] = []

    def note(_c: Any, _x: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    heard.listen(connection, "before_cursor_execute", note)
    yield sent
    heard.remove(connection, "before_cursor_execute", note)


def found(store: Session) -> list[tuple[str, list[str]]]:
    """What waits: kind, and the devices of the entries in order of time."""
    store.expire_all()
    devices = dict(store.execute(select(Scan.id, Scan.device)).all())  # type: ignore[arg-type]
    return [
        (review.kind, [devices[n] for n in (review.first_id, review.second_id) if n is not None])
        for review in store.scalars(waiting())
    ]


DOUBLES: dict[str, tuple[Sequence[dict[str, object]], str]] = {
    "two gates within a minute": ([{}, {"at": B, "seconds": 60}], "two_gates"),
    "two gates, once by hand": ([{}, {"at": B, "seconds": 1, "method": "search"}], "two_gates"),
    "two gates, both online": (
        [{"provisional": False}, {"at": B, "seconds": 2, "provisional": False, "verdict": "back"}],
        "two_gates",
    ),
    "two gates by one device": ([{}, {"at": ("gate-b", "d1"), "seconds": 9}], "two_gates"),
    "two gates, over a minute": ([{}, {"at": B, "seconds": 61}], ""),
    "one gate by two devices": ([{}, {"at": ("gate-a", "d2"), "seconds": 30}], "two_devices"),
    "one gate by one device": ([{}, {"seconds": 30, "verdict": "back"}], ""),
    "one gate, back in later": ([{}, {"at": ("gate-a", "d2"), "seconds": 600}], ""),
    "out at another gate": ([{}, {"at": B, "verdict": "out", "direction": "out"}], ""),
    "refused at another gate": ([{}, {"at": B, "verdict": "help"}], ""),
    "a session with seats": (
        [{"at": ("it-1", "d1")}, {"at": ("it-1", "d2"), "seconds": 3000, "verdict": "extra"}],
        "twice",
    ),
    "a session with seats, back in": (
        [{"at": ("it-1", "d1")}, {"at": ("it-1", "d2"), "seconds": 3000, "verdict": "back"}],
        "",
    ),
    "a session with seats, on two days": (
        [{"at": ("it-1", "d1")}, {"at": ("it-1", "d2"), "seconds": 86_400}],
        "",
    ),
    "a session with seats, decided online twice": (
        [{"at": ("it-1", d), "provisional": False, "verdict": "extra"} for d in ("d1", "d2")],
        "",
    ),
    "a session without a limit": ([{"at": ("forum", "d1")}, {"at": ("forum", "d2")}], ""),
    "two sessions within a minute": ([{"at": ("it-1", "d1")}, {"at": ("energy-2", "d2")}], ""),
}


@pytest.mark.parametrize("case", DOUBLES)
def test_a_pair_is_found_whichever_entry_comes_last(store: Session, huong: int, case: str) -> None:
    facts, kind = DOUBLES[case]
    for order in permutations(facts):
        forget_everything(store)
        for words in order:
            upload(store, entry(store, huong, *words.get("at", A), **words))  # type: ignore[misc]
        devices = [words.get("at", A)[1] for words in facts]  # type: ignore[index]
        assert found(store) == ([(kind, devices)] if kind else [])


def forget_everything(store: Session) -> None:
    store.execute(delete(Review))
    store.execute(delete(Scan))
    store.commit()


def test_one_upload_finds_its_own_pairs_and_a_repeat_none_again(store: Session, huong: int) -> None:
    scans = [entry(store, huong, "gate-b", "d2", seconds=5), entry(store, huong, *A)]
    upload(store, *scans)
    for _ in range(2):
        look_through(begin_writing(store), [scan.id for scan in scans], at=LATER)
        store.commit()
    assert found(store) == [("two_gates", ["d1", "d2"])]


@pytest.mark.parametrize("area", ["", "lunch"])
@pytest.mark.parametrize(("where", "seconds", "pairs"), [(B, 40, 1), (B, 61, 0), (A, 40, 0)])
def test_two_gates_within_a_minute_are_found_while_both_are_online(
    store: Session,
    event: Event,
    huong: int,
    where: tuple[str, str],
    seconds: int,
    pairs: int,
    area: str,
) -> None:
    store.execute(update(Checkpoint).where(Checkpoint.key == "gate-b").values(area=area))
    key = Ed25519PrivateKey.generate().public_key()
    for (gate, device), moment in ((A, OPENING), (where, OPENING + timedelta(seconds=seconds))):
        scanned = Scanned(device, f"n{next(nonces)}", gate, "search", moment, attendee_id=huong)
        check_in(store, event, scanned, key, at=moment)
    assert [kind for kind, _ in found(store)] == ["two_gates"] * pairs


def test_other_peoples_entries_make_no_pair(store: Session, huong: int) -> None:
    other = put_down(store, "Trần Văn Bình").id
    upload(store, entry(store, huong, *A), entry(store, other, *B))
    assert found(store) == []


@pytest.mark.parametrize(
    ("rule", "seconds", "kinds"),
    [
        ("once", 86_400, ["twice"]),
        ("daily", 36_000, ["twice"]),
        ("daily", 86_400, []),
        ("in_out", 36_000, []),
        ("free", 36_000, []),
    ],
)
def test_a_gate_that_takes_a_badge_once_counts_with_the_gates_of_its_area(
    store: Session, huong: int, rule: str, seconds: int, kinds: list[str]
) -> None:
    store.execute(update(Checkpoint).where(Checkpoint.kind == "gate").values(entry=rule))
    store.commit()
    upload(store, entry(store, huong, "gate-b", "d2", seconds=seconds))
    upload(store, entry(store, huong, *A))
    assert [kind for kind, _ in found(store)] == kinds


def test_gates_of_two_areas_take_a_badge_once_each(store: Session, huong: int) -> None:
    store.execute(update(Checkpoint).where(Checkpoint.kind == "gate").values(entry="once"))
    store.execute(update(Checkpoint).where(Checkpoint.key == "gate-b").values(area="hall"))
    store.commit()
    upload(store, entry(store, huong, *A), entry(store, huong, *B, seconds=600))
    assert found(store) == []


def test_an_entry_that_the_server_objects_to_is_looked_at(store: Session, huong: int) -> None:
    upload(
        store,
        entry(store, huong, *A, objection="cancelled"),
        entry(store, huong, "it-1", "d2", objection="full", verdict="help"),
        entry(store, huong, "it-1", "d3", objection="full", provisional=False),
    )
    assert found(store) == [("objection", ["d1"])]


def test_an_objection_is_shown_beside_the_other_entry_in_any_order(
    store: Session, huong: int
) -> None:
    late = entry(store, huong, *B, seconds=9, objection="cancelled")
    upload(store, late)
    assert found(store) == [("objection", ["d2"])]
    upload(store, entry(store, huong, *A))
    assert found(store) == [("two_gates", ["d1", "d2"])]
    look_through(begin_writing(store), [late.id], at=LATER)
    store.commit()
    assert found(store) == [("two_gates", ["d1", "d2"])]


def test_an_objection_is_shown_alone_again_once_the_other_entry_is_taken_back(
    store: Session, event: Event, huong: int
) -> None:
    late = entry(store, huong, *B, seconds=9, objection="cancelled")
    upload(store, late)
    early = entry(store, huong, *A, seconds=2)
    upload(store, early)
    settle(store, store.scalars(waiting()).one().id, "mistake", by="lan@vidu.vn", at=LATER)
    assert found(store) == []
    undo(store, event, Undo(early.id, "d9", "u1", "by_mistake"), SUPERVISOR, at=LATER)
    assert found(store) == [("objection", ["d2"])]
    assert store.scalar(how_many_wait()) == 1
    undo(store, event, Undo(late.id, "d9", "u2", "by_mistake"), SUPERVISOR, at=LATER)
    assert found(store) == []


def test_an_objection_found_with_its_pair_comes_back_alone_too(
    store: Session, event: Event, huong: int
) -> None:
    early, late = entry(store, huong, *A), entry(store, huong, *B, objection="cancelled")
    upload(store, early, late)
    assert found(store) == [("two_gates", ["d1", "d2"])]
    undo(store, event, Undo(early.id, "d9", "u1", "by_mistake"), SUPERVISOR, at=LATER)
    assert found(store) == [("objection", ["d2"])]


def test_an_entry_that_was_taken_back_drops_out(store: Session, event: Event, huong: int) -> None:
    first = entry(store, huong, *A)
    upload(store, first, entry(store, huong, *B))
    assert store.scalar(how_many_wait()) == 1
    undo(store, event, Undo(first.id, "d9", "u1", "by_mistake"), SUPERVISOR, at=LATER)
    assert found(store) == []
    assert store.scalar(how_many_wait()) == 0
    upload(store, entry(store, huong, "gate-a", "d3", seconds=300))
    assert found(store) == []


def test_a_blank_badge_makes_pairs_of_its_own_and_of_its_person_once_bound(
    store: Session, event: Event, huong: int
) -> None:
    batch = issue(store, event, Issue(1, "delegate", "a6"), by="test", at=OPENING)
    blank = FIRST_BLANK + batch.first
    upload(store, entry(store, blank, *A), entry(store, huong, *B))
    assert found(store) == []
    upload(store, entry(store, blank, "gate-b", "d3"))
    assert found(store) == [("two_gates", ["d1", "d3"])]
    bind(store, event, Wish(blank - FIRST_BLANK, huong), by="lan@vidu.vn", at=LATER)
    assert sorted(found(store)) == [
        ("two_devices", ["d2", "d3"]),
        ("two_gates", ["d1", "d2"]),
        ("two_gates", ["d1", "d3"]),
    ]


def test_looking_asks_the_same_few_questions_for_any_number(store: Session) -> None:
    people = [put_down(store, f"Khách {n}").id for n in range(20)]
    asked = []
    for some in (people[:1], people[1:]):
        scans = [entry(store, who, *at) for who in some for at in (A, B)]
        connection = begin_writing(store)
        store.add_all(scans)
        store.flush()
        with statements(connection) as sent:
            look_through(connection, [scan.id for scan in scans], at=LATER)
        store.commit()
        asked.append(len(sent))
    assert asked == [5, 5]
    assert store.scalar(how_many_wait()) == 20


def test_nothing_new_asks_little(store: Session, huong: int) -> None:
    scan = entry(store, huong, *A)
    connection = begin_writing(store)
    store.add(scan)
    store.flush()
    with statements(connection) as sent:
        look_through(connection, [], at=LATER)
        assert sent == []
        look_through(connection, [scan.id], at=LATER)
    store.commit()
    assert len(sent) == 2


def test_two_uploads_at_once_find_the_pair_between_them(database_url: str, store: Session) -> None:
    """On PostgreSQL neither sees the other's entry before it ends, but for the people held."""
    huong = put_down(store).id
    scans = [entry(store, huong, *A), entry(store, huong, *B)]
    store.commit()
    meet = Barrier(2)

    def send(scan: Scan) -> None:
        engine = make_engine(database_url)
        with Session(engine) as mine:
            meet.wait()
            connection = begin_writing(mine)
            connection.execute(select(Attendee.id).where(Attendee.id == huong).with_for_update())
            mine.add(scan)
            mine.flush()
            look_through(connection, [scan.id], at=LATER)
            mine.commit()
        engine.dispose()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, scans))
    store.rollback()
    assert [kind for kind, _ in found(store)] == ["two_gates"]


def a_pair(store: Session, huong: int) -> int:
    upload(store, entry(store, huong, *A), entry(store, huong, *B))
    return store.scalars(waiting()).one().id


@pytest.mark.parametrize("outcome", ["shared", "mistake", "fine"])
def test_somebody_says_what_it_was_and_takes_it_back(
    store: Session, huong: int, outcome: str
) -> None:
    number = a_pair(store, huong)
    review = settle(store, number, outcome, by="lan@vidu.vn", at=LATER)
    assert (review.outcome, review.settled_by, review.settled_at) == (
        outcome, "lan@vidu.vn", LATER,
    )  # fmt: skip
    assert (found(store), [r.id for r in store.scalars(settled())]) == ([], [number])
    review = open_again(store, number, by="mai@vidu.vn", at=LATER)
    assert (review.outcome, review.settled_by, review.settled_at) == ("", "", None)
    assert [kind for kind, _ in found(store)] == ["two_gates"]
    told = store.scalars(history("review", number)).all()
    assert [(c.verb, c.actor, c.details) for c in reversed(told)] == [
        ("review_settled", "lan@vidu.vn", {"outcome": outcome}),
        ("review_reopened", "mai@vidu.vn", {}),
    ]


def test_the_first_of_two_who_judge_counts(store: Session, huong: int) -> None:
    number = a_pair(store, huong)
    settle(store, number, "shared", by="lan@vidu.vn", at=LATER)
    review = settle(store, number, "fine", by="mai@vidu.vn", at=LATER)
    assert (review.outcome, review.settled_by) == ("shared", "lan@vidu.vn")
    open_again(store, number, by="lan@vidu.vn", at=LATER)
    open_again(store, number, by="lan@vidu.vn", at=LATER)
    assert len(store.scalars(history("review", number)).all()) == 2


def test_what_was_judged_is_not_found_again(store: Session, huong: int) -> None:
    number = a_pair(store, huong)
    settle(store, number, "fine", by="lan@vidu.vn", at=LATER)
    scans = store.scalars(select(Scan.id)).all()
    look_through(begin_writing(store), scans, at=LATER)
    store.commit()
    assert found(store) == []
    assert store.scalars(select(Review.outcome)).all() == ["fine"]


def test_only_what_waits_is_judged_and_only_with_a_known_word(store: Session, huong: int) -> None:
    number = a_pair(store, huong)
    with pytest.raises(UnknownReview):
        settle(store, number + 1, "fine", by="lan@vidu.vn", at=LATER)
    with pytest.raises(UnknownReview):
        open_again(store, number + 1, by="lan@vidu.vn", at=LATER)
    with pytest.raises(ValueError, match="perhaps"):
        settle(store, number, "perhaps", by="lan@vidu.vn", at=LATER)


def test_pages_go_on_after_the_last_one_seen(store: Session) -> None:
    for who in [put_down(store, f"Khách {n}").id for n in range(5)]:
        upload(store, entry(store, who, *A), entry(store, who, *B))
    numbers = [review.id for review in store.scalars(waiting())]
    first = page_of(store, done=False, size=2)
    second = page_of(store, done=False, after=first.more, size=2)
    third = page_of(store, done=False, after=second.more, size=2)
    assert [[r.id for r in page.reviews] for page in (first, second, third)] == [
        numbers[:2], numbers[2:4], numbers[4:],
    ]  # fmt: skip
    assert third.more is None
    for minute, number in enumerate(numbers):
        at = LATER + timedelta(minutes=minute // 2)
        settle(store, number, "fine", by="lan@vidu.vn", at=at)
    last_first = [numbers[4], numbers[3], numbers[2], numbers[1], numbers[0]]
    page = page_of(store, done=True, size=3)
    rest = page_of(store, done=True, after=page.more, size=3)
    assert [r.id for r in (*page.reviews, *rest.reviews)] == last_first
    assert (page.more, rest.more) == (last_first[2], None)
