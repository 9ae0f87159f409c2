"""How the attendees' pages say what the programme holds: dates, seats, what is tentative."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from event.programme import Slot
from forms.registration import shown_as
from pages.attendee.blueprint import page
from pages.wording import number

FEW = 0.1
"""Below this part of a room's seats, the page urges."""


@page.app_template_filter()
def seats(slot: Slot) -> str:
    """What is free, in words."""
    if slot.capacity is None or slot.free is None:
        return _("Open seating")
    if slot.free == 0:
        return _("Full")
    return _("%(free)s of %(all)s seats left", free=number(slot.free), all=number(slot.capacity))


@page.app_template_filter()
def urgency(slot: Slot) -> str:
    """How the seats are shown: "full", "few" or ""."""
    if slot.capacity is None or slot.free is None:
        return ""
    if slot.free == 0:
        return "full"
    return "few" if slot.free <= slot.capacity * FEW else ""


def shared_by_all(slots: Iterable[Slot]) -> frozenset[str]:
    """The values that are tentative in every session: said once, above the programme."""
    each = [frozenset(slot.assumed) for slot in slots]
    return frozenset.intersection(*each) if each else frozenset()


@page.app_template_filter()
def tentative(assumed: Iterable[str], said: Iterable[str] = ()) -> str:
    """Which values are not announced yet, in words, without those `said` already."""
    names = {
        "starts": _("time"),
        "ends": _("time"),
        "title": _("title"),
        "room": _("room"),
        "chair": _("chair"),
        "capacity": _("seats"),
    }
    open_yet = set(assumed) - set(said)
    return ", ".join(dict.fromkeys(names[name] for name in names if name in open_yet))


@page.app_template_filter()
def veiled(email: str) -> str:
    """Enough to see a mistyped address by, too little to write to: "hu…@vidu.vn"."""
    box, _at, host = email.partition("@")
    return f"{box[:2]}…@{host}"


@page.app_template_filter()
def picture(key: str) -> str:
    """The picture of a track, or one that suits any."""
    name = f"track-{key}"
    return name if name in _drawn(str(current_app.static_folder), "icons.svg") else "track"


@page.app_template_filter()
def emblem(key: str) -> str:
    """The picture of a category; of one that an event file added, a person."""
    drawn = _drawn(str(current_app.static_folder), "categories.svg")
    return key if key in drawn else "visitor"


@cache
def _drawn(static: str, name: str) -> frozenset[str]:
    sprite = Path(static, name).read_text(encoding="utf-8")
    return frozenset(re.findall(r'id="([\w-]+)"', sprite))


page.add_app_template_filter(shown_as)
page.add_app_template_filter(shared_by_all)
