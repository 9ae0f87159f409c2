"""How a child process leaves with the process that keeps it.

Every child holds the reading end of a pipe whose other end only its supervisor holds. The pipe
closes when the supervisor asks the child to stop, and also when the supervisor is killed: no child
outlives it.
"""

import os
import signal
import threading
import time
from collections.abc import Callable

GRACE = 10.0
"""Seconds that a process gets to finish what it does before it is killed."""


def supervisor_gone() -> None:
    """Returns when the pipe closes. Read without a buffer: its lock would be held across a fork."""
    while os.read(0, 1):
        pass


def leave_after(gone: Callable[[], None]) -> None:
    """Stop this process, gently first, once the wait for another one is over."""

    def leave() -> None:
        gone()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
