"""The ZIP that a pack comes in: plain, or under a password with AES-256."""

import shutil
from collections.abc import Callable
from datetime import datetime
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyzipper

AT_ONCE = 1 << 20  # bytes
PACKED_ALREADY = (".pdf", ".xlsx")


class Archive:
    """Use it as a context manager: leaving it writes the table of contents.

    `at` is the time of all files, on the clock of the place. Names of files are never encrypted.
    """

    def __init__(self, out: BinaryIO, password: str, at: datetime) -> None:
        self._at = at
        self._zip: Any = pyzipper.AESZipFile(out, "w")
        if password:
            self._zip.setencryption(pyzipper.WZ_AES, nbits=256)
            self._zip.setpassword(password.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def add(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        """A file, made beside the archive first: spreadsheets go back in what they write."""
        info = self._zip.zipinfo_cls(name, self._at.timetuple()[:6])
        stored = name.endswith(PACKED_ALREADY)
        info.compress_type = pyzipper.ZIP_STORED if stored else pyzipper.ZIP_DEFLATED
        with TemporaryFile() as file:
            write(file)
            info.file_size = file.seek(0, 2)
            file.seek(0)
            with self._zip.open(info, "w") as entry:
                shutil.copyfileobj(file, entry, AT_ONCE)
