"""Ticks that come back from an offline pack: once each, by the rules of the door."""

import json
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.checkin import Scanned, check_in
from event.packing import proof_of
from event.programme import Event, the_event
from event.scans import Presence, Scan
from event.ticks import Conflict, Report, Ticks, WrongTicks, read_ticks, take_ticks
from tests.house import OPENING

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32).public_key()
LINKS = b"l" * 32
PACK = "00c0ffee"
EVENING = OPENING + timedelta(hours=10)


@pytest.fixture
def event(store: Session) -> Event:
    found = the_event(store)
    assert found
    return found


def put_down(store: Session, name: str, **stated: object) -> Attendee:
    return register(store, Registration(name=name, **stated), at=OPENING).attendee  # type: ignore[arg-type]


def tick(number: int, who: int, place: str = "gate-a", minutes: float = 0, **more: object) -> dict:  # type: ignore[type-arg]
    at = (OPENING + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    return {"id": f"{number:032x}", "attendee": who, "place": place, "at": at, **more}


def file_of(*ticks: dict[str, object], **other: object) -> bytes:
    """As the page writes it."""
    facts = {"format": "ghi-danh-ticks-1", "event": "small-2023", "pack": PACK, "saved_at": "now"}
    facts |= {"proof": proof_of(LINKS, "small-2023", PACK), "ticks": list(ticks)}  # type: ignore[dict-item]
    return json.dumps({**facts, **other}).encode()


def taken(
    store: Session, event: Event, *ticks: dict[str, object], at: datetime = EVENING
) -> Report:
    return take_ticks(store, event, read_ticks(file_of(*ticks), event, LINKS), KEY, at=at)


def kinds(report: Report) -> list[tuple[str, str]]:
    return [(each.kind, each.name) for each in report.conflicts]


def test_a_tick_is_a_scan_by_search_at_the_time_it_was_made(store: Session, event: Event) -> None:
    hoa = put_down(store, "Lê Thị Hoa")
    report = taken(store, event, tick(1, hoa.id, "gate-b", 7))
    expected = Report(pack=PACK, written=1, admitted=1, repeated=0, undone=0, conflicts=[])
    assert report == expected
    scan = store.scalars(select(Scan)).one()
    assert (scan.device, scan.nonce, scan.method) == ("pack:00c0ffee", f"{1:032x}", "search")
    assert (scan.attendee_id, scan.verdict) == (hoa.id, "in")
    assert (scan.scanned_at, scan.received_at) == (OPENING + timedelta(minutes=7), EVENING)
    assert store.scalars(select(Presence.first_at)).all() == [OPENING + timedelta(minutes=7)]


def test_the_same_file_again_writes_nothing(store: Session, event: Event) -> None:
    people = [put_down(store, name) for name in ("Lê Một", "Lê Hai")]
    ticks = [tick(at, person.id) for at, person in enumerate(people)]
    taken(store, event, *ticks)
    report = taken(store, event, *ticks)
    assert (report.written, report.repeated, report.conflicts) == (0, 2, [])
    assert len(store.scalars(select(Scan)).all()) == 2


def test_a_later_file_of_the_same_page_brings_what_is_new(store: Session, event: Event) -> None:
    people = [put_down(store, name) for name in ("Lê Một", "Lê Hai")]
    ticks = [tick(at, person.id) for at, person in enumerate(people)]
    taken(store, event, ticks[0])
    report = taken(store, event, *ticks, ticks[1])
    assert (report.written, report.repeated) == (1, 2)


def test_one_that_was_cancelled_meanwhile_is_written_and_told(store: Session, event: Event) -> None:
    hoa = put_down(store, "Lê Thị Hoa")
    cancel(store, hoa, at=OPENING, by="test")
    report = taken(store, event, tick(1, hoa.id))
    assert (report.written, report.admitted) == (1, 0)
    assert kinds(report) == [("cancelled", "Lê Thị Hoa")]
    scan = store.scalars(select(Scan)).one()
    assert (scan.verdict, scan.reason) == ("help", "cancelled")


def test_a_number_that_nobody_has_is_written_and_told(store: Session, event: Event) -> None:
    report = taken(store, event, tick(1, 4711))
    assert report.conflicts == [
        Conflict(
            kind="unknown", code="04711", name="", place="gate-a", at=OPENING, reason="unknown"
        )
    ]
    assert store.scalars(select(Scan.reason)).all() == ["unknown"]


def test_one_who_was_in_already_elsewhere_is_told_with_when_and_where(
    store: Session, event: Event
) -> None:
    hoa, an = put_down(store, "Lê Thị Hoa"), put_down(store, "Trần Ân")
    for person, minutes in ((hoa, 5), (an, 50)):
        at = OPENING + timedelta(minutes=minutes)
        scanned = Scanned("phone", f"n{person.id}", "gate-b", "camera", at, attendee_id=person.id)
        assert check_in(store, event, scanned, KEY, at=at).admits
    report = taken(store, event, tick(1, hoa.id, minutes=20), tick(2, an.id, minutes=20))
    assert (report.admitted, kinds(report)) == (2, [("earlier", "Lê Thị Hoa")])
    conflict = report.conflicts[0]
    assert conflict.first_at == OPENING + timedelta(minutes=5)
    assert conflict.first_place == {"vi": "Cổng B", "en": "Gate B"}


def test_the_rule_of_a_door_refuses_and_it_is_told(store: Session, event: Event) -> None:
    hoa = put_down(store, "Lê Thị Hoa")
    report = taken(store, event, tick(1, hoa.id, "energy-1"))
    assert [(each.kind, each.reason) for each in report.conflicts] == [
        ("refused", "registered_only")
    ]


def test_a_place_that_is_gone_is_told_and_nothing_is_written(store: Session, event: Event) -> None:
    hoa = put_down(store, "Lê Thị Hoa")
    report = taken(store, event, tick(1, hoa.id, "gone"), tick(2, hoa.id, minutes=1))
    assert (report.written, kinds(report)) == (1, [("place", "Lê Thị Hoa")])


def test_a_clock_that_was_ahead_is_told_and_now_is_written(store: Session, event: Event) -> None:
    hoa, an = put_down(store, "Lê Thị Hoa"), put_down(store, "Trần Ân")
    at = OPENING + timedelta(hours=1)
    report = taken(store, event, tick(1, hoa.id, minutes=66), tick(2, an.id, minutes=64), at=at)
    assert kinds(report) == [("clock", "Lê Thị Hoa")]
    assert store.scalars(select(Scan.scanned_at)).all() == [at, at]


def test_a_tick_taken_back_is_not_written_and_told_if_it_had_come_before(
    store: Session, event: Event
) -> None:
    hoa, an = put_down(store, "Lê Thị Hoa"), put_down(store, "Trần Ân")
    taken(store, event, tick(1, hoa.id))
    report = taken(store, event, tick(1, hoa.id, undone=True), tick(2, an.id, undone=True))
    assert (report.written, report.undone) == (0, 2)
    assert kinds(report) == [("undone", "Lê Thị Hoa")]
    assert store.scalars(select(Scan.attendee_id)).all() == [hoa.id]


def test_the_same_file_again_tells_the_same_conflicts(store: Session, event: Event) -> None:
    hoa, an, gone = (put_down(store, name) for name in ("Lê Thị Hoa", "Trần Ân", "Võ Vắng"))
    cancel(store, gone, at=OPENING, by="test")
    at = OPENING + timedelta(minutes=5)
    scanned = Scanned("phone", "n", "gate-b", "camera", at, attendee_id=hoa.id)
    assert check_in(store, event, scanned, KEY, at=at).admits
    ticks = [
        tick(1, hoa.id, minutes=20), tick(2, gone.id), tick(3, 4711), tick(4, an.id, "energy-1"),
        tick(5, an.id, minutes=1200), tick(6, an.id, "gone"), tick(7, an.id, minutes=6),
    ]  # fmt: skip
    first = taken(store, event, *ticks)
    assert sorted(each.kind for each in first.conflicts) == [
        "cancelled", "clock", "earlier", "earlier", "place", "refused", "unknown",
    ]  # fmt: skip
    again = taken(store, event, *ticks, at=EVENING + timedelta(hours=1))
    assert (again.written, again.repeated) == (0, 6)
    assert again.conflicts == first.conflicts


def test_a_tick_that_says_something_else_the_second_time_is_told(
    store: Session, event: Event
) -> None:
    hoa, an = put_down(store, "Lê Thị Hoa"), put_down(store, "Trần Ân")
    taken(store, event, tick(1, hoa.id))
    for other in (tick(1, an.id), tick(1, hoa.id, "gate-b")):
        assert [each.kind for each in taken(store, event, other).conflicts] == ["reused"]
    assert store.scalars(select(Scan.attendee_id)).all() == [hoa.id]


def test_ticks_are_taken_in_the_order_of_time(store: Session, event: Event) -> None:
    hoa = put_down(store, "Lê Thị Hoa")
    taken(store, event, tick(1, hoa.id, "gate-a", 30), tick(2, hoa.id, "gate-b", 10))
    query = select(Scan.nonce, Scan.verdict).order_by(Scan.id)
    assert store.execute(query).all() == [(f"{2:032x}", "in"), (f"{1:032x}", "back")]


def test_after_an_interruption_it_goes_on_where_it_was(store: Session, event: Event) -> None:
    people = [put_down(store, f"Lê {name}") for name in ("Một", "Hai", "Ba")]
    ticks: Ticks = read_ticks(
        file_of(*(tick(at, person.id, minutes=at) for at, person in enumerate(people))),
        event, LINKS,
    )  # fmt: skip

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_ticks(store, event, ticks, KEY, at=EVENING, progress=stop)
    report = take_ticks(store, event, ticks, KEY, at=EVENING)
    assert (report.written, report.repeated) == (1, 2)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b'{"format":"other"}', "unreadable"),
        (file_of(tick(1, 0)), "unreadable"),
        (file_of(tick(1, 2**31)), "unreadable"),
        (file_of({**tick(1, 1), "id": "../../etc"}), "unreadable"),
        (file_of({**tick(1, 1), "at": "2023-09-29T08:00:00"}), "unreadable"),
        (file_of({**tick(1, 1), "place": "x" * 81}), "unreadable"),
        (file_of(event="other-2023"), "other_event"),
        (file_of(proof="0" * 32), "not_ours"),
        (file_of(proof="ế"), "not_ours"),
        (file_of(pack="00c0ffef"), "not_ours"),
    ],
)
def test_what_is_no_file_of_this_site_is_refused_whole(
    data: bytes, why: str, store: Session, event: Event
) -> None:
    with pytest.raises(WrongTicks) as wrong:
        read_ticks(data, event, LINKS)
    assert str(wrong.value) == why
