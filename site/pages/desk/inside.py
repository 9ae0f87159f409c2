"""How many are inside now, at a door that counts it."""

from flask import render_template

from event.crowds import Crowd, crowd_at
from event.programme import Checkpoint
from event.scans import day_of
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import chosen, page
from pages.desk.verdicts import left_words


def crowd(place: Checkpoint) -> Crowd | None:
    """None at a door that neither has a limit nor is scanned in both directions."""
    return crowd_at(db.session(), place, day_of(current.event(), now()))


@page.context_processor
def _words() -> dict[str, object]:
    return {"left_words": left_words}


@page.get("/inside")
@access.needs("gate")
def inside() -> str | tuple[str, int]:
    """The line alone, for the scanner to refresh; nothing where nothing is counted."""
    place = chosen()
    found = crowd(place) if place else None
    if found is None:
        return "", 204
    return render_template("desk/_inside.html", crowd=found)
