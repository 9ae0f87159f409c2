"""Keeps web and worker running: starts both, brings back the one that dies, stops both together.

Every child holds the reading end of a pipe whose other end only its supervisor holds. The pipe
closes when the supervisor asks the child to stop, and also when the supervisor is killed: no child
outlives it.
"""

import importlib
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask.cli import cli
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

APP = "app:create_app"
SOURCES = Path(__file__).parents[1]
WEB_WORKERS = 2

GRACE = 10.0
"""Seconds that a process gets to finish what it does before it is killed."""

STEADY = 10.0
"""Seconds after which a process counts as having started well."""

PAUSES = (0.5, 30.0)
"""Seconds before a restart: the first after an early death, doubling up to the last."""

log = logging.getLogger(__name__)


class PortTaken(Exception):
    """Another program listens there; Linux could let both share the port, and lose requests."""


class Kept(threading.Thread):
    """A child process that is started again whenever it ends, until it is told to stop."""

    def __init__(self, *arguments: str) -> None:
        """The arguments are those of `main` below."""
        super().__init__(name=arguments[0])
        self.arguments = arguments
        self.stopping = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def run(self) -> None:
        """Start, wait, and start again: at once after a steady life, else later and later."""
        pause = PAUSES[0]
        while child := self._start():
            began = time.monotonic()
            status = child.wait()
            steady = time.monotonic() - began >= STEADY
            pause = PAUSES[0] if steady else min(pause * 2, PAUSES[1])
            if not self.stopping.is_set():
                log.warning("The %s ended (status %s) and is started again", self.name, status)
                self.stopping.wait(0 if steady else pause / 2)

    def _start(self) -> subprocess.Popen[bytes] | None:
        """None once stopped. The lock keeps a restart from slipping past a stop."""
        with self._turn:
            if self.stopping.is_set():
                return None
            self.child = subprocess.Popen(
                [sys.executable, "-m", "pages.serving", *self.arguments],
                stdin=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(SOURCES)},
                start_new_session=True,  # Ctrl-C reaches the supervisor alone
            )
            return self.child

    def ask_to_stop(self) -> None:
        """Returns at once; `finish` waits."""
        with self._turn:
            self.stopping.set()
            if self.child and self.child.stdin:
                self.child.stdin.close()

    def finish(self) -> None:
        """Wait for the child to leave, and kill it if it takes too long."""
        self.join(GRACE)
        if self.child and self.is_alive():
            self.child.kill()
            self.join()


def supervise(host: str, port: int) -> None:
    """Serve on this address until SIGINT or SIGTERM. Raises PortTaken before anything starts."""
    claim(host, port)
    kept = [Kept("web", host, str(port)), Kept("worker")]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for process in kept:
        process.start()
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        for again in (signal.SIGINT, signal.SIGTERM):
            signal.signal(again, signal.SIG_DFL)  # the second time, do not wait
    for process in kept:
        process.ask_to_stop()
    for process in kept:
        process.finish()


def claim(host: str, port: int) -> None:
    """See that the port is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise PortTaken(f"{host}:{port}: {error.strerror}") from error


def run_web(host: str, port: int, app: str = APP) -> None:
    """The web: Granian and its workers. It keeps no access log, since paths hold secrets."""
    leave_after(supervisor_gone)
    Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=WEB_WORKERS,
        blocking_threads=1,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=int(GRACE / 2),
    ).serve(target_loader=load)


def load(target: str) -> Any:
    """Make the app inside a web worker, which leaves when Granian is gone."""
    leave_after(granian_gone)
    module, factory = target.split(":")
    return getattr(importlib.import_module(module), factory)()


def run_worker() -> None:
    """The worker: the same as `flask --app app worker`, but it leaves with its supervisor."""
    leave_after(supervisor_gone)
    cli.main(["--app", APP.split(":", maxsplit=1)[0], "worker"])


def supervisor_gone() -> None:
    """Returns when the pipe closes. Read without a buffer: its lock would be held across a fork."""
    while os.read(0, 1):
        pass


def granian_gone() -> None:
    """Returns when the process that started this one has ended."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()


def leave_after(gone: Callable[[], None]) -> None:
    """Stop this process, gently first, once the wait for another one is over."""

    def leave() -> None:
        gone()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()


def main(role: str, *address: str) -> None:
    """What a child process runs: `web HOST PORT` or `worker`."""
    if role == "web":
        host, port = address
        run_web(host, int(port))
    else:
        run_worker()


if __name__ == "__main__":
    main(*sys.argv[1:])
