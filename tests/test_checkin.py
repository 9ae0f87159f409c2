"""The door without the web: each verdict and its reason, two doors at once, undo, counting anew."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from event.amendments import cancel, replace_badge
from event.attendees import Attendee, Registration, register
from event.badges import facts_of, sign, token_of
from event.bearers import Guest
from event.checkin import NonceReused, Scanned, Verdict, check_in
from event.corrections import MayNotUndo, NothingToUndo, Undo, UnknownScan, undo
from event.doors import UnknownCheckpoint
from event.programme import Event, Slot, the_event
from event.recounting import rebuild
from event.scans import Presence, Scan
from event.staff import Staff, add_staff
from event.words import Words
from tests.house import OPENING

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
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
    """`scan(code)` at Cổng A on the opening; anything of `Scanned` can be said otherwise."""

    def scanned(code: str = "", **words: object) -> Verdict:
        words = {"nonce": f"n{next(nonces)}", "scanned_at": OPENING, **words}
        return check_in(store, event, a_scan(code, **words), KEY.public_key(), at=OPENING)

    return scanned


def a_scan(code: str, **words: object) -> Scanned:
    """A scan by a phone at Cổng A."""
    usual = {"device": "phone-1", "checkpoint": "gate-a", "method": "camera"}
    return Scanned(**{**usual, "code": code, **words})  # type: ignore[arg-type]


def put_down(store: Session, name: str = "Nguyễn Thị Hương", *sessions: str) -> Attendee:
    """Register somebody."""
    stated = Registration(name, degree="TS.", organisation="Sở KH&CN", sessions=sessions)
    return register(store, stated, at=OPENING).attendee


def badge(store: Session, attendee: Attendee) -> str:
    """The token of their badge as of now."""
    event = the_event(store)
    assert event
    whole = select(Attendee).where(Attendee.id == attendee.id)
    loaded = store.scalars(whole.options(joinedload(Attendee.category))).one()
    return token_of(store, event, loaded, KEY)


def log(store: Session) -> list[tuple[str, str]]:
    """The scan log as verdicts and reasons."""
    store.commit()
    return [(s.verdict, s.reason) for s in store.scalars(select(Scan).order_by(Scan.id))]


def present(store: Session) -> set[tuple[object, ...]]:
    """Who is present: attendee, place, day, first, entries, registered."""
    store.commit()  # what others wrote meanwhile is seen from now on
    store.expire_all()
    return {
        (p.attendee_id, p.checkpoint_id, p.day, p.first_at, p.entries, p.registered)
        for p in store.scalars(select(Presence))
    }


# What a badge is answered at a gate


def test_a_guest_is_let_in_by_name(store: Session, scan: Scans) -> None:
    huong = put_down(store)
    verdict = scan(badge(store, huong))
    assert (verdict.kind, verdict.reason, verdict.admits) == ("in", "", True)
    assert verdict.guest == Guest(
        huong.id, "TS. Nguyễn Thị Hương", "Sở KH&CN", Words("Khách tham quan", "Visitor"),
        "#0b5c7a", None,
    )  # fmt: skip


def test_a_guest_who_went_out_comes_back_in_and_the_first_time_is_told(
    store: Session, scan: Scans
) -> None:
    token = badge(store, put_down(store))
    scan(token)
    later = OPENING + timedelta(minutes=44)
    verdict = scan(token, checkpoint="gate-b", scanned_at=later)
    assert verdict.kind == "back"
    assert verdict.first
    assert (verdict.first.at, verdict.first.place) == (OPENING, Words("Cổng A", "Gate A"))
    third = scan(token, scanned_at=later)
    assert third.first == verdict.first


def test_the_next_day_is_a_first_time_again(store: Session, scan: Scans) -> None:
    token = badge(store, put_down(store))
    scan(token)
    assert scan(token, scanned_at=OPENING + timedelta(days=1)).kind == "in"


def test_a_day_begins_at_midnight_of_the_place(store: Session, scan: Scans) -> None:
    token = badge(store, put_down(store))
    assert scan(token, scanned_at=datetime(2023, 9, 29, 16, 59, tzinfo=UTC)).kind == "in"
    assert scan(token, scanned_at=datetime(2023, 9, 29, 17, 0, tzinfo=UTC)).kind == "in"


def test_a_badge_that_was_replaced_is_refused_and_the_new_one_is_good(
    store: Session, scan: Scans
) -> None:
    huong = put_down(store)
    old = badge(store, huong)
    replace_badge(store, huong, at=OPENING, by="test")
    refused = scan(old)
    assert (refused.kind, refused.reason) == ("help", "replaced")
    assert refused.guest
    assert refused.guest.id == huong.id
    assert scan(badge(store, huong)).kind == "in"


def test_a_guest_who_cancelled_goes_to_the_help_desk(store: Session, scan: Scans) -> None:
    huong = put_down(store)
    token = badge(store, huong)
    cancel(store, huong, at=OPENING, by="test")
    verdict = scan(token)
    assert (verdict.kind, verdict.reason) == ("help", "cancelled")
    assert verdict.guest
    assert verdict.guest.name == "TS. Nguyễn Thị Hương"


def test_a_badge_of_another_event_goes_to_the_help_desk(
    store: Session, event: Event, scan: Scans
) -> None:
    facts = facts_of(event, put_down(store), 1, [])
    verdict = scan(sign(replace(facts, event=2024), KEY))
    assert (verdict.kind, verdict.reason) == ("help", "other_event")


def test_a_badge_of_nobody_we_know_goes_to_the_help_desk(
    store: Session, event: Event, scan: Scans
) -> None:
    facts = facts_of(event, put_down(store), 1, [])
    verdict = scan(sign(replace(facts, attendee=99999), KEY))
    assert (verdict.kind, verdict.reason) == ("help", "unknown")
    assert scan(attendee_id=99999).reason == "unknown"


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("https://vidu.vn/the", ("help", "not_ours")),
        ("1" * 200, ("help", "not_ours")),
        ("9" * 200, ("help", "not_ours")),
        ("", ("help", "not_ours")),
        ("1" * 199, ("again", "incomplete")),
        ("1" * 201, ("again", "incomplete")),
    ],
)
def test_what_is_no_badge_of_ours_is_told_apart_from_a_bad_reading(
    code: str, verdict: tuple[str, str], store: Session, scan: Scans
) -> None:
    answer = scan(code)
    assert (answer.kind, answer.reason) == verdict
    assert log(store) == [verdict]
    assert present(store) == set()


def test_a_badge_signed_by_somebody_else_is_not_ours(
    store: Session, event: Event, scan: Scans
) -> None:
    facts = facts_of(event, put_down(store), 1, [])
    stranger = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    assert scan(sign(facts, stranger)).reason == "not_ours"


def test_a_reading_with_digits_lost_in_the_middle_is_asked_for_again(
    store: Session, scan: Scans
) -> None:
    token = badge(store, put_down(store))
    assert scan(token[:90] + token[97:]).kind == "again"
    assert scan(token).kind == "in"


def test_an_unknown_checkpoint_is_an_error_and_writes_nothing(store: Session, scan: Scans) -> None:
    with pytest.raises(UnknownCheckpoint):
        scan(badge(store, put_down(store)), checkpoint="gate-z")
    assert log(store) == []


# What a session's door says


def test_somebody_not_registered_is_let_into_an_open_session_while_seats_remain(
    store: Session, scan: Scans
) -> None:
    slot = store.scalars(select(Slot).where(Slot.key == "energy-2")).one()
    slot.capacity = 2
    store.commit()
    guests = [badge(store, put_down(store, f"Khách {letter}")) for letter in "ABC"]
    answers = [scan(token, checkpoint="energy-2") for token in guests]
    assert [(v.kind, v.reason) for v in answers] == [
        ("extra", "not_registered"), ("extra", "not_registered"), ("help", "full"),
    ]  # fmt: skip
    seated = badge(store, put_down(store, "Khách D", "energy-2"))
    assert scan(seated, checkpoint="energy-2").kind == "in"


def test_a_session_without_limit_takes_everybody(store: Session, scan: Scans) -> None:
    for letter in "ABC":
        guest = badge(store, put_down(store, f"Khách {letter}"))
        assert scan(guest, checkpoint="forum").kind == "extra"


def test_registered_first_keeps_the_seats_that_are_booked(store: Session, scan: Scans) -> None:
    booked = badge(store, put_down(store, "Khách A", "it-1"))
    extra, late = (badge(store, put_down(store, f"Khách {letter}")) for letter in "BC")
    assert scan(extra, checkpoint="it-1").kind == "extra"
    refused = scan(late, checkpoint="it-1")
    assert (refused.kind, refused.reason) == ("help", "full")
    assert scan(booked, checkpoint="it-1").kind == "in"


def test_registered_only_admits_nobody_else(store: Session, scan: Scans) -> None:
    booked = badge(store, put_down(store, "Khách A", "energy-1"))
    other = badge(store, put_down(store, "Khách B"))
    refused = scan(other, checkpoint="energy-1")
    assert (refused.kind, refused.reason) == ("help", "registered_only")
    assert scan(booked, checkpoint="energy-1").kind == "in"


def test_who_was_let_in_without_a_seat_comes_back_in_though_the_room_is_full(
    store: Session, scan: Scans
) -> None:
    put_down(store, "Khách A", "it-1")
    extra = badge(store, put_down(store, "Khách B"))
    scan(extra, checkpoint="it-1")
    again = scan(extra, checkpoint="it-1", scanned_at=OPENING + timedelta(minutes=20))
    assert (again.kind, again.reason) == ("back", "not_registered")
    assert again.first
    assert again.first.at == OPENING


def test_a_session_asks_for_its_own_first_time_not_the_gate_s(store: Session, scan: Scans) -> None:
    token = badge(store, put_down(store, "Khách A", "it-1"))
    scan(token)
    assert scan(token, checkpoint="it-1").kind == "in"


def test_a_supervisor_s_override_lets_in_and_says_why(store: Session, scan: Scans) -> None:
    guest = put_down(store)
    verdict = scan(
        attendee_id=guest.id, checkpoint="energy-1", method="search", override="trưởng đoàn"
    )
    assert (verdict.kind, verdict.reason) == ("extra", "override: trưởng đoàn")
    assert log(store) == [("extra", "override: trưởng đoàn")]


def test_an_override_does_not_revive_a_cancelled_guest(store: Session, scan: Scans) -> None:
    guest = put_down(store)
    cancel(store, guest, at=OPENING, by="test")
    assert scan(attendee_id=guest.id, override="quen biết").reason == "cancelled"


# The log


def test_the_same_nonce_gets_the_same_answer_and_counts_once(store: Session, scan: Scans) -> None:
    token = badge(store, put_down(store))
    first = scan(token, nonce="same")
    assert scan(token, nonce="same") == first
    assert log(store) == [("in", "")]
    assert {row[4] for row in present(store)} == {1}


def test_a_repeat_of_back_in_tells_the_first_time_again(store: Session, scan: Scans) -> None:
    token = badge(store, put_down(store))
    scan(token)
    assert scan(token, nonce="same").first == scan(token, nonce="same").first


def test_another_device_may_use_the_same_nonce(store: Session, scan: Scans) -> None:
    token = badge(store, put_down(store))
    scan(token, nonce="same")
    assert scan(token, nonce="same", device="phone-2").kind == "back"


def test_one_nonce_for_two_scans_is_an_error(store: Session, scan: Scans) -> None:
    tokens = [badge(store, put_down(store, f"Khách {letter}")) for letter in "AB"]
    scan(tokens[0], nonce="same")
    with pytest.raises(NonceReused):
        scan(tokens[1], nonce="same")
    with pytest.raises(NonceReused):
        scan(tokens[0], nonce="same", checkpoint="gate-b")
    assert len(log(store)) == 1


def test_a_row_says_who_scanned_what_where_when_and_how(store: Session, scan: Scans) -> None:
    person = add_staff(store, "lan@vidu.vn", "desk", at=OPENING, by="test")
    huong = put_down(store)
    early = OPENING - timedelta(minutes=2)
    verdict = scan(badge(store, huong), staff_id=person.id, method="scanner", scanned_at=early)
    row = store.get_one(Scan, verdict.scan_id)
    assert (row.device, row.staff_id, row.method, row.attendee_id) == (
        "phone-1", person.id, "scanner", huong.id,
    )  # fmt: skip
    assert (row.scanned_at, row.received_at, row.direction) == (early, OPENING, "in")


def test_a_late_upload_moves_the_first_time_back(store: Session, scan: Scans) -> None:
    token = badge(store, put_down(store))
    scan(token)
    early = OPENING - timedelta(minutes=30)
    scan(token, device="phone-2", scanned_at=early)
    assert {(row[3], row[4]) for row in present(store)} == {(early, 2)}


# Two at once


def at_once(store: Session, event: Event, scans: list[Scanned]) -> list[Verdict]:
    """Each scan from a connection of its own, all let loose together."""
    together = Barrier(len(scans))

    def one(scanned: Scanned) -> Verdict:
        with Session(store.get_bind(), expire_on_commit=False) as mine:
            mine.get_one(Event, event.id)  # a connection, ready
            together.wait(30)
            return check_in(mine, event, scanned, KEY.public_key(), at=OPENING)

    with ThreadPoolExecutor(len(scans)) as pool:
        return list(pool.map(one, scans))


def test_of_two_doors_that_scan_one_badge_at_once_one_is_the_first(
    store: Session, event: Event
) -> None:
    token = badge(store, put_down(store))
    scans = [
        a_scan(token, device=f"phone-{n}", nonce="n", scanned_at=OPENING, checkpoint=gate)
        for n, gate in enumerate(("gate-a", "gate-b", "gate-a", "gate-b"))
    ]
    kinds = sorted(verdict.kind for verdict in at_once(store, event, scans))
    assert kinds == ["back", "back", "back", "in"]
    assert sum(int(str(row[4])) for row in present(store)) == 4


def test_the_same_scan_sent_several_times_at_once_is_written_once(
    store: Session, event: Event
) -> None:
    token = badge(store, put_down(store))
    scans = [a_scan(token, nonce="same", scanned_at=OPENING)] * 4
    answers = at_once(store, event, scans)
    assert {(v.kind, v.scan_id) for v in answers} == {("in", answers[0].scan_id)}
    assert log(store) == [("in", "")]


def test_the_last_free_seat_goes_to_one_of_those_who_come_at_once(
    store: Session, event: Event
) -> None:
    put_down(store, "Khách có chỗ", "it-1")
    tokens = [badge(store, put_down(store, f"Khách {letter}")) for letter in "ABCD"]
    scans = [
        a_scan(token, nonce=f"n{n}", scanned_at=OPENING, checkpoint="it-1", device=f"phone-{n}")
        for n, token in enumerate(tokens)
    ]
    answers = at_once(store, event, scans)
    assert sorted((v.kind, v.reason) for v in answers) == [
        ("extra", "not_registered"), ("help", "full"), ("help", "full"), ("help", "full"),
    ]  # fmt: skip


# Undo


@pytest.fixture
def lan(store: Session) -> Staff:
    """At the desk."""
    return add_staff(store, "lan@vidu.vn", "desk", at=OPENING, by="test")


@pytest.fixture
def minh(store: Session) -> Staff:
    """A supervisor."""
    return add_staff(store, "minh@vidu.vn", "supervisor", at=OPENING, by="test")


def wish(verdict: Verdict, device: str = "phone-1") -> Undo:
    """To take this one back."""
    return Undo(verdict.scan_id or 0, device, f"u{next(nonces)}", "wrong_person")


def test_undo_is_a_row_of_its_own_and_the_guest_is_not_present(
    store: Session, event: Event, scan: Scans, lan: Staff
) -> None:
    token = badge(store, put_down(store))
    verdict = scan(token)
    row = undo(store, event, wish(verdict), lan, at=OPENING)
    assert (row.verdict, row.reason, row.undoes_id) == ("undone", "wrong_person", verdict.scan_id)
    assert log(store) == [("in", ""), ("undone", "wrong_person")]
    assert present(store) == set()
    assert scan(token).kind == "in"


def test_undo_of_a_second_entry_leaves_the_first(
    store: Session, event: Event, scan: Scans, lan: Staff
) -> None:
    token = badge(store, put_down(store))
    scan(token)
    before = present(store)
    undo(store, event, wish(scan(token)), lan, at=OPENING)
    assert present(store) == before


def test_a_second_undo_changes_nothing(
    store: Session, event: Event, scan: Scans, lan: Staff
) -> None:
    verdict = scan(badge(store, put_down(store)))
    rows = [undo(store, event, wish(verdict), lan, at=OPENING) for _ in range(2)]
    assert rows[0].id == rows[1].id
    assert len(log(store)) == 2


def test_undo_frees_the_seat_for_the_next(
    store: Session, event: Event, scan: Scans, lan: Staff
) -> None:
    put_down(store, "Khách A", "it-1")
    first, second = (badge(store, put_down(store, f"Khách {letter}")) for letter in "BC")
    undo(store, event, wish(scan(first, checkpoint="it-1")), lan, at=OPENING)
    assert scan(second, checkpoint="it-1").kind == "extra"


def test_the_desk_takes_back_only_its_own_last_scan_while_it_is_fresh(
    store: Session, event: Event, scan: Scans, lan: Staff
) -> None:
    first, last = (scan(badge(store, put_down(store, f"Khách {n}"))) for n in "AB")
    with pytest.raises(MayNotUndo):
        undo(store, event, wish(first), lan, at=OPENING)
    with pytest.raises(MayNotUndo):
        undo(store, event, wish(last, "phone-2"), lan, at=OPENING)
    with pytest.raises(MayNotUndo):
        undo(store, event, wish(last), lan, at=OPENING + timedelta(minutes=11))
    undo(store, event, wish(last), lan, at=OPENING + timedelta(minutes=9))
    undo(store, event, wish(first), lan, at=OPENING + timedelta(minutes=9))
    assert present(store) == set()


def test_a_supervisor_takes_back_any_scan(
    store: Session, event: Event, scan: Scans, minh: Staff
) -> None:
    verdict = scan(badge(store, put_down(store)))
    undo(store, event, wish(verdict, "laptop"), minh, at=OPENING + timedelta(hours=5))
    assert present(store) == set()


def test_what_let_nobody_in_cannot_be_taken_back(
    store: Session, event: Event, scan: Scans, minh: Staff
) -> None:
    with pytest.raises(NothingToUndo):
        undo(store, event, wish(scan("abc")), minh, at=OPENING)
    with pytest.raises(UnknownScan):
        undo(store, event, Undo(999, "phone-1", "u", ""), minh, at=OPENING)


def test_counting_anew_from_the_log_gives_the_same_presences(
    store: Session, event: Event, scan: Scans, minh: Staff
) -> None:
    booked = badge(store, put_down(store, "Khách A", "it-1"))
    extra = badge(store, put_down(store, "Khách B"))
    gone = badge(store, put_down(store, "Khách C"))
    late = OPENING - timedelta(hours=1)
    scan(booked)
    scan(booked, scanned_at=late)
    scan(booked, checkpoint="it-1")
    mistaken = scan(extra, checkpoint="it-1")
    scan(extra, checkpoint="it-1")
    undo(store, event, wish(mistaken), minh, at=OPENING)
    undo(store, event, wish(scan(gone, checkpoint="gate-b")), minh, at=OPENING)
    scan(booked, scanned_at=OPENING + timedelta(days=1))
    before = present(store)
    assert rebuild(store, event) == len(before) == 4
    assert present(store) == before
