"""The figure of the last evening: the offline pack of ten thousand people."""

import json
import subprocess
import sys
import time
from pathlib import Path

from app import create_app
from benchmarks.figures import Figure
from benchmarks.handmade import badges_by_hand, pdf_by_hand, xlsx_by_hand
from benchmarks.sites import ROOT, site
from event.packing import Pack
from pages.clock import computer_clock
from pages.packing import make_pack

PEOPLE = 10_000
GOAL = 15.0


def pack() -> list[Figure]:
    """All of it, encrypted. The floor is one list, one spreadsheet and the badges, by hand."""
    with site(people=PEOPLE) as app:
        folder = app.config["DATA_DIR"]
        seconds, floor = (_in_a_process(folder, work) for work in ("pack", "by_hand"))
    return [Figure("offline pack, 10,000 people", seconds, "s", GOAL, floor)]


def _in_a_process(folder: Path, work: str) -> float:
    command = [sys.executable, "-m", "benchmarks.packing", str(folder), work]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return float(json.loads(printed.splitlines()[-1]))


def _main(folder: Path, work: str) -> None:
    with create_app(data_dir=folder).app_context():
        began = time.perf_counter()
        if work == "pack":
            wanted = Pack("00000000", password="correct horse battery")  # noqa: S106
            path = folder / "pack.zip"
            make_pack(wanted, path, at=computer_clock(), progress=lambda _done, _total: None)
        else:
            for make in (pdf_by_hand, xlsx_by_hand, badges_by_hand):
                make(folder / "ghidanh.db", folder / "by_hand")
        print(time.perf_counter() - began)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
