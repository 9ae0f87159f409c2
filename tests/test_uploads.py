"""What devices kept without a network: taken in as they decided it, twice or late too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.badges import token_of
from event.checkin import Scanned, Verdict, check_in
from event.corrections import Undo, undo
from event.headcounts import Counted, Headcount
from event.programme import Event, the_event
from event.scans import Presence, Scan
from event.staff import add_staff
from event.uploads import Report, Result, Untaken, take_in
from tests.house import OPENING

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
LATER = OPENING + timedelta(hours=1)
numbers = count(1)
Upload = Callable[..., list[Result]]


@pytest.fixture
def event(store: Session) -> Event:
    """The small event."""
    found = the_event(store)
    assert found
    return found


@pytest.fixture
def upload(store: Session, event: Event) -> Upload:
    """An hour after the opening."""
    return lambda *reports: take_in(store, event, reports, KEY.public_key(), at=LATER)


@pytest.fixture
def guest(store: Session) -> Attendee:
    """Somebody without a session."""
    return register(store, Registration("Trần Văn Bình"), at=OPENING).attendee


def badge(store: Session, event: Event, guest: Attendee) -> str:
    whole = select(Attendee).where(Attendee.id == guest.id)
    loaded = store.scalars(whole.options(joinedload(Attendee.category))).one()
    return token_of(store, event, loaded, KEY)


def kept(code: str, decided: str = "in", **said: object) -> Scanned:
    """A scan by a phone at Cổng A while it was on its own."""
    usual = {"device": "phone-1", "checkpoint": "gate-a", "method": "camera", "scanned_at": OPENING}
    nonce = f"kept-{next(numbers):05}"
    return Scanned(**{**usual, "nonce": nonce, "code": code, "decided": decided, **said})  # type: ignore[arg-type]


def log(store: Session) -> list[tuple[str, bool, str]]:
    """Verdict, whether the device gave it, and what the server has against it."""
    store.commit()
    rows = store.scalars(select(Scan).order_by(Scan.id))
    return [(scan.verdict, scan.provisional, scan.objection) for scan in rows]


def entries(store: Session) -> list[tuple[int, int]]:
    store.commit()
    return [
        (p.attendee_id, p.entries) for p in store.scalars(select(Presence).order_by(Presence.id))
    ]


def kinds(results: list[Result]) -> list[str]:
    return [result.kind for result in results if isinstance(result, Verdict)]


def test_who_was_let_in_is_in(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    assert kinds(upload(kept(badge(store, event, guest)))) == ["in"]
    assert log(store) == [("in", True, "")]
    assert entries(store) == [(guest.id, 1)]


def test_the_same_upload_again_changes_nothing(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    scan = kept(badge(store, event, guest))
    assert kinds(upload(scan, scan)) == ["in", "in"]
    assert kinds(upload(scan)) == ["in"]
    assert log(store) == [("in", True, "")]


def test_who_was_let_in_although_cancelled_is_in_with_an_objection(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    code = badge(store, event, guest)
    cancel(store, guest, at=OPENING, by="test")
    upload(kept(code))
    assert log(store) == [("in", True, "cancelled")]
    assert entries(store) == [(guest.id, 1)]


def test_a_session_for_those_registered_only_objects(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    upload(kept(badge(store, event, guest), "extra", checkpoint="energy-1"))
    assert log(store) == [("extra", True, "registered_only")]


def test_who_was_turned_away_stays_outside(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    upload(kept(badge(store, event, guest), "help", decided_why="full", checkpoint="it-1"))
    assert log(store) == [("help", True, "")]
    assert entries(store) == []


def test_a_forgery_is_none_of_ours_whatever_a_device_says(
    store: Session, event: Event, upload: Upload
) -> None:
    assert kinds(upload(kept("1" * 200))) == ["help"]
    assert entries(store) == []


def test_what_nobody_decided_is_decided_now(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    code = badge(store, event, guest)
    assert kinds(upload(kept(code, ""), kept(code, "", checkpoint="energy-1"))) == ["in", "help"]
    assert log(store) == [("in", False, ""), ("help", False, "")]


def test_both_clocks_are_kept(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    own = OPENING + timedelta(minutes=20)
    upload(kept(badge(store, event, guest), device_at=own))
    store.commit()
    scan = store.scalars(select(Scan)).one()
    assert (scan.scanned_at, scan.device_at, scan.received_at) == (OPENING, own, LATER)


def test_the_first_entry_is_the_earlier_one_whichever_comes_first(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    code, early = badge(store, event, guest), OPENING - timedelta(minutes=30)
    upload(kept(code))
    upload(kept(code, device="phone-2", scanned_at=early))
    store.commit()
    presence = store.scalars(select(Presence)).one()
    assert (presence.first_at, presence.entries) == (early, 2)


def test_what_the_server_refused_and_the_door_let_in_counts(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    """Its answer was lost on the way, and the device decided by an older list."""
    code = badge(store, event, guest)
    cancel(store, guest, at=OPENING, by="test")
    scan = kept(code)
    asked = replace(scan, decided="")
    assert check_in(store, event, asked, KEY.public_key(), at=OPENING).reason == "cancelled"
    upload(scan)
    upload(scan)
    assert log(store) == [("help", False, ""), ("in", True, "cancelled")]
    assert entries(store) == [(guest.id, 1)]


def test_whom_the_server_let_in_and_the_door_turned_back_does_not_count(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    scan = kept(badge(store, event, guest), "help", decided_why="cancelled")
    check_in(store, event, replace(scan, decided=""), KEY.public_key(), at=OPENING)
    assert entries(store) == [(guest.id, 1)]
    upload(scan)
    upload(scan)
    assert [verdict for verdict, _, _ in log(store)] == ["in", "undone"]
    assert entries(store) == []


def test_an_answer_that_was_lost_is_one_scan(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    scan = kept(badge(store, event, guest))
    check_in(store, event, replace(scan, decided=""), KEY.public_key(), at=OPENING)
    upload(scan)
    assert log(store) == [("in", False, "")]
    assert entries(store) == [(guest.id, 1)]


def test_one_that_means_nothing_does_not_hold_up_the_others(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    code = badge(store, event, guest)
    reports: list[Report] = [
        kept(code, checkpoint="gate-z"),
        Counted("phone-1", "count-0001", "gate-a", OPENING, people=5),
        Counted("phone-1", "count-0002", "gate-a", OPENING, undoes="count-0009"),
        kept(code),
    ]
    results = upload(*reports)
    assert results[:3] == [Untaken("checkpoint"), None, Untaken("nothing_to_take_back")]
    assert kinds(results) == ["in"]
    assert list(store.scalars(select(Headcount.people))) == [5]


def test_a_nonce_of_another_scan_is_told_apart(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    first = kept(badge(store, event, guest))
    assert upload(first, replace(first, checkpoint="gate-b"))[1] == Untaken("nonce")
    assert log(store) == [("in", True, "")]


def test_one_taken_back_here_and_turned_away_there_stays_taken_back(
    store: Session, event: Event, guest: Attendee, upload: Upload
) -> None:
    scan = kept(badge(store, event, guest), "help", decided_why="cancelled")
    check_in(store, event, replace(scan, decided=""), KEY.public_key(), at=OPENING)
    supervisor = add_staff(store, "giamsat@vidu.vn", "supervisor", at=OPENING, by="test")
    done = store.scalars(select(Scan)).one()
    undo(store, event, Undo(done.id, "desk", "undo-0001", "by_mistake"), supervisor, at=OPENING)
    assert kinds(upload(scan)) == ["in"]
    assert [verdict for verdict, _, _ in log(store)] == ["in", "undone"]
    assert entries(store) == []
