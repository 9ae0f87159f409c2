"""Choosing where a device scans: what is on now comes first, and a session long over warns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask import abort, redirect, render_template, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.programme import Checkpoint, Slot, checkpoints
from pages import access
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import checkpoint, chosen, guarded, page, remember
from pages.door_rules import rule
from pages.wording import local

BEFORE = timedelta(hours=2)
AFTER = timedelta(minutes=30)

Place = tuple[Checkpoint, Slot]


@dataclass(frozen=True)
class Hours:
    """When a session is scanned for: from well before its start until shortly after its end."""

    opens: datetime
    closes: datetime
    early: bool
    late: bool


def hours(place: Checkpoint) -> Hours | None:
    """The hours of a session's door and whether they are past or yet to come; gates have none."""
    if place.slot is None:
        return None
    opens, closes = place.slot.starts_at - BEFORE, place.slot.ends_at + AFTER
    return Hours(opens, closes, now() < opens, now() > closes)


@page.get("/checkpoint")
@access.needs("gate")
def checkpoint_list() -> str:
    """Gates and the sessions of this hour first; the others are folded away by day."""
    room = joinedload(Checkpoint.slot).joinedload(Slot.room)
    places = [p for p in db.session().scalars(checkpoints().options(room)) if guarded(p)]
    doors = sorted(_doors(places), key=lambda door: door[1].starts_at)
    on_now = [place for place, slot in doors if _on_now(slot)]
    rest = [door for door in doors if not _on_now(door[1])]
    days = groupby(rest, key=lambda door: local(door[1].starts_at).date())
    return render_template(
        "desk/checkpoint.html",
        gates=[place for place in places if place.slot is None],
        on_now=on_now,
        days=[(day, [place for place, _ in of_day]) for day, of_day in days],
        rule=rule,
        place=chosen(),
    )


def _doors(places: Iterable[Checkpoint]) -> Iterator[Place]:
    """The sessions' doors, each with its session."""
    return ((place, place.slot) for place in places if place.slot is not None)


def _on_now(slot: Slot) -> bool:
    return slot.starts_at - BEFORE <= now() <= slot.ends_at + AFTER


@page.post("/checkpoint")
@access.needs("gate")
def choose_checkpoint() -> Response:
    """Chosen once, and remembered on this device."""
    place = checkpoint(request.form.get("checkpoint", ""))
    if place is None or not guarded(place):
        abort(422)
    return remember(place, redirect("/checkin/", 303))
