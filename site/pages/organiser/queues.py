"""Who waits for which session, the next first."""

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from event.programme import Slot
from event.waiting import Wait
from pages import access
from pages.database import db
from pages.organiser.blueprint import page


@page.get("/waiting")
@access.needs("supervisor")
def queues() -> str:
    """Each session with a queue, in order of time; seats go to the next by themselves."""
    waits = (
        select(Wait)
        .join(Wait.slot)
        .join(Wait.attendee)
        .options(contains_eager(Wait.slot), contains_eager(Wait.attendee))
        .order_by(Slot.starts_at, Slot.id, Wait.id)
    )
    found: dict[Slot, list[Wait]] = {}
    for wait in db.session().scalars(waits):
        found.setdefault(wait.slot, []).append(wait)
    return render_template("organiser/waiting.html", queues=found)
