"""`python -m benchmarks [ONLY]`: prints a table of the figures and writes bench.json."""

import json
import os
import sys
from collections.abc import Callable

from benchmarks import (
    camera,
    codes,
    crowds,
    lighthouse,
    mail,
    office,
    opening,
    packing,
    paper,
    reprint,
    start,
    uploads,
    waiting,
    web,
)
from benchmarks.figures import Figure, table
from benchmarks.sites import ROOT

BENCHES: dict[str, Callable[[], list[Figure]]] = {
    "register page": web.form_page,
    "registration": web.registration,
    "scan": web.scans,
    "uploads": uploads.uploads,
    "inside now": crowds.inside,
    "badges": paper.badges,
    "changed badges": reprint.changed,
    "lists": paper.lists,
    "offline pack": packing.pack,
    "camera": camera.camera,
    "cold start": opening.cold_start,
    "start idle memory": start.idle,
    "packages": start.packages,
}
EXTRA: dict[str, Callable[[], list[Figure]]] = {
    "long": paper.long_lists,
    "print run": paper.print_run,
    "codes": codes.codes,
    "libreoffice": office.libreoffice,
    "mail": mail.mail,
    "lighthouse": lighthouse.marks,
    "waiting": waiting.waiting,
}
"""These take minutes: they run only if they are asked for by this name."""


def main(only: str = "") -> int:
    """Run those whose name holds the word. Exit code 1 if a goal is missed."""
    figures: list[Figure] = []
    asked = {only: EXTRA[only]} if only in EXTRA else BENCHES
    for name, bench in asked.items():
        if only.casefold() in name:
            print(f"{name} …", file=sys.stderr, flush=True)
            figures += bench()
    print(table(figures))
    print(f"\n{os.cpu_count()} cores, shared by the server and the clients that load it.")
    (ROOT / "bench.json").write_text(json.dumps([f.as_dict() for f in figures], indent=2) + "\n")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
