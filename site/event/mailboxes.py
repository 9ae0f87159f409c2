"""Looks into a mailbox by IMAP for reports about mails of ours; what is there stays there."""

import base64
import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from event.reports import LONGEST

PORTS = {"imap": 143, "imaps": 993}
TIMEOUT = 20.0  # seconds of silence
PATIENCE = 90.0
"""Seconds that one look may take; the rest is left to the next."""
AT_ONCE = 100
FIRST_LOOK = 2000
"""So many of the newest mails are looked at in a mailbox that is new to us."""
KINDS = "CONTENT-TYPE X-FAILED-RECIPIENTS"
LONGEST_LITERAL = 2 * LONGEST
_UID = re.compile(rb"\bUID (\d+)")


class WrongMailboxUrl(ValueError):
    """MAIL_BOUNCES is not like imaps://user:password@host/INBOX."""


class NoAnswer(Exception):
    """The mailbox cannot be read now; the server's own words."""


@dataclass(frozen=True)
class Account:
    """Where reports arrive. By `imap` the line is made secret first, but on this computer."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str
    timeout: float = TIMEOUT


@dataclass(frozen=True)
class Place:
    """How far a mailbox was read; when `validity` changes, its numbers have begun anew."""

    validity: int = 0
    last: int = 0


@dataclass(frozen=True)
class Portion:
    """Some mails that were looked at: the texts of those that may be reports, by their number."""

    reached: Place
    reports: dict[int, bytes]


def read_mailbox_url(url: str) -> Account:
    """The parts of MAIL_BOUNCES; each may be percent-encoded. Raises `WrongMailboxUrl`."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
        timeout = float(parse_qs(parts.query).get("timeout", [TIMEOUT])[0])
    except (KeyError, ValueError):
        raise WrongMailboxUrl from None
    if parts.scheme not in PORTS or not (parts.hostname and parts.username):
        raise WrongMailboxUrl
    user, password = unquote(parts.username), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Account(parts.scheme, parts.hostname, port, user, password, folder, timeout)


class _Bounded:
    """A server cannot make us read without end."""

    def read(self, size: int) -> bytes:
        """A literal, if it is no longer than what was asked for."""
        if size > LONGEST_LITERAL:
            raise imaplib.IMAP4.abort("more than was asked for")
        return super().read(size)  # type: ignore[misc,no-any-return]


class _Plain(_Bounded, imaplib.IMAP4):
    pass


class _Secret(_Bounded, imaplib.IMAP4_SSL):
    pass


class Mailbox:
    """An open mailbox; see `opened`."""

    def __init__(self, line: imaplib.IMAP4, until: float) -> None:
        self._line = line
        self._until = until
        self.writable = True
        self.validity = 0
        self._newest = 0

    def choose(self, folder: str) -> None:
        """Open a folder; one that can only be read is no hindrance."""
        name = _as_imap_names(folder)
        try:
            status, said = self._line.select(name)
        except imaplib.IMAP4.readonly:
            self.writable = False
            status, said = self._line.select(name, readonly=True)
        if status != "OK":
            raise imaplib.IMAP4.error(_words(said))
        self.validity = int(_first(self._line.response("UIDVALIDITY")[1]) or 0)
        self._newest = int(_first(said) or 0)

    def since(self, place: Place) -> Iterator[Portion]:
        """What is new there, the oldest first, as long as there is time."""
        known = place.validity == self.validity
        last = place.last if known else self._before_the_newest()
        found = self._asked("SEARCH", None, f"UID {last + 1}:*")
        numbers = sorted(int(word) for word in (_first(found) or b"").split())
        fresh = [number for number in numbers if number > last]
        for start in range(0, len(fresh), AT_ONCE):
            if time.monotonic() > self._until:
                return
            some = fresh[start : start + AT_ONCE]
            yield Portion(Place(self.validity, some[-1]), self._reports(some))
        if not fresh and not known:
            yield Portion(Place(self.validity, last), {})

    def mark_read(self, number: int) -> None:
        """So that a person who opens the mailbox sees what was dealt with."""
        if self.writable:
            self._line.uid("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)")

    def _before_the_newest(self) -> int:
        first = self._newest - FIRST_LOOK
        if first < 1:
            return 0
        status, found = self._line.fetch(str(first), "(UID)")
        known = _UID.search(_flat(found)) if status == "OK" else None
        return int(known[1]) if known else 0

    def _reports(self, numbers: list[int]) -> dict[int, bytes]:
        head = f"BODY.PEEK[HEADER.FIELDS ({KINDS})]<0.2000>"
        heads = self._fetched(",".join(map(str, numbers)), head)
        likely = [n for n, text in heads.items() if _may_report(text)]
        bodies: dict[int, bytes] = {}
        for number in likely:
            bodies |= self._fetched(str(number), f"BODY.PEEK[]<0.{LONGEST}>")
        return bodies

    def _fetched(self, numbers: str, what: str) -> dict[int, bytes]:
        """The literals of an answer, by number. Servers put the number before or after them."""
        answers = self._asked("FETCH", numbers, f"(UID {what})")
        texts: dict[int, bytes] = {}
        for place, answer in enumerate(answers):
            if isinstance(answer, tuple):
                after = answers[place + 1] if place + 1 < len(answers) else b""
                number = _UID.search(answer[0]) or _UID.search(_flat([after]))
                if number:
                    texts[int(number[1])] = answer[1]
        return texts

    def _asked(self, *command: str | None) -> list[bytes | tuple[bytes, bytes]]:
        status, said = self._line.uid(*command)  # type: ignore[arg-type]
        if status != "OK":
            raise imaplib.IMAP4.error(_words(said))
        return [answer for answer in said if answer is not None]


@contextmanager
def opened(account: Account) -> Iterator[Mailbox]:
    """The mailbox, signed in and with its folder chosen. Raises `NoAnswer`, inside too."""
    line: imaplib.IMAP4 | None = None
    try:
        line = _connected(account)
        _sign_in(line, account)
        mailbox = Mailbox(line, time.monotonic() + PATIENCE)
        mailbox.choose(account.folder)
        yield mailbox
        line.logout()
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise NoAnswer(f"{account.host}:{account.port}: {_words([error])}") from error
    finally:
        if line is not None:
            _hang_up(line)


def _connected(account: Account) -> imaplib.IMAP4:
    if account.scheme == "imaps":
        safe = ssl.create_default_context()
        return _Secret(account.host, account.port, ssl_context=safe, timeout=account.timeout)
    line = _Plain(account.host, account.port, timeout=account.timeout)
    if not _on_this_computer(account.host):
        line.starttls(ssl.create_default_context())
    return line


def _on_this_computer(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _sign_in(line: imaplib.IMAP4, account: Account) -> None:
    """PLAIN takes any letters in a password, LOGIN those of ASCII."""
    if "AUTH=PLAIN" in line.capabilities:
        proof = f"\0{account.user}\0{account.password}".encode()
        line.authenticate("PLAIN", lambda _: proof)
    else:
        line.login(account.user, account.password)


def _hang_up(line: imaplib.IMAP4) -> None:
    with suppress(OSError):
        line.shutdown()


def _as_imap_names(folder: str) -> str:
    """In quotes; other letters than ASCII in its own kind of base64 (RFC 3501, 5.1.3)."""

    def shifted(found: re.Match[str]) -> str:
        code = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{code.replace('/', ',')}-"

    name = re.sub(r"[^\x20-\x7e]+", shifted, folder.replace("&", "&-"))
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _may_report(head: bytes) -> bool:
    head = head.lower()
    return b"multipart/report" in head or b"x-failed-recipients" in head


def _first(said: Sequence[object]) -> bytes | None:
    found = said[0] if said else None
    return found if isinstance(found, bytes) else None


def _flat(said: Sequence[object]) -> bytes:
    return b" ".join(part for part in said if isinstance(part, bytes))


def _words(said: Sequence[object]) -> str:
    """What a server said, as one line."""
    parts = (part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)
             for part in said)  # fmt: skip
    return " ".join(" ".join(parts).split())
