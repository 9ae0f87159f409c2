"""What a site costs before anybody comes: memory, time to the first answer, packages."""

import re
import subprocess
import time
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.sites import ROOT, SITE, serving, site

IDLE = 3.0  # seconds


def idle() -> list[Figure]:
    """One web process that has answered once, and the time until it did."""
    with site() as app:
        folder = app.config["DATA_DIR"]
        memory, seconds = _web(folder, SITE, "/")
        least, floor = _web(folder, "benchmarks.floors:constant_page", "/")
    return [
        Figure("one web process, idle", memory, "MB", 120, least),
        Figure("start to first answer", seconds, "s", 2, floor),
    ]


def packages() -> list[Figure]:
    """What requirements.txt brings; the floor is Flask and SQLAlchemy alone with what they need."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    count = sum(bool(re.match(r"[\w.-]+==", line)) for line in lines)
    return [Figure("packages installed", count, "", 60)]


def _web(folder: Path, target: str, path: str) -> tuple[float, float]:
    with serving(folder, target, path) as server:
        time.sleep(IDLE)
        return _largest_child(server.process), server.seconds


def _largest_child(process: int) -> float:
    """Megabytes that the largest of its children holds: a web process, not the one that counts."""
    listed = subprocess.run(
        ["ps", "-axo", "ppid=,rss="], check=True, capture_output=True, text=True
    ).stdout
    rows = (map(int, line.split()) for line in listed.splitlines())
    return max(kilobytes for parent, kilobytes in rows if parent == process) / 1024
