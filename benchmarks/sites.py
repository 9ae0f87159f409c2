"""A site in a folder of its own with the default event, and a server for it or for a floor."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import create_app
from benchmarks.load import ask, fetch
from event.eventfile import parse, read_file
from event.loading import load
from event.rehearsal import invent
from pages.clock import computer_clock
from pages.database import db
from pages.migrating import upgrade

ROOT = Path(__file__).parents[1]
EVENT = ROOT / "site" / "event.toml"
PATIENCE = 60.0  # seconds
SITE = "app:create_app"


@dataclass(frozen=True)
class Running:
    """A server: `seconds` passed from its start to its first answer."""

    port: int
    seconds: float
    process: int


@contextmanager
def site(people: int = 0) -> Iterator[Flask]:
    """An app with tables, event and invented people, inside its context."""
    with tempfile.TemporaryDirectory(prefix="ghi-danh-bench-") as folder:
        app = create_app(data_dir=folder)
        with app.app_context():
            upgrade()
            document = parse(read_file(EVENT), str(EVENT))
            load(db.session(), document, at=computer_clock(), by="bench")
            if people:
                invent(db.session(), people, seed=1, at=computer_clock())
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def serving(folder: Path, target: str = SITE, path: str = "/healthz") -> Iterator[Running]:
    """The server on a free port, once it answers at `path`; it ends with the block."""
    port = _free_port()
    paths = os.pathsep.join((str(ROOT), str(ROOT / "site")))
    environment = os.environ | {
        "DATA_DIR": str(folder), "PYTHONPATH": paths, "FORM_SECONDS": "0",
    }  # fmt: skip
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", target, str(port)],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE,
    )  # fmt: skip
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise RuntimeError(f"{target} does not answer")
            time.sleep(0.01)
        yield Running(port, time.perf_counter() - began, process.pid)
    finally:
        process.terminate()
        process.wait()


def _answers(port: int, path: str) -> bool:
    with suppress(OSError):
        return fetch(port, ask("GET", path))[0].startswith("HTTP/1.1 200")
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
