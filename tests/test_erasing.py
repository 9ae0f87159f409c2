"""Erasing: one person, or everybody after the day that the event names; what was counted stays."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from event.about import About, as_facts
from event.attendees import Attendee, Registration, everyone, matching, register
from event.bookings import Booking
from event.consents import Consent
from event.counts import numbers_now
from event.data_requests import Asked, DataRequest, write_down
from event.delegations import Delegation
from event.erasing import Erasure, erase_everybody, erase_person, rows_that_tell
from event.finding import ask_for_link
from event.journal import Change, note
from event.mail import Circular, Mail
from event.people import filtered
from event.personal import HELD, unsorted
from event.programme import Event, Slot
from event.retention import NotYet, is_due, say_yes, take_back, too_early, yes_to
from event.scans import Presence, Scan
from event.strays import Stray
from event.words import Words
from tests.house import OPENING

MARK = "Zyxwvut"
"""A name that stands nowhere else."""
DAY = date(2023, 9, 29)
LATER = OPENING + timedelta(days=200)
KEPT_UNTIL = date(2024, 3, 30)


def the_event(session: Session, **facts: object) -> Event:
    """The small event, with its day of erasure."""
    event = session.scalars(select(Event)).one()
    event.facts = as_facts(About(keep_until=KEPT_UNTIL, **facts))  # type: ignore[arg-type]
    session.commit()
    return event


def somebody(session: Session, name: str = f"Nguyễn {MARK}", **stated: object) -> Attendee:
    """Registered by their own form."""
    known: dict[str, object] = {
        "email": f"{MARK.lower()}@vidu.vn", "phone": "+84912345678",
        "organisation": f"Công ty {MARK}", "position": MARK, "remark": MARK,
        "sessions": ("it-1",), "agreed": ("take_part",),
    }  # fmt: skip
    whole = Registration(name=name, **(known | stated))  # type: ignore[arg-type]
    return register(session, whole, at=OPENING).attendee


def left_of(session: Session, word: str) -> list[str]:
    """Every table in which a word still stands, in any of its columns."""
    found = []
    for table in HELD:
        for row in session.execute(text(f"SELECT * FROM {table}")):
            said = " ".join(
                bytes(value).decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
                for value in row
            )
            if word.casefold() in said.casefold():
                found.append(table)
    return sorted(set(found))


def test_every_column_that_could_hold_words_is_sorted() -> None:
    assert unsorted() == []


def contact(store: Session) -> Attendee:
    """Somebody in a delegation whose contact they are."""
    person = somebody(store)
    party = Delegation(name="Sở", folded_name="so", contact_name=f"Bà {person.name}",
                       contact_email=person.email, created_at=OPENING)  # fmt: skip
    store.add(party)
    store.flush()
    person.party_id = party.id
    note(store, "changed", "party", party.id, by="x", at=OPENING, contact_name=["", MARK])
    store.commit()
    return person


def test_of_an_erased_person_a_number_is_left(store: Session) -> None:
    person = contact(store)
    note(store, "changed", "attendee", person.id, by="attendee", at=OPENING, name=["x", MARK])
    asked = Asked("deletion", "phone", OPENING, person.id, who=MARK, contact=MARK, words=MARK)
    write_down(store, the_event(store), asked, at=OPENING, by="lan@vidu.vn")
    erase_person(store, person, at=LATER, by="attendee")
    store.refresh(person)
    assert left_of(store, MARK) == []
    assert (person.name, person.phone, person.interests, person.sort_key) == ("", "", [], b"")
    assert (person.erased_at, person.cancelled_at, person.link_revision) == (LATER, LATER, 1)
    assert store.scalars(select(Slot.taken).where(Slot.key == "it-1")).one() == 0
    assert store.scalars(select(func.count(Booking.id))).one() == 0
    assert store.scalars(select(Consent.withdrawn_at)).one() == LATER
    mail = store.scalars(select(Mail)).one()
    assert (mail.address, mail.failure, mail.done_at) == ("", "mail.stopped", LATER)
    record = store.scalars(select(Erasure)).one()
    assert (record.kind, record.attendee_id, record.by) == ("person", person.id, "attendee")
    assert record.counts == {
        "attendees": 1, "changes": 3, "data_requests": 1, "mails": 1,
    }  # fmt: skip


def test_an_erased_person_is_found_nowhere(store: Session) -> None:
    person = somebody(store)
    erase_person(store, person, at=LATER, by="attendee")
    assert store.scalars(everyone()).all() == []
    assert store.scalars(filtered({"state": "all"})).all() == []
    assert store.scalars(matching(everyone(), "00001")).all() == []


def test_others_stay_as_they_are(store: Session) -> None:
    first, second = somebody(store), somebody(store, "Trần Văn Ánh", email="anh@vidu.vn")
    erase_person(store, first, at=LATER, by="attendee")
    store.refresh(second)
    assert (second.name, second.email, second.erased_at) == ("Trần Văn Ánh", "anh@vidu.vn", None)
    assert store.scalars(select(Slot.taken).where(Slot.key == "it-1")).one() == 1


def test_whoever_came_still_counts_and_their_badge_opens_nothing(store: Session) -> None:
    the_event(store)
    person = somebody(store)
    store.add(Presence(attendee_id=person.id, checkpoint_id=1, day=DAY, first_at=OPENING))
    store.commit()
    erase_person(store, person, at=LATER, by="lan@vidu.vn")
    store.refresh(person)
    assert (person.cancelled_at, person.revision, person.name) == (None, 1, "")
    assert (numbers_now(store, DAY).registered, numbers_now(store, DAY).arrived) == (1, 1)


def everybody_gone(session: Session, *, at: datetime = LATER, really: datetime = LATER) -> None:
    erase_everybody(session, session.scalars(select(Event)).one(), at=at, really=really, by="x")


def test_everybody_is_emptied_and_the_counts_stay(store: Session) -> None:
    the_event(store)
    for name in (f"A {MARK}", f"B {MARK}", f"C {MARK}"):
        somebody(store, name, sessions=())
    store.add_all([
        Stray(device="d", mark="m", received_at=OPENING, said=MARK, why=MARK),
        Circular(subject=Words(MARK), body=Words(MARK), people={"q": MARK}, by="x", at=OPENING),
    ])  # fmt: skip
    store.commit()
    ask_for_link(store, f"{MARK}@vidu.vn", origin="1", at=OPENING)
    before = numbers_now(store, DAY)
    everybody_gone(store)
    after = numbers_now(store, DAY)
    assert left_of(store, MARK) == []
    assert (before.registered, after.registered) == (3, 3)
    assert [tally.registered for tally in after.tallies] == [3, 0, 0]
    assert store.scalars(everyone()).all() == []
    record = store.scalars(select(Erasure)).one()
    assert (record.kind, record.counts["attendees"], record.counts["strays"]) == ("everybody", 3, 1)


def test_what_the_programme_did_stays_in_the_journal(store: Session) -> None:
    the_event(store)
    note(store, "changed", "slot", 1, by="x", at=OPENING, title=["a", "b"])
    note(store, "changed", "party", 1, by="x", at=OPENING, contact_name=["", MARK])
    store.commit()
    everybody_gone(store)
    told = store.execute(select(Change.subject, Change.details).order_by(Change.id)).all()
    assert [tuple(row) for row in told] == [
        ("slot", {"title": ["a", "b"]}), ("party", {}), ("event", {}),
    ]  # fmt: skip


def test_an_override_stays_without_its_words(store: Session) -> None:
    the_event(store)
    person = somebody(store)
    store.add(Scan(device="d", nonce="n", method="camera", attendee_id=person.id, checkpoint_id=1,
                   scanned_at=OPENING, received_at=OPENING, verdict="extra",
                   reason=f"override: {MARK}"))  # fmt: skip
    store.commit()
    everybody_gone(store)
    assert store.scalars(select(Scan.reason)).one() == "override"


@pytest.mark.parametrize(
    ("facts", "at", "really", "why"),
    [
        ({}, LATER, LATER, ""),
        ({}, OPENING, LATER, "too_early"),
        ({}, LATER, OPENING, "too_early"),
        ({}, datetime(2024, 3, 30, 16, 59, tzinfo=UTC), LATER, "too_early"),
        ({}, datetime(2024, 3, 30, 17, 0, tzinfo=UTC), LATER, ""),
        ({"rehearsal": True}, LATER, LATER, "rehearsal"),
    ],
)
def test_a_clock_that_was_set_and_days_that_were_moved_erase_nobody(
    facts: dict[str, object], at: datetime, really: datetime, why: str, store: Session
) -> None:
    event = the_event(store, **facts)
    somebody(store)
    assert too_early(event, at=at, really=really) == why
    if why:
        with pytest.raises(NotYet, match=why):
            everybody_gone(store, at=at, really=really)
        assert store.scalars(select(Attendee.erased_at)).one() is None


def test_nothing_is_due_without_an_organisers_yes(store: Session) -> None:
    event = the_event(store)
    somebody(store)
    assert not is_due(store, event, at=LATER, really=LATER)
    say_yes(store, event, at=OPENING, by="lan@vidu.vn")
    assert is_due(store, event, at=LATER, really=LATER)
    assert not is_due(store, event, at=LATER, really=OPENING)
    take_back(store, event, at=OPENING, by="lan@vidu.vn")
    assert not is_due(store, event, at=LATER, really=LATER)


def test_a_yes_holds_for_the_day_it_was_given_for(store: Session) -> None:
    event = the_event(store)
    say_yes(store, event, at=OPENING, by="lan@vidu.vn")
    event.facts = as_facts(About(keep_until=date(2024, 1, 1)))
    store.commit()
    assert store.scalar(yes_to(event)) is None


def test_an_event_without_a_day_takes_no_yes(store: Session) -> None:
    event = store.scalars(select(Event)).one()
    with pytest.raises(NotYet, match="no_date"):
        say_yes(store, event, at=OPENING, by="lan@vidu.vn")


def test_what_would_be_emptied_is_counted_beforehand(store: Session) -> None:
    the_event(store)
    somebody(store)
    assert rows_that_tell(store) == {"attendees": 1, "changes": 1, "mails": 1}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_is_left_in_the_file_of_the_database(store: Session) -> None:
    """Not even where SQLite keeps room for later."""
    person = somebody(store)
    erase_person(store, person, at=LATER, by="attendee")
    file = Path(str(store.get_bind().url.database))  # type: ignore[union-attr]
    with store.get_bind().connect() as connection:  # type: ignore[union-attr]
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    left = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert MARK.lower().encode() not in left.lower()


def test_a_request_outlives_the_person(store: Session) -> None:
    person = somebody(store)
    asked = Asked("deletion", "letter", OPENING, person.id, who=MARK)
    number = write_down(store, the_event(store), asked, at=OPENING, by="lan@vidu.vn")
    erase_person(store, person, at=LATER, by="lan@vidu.vn")
    kept = store.get_one(DataRequest, number)
    assert (kept.kind, kept.who, kept.attendee_id) == ("deletion", "", person.id)
