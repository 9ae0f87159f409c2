"""How often and how fast one visitor, or one network address, may send the form.

Counted in the memory of each web process: nothing is written, nobody's address is kept for longer
than the ten minutes, and a second process can only let more through.
"""

import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import cast

from flask import Flask, current_app, request, session
from itsdangerous.encoding import base64_decode, bytes_to_int

WINDOW = 600.0  # seconds
OF_A_VISITOR = 40
"""A secretary puts ten colleagues down, and mistypes: four tries for each."""
OF_AN_ADDRESS = 1500
"""A ministry's thousand people come from one address, on the morning that brings the letter."""


class Crowd:
    """Counts by key, for ten minutes each; `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._counts: dict[str, int] = {}

    def comes(self, key: str, most: int) -> bool:
        """Count one more. False if that is too many."""
        if self._clock() - self._began >= WINDOW:
            self._began, self._counts = self._clock(), {}
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key] <= most


def too_many() -> bool:
    """Whether whoever sends this form has sent too many of late."""
    crowd = cast(Crowd, current_app.extensions["crowd"])
    visitor = session.get("csrf_token")
    origin = network(request.remote_addr or "")
    within = not visitor or crowd.comes(f"visitor {visitor}", OF_A_VISITOR)
    return not ((not origin or crowd.comes(f"origin {origin}", OF_AN_ADDRESS)) and within)


def network(address: str) -> str:
    """What is counted for a network address: in IPv6 a household has a whole /64.

    Nothing for this computer's own, where a proxy of ours may stand for all visitors.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback:
        return ""
    return str(found if found.version == 4 else ip_network((found, 64), strict=False))


def in_no_time(token: str | None) -> bool:
    """Whether a form came back sooner than anybody fills it in."""
    least = float(current_app.config["FORM_SECONDS"])
    return bool(least and token) and age_of(token or "") < least


def age_of(token: str) -> float:
    """How many seconds ago a form token was made, which was found good before."""
    made_at = bytes_to_int(base64_decode(token.rsplit(".", 2)[1]))
    return time.time() - made_at


def init_app(app: Flask) -> None:
    """One for each process; the setting `ticks` is a clock for tests."""
    app.extensions["crowd"] = Crowd(app.config.get("TICKS", time.monotonic))
