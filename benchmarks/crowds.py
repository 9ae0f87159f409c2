"""The figures of the busiest minute: how many are inside now, and the totals of the gates."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import update

from benchmarks.crowd import copy_people
from benchmarks.figures import Figure
from benchmarks.sites import site
from event.crowds import crowds
from event.flow import flow_now
from event.places import inside_now, open_door
from event.programme import Checkpoint, Event, the_event
from event.scans import day_of
from pages.clock import computer_clock
from pages.database import db

INVENTED, TIMES = 1000, 100
"""A hundred thousand people; each passed a gate three times in ten hours, and a third went out."""
TRIES = 15
GOAL = 20.0
GATE = "1 + (id + :turn) % (SELECT count(*) FROM checkpoints WHERE kind = 'gate')"
AT = "datetime('now', '-' || ((id * 7919 + :turn) % 600) || ' minutes')"
PASSAGES = f"""
    INSERT INTO scans (device, nonce, method, attendee_id, checkpoint_id, direction, scanned_at,
                       received_at, provisional, verdict, reason, objection)
    SELECT 'phone-' || id % 20, id || '-' || :turn, 'camera', id, {GATE},
           CASE WHEN :out AND id % 3 = 0 THEN 'out' ELSE 'in' END, {AT}, {AT},
           0, CASE WHEN :out AND id % 3 = 0 THEN 'out' ELSE 'back' END, '', ''
    FROM attendees
"""
PRESENT = """
    INSERT INTO presences (attendee_id, checkpoint_id, day, first_at, last_at, entries, registered,
                           inside)
    SELECT attendee_id, checkpoint_id, :day, min(scanned_at), max(scanned_at), count(*), 1,
           attendee_id % 3 > 0 AND row_number() OVER (PARTITION BY attendee_id) = 1
    FROM scans GROUP BY attendee_id, checkpoint_id
"""
BY_HAND = """
    SELECT count(*) FROM presences WHERE day = ? AND inside = 1 AND checkpoint_id IN
        (SELECT id FROM checkpoints WHERE kind = 'gate')
"""


def inside() -> list[Figure]:
    """With a hundred thousand people and three hundred thousand scans."""
    with site(people=INVENTED) as app:
        event, session = the_event(db.session()), db.session()
        assert event
        session.execute(update(Checkpoint).where(Checkpoint.kind == "gate").values(entry="in_out"))
        session.commit()
        database = app.config["DATA_DIR"] / "ghidanh.db"
        copy_people(database, TIMES)
        _let_in(database, day_of(event, computer_clock()).isoformat())
        return _figures(event, database)


def _let_in(database: Path, day: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM presences")
        for turn in range(3):
            connection.execute(PASSAGES, {"turn": turn, "out": turn == 2})
        connection.execute(PRESENT, {"day": day})
        connection.execute("ANALYZE")


def _figures(event: Event, database: Path) -> list[Figure]:
    session, at = db.session(), computer_clock()
    today = day_of(event, at)
    door = open_door(session, "gate-a")
    with closing(sqlite3.connect(database)) as connection:
        many = connection.execute(BY_HAND, (today.isoformat(),)).fetchone()[0]
        floor = _best(lambda: connection.execute(BY_HAND, (today.isoformat(),)).fetchone())
    assert inside_now(session.connection(), door, today) == many > 0
    asked: dict[str, Callable[[], object]] = {
        "inside now, at one door": lambda: inside_now(session.connection(), door, today),
        "inside now, everywhere": lambda: crowds(session, today),
        "gate totals, each minute of the last half hour": lambda: flow_now(session, event, at=at),
    }
    return [Figure(name, _best(work), "ms", GOAL, floor) for name, work in asked.items()]


def _best(work: Callable[[], object]) -> float:
    """Milliseconds at work, of the quickest of several tries."""
    tries = []
    for _ in range(TRIES):
        began = time.process_time()
        work()
        tries.append(1000 * (time.process_time() - began))
    return min(tries)
