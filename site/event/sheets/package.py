"""The ZIP that an XLSX file is, unpacked a piece at a time and never beyond the limit."""

import io
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from event.sheets.grid import MAX_UNPACKED, WrongFile

_MAX_PARTS = 1_000
_CHUNK = 64 * 1024
_BROKEN = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Package:
    """The parts of an XLSX file: first its directory is checked, then what really comes out."""

    def __init__(self, data: bytes) -> None:
        """Raises WrongFile."""
        try:
            self._zip = ZipFile(io.BytesIO(data))
        except _BROKEN:
            raise WrongFile("file.broken") from None
        self._left = MAX_UNPACKED
        self._check()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    def _check(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise WrongFile("file.unpacks_too_big", limit=MAX_UNPACKED // 1024**2)
        if any(part.flag_bits & 1 for part in parts):
            raise WrongFile("file.encrypted")
        if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
            raise WrongFile("file.broken")

    def __contains__(self, part: str) -> bool:
        return part in self._zip.namelist()

    def pieces(self, part: str) -> Iterator[bytes]:
        """A part's bytes as they are unpacked, counted over all parts. Raises WrongFile."""
        try:
            with self._zip.open(part) as stream:
                while piece := stream.read(_CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise WrongFile("file.unpacks_too_big", limit=MAX_UNPACKED // 1024**2)
                    yield piece
        except WrongFile:
            raise
        except (*_BROKEN, KeyError):
            raise WrongFile("file.broken") from None
