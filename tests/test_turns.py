"""Writers queue: nobody is passed over, and a writer that was killed holds nobody up."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from event import database
from event.base import begin_writing
from event.database import make_engine

WRITER = """
import sys
from sqlalchemy.orm import Session
from event.base import begin_writing
from event.database import make_engine

with Session(make_engine(sys.argv[1])) as session:
    begin_writing(session)
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE notes (said TEXT)"))
    yield made
    made.dispose()


def write(engine: Engine, said: str) -> None:
    with Session(engine) as session:
        begin_writing(session)
        session.execute(text("INSERT INTO notes VALUES (:said)"), {"said": said})
        session.commit()


def notes(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT said FROM notes ORDER BY rowid")))


def waiting(path: Path) -> int:
    """How many wait for a lock on this file, as Linux tells it."""
    lines = Path("/proc/locks").read_text().splitlines()
    return sum("->" in line and f":{path.stat().st_ino} " in line for line in lines)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's list of locks")
def test_writers_are_served_in_the_order_in_which_they_came(engine: Engine, tmp_path: Path) -> None:
    names = ["first", "second", "third", "fourth"]
    with Session(engine) as session:
        begin_writing(session)
        writers = []
        for place, name in enumerate(names, 1):
            writers.append(threading.Thread(target=write, args=(engine, name)))
            writers[-1].start()
            while waiting(tmp_path / "a.db-turn") < place:
                pass
        session.commit()
    for writer in writers:
        writer.join()
    assert notes(engine) == names


def test_the_turn_of_a_process_that_is_killed_goes_to_the_next(engine: Engine) -> None:
    command = [sys.executable, "-c", WRITER, str(engine.url)]
    site = {"PYTHONPATH": str(Path(database.__file__).parents[1])}
    with subprocess.Popen(
        command, env=site, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "writing\n"
        writer = threading.Thread(target=write, args=(engine, "after it"))
        writer.start()
        assert notes(engine) == []
        other.kill()
    writer.join()
    assert notes(engine) == ["after it"]


def test_a_thread_that_writes_twice_at_once_is_told_and_does_not_wait_for_itself(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with Session(engine) as session:
        begin_writing(session)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            write(engine, "inside")
        session.commit()
    write(engine, "after it")
    assert notes(engine) == ["after it"]


def test_a_turn_that_was_left_without_a_commit_is_free_again(engine: Engine) -> None:
    with Session(engine) as session:
        begin_writing(session)
    writer = threading.Thread(target=write, args=(engine, "next"))
    writer.start()
    writer.join()
    assert notes(engine) == ["next"]
