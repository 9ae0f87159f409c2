"""What a scanner tells of itself: checked field by field before it is written down."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from event.readiness import TRIALS, Told

MOST_UNSENT = 1_000_000
LONGEST_SKEW = 2**31 - 1  # milliseconds, 24 days: a clock that is off by more is told as this
_KEY = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,59})?")
_VERSION = re.compile(r"[A-Za-z0-9._-]{1,40}")
_WRONG = {
    "checkpoint": _l("This is no key of a checkpoint."),
    "version": _l("This is no version of the app."),
    "roster_at": _l("This is no date and time with its zone."),
    "unsent": _l("This is no number of scans."),
    "clock_ms": _l("This is no number of milliseconds."),
    "battery": _l("This is no percentage."),
    "tested_at": _l("This is no date and time with its zone."),
    "test_ok": _l("This is neither true nor false."),
    "test_why": _l("This is no result of a trial."),
}


class WrongReport(ValueError):
    """A report that cannot be taken: `errors` says why, by field."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(*fields)
        self.errors = {field: str(_WRONG[field]) for field in fields}


def read_told(sent: Mapping[str, Any], *, at: datetime) -> Told:
    """A whole report. Raises `WrongReport` with every field that is wrong."""
    wrong = [field for field, good in _GOOD.items() if not good(sent.get(field))]
    if wrong:
        raise WrongReport(wrong)
    return Told(
        checkpoint=sent.get("checkpoint") or "",
        version=sent["version"],
        roster_at=_moment(sent.get("roster_at"), at),
        unsent=sent["unsent"],
        clock_ms=max(-LONGEST_SKEW, min(LONGEST_SKEW, sent["clock_ms"])),
        battery=sent.get("battery"),
        tested_at=_moment(sent.get("tested_at"), at),
        test_ok=sent.get("test_ok") is True,
        test_why=sent.get("test_why") or "",
    )


def _moment(value: str | None, at: datetime) -> datetime | None:
    """Not later than now, whatever the device's clock says."""
    return min(datetime.fromisoformat(value).astimezone(UTC), at) if value else None


def _is_moment(value: object) -> bool:
    if value is None:
        return True
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None and 2000 <= moment.year < 9990


def _whole(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _text(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _or_nothing(good: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or good(value)


_GOOD: dict[str, Callable[[object], bool]] = {
    "checkpoint": _or_nothing(_text(_KEY)),
    "version": _text(_VERSION),
    "roster_at": _is_moment,
    "unsent": _whole(0, MOST_UNSENT),
    "clock_ms": _whole(-(10**14), 10**14),
    "battery": _or_nothing(_whole(0, 100)),
    "tested_at": _is_moment,
    "test_ok": _or_nothing(lambda value: isinstance(value, bool)),
    "test_why": _or_nothing(lambda value: value in TRIALS),
}
