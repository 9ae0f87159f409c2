"""The site's one clock: every page, command and job asks it, so that a rehearsal can set it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import current_app


def computer_clock() -> datetime:
    """The time of this machine, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The current moment as the site sees it."""
    return cast(Callable[[], datetime], current_app.config["NOW"])()
