"""Keeps web and worker running: starts both, brings back the one that dies, stops both together."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from pages.leaving import GRACE

SOURCES = Path(__file__).parents[1]

STEADY = 10.0
"""Seconds after which a process counts as having started well."""

PAUSES = (0.5, 30.0)
"""Seconds before a restart: the first after an early death, doubling up to the last."""

log = logging.getLogger(__name__)


class PortTaken(Exception):
    """Another program listens there; Linux could let both share the port, and lose requests."""


class Kept(threading.Thread):
    """A child process that is started again whenever it ends, until it is told to stop."""

    def __init__(self, name: str, *arguments: str) -> None:
        """A module of that name, run with these arguments."""
        super().__init__(name=name)
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
                [sys.executable, "-m", f"pages.{self.name}_process", *self.arguments],
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


def supervise(host: str, port: int, *papers: str) -> None:
    """Serve on this address until SIGINT or SIGTERM. Raises PortTaken before anything starts.

    `papers` are the paths of a certificate and its key: with them, by HTTPS alone.
    """
    claim(host, port)
    kept = [Kept("web", host, str(port), *papers), Kept("worker")]
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
