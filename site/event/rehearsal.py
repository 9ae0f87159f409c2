"""A site filled with invented people, by the rules of a real registration and of a real door."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.attendees import Registration, put_down
from event.base import begin_writing
from event.bookings import SeatsGone
from event.checkin import Scanned, check_in
from event.consents import notices
from event.delegations import announce
from event.invention import Inventor, Offered
from event.mail import Mail
from event.offer import TAKE_PART
from event.programme import Category, checkpoints, sessions, the_event
from event.provinces import PROVINCES

BY = "invented"
BATCH = 100  # in one transaction
LEAD = timedelta(days=20)
"""They put their names down over these days."""
IN_DELEGATIONS = 0.3  # of those who come from an agency


class NoEvent(LookupError):
    """There is nothing yet to register for."""


def invent(
    session: Session,
    count: int,
    *,
    seed: int,
    at: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> list[int]:
    """Put `count` invented people down, in batches; gives their numbers. Raises `NoEvent`.

    No mail goes to them: the addresses are invented too.
    """
    if the_event(session) is None:
        raise NoEvent
    offered = _offered(session)
    people = Inventor(seed, offered).people(count)
    random, put = Random(seed), list[int]()  # noqa: S311
    while batch := list(islice(people, BATCH)):
        begin = at - LEAD * (1 - len(put) / count)
        put += _put_down_all(session, batch, random, offered, begin)
        progress(len(put))
    return put


def arrive(
    session: Session,
    numbers: list[int],
    share: float,
    key: Ed25519PublicKey,
    *,
    seed: int,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Let a share of these people in on the first day, most in the half hour before it opens."""
    event = the_event(session)
    gates = [place.key for place in session.scalars(checkpoints()) if place.kind == "gate"]
    if event is None or not gates:
        raise NoEvent
    random = Random(seed)  # noqa: S311
    coming = random.sample(numbers, round(share * len(numbers)))
    for done, (number, moment) in enumerate(_arrivals(session, coming, random), 1):
        nonce = f"invented-{number}"
        scanned = Scanned(BY, nonce, random.choice(gates), "search", moment, attendee_id=number)
        check_in(session, event, scanned, key, at=moment)
        progress(done)
    return len(coming)


def _arrivals(
    session: Session, numbers: list[int], random: Random
) -> Iterator[tuple[int, datetime]]:
    first = session.scalars(sessions().limit(1)).one()
    moments = sorted(
        first.starts_at + timedelta(minutes=min(max(random.gauss(-20, 30), -75), 240))
        for _ in numbers
    )
    return zip(numbers, moments, strict=True)


def _put_down_all(
    session: Session, people: list[Registration], random: Random, offered: Offered, at: datetime
) -> list[int]:
    """One transaction; they come a minute after each other."""
    begin_writing(session)
    numbers = [
        _put_down(session, person, random, offered, at + timedelta(minutes=minutes))
        for minutes, person in enumerate(people)
    ]
    _spare(session, numbers, at)
    session.commit()
    session.expunge_all()
    return numbers


def _spare(session: Session, numbers: list[int], at: datetime) -> None:
    spared = {"done_at": at, "failure": "mail.invented"}
    session.execute(update(Mail).where(Mail.attendee_id.in_(numbers)).values(spared))


def _put_down(
    session: Session, person: Registration, random: Random, offered: Offered, at: datetime
) -> int:
    party = _party(session, person, random, at)
    try:
        with session.begin_nested():
            return put_down(session, person, at=at, by=BY, party_id=party)
    except SeatsGone as error:
        offered.gone(error.keys)
        plain = Registration(**{**vars(person), "sessions": ()})
        return put_down(session, plain, at=at, by=BY, party_id=party)


def _party(session: Session, person: Registration, random: Random, at: datetime) -> int | None:
    if person.category != "agency" or random.random() >= IN_DELEGATIONS:
        return None
    name = next(p.name for p in PROVINCES if p.code == person.province)
    return announce(session, f"Đoàn {name}", at=at, by=BY).id


def _offered(session: Session) -> Offered:
    public = select(Category.key).where(Category.public).order_by(Category.position)
    purposes = [notice.purpose for notice in session.scalars(notices())]
    purposes.sort(key=lambda purpose: purpose != TAKE_PART)
    return Offered(
        categories=list(session.scalars(public)),
        purposes=purposes,
        slots=list(session.scalars(sessions())),
    )
