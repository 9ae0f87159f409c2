"""What the door sends: one scan as a device reports it, and the form for somebody who walks in."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError

from event.attendees import Registration
from event.consents import Notice
from event.headcounts import MOST
from event.names import clean
from event.offer import TAKE_PART
from event.questions import BY_KEY
from event.scans import DECIDED, DIRECTIONS, METHODS, PASSING
from forms.fields import AnswersForm, asks
from forms.registration import TickedField, purposes

LONGEST_CODE = 1000
LONGEST_WHY = 150
MANY_DIGITS = 100
LARGEST_NUMBER = 2**31 - 1
AHEAD = timedelta(minutes=5)
"""How far a device's clock may run ahead of the site's."""
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)

_NONCE = re.compile(r"[A-Za-z0-9_-]{8,40}")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_REASON = re.compile(r"[a-z_]{0,30}")
_WRONG = {
    "nonce": _l("A scan needs a nonce of 8 to 40 letters and digits of its own."),
    "checkpoint": _l("This checkpoint does not exist. Choose one again."),
    "method": _l("The method is one of camera, scanner, search, kiosk."),
    "scanned_at": _l("The time of the scan is no date and time with its zone."),
    "ahead": _l("The time of the scan lies in the future. Set this device's clock."),
    "direction": _l("The direction is in or out."),
    "code": _l("The code is too long to be a badge."),
    "kind": _l("A device decides in, back, extra, out, help or again."),
    "reason": _l("A device gives its reason as one of the keys that it knows."),
    "attendee": _l("Give either a code or the number of a person."),
    "override": _l("Give the reason in at most 150 characters."),
    "people": _l("Give a number of guests from 1 to 500."),
    "undoes": _l("Give the nonce of the count that is taken back."),
}


class WrongScan(ValueError):
    """A report that cannot be taken: `errors` says why, by field."""

    def __init__(self, field: str, message: str = "") -> None:
        super().__init__(field)
        self.errors = {field: str(_WRONG[message or field])}


@dataclass(frozen=True)
class ScanReport:
    """One scan as a device reports it; the fields are those of `event.checkin.Scanned`."""

    nonce: str
    checkpoint: str
    method: str
    scanned_at: datetime
    code: str
    attendee_id: int | None
    override: str
    device_at: datetime | None
    direction: str = "in"
    decided: str = ""
    decided_why: str = ""


def read_scan(sent: Mapping[str, Any], *, at: datetime) -> ScanReport:
    """Check a report, from JSON or from a form. Raises `WrongScan`.

    A missing time means now; a clock that runs a little ahead is set back to now.
    """
    number = _number(sent.get("attendee"))
    code = _text(sent, "code", lambda code: len(code) <= LONGEST_CODE)
    if (number is None) == (not code):
        raise WrongScan("attendee")
    return ScanReport(
        nonce=_text(sent, "nonce", _NONCE.fullmatch),
        checkpoint=_text(sent, "checkpoint", _KEY.fullmatch),
        method=_text(sent, "method", METHODS.__contains__),
        scanned_at=_moment(sent.get("scanned_at"), at),
        code=only_digits(code),
        attendee_id=number,
        override=clean(_text(sent, "override", lambda why: len(why) <= LONGEST_WHY)),
        device_at=_by_its_own_clock(sent.get("device_at")),
        direction=_text(sent, "direction", ("", *DIRECTIONS).__contains__) or "in",
    )


def read_kept_scan(sent: Mapping[str, Any], *, at: datetime) -> ScanReport:
    """The same of a scan that a device kept, with what it decided itself, if it did.

    A clock that ran ahead is no reason to lose it: it was scanned before it came.
    """
    told = sent.get("decided")
    decided = told if isinstance(told, Mapping) else {}
    kind = _text(decided, "kind", lambda kind: not kind or kind in DECIDED)
    report = read_scan({**sent, "scanned_at": _not_ahead(sent.get("scanned_at"), at)}, at=at)
    if kind in PASSING and (kind == "out") != (report.direction == "out"):
        raise WrongScan("kind")
    return replace(report, decided=kind, decided_why=_text(decided, "reason", _REASON.fullmatch))


@dataclass(frozen=True)
class CountReport:
    """One press that counts guests without a badge; fields as in `event.headcounts.Counted`."""

    nonce: str
    checkpoint: str
    counted_at: datetime
    people: int
    undoes: str


def read_count(sent: Mapping[str, Any], *, at: datetime) -> CountReport:
    """Check a count, from JSON or from a form. Raises `WrongScan`."""
    undoes = _text(sent, "undoes", lambda nonce: not nonce or _NONCE.fullmatch(nonce))
    return CountReport(
        nonce=_text(sent, "nonce", _NONCE.fullmatch),
        checkpoint=_text(sent, "checkpoint", _KEY.fullmatch),
        counted_at=_moment(sent.get("counted_at"), at),
        people=0 if undoes else _people(sent.get("people")),
        undoes=undoes,
    )


def read_kept_count(sent: Mapping[str, Any], *, at: datetime) -> CountReport:
    """The same of a press that a device kept."""
    return read_count({**sent, "counted_at": _not_ahead(sent.get("counted_at"), at)}, at=at)


def _people(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 4:
        value = int(value)
    if type(value) is not int or not 0 < value <= MOST:
        raise WrongScan("people")
    return value


def only_digits(code: str) -> str:
    """The digits of a badge, freed of what a keyboard put between them; any other code as it is."""
    digits = code if code.isdecimal() and code.isascii() else _NOT_DIGITS.sub("", code)
    return digits if len(digits) >= MANY_DIGITS else code.strip()


def _text(sent: Mapping[str, Any], field: str, good: Callable[[str], object]) -> str:
    value = sent.get(field) or ""
    if not isinstance(value, str) or not good(value):
        raise WrongScan(field)
    return value


def _number(value: object) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        value = int(value)
    if type(value) is not int or not 0 < value <= LARGEST_NUMBER:
        raise WrongScan("attendee")
    return value


def _moment(value: object, at: datetime) -> datetime:
    if value is None or value == "":
        return at
    moment = _read_moment(value)
    if moment is None:
        raise WrongScan("scanned_at")
    if moment > at + AHEAD:
        raise WrongScan("scanned_at", "ahead")
    return min(moment, at).astimezone(UTC)


def _read_moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not OLDEST.year <= moment.year <= 9990:
        return None
    return moment


def _not_ahead(value: object, at: datetime) -> object:
    moment = _read_moment(value)
    return value if moment is None or moment <= at else at.isoformat()


def _by_its_own_clock(value: object) -> datetime | None:
    """Kept beside the time that counts; one that makes no sense is none."""
    moment = _read_moment(value)
    return moment and moment.astimezone(UTC)


ASKED = tuple(BY_KEY[key] for key in ("name", "organisation", "phone", "email", "category"))


@asks(ASKED, required=lambda question: question.at_desk)
class WalkInForm(AnswersForm):
    """Name and organisation, what else is known, and that the person agreed."""

    nonce = HiddenField()
    blank = HiddenField()
    agreed = TickedField()
    confirmed = HiddenField()

    def __init__(self, notices: tuple[Notice, ...], **options: Any) -> None:
        super().__init__(**options)
        self.notices = notices

    @property
    def blank_number(self) -> int | None:
        """Of the blank badge that is to be theirs, if one was scanned before they were put down."""
        return _number(self.blank.data)

    def focus_first_mistake(self) -> None:
        """Where the page opens: at the first thing to put right, else at the name."""
        shown = [*(self[question.key] for question in ASKED), self.agreed]
        wrong = next((field for field in shown if field.errors), shown[0])
        for field in shown:
            field.render_kw = {**(field.render_kw or {}), "autofocus": field is wrong}

    def validate_agreed(self, field: TickedField) -> None:
        """Nobody is put down who was not told."""
        if TAKE_PART not in purposes(field.data, self.notices):
            raise ValidationError(str(_l("Ask the guest first: without consent nothing is kept.")))

    def press(self) -> str:
        """One nonce for each person: going back and typing another name is another person."""
        parts = (self.nonce.data or "", *(self[key].data or "" for key in ("name", "organisation")))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]

    def registration(self, language: str, category: str) -> Registration:
        """What was filled in; `category` for those who come as nothing in particular."""
        answers = self.answers()
        answers["category"] = answers["category"] or category
        agreed = purposes(self.agreed.data, self.notices)
        return Registration(**answers, agreed=agreed, language=language)
