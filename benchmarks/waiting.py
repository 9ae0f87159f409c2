"""Two thousand people fight over a hundred seats, with random cancels: a hundred, in order."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.figures import Figure
from benchmarks.sites import site
from event.amendments import cancel
from event.attendees import Attendee, Registration, put_down
from event.bookings import Booking
from event.database import make_engine
from event.journal import Change
from event.own_seats import give_back, leave_queue, take_seat
from event.programme import Slot
from event.waiting import Wait
from pages.clock import computer_clock
from pages.database import db

PEOPLE, SEATS, AT_ONCE = 2000, 100, 4
LEAVING = 0.3
"""Share of those who, having a seat or a turn, give it up again."""


@dataclass
class Fight:
    """What was seen: how many looks found another number of seats taken than there should be."""

    looks: int = 0
    wrong: list[int] = field(default_factory=list)
    seated: int = 0
    out_of_order: int = 0


def fight(engine: Engine, slot: Slot, people: list[int], *, seed: int, at: datetime) -> Fight:
    """Everybody presses, from several threads; another one looks all the while."""
    seen, over = Fight(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(engine, slot, seen, over))
    watcher.start()
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        presses = [
            crowd.submit(_press, engine, slot.key, number, seed + number, at) for number in people
        ]
        for press in presses:
            press.result()
    over.set()
    watcher.join()
    with Session(engine) as session:
        seen.seated = _taken(session, slot)[0]
        seen.out_of_order = sum(_out_of_order(session, slot.key))
    return seen


def _press(engine: Engine, key: str, number: int, seed: int, at: datetime) -> None:
    """One person: wants a seat; perhaps thinks better of it, in one of three ways."""
    random = Random(seed)
    with Session(engine, expire_on_commit=False) as session:
        person = session.get_one(Attendee, number)
        take_seat(session, person, key, at=at, by="attendee")
        if random.random() >= LEAVING:
            return
        what = random.choice((give_back, leave_queue, cancel))
        if what is cancel:
            cancel(session, person, at=at, by="attendee")
        else:
            what(session, person, key, at=at, by="attendee")  # type: ignore[call-arg]


def _watch(engine: Engine, slot: Slot, seen: Fight, over: threading.Event) -> None:
    """Once it is full it stays full, as long as somebody waits; never is there one too many."""
    while not over.is_set():
        with Session(engine) as session:
            taken, booked, queue = _taken(session, slot)
        seen.looks += 1
        if taken != booked or taken > (slot.capacity or 0) or (queue and taken != slot.capacity):
            seen.wrong.append(taken)


def _taken(session: Session, slot: Slot) -> tuple[int, int, int]:
    """What the session says, what the seats say, and how many wait: at one moment."""
    booked = select(func.count()).where(Booking.slot_id == slot.id).scalar_subquery()
    waits = select(func.count()).where(Wait.slot_id == slot.id).scalar_subquery()
    row = session.execute(select(Slot.taken, booked, waits).where(Slot.id == slot.id)).one()
    return row[0], row[1], row[2]


def _out_of_order(session: Session, key: str) -> Iterator[bool]:
    """The journal, played again: who gets a freed seat must be the first in the queue."""
    queue: list[int] = []
    changes = select(Change).where(Change.subject == "attendee").order_by(Change.id)
    for change in session.scalars(changes):
        who = change.subject_id
        if change.verb == "queued":
            queue.append(who)
        elif change.verb == "seated" and key in change.details["sessions"][1]:
            yield queue[:1] != [who]
            queue.remove(who)
        elif change.verb in ("unqueued", "cancelled") and who in queue:
            queue.remove(who)


def waiting() -> list[Figure]:
    """On SQLite as the site uses it."""
    with site(people=0) as app, app.app_context():
        session = db.session()
        slot = session.scalars(select(Slot).where(Slot.kind == "session").limit(1)).one()
        slot.capacity = SEATS
        people = [
            put_down(session, Registration(name=f"Khách {n}"), at=computer_clock(), by="bench")
            for n in range(PEOPLE)
        ]
        session.commit()
        engine = make_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        seen = fight(engine, slot, people, seed=1, at=computer_clock())
        engine.dispose()
    wrong, unjust = float(len(seen.wrong)), float(seen.out_of_order)
    return [
        Figure("2,000 over 100 seats: looks that found another number", wrong, "", 0),
        Figure("of those seated from the queue, out of order", unjust, "", 0),
        Figure("seats held at the end", float(seen.seated), "", SEATS, at_least=True),
        Figure("looks meanwhile", float(seen.looks), "", 100, at_least=True),
    ]
