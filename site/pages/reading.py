"""Showing a mail on a page: its bodies, its files, and its HTML where it can do no harm."""

import base64
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from flask import Response, current_app, make_response

from event.links import LENGTH
from event.mail import Mail
from pages.letters import letter

SAFE = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
)
"""A mail brings its own look, and nothing of it runs, loads, or leads anywhere."""

KEY = re.compile(f"/change/[a-z2-7]{{{LENGTH}}}")
"""Of the link by which people change and erase: staff read mails, and are not those people."""


@dataclass(frozen=True)
class Enclosed:
    """A file in a mail; `number` is its place among them."""

    number: int
    name: str
    kind: str
    data: bytes


def as_sent(mail: Mail) -> EmailMessage | None:
    """The very file where mails are files, else the mail as it would be made now; None if neither.

    Nothing else is kept of what went out by SMTP: whoever steals the database reads no mails.
    """
    file = file_of(mail)
    if file.is_file():
        return message_from_bytes(file.read_bytes(), policy=policy.default)
    return letter(mail)


def file_of(mail: Mail) -> Path:
    """Where a mail lies on a site without a mail server."""
    folder = cast(Path, current_app.config["DATA_DIR"]) / "mail"
    return folder / f"{mail.id or 0:06d}.eml"


def body_of(message: EmailMessage, kind: str) -> str:
    """One of the two bodies, "plain" or "html", without the key that is its reader's alone."""
    part = message.get_body((kind,))
    return KEY.sub("/change/…", str(part.get_content())) if part else ""


def files_of(message: EmailMessage) -> list[Enclosed]:
    """What hangs on a mail."""
    return [
        Enclosed(number, part.get_filename() or "", part.get_content_type(), _data(part))
        for number, part in enumerate(message.iter_attachments())
    ]


def _data(part: EmailMessage) -> bytes:
    return cast(bytes, part.get_payload(decode=True))


def framed(message: EmailMessage) -> Response:
    """The HTML body as a page for a frame of ours, its pictures inside."""
    html = body_of(message, "html")
    for part in message.walk():
        if part.get_content_maintype() == "image" and part["Content-ID"]:
            name = str(part["Content-ID"]).strip("<>")
            picture = base64.b64encode(_data(part)).decode()
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{picture}")
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = SAFE
    return answer
