"""A mail as bytes. Put together here, since Python's own way takes longer over a few headers than
everything else in a mail takes.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote
from functools import lru_cache

LONGEST_LINE = 998  # bytes, by RFC 5322
LONGEST_HEADER = 76
NAME = "X-Ghi-Danh-Mail"
"""The header for what `event.postmarks` makes, beside Message-ID, which some providers replace."""


@dataclass(frozen=True)
class File:
    """Hangs on a mail; with a `place` it is shown in the HTML instead, as "cid:" and that."""

    name: str
    kind: str
    data: bytes
    place: str = ""


@dataclass(frozen=True)
class Person:
    """Whom a mail is from or for."""

    name: str
    address: str


@dataclass(frozen=True)
class Envelope:
    """All of one mail. `mark` is its postmark, `host` what stands behind it in Message-ID."""

    subject: str
    sender: Person
    reader: Person
    at: datetime
    mark: str
    host: str
    text: str
    html: str
    files: tuple[File, ...] = ()

    def as_bytes(self, *, eight: bool = True) -> bytes:
        """As it goes out; `eight`: its letters may go as they are, else all is ASCII."""
        lines = [f"{name}: {value}" for name, value in self._headers()]
        return b"\r\n".join((*map(str.encode, lines), self._body(eight)))

    def _headers(self) -> Iterator[tuple[str, str]]:
        yield "Subject", _folded(self.subject, "Subject")
        yield "From", f"{_named(self.sender.name)}<{self.sender.address}>"
        yield "To", f"{_named(self.reader.name)}<{self.reader.address}>"
        yield "Date", format_datetime(self.at)
        yield "Message-ID", f"<{self.mark}@{self.host}>"
        yield NAME, self.mark
        yield "Auto-Submitted", "auto-generated"
        yield "MIME-Version", "1.0"

    def _body(self, eight: bool) -> bytes:
        shown = [_filed(file, "inline") for file in self.files if file.place]
        hung = [_filed(file, "attachment") for file in self.files if not file.place]
        html = _written("html", self.html, eight)
        if shown:
            html = self._joined("related", [html, *shown])
        both = self._joined("alternative", [_written("plain", self.text, eight), html])
        return self._joined("mixed", [both, *hung]) if hung else both

    def _joined(self, how: str, parts: list[bytes]) -> bytes:
        """Nobody who writes a part knows the mark, so none of them can hold the line between."""
        line = f"=_{self.mark}.{how}"
        head = f'Content-Type: multipart/{how}; boundary="{line}"\r\n\r\n'.encode()
        between = f"--{line}\r\n".encode()
        body = b"\r\n".join(between + part for part in parts)
        return b"%b%b\r\n--%b--\r\n" % (head, body, line.encode())


def _written(kind: str, text: str, eight: bool) -> bytes:
    """As it is, so that no link is broken into two lines even where a mail is read unopened.

    Lines longer than mail can carry are left to an encoding that breaks and joins them again.
    """
    lines = [line.encode() for line in text.strip().splitlines()]
    data = b"\r\n".join((*lines, b""))
    whole = all(len(line) <= LONGEST_LINE for line in lines)
    way = "7bit" if data.isascii() else "8bit"
    if not whole or (way == "8bit" and not eight):
        way, data = "base64", _in_base64(data)
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {way}\r\n\r\n'
    return head.encode() + data


def _filed(file: File, how: str) -> bytes:
    place = f"Content-ID: <{file.place}>\r\n" if file.place else ""
    head = (
        f"Content-Type: {file.kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: {how}; filename="{file.name}"\r\n{place}\r\n'
    )
    return head.encode() + _in_base64(file.data)


def _in_base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


@lru_cache(maxsize=256)
def _folded(text: str, name: str) -> str:
    """One header on as many lines as it needs. No word of it can begin another header."""
    line = " ".join(text.split())
    if line.isascii() and len(line) + len(name) < LONGEST_HEADER and "=?" not in line:
        return line
    return Header(line, "utf-8", LONGEST_HEADER, name).encode(linesep="\r\n")


def _named(name: str) -> str:
    """What stands before an address: letters of ASCII in quotes, others as words that encode."""
    line = _folded(name, "Sender")
    plain = line.isascii() and line == " ".join(name.split())
    return "" if not line else f'"{quote(line)}" ' if plain else f"{line} "
