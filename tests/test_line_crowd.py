"""Many register and cancel at once: never one too many, and each place to the next in line."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Registration, everyone, register
from event.bookings import held
from event.journal import Change
from event.limits import limits
from event.line import in_line
from event.programme import Event, Slot
from tests.house import OPENING

PEOPLE, PLACES, AT_ONCE = 30, 5, 4


def test_thirty_people_fight_for_five_places(store: Session) -> None:
    store.scalars(select(Event)).one().places = PLACES
    store.commit()
    seen = fight(store.get_bind())  # type: ignore[arg-type]
    assert not any(above for above, _ in seen)
    assert (False, True) not in seen, "a place was free beside the line"
    cancelled = sum(change.verb == "cancelled" for change in journal(store))
    assert cancelled > PLACES
    people = store.scalars(everyone()).all()
    assert len(people) == PLACES
    assert {held(store, person.id) for person in people} == {"energy-2 forum"}
    seats = select(Slot.taken).where(Slot.key.in_(["energy-2", "forum"]))
    assert store.scalars(seats).all() == [PLACES, PLACES]
    line, wrong = replayed(store)
    assert (line, wrong) == ([person.id for person in store.scalars(in_line())], [])
    assert len(line) == PEOPLE - PLACES - cancelled


def fight(engine: Engine) -> set[tuple[bool, bool]]:
    """Everybody at once, while somebody looks; gives what was seen."""
    over, seen = threading.Event(), set[tuple[bool, bool]]()
    watcher = threading.Thread(target=watch, args=(engine, over, seen))
    watcher.start()
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        list(crowd.map(lambda number: press(engine, number), range(PEOPLE)))
    over.set()
    watcher.join()
    return seen


def press(engine: Engine, number: int) -> None:
    """Register; every third one thinks better of it at once."""
    with Session(engine, expire_on_commit=False) as session:
        asked = Registration(f"Khách {number}", sessions=("energy-2", "forum"))
        person = register(session, asked, at=OPENING).attendee
        if Random(number).random() < 0.4:
            cancel(session, person, at=OPENING, by="attendee")


def watch(engine: Engine, over: threading.Event, seen: set[tuple[bool, bool]]) -> None:
    """Whether there were too many, and whether a place was free while somebody stood in line."""
    while not over.is_set():
        with Session(engine) as session:
            session.connection(execution_options={"isolation_level": level(engine)})
            taken = limits(session).event.taken
            waiting = session.scalar(in_line().limit(1)) is not None
        seen.add((taken > PLACES, waiting and taken < PLACES))


def level(engine: Engine) -> str:
    """Under which both statements see one moment."""
    return "SERIALIZABLE" if engine.dialect.name == "sqlite" else "REPEATABLE READ"


def journal(session: Session) -> Iterator[Change]:
    return iter(session.scalars(select(Change).order_by(Change.id)).all())


def replayed(session: Session) -> tuple[list[int], list[int]]:
    """The line after all of it, and who was admitted before somebody else's turn."""
    line: list[int] = []
    wrong = []
    for change in journal(session):
        who = change.subject_id
        if change.verb == "lined_up":
            line.append(who)
        elif change.verb == "admitted":
            wrong += [who] if line[0] != who else []
            line.remove(who)
        elif change.verb == "cancelled" and who in line:
            line.remove(who)
    return line, wrong
