"""Reads what mail servers write about a mail that they could not deliver (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from event.envelopes import NAME
from event.postmarks import POSTMARK

LONGEST = 256 * 1024
"""Bytes that are looked at: the report and the returned headers stand before the returned mail."""
MOST_PARTS = 20
LONGEST_WORD = 300
FAILED, DELAYED = "failed", "delayed"
_INTERNATIONAL = re.compile(rb"(?i)message/global-delivery-status")
_BETWEEN = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\n]*\n")
_SAID = re.compile(r"(?m)^.*\b5\d\d[ -].*$")
_NAMED = re.compile(rf"(?im)^(?:Message-ID|{NAME}):.*$")


@dataclass(frozen=True)
class Report:
    """`marks` may name the mail it is about; `action` is the server's word, `said` its reason."""

    marks: tuple[str, ...]
    action: str
    said: str


def read_report(raw: bytes) -> Report | None:
    """What a mail reports, or None if it is no report of a delivery. Only its beginning is read."""
    raw = _INTERNATIONAL.sub(b"message/delivery-status", raw[:LONGEST])
    if raw.lower().count(b"boundary=") > MOST_PARTS:
        return None  # made to keep a reader busy
    message = message_from_string(raw.decode("utf-8", "replace"))
    if message.get_content_type() == "multipart/report":
        return _by_standard(message)
    return _by_exim(message) if message["X-Failed-Recipients"] else None


def _by_standard(message: Message) -> Report | None:
    fields = [block for part in _parts(message) for block in _blocks(part)]
    told = [block for block in fields if block["Action"]]
    if not told:
        return None
    worst = next((block for block in told if _action(block) == FAILED), told[0])
    marks = [str(block["Original-Envelope-Id"] or "") for block in fields]
    marks += [text for part in _parts(message) for text in _returned(part)]
    found = _marks(marks) or _marks(_answered(message))
    return Report(found, _action(worst), _said(worst))


def _parts(message: Message) -> list[Message]:
    parts = message.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _blocks(part: Message) -> list[Message]:
    """The groups of fields: one about the mail, then one for each of its readers."""
    return _parts(part) if part.get_content_type() == "message/delivery-status" else []


def _returned(part: Message) -> Iterator[str]:
    """What names the mail in its own headers, as they came back; nobody's answer to it counts."""
    kind = part.get_content_type()
    if kind == "text/rfc822-headers":
        data = part.get_payload(decode=True)
        text = data.decode("ascii", "replace") if isinstance(data, bytes) else ""
        headers = message_from_string(text.lstrip())
    elif kind == "message/rfc822" and _parts(part):
        headers = _parts(part)[0]
    else:
        return
    yield str(headers[NAME] or "")
    yield str(headers["Message-ID"] or "")


def _answered(message: Message) -> list[str]:
    """A report without the returned mail says at least which mail it answers."""
    return [str(message[name] or "") for name in ("In-Reply-To", "References")]


def _marks(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark for text in texts for mark in POSTMARK.findall(text)))


def _action(block: Message) -> str:
    return str(block["Action"]).strip().lower()


def _said(block: Message) -> str:
    """Such as 5.1.1 No such user: the status stands there if the server's own words lack it."""
    status = str(block["Status"] or "")
    reason = str(block["Diagnostic-Code"] or "")
    reason = reason.partition(";")[2] if ";" in reason else reason
    return _readable(reason if status in reason else f"{status} {reason}")


def _readable(text: str) -> str:
    """One line of letters that a page can show and a database can hold."""
    line = " ".join(text.split())
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST_WORD].strip()


def _by_exim(message: Message) -> Report:
    """Older Exim writes plain text, and below it the returned mail."""
    text = str(message.get_payload())
    reason = _SAID.search(text)
    return Report(_marks(_NAMED.findall(text)), FAILED, _readable(reason[0]) if reason else "")


def mails_in(file: bytes) -> list[bytes]:
    """The one mail of a file, or all mails of an mbox (RFC 4155)."""
    return _BETWEEN.split(file)[1:] if file.startswith(b"From ") else [file]
