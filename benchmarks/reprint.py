"""The figure of the morning: everybody is printed, two hundred have changed since."""

import json
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import update

from app import create_app
from benchmarks.figures import Figure
from benchmarks.handmade import badges_by_hand
from benchmarks.sites import ROOT, site
from event.attendees import Attendee
from event.base import begin_writing
from event.printing import finish_run, start_run
from event.programme import the_event
from pages.clock import computer_clock
from pages.database import db
from pages.press import Edition, print_run

PEOPLE = 10_000
EVERY = 50
"""One person in so many has another organisation by now."""
GOAL = 0.5


def changed() -> list[Figure]:
    """Two hundred of ten thousand, from the question who they are to the end of the run."""
    with site(people=PEOPLE) as app:
        assert _print({}) == PEOPLE
        shifted = update(Attendee).where(Attendee.id % EVERY == 0)
        db.session().execute(shifted.values(organisation="Trung tâm Đổi mới sáng tạo"))
        db.session().commit()
        folder = app.config["DATA_DIR"]
        seconds, floor = (_in_a_process(folder, work) for work in ("run", "by_hand"))
    return [Figure("200 changed badges of 10,000", seconds, "s", GOAL, floor)]


def _print(people: dict[str, str]) -> int:
    """A whole print run; how many badges it holds."""
    session, event, at = db.session(), the_event(db.session()), computer_clock()
    assert event
    run = start_run(session, event, {"layout": "a6", "people": people}, by="bench", at=at).id
    paper = print_run(session, event, Edition(run, people, "a6", "badges.pdf"))
    begin_writing(session)
    finish_run(session, run, paper, at=at)
    session.commit()
    return len(paper.marks)


def _in_a_process(folder: Path, work: str) -> float:
    command = [sys.executable, "-m", "benchmarks.reprint", str(folder), work]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return float(json.loads(printed.splitlines()[-1]))


def _main(folder: Path, work: str) -> None:
    with create_app(data_dir=folder).app_context():
        the_event(db.session())  # as in a worker, which knows its tables when it is asked
        began = time.perf_counter()
        if work == "run":
            assert _print({"changed": "yes"}) == PEOPLE // EVERY
        else:
            out = folder / "by_hand.pdf"
            badges_by_hand(folder / "ghidanh.db", out, where=f"id % {EVERY} = 0")
        print(time.perf_counter() - began)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
