"""Two ways to hand a mail over: to an SMTP server, or, where there is none, into a folder."""

import os
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from event.envelopes import Envelope

TIMEOUT = 20.0  # seconds
PATIENCE = 3
"""So many times as long for the word that a mail was taken: giving up early sends it twice."""
PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
GOING_AWAY = 421
NO_ANSWER = -1  # what smtplib gives for something that is no answer
END = b".\r\n"
_LINE_WITH_DOT = re.compile(rb"(?m)^\.")


class WrongSmtpUrl(ValueError):
    """SMTP_URL is not like smtp://user:password@host:port?timeout=20 (or smtps://, starttls://)."""


class Refused(Exception):
    """This mail was not taken; `for_good` if trying again is useless."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


class Cut(Refused):
    """The line broke, or the server left; `unsure` if all of the mail had been sent by then."""

    def __init__(self, why: str, *, unsure: bool = False) -> None:
        super().__init__(why, for_good=False)
        self.unsure = unsure


class Unreachable(Exception):
    """Nobody takes any mail now: no connection, or the server does not let us in."""


@dataclass(frozen=True)
class Server:
    """Where mail goes out. `scheme`: smtp, starttls (upgraded before login) or smtps."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    timeout: float = TIMEOUT


def read_smtp_url(url: str) -> Server:
    """The parts of SMTP_URL; user and password may be percent-encoded. Raises `WrongSmtpUrl`."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
        timeout = float(parse_qs(parts.query).get("timeout", [TIMEOUT])[0])
    except (KeyError, ValueError):
        raise WrongSmtpUrl(parts.scheme) from None
    if not parts.hostname:
        raise WrongSmtpUrl("host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, port, user, password, timeout)


class Smtp:
    """One connection for many mails, opened with the first."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()

    def send(self, mail: Envelope, number: int) -> None:
        """Hand one mail over. Raises `Refused`, `Cut`, `Unreachable`.

        Many servers hang up after so many mails: then a new line is opened for this one.
        """
        reused = self._line is not None
        try:
            self._send(mail)
        except Cut as cut:
            if cut.unsure or not reused:
                raise
            self._send(mail)

    def _send(self, mail: Envelope) -> None:
        line = self._line or self._connect()
        try:
            _hand_over(line, mail)
        except Cut:
            self.hang_up()
            raise
        except Refused:
            _clear(line)
            raise
        except UnicodeError as error:
            raise Refused(str(error), for_good=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise Cut(f"the line was cut: {error}") from error

    def hang_up(self) -> None:
        """Say goodbye if the other side still listens."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            line.quit()
        except (smtplib.SMTPException, OSError):
            line.close()

    def _connect(self) -> smtplib.SMTP:
        at, name = self._server, socket.gethostname()
        try:
            if at.scheme == "smtps":
                safe = ssl.create_default_context()
                line: smtplib.SMTP = smtplib.SMTP_SSL(
                    at.host, at.port, name, timeout=at.timeout, context=safe
                )
            else:
                line = smtplib.SMTP(at.host, at.port, name, timeout=at.timeout)
            self._line = line
            if at.scheme == "starttls":
                line.starttls(context=ssl.create_default_context())
            if at.user:
                line.login(at.user, at.password)
            line.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise Unreachable(f"{at.host}:{at.port}: {error}") from error
        return line


def _hand_over(line: smtplib.SMTP, mail: Envelope) -> None:
    """One mail, step by step: only where the line is cut after the last one is its fate unknown."""
    written = mail.as_bytes(eight=line.has_extn("8bitmime"))
    content = _LINE_WITH_DOT.sub(b"..", written)
    options = _options(line, mail, len(content))
    code, said = line.mail(mail.sender.address, options)
    _expect(code, said, 250, ours=True)
    code, said = line.rcpt(mail.reader.address)
    _expect(code, said, 250, 251)
    code, said = line.docmd("data")
    _expect(code, said, 354)
    line.send(content + END)
    try:
        code, said = _patiently(line)
    except (smtplib.SMTPException, OSError) as error:
        raise Cut(f"the line was cut after the mail: {error}", unsure=True) from error
    if code == NO_ANSWER:
        raise Cut(_said(code, said), unsure=True)
    _expect(code, said, 250)


def _options(line: smtplib.SMTP, mail: Envelope, length: int) -> list[str]:
    """What the server takes note of; then a report names the mail, and brings its headers alone."""
    options = ["BODY=8BITMIME"] if line.has_extn("8bitmime") else []
    if line.has_extn("size"):
        options.append(f"SIZE={length}")
    if line.has_extn("dsn"):
        options += ["RET=HDRS", f"ENVID={mail.mark}"]
    return options


def _patiently(line: smtplib.SMTP) -> tuple[int, bytes]:
    """The next answer of a line that was just written to."""
    assert line.sock is not None  # noqa: S101 - it is open
    line.sock.settimeout(line.timeout * PATIENCE)
    answer = line.getreply()
    line.sock.settimeout(line.timeout)
    return answer


def _expect(code: int, said: bytes, *good: int, ours: bool = False) -> None:
    """Go on if the server agrees. What it says against our own address is not the mail's fault."""
    if code in good:
        return
    if code in (GOING_AWAY, NO_ANSWER):
        raise Cut(_said(code, said))
    raise Refused(_said(code, said), for_good=code >= 500 and not ours)


def _clear(line: smtplib.SMTP) -> None:
    """Begin anew on the same line; if it is gone, the next mail finds out."""
    with suppress(smtplib.SMTPException, OSError):
        line.rset()


class Folder:
    """A file for each mail, for the owner alone; named by number, so that a repeat replaces it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing stays open."""

    def send(self, mail: Envelope, number: int) -> None:
        """Write `000123.eml`, whole or not at all."""
        draft = self._folder / f"{number:06d}.part"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(mail.as_bytes())
        draft.replace(draft.with_suffix(".eml"))


Carrier = Smtp | Folder


def carrier(smtp_url: str, folder: Path) -> Carrier:
    """SMTP if it is set up, else the folder. Raises `WrongSmtpUrl`."""
    return Smtp(read_smtp_url(smtp_url)) if smtp_url else Folder(folder)


def _said(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
