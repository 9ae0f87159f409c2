"""Invented people obey the rules of real ones, are plausible, and are the same again for a seed."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import public_key
from event.bookings import Booking, clashes
from event.consents import Consent
from event.invention import Inventor, Offered
from event.mail import Mail
from event.phones import parse_phone
from event.programme import Category, Slot
from event.questions import BY_KEY
from event.rehearsal import NoEvent, arrive, invent
from event.scans import Presence, Scan
from pages import current
from pages.database import db
from tests.house import OPENING, Clock

MANY = 400


@pytest.fixture
def crowd(session: Session, clock: Clock) -> list[Attendee]:
    """Four hundred invented people."""
    invent(session, MANY, seed=7, at=clock())
    return list(session.scalars(select(Attendee).order_by(Attendee.id)))


def test_names_have_their_real_proportions() -> None:
    offered = Offered(categories=["visitor"], purposes=["take_part"], slots=[])
    people = Inventor(1, offered).people(5000)
    families = Counter(each.name.split()[0] for each in people if each.language == "vi")
    shares = {name: count / families.total() for name, count in families.most_common(4)}
    assert list(shares) == ["Nguyễn", "Trần", "Lê", "Phạm"]
    assert 0.36 < shares["Nguyễn"] < 0.41


def test_some_come_from_abroad(crowd: list[Attendee]) -> None:
    foreign = [each for each in crowd if each.language == "en"]
    assert 4 <= len(foreign) <= 32
    assert {each.province for each in foreign} == {"00"}
    assert any(not each.name.isascii() for each in foreign)


def test_every_answer_is_one_that_a_form_would_take(crowd: list[Attendee]) -> None:
    for each in crowd:
        for key in ("honorific", "degree", "name", "email", "organisation", "position", "province"):
            value = getattr(each, key)
            assert BY_KEY[key].answer(value, required=False) == value
        assert not each.phone or parse_phone(each.phone) == each.phone


def test_addresses_are_examples_and_some_are_shared(crowd: list[Attendee]) -> None:
    addresses = Counter(each.email for each in crowd)
    assert all(address.endswith("@vidu.vn") for address in addresses)
    assert max(addresses.values()) > 1


def test_seats_are_kept_and_chosen_unevenly(crowd: list[Attendee], session: Session) -> None:
    slots = {slot.key: slot for slot in session.scalars(select(Slot))}
    booked = Counter(session.scalars(select(Slot.key).join(Booking)))
    assert {key: slot.taken for key, slot in slots.items() if slot.taken} == dict(booked)
    assert (slots["it-1"].taken, slots["energy-1"].taken, slots["energy-2"].taken) == (2, 1, 30)
    assert slots["it-2"].taken != slots["forum"].taken


def test_nobody_has_to_be_in_two_rooms(crowd: list[Attendee], session: Session) -> None:
    slots = {slot.id: slot for slot in session.scalars(select(Slot))}
    chosen: dict[int, list[Slot]] = {}
    for person, slot in session.execute(select(Booking.attendee_id, Booking.slot_id)):
        chosen.setdefault(person, []).append(slots[slot])
    assert [clashes(each) for each in chosen.values() if clashes(each)] == []


def test_they_agreed_and_chose_a_public_category(crowd: list[Attendee], session: Session) -> None:
    consents = select(func.count(Consent.attendee_id.distinct()))
    assert session.scalar(consents) == MANY
    hidden = select(func.count(Attendee.id)).join(Category).where(Category.public.is_(False))
    assert session.scalar(hidden) == 0


def test_no_mail_goes_to_them(crowd: list[Attendee], session: Session) -> None:
    told = session.execute(select(Mail.failure, func.count()).group_by(Mail.failure)).all()
    assert [tuple(row) for row in told] == [("mail.invented", MANY)]
    assert session.scalar(select(func.count(Mail.id)).where(Mail.done_at.is_(None))) == 0


def test_a_seed_gives_the_same_people_again(session: Session, clock: Clock) -> None:
    def named(seed: int) -> list[str]:
        numbers = invent(session, 40, seed=seed, at=clock())
        return list(session.scalars(select(Attendee.name).where(Attendee.id.in_(numbers))))

    first = named(3)
    assert named(3) == first
    assert named(4) != first


def test_a_share_of_them_arrives_around_the_opening(app: Flask, session: Session) -> None:
    numbers = invent(session, 50, seed=1, at=OPENING)
    key = public_key(current.keys().badges)
    assert arrive(session, numbers, 0.6, key, seed=1) == 30
    assert session.scalar(select(func.count(Presence.id))) == 30
    assert set(session.scalars(select(Scan.verdict))) == {"in"}
    hours = {
        (each.scanned_at - OPENING).total_seconds() / 3600 for each in session.scalars(select(Scan))
    }
    assert -1 < min(hours) < max(hours) < 5


def test_without_an_event_there_is_nothing_to_register_for(
    app: Flask, session: Session, clock: Clock
) -> None:
    for table in reversed(db.metadata.sorted_tables):
        session.execute(delete(table))
    session.commit()
    with pytest.raises(NoEvent):
        invent(session, 1, seed=1, at=clock())
