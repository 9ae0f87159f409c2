"""What all visitors see alike: the offer is read once a second, its pages made when it changes."""

import re
import time
from collections.abc import Callable
from typing import cast

from flask import Flask, abort, current_app
from sqlalchemy.orm import Session

from event.offer import Offer, read_offer, read_stamp
from pages.database import db

FRESH = 1.0
"""Seconds for which free seats may be shown as they were; the last one is decided elsewhere."""

INDENT = re.compile(r"\s*\n\s*")


class Shown:
    """An offer, and the pages made of it, in pieces; they go together when the offer changes."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self._pages: dict[str, tuple[bytes, ...]] = {}

    def page(self, name: str, make: Callable[[Offer], tuple[bytes, ...]]) -> tuple[bytes, ...]:
        """A page in its pieces, made by the first who asks for it."""
        if name not in self._pages:
            self._pages[name] = make(self.offer)
        return self._pages[name]


class Shelf:
    """One for each process. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._shown: Shown | None = None
        self._read_at = 0.0

    def shown(self) -> Shown | None:
        """What is on offer, as it was at most a second ago."""
        if self._shown is None or self._clock() - self._read_at >= FRESH:
            self.renew()
        return self._shown

    def renew(self) -> None:
        """Look again now."""
        read_at = self._clock()
        with Session(db.engine) as session:
            if self._shown is None or self._shown.offer.stamp != read_stamp(session):
                offer = read_offer(session)
                self._shown = None if offer is None else Shown(offer)
        self._read_at = read_at


def shelf() -> Shelf:
    """The shelf of this process."""
    return cast(Shelf, current_app.extensions["shelf"])


def shown() -> Shown:
    """What is on offer; answers 503 where no event has been loaded yet."""
    found = shelf().shown()
    if found is None:
        abort(503, "no event")
    return found


def packed(page: str) -> bytes:
    """A page as it travels, without the spaces that only indent its source."""
    return INDENT.sub("\n", page).encode()


def init_app(app: Flask) -> None:
    """Give the app its shelf; the setting `ticks` is a clock for tests."""
    app.extensions["shelf"] = Shelf(app.config.get("TICKS", time.monotonic))
