"""What people take along from their own page: the badge, printed or drawn, the calendar."""

from io import BytesIO
from typing import Any

from flask import make_response, redirect, url_for
from werkzeug.wrappers import Response

import exports
from pages import current
from pages.attendee.blueprint import page
from pages.attendee.mine import Own, own
from pages.attendee.phrases import dates
from pages.clock import now
from pages.wording import words


@page.get("/me/<secret>/badge.pdf")
def badge_pdf(secret: str) -> Response:
    """One A6 page."""
    person = own(secret)
    if person.attendee.cancelled_at:
        return _back(secret)
    paper = BytesIO()
    exports.badges.write_badges([_badge(person)], "a6", paper)
    return _file(paper.getvalue(), "application/pdf", f"badge-{person.attendee.code}.pdf")


@page.get("/me/<secret>/badge.svg")
def badge_svg(secret: str) -> Response:
    """The same badge as a picture."""
    person = own(secret)
    if person.attendee.cancelled_at:
        return _back(secret)
    picture = exports.badges.badge_svg(_badge(person))
    return _file(picture.encode(), "image/svg+xml", f"badge-{person.attendee.code}.svg")


@page.get("/me/<secret>/calendar.ics")
def calendar(secret: str) -> Response:
    """The chosen sessions, for the calendar of a phone."""
    person = own(secret)
    if person.attendee.cancelled_at:
        return _back(secret)
    event, language = current.event(), current.language()
    diary = exports.calendar.Diary(event, person.attendee.id, person.slots, language)
    return _file(exports.calendar.write_calendar(diary, at=now()), "text/calendar", "calendar.ics")


def _badge(person: Own) -> Any:
    attendee, event = person.attendee, current.event()
    tracks = dict.fromkeys(words(slot.track.name) for slot in person.slots if slot.track)
    return exports.badges.Badge(
        number=attendee.code,
        name=attendee.name,
        title_line=attendee.degree,
        organisation=attendee.organisation,
        position=attendee.position,
        category=words(person.category.name),
        colour=person.category.colour,
        tracks=tuple(tracks),
        token=person.token,
        event_name=words(event.name),
        event_dates=f"{dates(event)} · {words(event.place)}",
    )


def _back(secret: str) -> Response:
    """There is no badge of a cancelled registration; the page says so."""
    return redirect(url_for(".mine", secret=secret), 303)


def _file(data: bytes, kind: str, name: str) -> Response:
    answer = make_response(data)
    answer.mimetype = kind
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
