"""Two ways to hand a mail over: to an SMTP server, or, where there is none, into a folder."""

import os
import smtplib
import socket
import ssl
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

TIMEOUT = 20.0  # seconds
PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
GOING_AWAY = 421


class WrongSmtpUrl(ValueError):
    """SMTP_URL is not like smtp://user:password@host:port (or smtps://, starttls://)."""


class Refused(Exception):
    """This mail was not taken; `for_good` if trying again is useless."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


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


def read_smtp_url(url: str) -> Server:
    """The parts of SMTP_URL; user and password may be percent-encoded. Raises `WrongSmtpUrl`."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise WrongSmtpUrl(parts.scheme) from None
    if not parts.hostname:
        raise WrongSmtpUrl("host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, port, user, password)


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

    def send(self, message: EmailMessage, number: int) -> None:
        """Hand one mail over. Raises `Refused`, `Unreachable`."""
        line = self._line or self._connect()
        try:
            _hand_over(line, message)
        except smtplib.SMTPRecipientsRefused as error:
            self._refuse(*next(iter(error.recipients.values())))
        except smtplib.SMTPSenderRefused as error:  # our settings are wrong, not the mail
            raise Refused(_said(error.smtp_code, error.smtp_error), for_good=False) from error
        except smtplib.SMTPDataError as error:
            self._refuse(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise Refused(str(error), for_good=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise Refused(f"the line was cut: {error}", for_good=False) from error

    def hang_up(self) -> None:
        """Say goodbye if the other side still listens."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            line.quit()
        except (smtplib.SMTPException, OSError):
            line.close()

    def _refuse(self, code: int, said: bytes | str) -> None:
        if code == GOING_AWAY:
            self.hang_up()
        raise Refused(_said(code, said), for_good=code >= 500)

    def _connect(self) -> smtplib.SMTP:
        at, name = self._server, socket.gethostname()
        try:
            if at.scheme == "smtps":
                safe = ssl.create_default_context()
                line: smtplib.SMTP = smtplib.SMTP_SSL(
                    at.host, at.port, name, timeout=TIMEOUT, context=safe
                )
            else:
                line = smtplib.SMTP(at.host, at.port, name, timeout=TIMEOUT)
            self._line = line
            if at.scheme == "starttls":
                line.starttls(context=ssl.create_default_context())
            if at.user:
                line.login(at.user, at.password)
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise Unreachable(f"{at.host}:{at.port}: {error}") from error
        return line


def _hand_over(line: smtplib.SMTP, message: EmailMessage) -> None:
    """With its letters as they are, where the server says that it takes them; else encoded."""
    line.ehlo_or_helo_if_needed()
    if line.has_extn("8bitmime"):
        line.send_message(message, mail_options=("BODY=8BITMIME",))
    else:
        policy = message.policy.clone(cte_type="7bit")
        line.send_message(message_from_bytes(message.as_bytes(policy=policy), policy=policy))


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

    def send(self, message: EmailMessage, number: int) -> None:
        """Write `000123.eml`, whole or not at all."""
        draft = self._folder / f"{number:06d}.part"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes(policy=SMTP))
        draft.replace(draft.with_suffix(".eml"))


Carrier = Smtp | Folder


def carrier(smtp_url: str, folder: Path) -> Carrier:
    """SMTP if it is set up, else the folder. Raises `WrongSmtpUrl`."""
    return Smtp(read_smtp_url(smtp_url)) if smtp_url else Folder(folder)


def _said(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
