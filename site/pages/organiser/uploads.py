"""Files sent in for an import, kept on the server between the preview and the confirmation."""

import re
import secrets
import shutil
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
from flask import current_app

from event.imports import Columns, Preview
from event.sheets import Sheet

KEPT = timedelta(days=1)
"""How long a file waits to be confirmed."""
LONGEST = timedelta(minutes=2)
"""How long a page takes, at the most, to take a short list in."""
CORRECTIONS_KEPT = timedelta(days=14)
"""How long the rows to correct can be fetched after an import."""
SAMPLE = 50
"""Rows kept for choosing columns: headings are looked for in these."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen so far; `fields` is None as long as columns are found by themselves.

    `party` is None until it was chosen, so that the file may suggest one.
    """

    page: str = ""
    heading: int = 0
    fields: dict[int, str] | None = None
    party: str | None = None
    expected: int | None = None
    category: str = "delegate"
    language: str = "vi"
    mail: bool = True
    also: list[int] = []

    @property
    def columns(self) -> Columns | None:
        """The columns as set by hand, unchecked."""
        return None if self.fields is None else Columns(self.heading, self.fields)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What a `sheets.WrongFile` says."""

    key: str
    values: dict[str, Any] = {}


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known beside the bytes. `job` is at work on it, `became` its import."""

    file_name: str
    choices: Choices
    job: int | None = None
    became: int | None = None
    problem: Problem | None = None


class NoUpload(LookupError):
    """Nobody sent such a file, somebody else did, or it was kept long enough."""


@dataclass(frozen=True)
class Upload:
    """One file of one account, in a folder of its own."""

    staff_id: int
    token: str
    folder: Path

    @property
    def data(self) -> bytes:
        """The file as it was sent. Raises `NoUpload` once it was taken in."""
        try:
            return (self.folder / "data").read_bytes()
        except FileNotFoundError:
            raise NoUpload(self.token) from None

    @property
    def facts(self) -> Facts:
        """Raises `NoUpload`."""
        return msgspec.json.decode(_read(self.folder / "facts.json"), type=Facts)

    def tell(self, **changed: object) -> Facts:
        """Write changed facts down."""
        facts = msgspec.structs.replace(self.facts, **changed)
        _write(self.folder / "facts.json", msgspec.json.encode(facts))
        return facts

    @property
    def preview(self) -> Preview | None:
        """What was last seen in it; None while that is still being worked out."""
        try:
            return _decoded(_read(self.folder / "preview"))
        except NoUpload:
            return None

    def keep(self, preview: Preview) -> None:
        """Keep what was seen, so that it can be leafed through."""
        _write(self.folder / "preview", _encoded(preview))

    def forget_preview(self) -> None:
        """It does not hold any more."""
        (self.folder / "preview").unlink(missing_ok=True)

    def drop(self) -> None:
        """Nobody wants it any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def claim(self) -> bool:
        """Whether it may be taken in now: of two who press at once, one may."""
        try:
            (self.folder / "claimed").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    @property
    def claimed_long_ago(self) -> bool:
        """Whether whoever began to take it in must have been stopped on the way."""
        try:
            claimed_at = (self.folder / "claimed").stat().st_mtime
        except FileNotFoundError:
            return True
        return claimed_at < time.time() - LONGEST.total_seconds()

    def release(self) -> None:
        """It was not taken in after all."""
        (self.folder / "claimed").unlink(missing_ok=True)

    def done(self, import_id: int, seen: Preview) -> None:
        """It was taken in: only the rows to correct stay."""
        if seen.refused:
            _write(_corrections(import_id), _encoded(replace(seen, rows=tuple(seen.refused))))
        self.tell(became=import_id)
        for name in ("data", "preview"):
            (self.folder / name).unlink(missing_ok=True)


def store(staff_id: int, data: bytes, file_name: str, choices: Choices) -> Upload:
    """Keep a file under a name that cannot be guessed."""
    upload = find(staff_id, secrets.token_urlsafe(16))
    upload.folder.mkdir(parents=True, mode=0o700)
    _write(upload.folder / "data", data)
    facts = Facts(file_name=file_name, choices=choices)
    _write(upload.folder / "facts.json", msgspec.json.encode(facts))
    return upload


def find(staff_id: int, token: str) -> Upload:
    """An account's own upload. Raises `NoUpload` for what can be none."""
    if not TOKEN.fullmatch(token):
        raise NoUpload(token)
    return Upload(staff_id, token, _root() / "uploads" / str(staff_id) / token)


def rows_to_correct(import_id: int) -> Preview | None:
    """The refused rows of an import, as long as they are kept."""
    try:
        return _decoded(_read(_corrections(import_id)))
    except NoUpload:
        return None


def sweep() -> None:
    """Remove what was kept long enough, by the computer's clock."""
    for pattern, kept in (("uploads/*/*", KEPT), ("corrections/*", CORRECTIONS_KEPT)):
        for path in _root().glob(pattern):
            if path.stat().st_mtime < time.time() - kept.total_seconds():
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _root() -> Path:
    return cast(Path, current_app.config["DATA_DIR"]) / "files"


def _corrections(import_id: int) -> Path:
    return _root() / "corrections" / str(import_id)


def _encoded(preview: Preview) -> bytes:
    """Without the cells of the sheet, which the rows have too."""
    sheet = preview.sheet
    small = Sheet(sheet.name, sheet.lines[:SAMPLE], sheet.others, sheet.encoding)
    return msgspec.msgpack.encode(replace(preview, sheet=small))


def _decoded(data: bytes) -> Preview:
    return msgspec.msgpack.decode(data, type=Preview)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise NoUpload(path.name) from None


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; for the owner's eyes alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_bytes(data)
    draft.replace(path)
