"""Who waits: in line for a place at the event, and for which session; the next first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.wrappers import Response

from event.approving import give_place
from event.attendees import Attendee
from event.journal import Change
from event.limits import Limit, Limits, limits
from event.line import in_line
from event.programme import Category, Slot, categories
from event.waiting import Wait
from forms.organiser import SureForm
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.person import someone
from pages.security import shows_form_again
from pages.wording import words
from pages.worker import wake

SHOWN = 500


@dataclass(frozen=True)
class Standing:
    """One limit: whose it is, who stands in line for it, and who of them is next."""

    name: str
    limit: Limit
    waiting: Sequence[Attendee]

    @property
    def next(self) -> Attendee | None:
        """The first, who has the next place that is enough for them."""
        return self.waiting[0] if self.waiting else None


@page.get("/waiting")
@access.needs("supervisor")
def queues() -> str:
    """The line for the event, and each session with a queue; places go to the next by
    themselves.
    """
    return _show()


@page.post("/waiting/<int:number>/place")
@access.needs("organiser")
@shows_form_again
def give_a_place(number: int) -> Response | tuple[str, int]:
    """Out of turn, and above the limit if need be; the person hears of it by mail."""
    if not SureForm().validate():
        return _show(stale=True), 400
    attendee = someone(number)
    if give_place(db.session(), attendee, at=now(), by=access.me().email):
        wake()
        flash(_("%(name)s has a place now.", name=attendee.titled_name), "good")
    else:
        flash(_("That has been done already, or is not possible any more."), "warn")
    return redirect(url_for("organiser.queues"), 303)


def _show(*, stale: bool = False) -> str:
    found = limits(db.session())
    people = db.session().scalars(in_line().options(joinedload(Attendee.category))).all()
    return render_template(
        "organiser/waiting.html",
        queues=_of_sessions(),
        people=people[:SHOWN],
        in_all=len(people),
        since=_since(people[:SHOWN]),
        standings=list(standings(found, people)),
        stale=stale,
    )


def standings(found: Limits, people: Sequence[Attendee]) -> Iterator[Standing]:
    """Each limit there is; whoever waits for their category is not next for the event."""
    if found.event.places is not None:
        able = [one for one in people if not found.categories[one.category_id].full]
        yield Standing(words(current.event().name), found.event, able)
    for category in db.session().scalars(categories().where(Category.places.is_not(None))):
        own = [one for one in people if one.category_id == category.id]
        yield Standing(words(category.name), found.categories[category.id], own)


def _since(people: Sequence[Attendee]) -> dict[int, object]:
    """When each came to where they stand."""
    last = (
        select(Change.subject_id, func.max(Change.at, type_=Change.at.type))
        .where(Change.subject == "attendee", Change.verb == "lined_up")
        .where(Change.subject_id.in_([one.id for one in people]))
        .group_by(Change.subject_id)
    )
    return {row[0]: row[1] for row in db.session().execute(last)}


def _of_sessions() -> dict[Slot, list[Wait]]:
    """In order of time; who is in line for a place stands there too, as far as seats are
    limited.
    """
    waits = (
        select(Wait)
        .join(Wait.slot)
        .join(Wait.attendee)
        .options(contains_eager(Wait.slot), contains_eager(Wait.attendee))
        .where(Slot.capacity.is_not(None))
        .order_by(Slot.starts_at, Slot.id, Wait.id)
    )
    found: dict[Slot, list[Wait]] = {}
    for wait in db.session().scalars(waits):
        found.setdefault(wait.slot, []).append(wait)
    return found
