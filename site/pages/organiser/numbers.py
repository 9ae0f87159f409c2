"""The numbers as of now: what was planned, who registered, who came, and when."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import abort, request
from sqlalchemy.orm import joinedload

from event.attendees import Attendee
from event.counts import Numbers, day_of_last_arrivals, newest, numbers_now
from event.crowds import crowds
from event.headcounts import counted_by_door
from event.limits import limits
from event.line import how_many_in_line
from event.programme import Checkpoint, Event
from event.scans import day_of
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.htmx import page_or_part
from pages.organiser.blueprint import page
from pages.organiser.chart import Chart, chart_of
from pages.wording import local


@page.get("/")
@access.needs("supervisor")
def numbers() -> str:
    """The page, and every few seconds the same numbers again for htmx."""
    event = current.event()
    at = now()
    counted = numbers_now(db.session(), _day(event, day_of(event, at)))
    return page_or_part(
        "organiser/numbers.html",
        "organiser/_numbers.html",
        event=event,
        numbers=counted,
        chart=_chart(counted),
        days=days_of(event),
        newest=_newest(),
        counted=_counted(),
        limits=limits(db.session()),
        in_line=db.session().scalar(how_many_in_line()),
        crowds=crowds(db.session(), day_of(event, at)),
        at=at,
    )


def _day(event: Event, today: date) -> date:
    """The day asked for; else today, or the last day on which anybody came, or the first."""
    asked = request.args.get("day")
    if not asked:
        inside = event.first_day <= today <= event.last_day
        return today if inside else _last_lively(event) or event.first_day
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        abort(404)
    return day if day in days_of(event) else abort(404)


def _last_lively(event: Event) -> date | None:
    return db.session().scalar(day_of_last_arrivals(event))


def days_of(event: Event) -> list[date]:
    """The days of the event, in order."""
    count = (event.last_day - event.first_day).days + 1
    return [event.first_day + timedelta(days=n) for n in range(count)]


def _chart(counted: Numbers) -> Chart:
    return chart_of({local(quarter): people for quarter, people in counted.arrivals.items()})


def _counted() -> list[tuple[Checkpoint, date, int]]:
    """Guests without a badge, by door and day."""
    return [(place, day, people) for place, day, people in db.session().execute(counted_by_door())]


def _newest() -> Sequence[Attendee]:
    return db.session().scalars(newest().options(joinedload(Attendee.category))).all()
