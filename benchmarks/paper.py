"""The figures of what leaves the site, each in a process of its own, to tell its memory."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import exports
from app import create_app
from benchmarks.figures import Figure
from benchmarks.handmade import badges_by_hand, csv_by_hand, pdf_by_hand, xlsx_by_hand
from benchmarks.sites import ROOT, site
from event.programme import the_event
from pages import current
from pages.clock import computer_clock
from pages.database import db

PEOPLE = 10_000
LISTS = {"csv": 0.6, "xlsx": 2.0, "pdf": 4.0}
"""Seconds that a list of ten thousand rows may take."""


def badges() -> list[Figure]:
    """Ten thousand badges of A6 in one PDF."""
    with site(people=PEOPLE) as app:
        folder = app.config["DATA_DIR"]
        seconds, memory = _in_a_process(folder, "badges")
        floor, least = _in_a_process(folder, "badges_by_hand")
    return [
        Figure("10,000 A6 badges, one PDF", seconds, "s", 6, floor),
        Figure("10,000 A6 badges, peak memory", memory, "MB", 250, least),
    ]


def lists() -> list[Figure]:
    """Ten thousand rows of fifteen columns from the database."""
    with site(people=PEOPLE) as app:
        folder = app.config["DATA_DIR"]
        return [
            Figure(
                f"10,000 rows × 15 columns, {name.upper()}",
                _in_a_process(folder, name)[0],
                "s",
                goal,
                _in_a_process(folder, f"{name}_by_hand")[0],
            )
            for name, goal in LISTS.items()
        ]


def _in_a_process(folder: Path, work: str) -> tuple[float, float]:
    """Seconds of the work alone, and the megabytes of the whole process at its peak."""
    command = [sys.executable, "-m", "benchmarks.paper", str(folder), work]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = json.loads(printed.splitlines()[-1])
    return float(seconds), float(megabytes)


def _list(format: str) -> Callable[[Path], object]:
    wish = exports.lists.Wish("attendees", format, all_columns=True)

    def write(path: Path) -> None:
        with path.open("wb") as out:
            exports.lists.export(db.session(), wish, out, at=computer_clock())

    return write


def _badges(path: Path) -> None:
    event = the_event(db.session())
    assert event
    with path.open("wb") as out:
        faces = exports.faces.faces(db.session(), event, current.keys().badges)
        exports.badges.write_badges(faces, "a6", out)


def _main(folder: Path, work: str) -> None:
    by_hand = {
        "badges_by_hand": badges_by_hand,
        "csv_by_hand": csv_by_hand,
        "xlsx_by_hand": xlsx_by_hand,
        "pdf_by_hand": pdf_by_hand,
    }
    with create_app(data_dir=folder).app_context():
        if work in by_hand:
            path = folder / "ghidanh.db"
            do: Callable[[Path], object] = lambda out: by_hand[work](path, out)  # noqa: E731
        else:
            do = _badges if work == "badges" else _list(work)
        began = time.perf_counter()
        do(folder / f"{work}.out")
        seconds = time.perf_counter() - began
    print(json.dumps([seconds, getrusage(RUSAGE_SELF).ru_maxrss / 1024]))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
