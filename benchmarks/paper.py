"""The figures of what leaves the site, each in a process of its own, to tell its memory."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import exports
from app import create_app
from benchmarks.crowd import copy_people
from benchmarks.figures import Figure
from benchmarks.handmade import badges_by_hand, csv_by_hand, pdf_by_hand, xlsx_by_hand
from benchmarks.sites import ROOT, site
from event.programme import the_event
from pages import current
from pages.clock import computer_clock
from pages.database import db

PEOPLE = 10_000
TIMES = 10
BADGES = {"a6": 2.5, "4up": 2.2, "10up": 1.8}
"""Seconds that ten thousand badges of a layout may take."""
LISTS = {"csv": 0.25, "xlsx": 1.0, "pdf": 1.8}
"""Seconds that a list of ten thousand rows may take."""
LONG_LISTS = {"csv": 2.0, "xlsx": 9.0, "pdf": 18.0}
"""Seconds for ten times as many."""
LIST_MEMORY = 150.0
"""Megabytes at the peak, however long a list is."""


def badges() -> list[Figure]:
    """Ten thousand badges in one PDF, in each layout."""
    with site(people=PEOPLE) as app:
        folder = app.config["DATA_DIR"]
        floor, least = _in_a_process(folder, "badges_by_hand")
        return [
            figure
            for layout, goal in BADGES.items()
            for figure in _printed(folder, layout, goal, (floor, least))
        ]


def print_run() -> list[Figure]:
    """A hundred thousand badges."""
    with site(people=PEOPLE) as app:
        folder = app.config["DATA_DIR"]
        copy_people(folder / "ghidanh.db", TIMES)
        seconds, memory = _in_a_process(folder, "a6")
        floor, least = _in_a_process(folder, "badges_by_hand")
    return [
        Figure("100,000 A6 badges", seconds, "s", 28, floor),
        Figure("100,000 A6 badges, peak memory", memory, "MB", 400, least),
    ]


def _printed(
    folder: Path, layout: str, goal: float, by_hand: tuple[float, float]
) -> Iterator[Figure]:
    label = f"10,000 badges, {layout}"
    (seconds, memory), (floor, least) = _in_a_process(folder, layout), by_hand
    yield Figure(label, seconds, "s", goal, floor)
    if layout == "a6":
        size, smallest = (
            (folder / f"{work}.out").stat().st_size / 1e6 for work in (layout, "badges_by_hand")
        )
        yield Figure(f"{label}, times the floor", seconds / floor, "", 2, 1)
        yield Figure(f"{label}, peak memory", memory, "MB", 150, least)
        yield Figure(f"{label}, size of the file", size, "MB", 12, smallest)


def lists() -> list[Figure]:
    """Ten thousand rows of fifteen columns from the database."""
    with site(people=PEOPLE) as app:
        return list(_figures(app.config["DATA_DIR"], PEOPLE, LISTS))


def long_lists() -> list[Figure]:
    """Ten times as many rows, with what they take of memory."""
    with site(people=PEOPLE) as app:
        folder = app.config["DATA_DIR"]
        copy_people(folder / "ghidanh.db", TIMES)
        return list(_figures(folder, PEOPLE * TIMES, LONG_LISTS))


def _figures(folder: Path, rows: int, goals: Mapping[str, float]) -> Iterator[Figure]:
    for name, goal in goals.items():
        seconds, memory = _in_a_process(folder, name)
        floor, least = _in_a_process(folder, f"{name}_by_hand")
        label = f"{rows:,} rows × 15 columns, {name.upper()}"
        yield Figure(label, seconds, "s", goal, floor)
        yield Figure(f"{label}, peak memory", memory, "MB", LIST_MEMORY, least)


def _in_a_process(folder: Path, work: str) -> tuple[float, float]:
    """Seconds of the work alone, and the megabytes of the whole process at its peak."""
    command = [sys.executable, "-m", "benchmarks.paper", str(folder), work]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = json.loads(printed.splitlines()[-1])
    return float(seconds), float(megabytes)


def _list(format: str) -> Callable[[Path], object]:
    wish = exports.lists.Wish("attendees", format, all_columns=True)
    the_event(db.session())  # as in a worker, which knows its tables when it is asked for a list

    def write(path: Path) -> None:
        with path.open("wb") as out:
            exports.lists.export(db.session(), wish, out, at=computer_clock())

    return write


def _badges(layout: str) -> Callable[[Path], object]:
    event = the_event(db.session())
    assert event

    def write(path: Path) -> None:
        with path.open("wb") as out:
            faces = exports.faces.faces(db.session(), event, current.keys().badges)
            exports.badges.write_badges(faces, layout, out)

    return write


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
            do = _badges(work) if work in BADGES else _list(work)
        began = time.perf_counter()
        do(folder / f"{work}.out")
        seconds = time.perf_counter() - began
    print(json.dumps([seconds, _peak()]))


def _peak() -> float:
    """Megabytes at most. On Linux `getrusage` would count what the parent held when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
