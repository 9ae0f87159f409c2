"""The site's one clock: every page, command and job asks it, so that a rehearsal can set it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app


def computer_clock() -> datetime:
    """The time of this machine, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The current moment as the site sees it."""
    return cast(Callable[[], datetime], current_app.config["NOW"])()


def really_now() -> datetime:
    """The computer's own time, whatever the site's clock was set to."""
    return cast(Callable[[], datetime], current_app.config.get("REALLY", computer_clock))()


def noon(day: date, zone: str) -> datetime:
    """The middle of a day at a place, for papers that are dated by hand."""
    return datetime.combine(day, time(12), ZoneInfo(zone))
