"""Tells whether a file is still being written: its writer holds a lock as long as it lives."""

from contextlib import suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: nobody can tell
    fcntl = None  # type: ignore[assignment]


def hold(file: IO[bytes]) -> None:
    """Say that this process writes the file, until it closes it or is no more."""
    if fcntl:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_held(path: Path) -> bool:
    """Whether somebody writes it; where nobody can tell, whether it is there."""
    try:
        with path.open("rb") as file:
            return not fcntl or not _free(file)
    except OSError:
        return False


def _free(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:  # held, or a file system without locks
        return False
    return True
