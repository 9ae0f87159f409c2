"""One writer after the other, in the order in which they came, whatever process they are in.

SQLite does not queue: who finds it locked tries again later, and others may be faster each time.
"""

import sys
import threading
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_writing: dict[str, int] = {}
"""By each file, the thread of this process whose turn it is."""


class Turn:
    """A connection's place in the queue for one database, which stands beside it as a file.

    The kernel keeps the queue, and calls the next one also where a process was killed. It is no
    more than politeness: SQLite's own lock still decides, for those too who cannot queue.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = Path(path).open("ab")  # noqa: SIM115 — closed with the connection
        self._mine = False

    def take(self) -> None:
        """Wait for it; a thread that would wait for itself does not."""
        if sys.platform == "win32" or _writing.get(self._path) == threading.get_ident():
            return
        with suppress(OSError):  # a file system without locks
            fcntl.flock(self._file, fcntl.LOCK_EX)
            _writing[self._path] = threading.get_ident()
            self._mine = True

    def leave(self) -> None:
        """Let the next one write."""
        if self._mine and sys.platform != "win32":
            self._mine = False
            del _writing[self._path]
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """With the connection."""
        self.leave()
        self._file.close()
