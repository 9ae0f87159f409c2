"""What people take along from their own page: the badge, printed or drawn, the calendar."""

from io import BytesIO
from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

import exports
from event.attendees import Attendee
from event.designs import design_of
from event.links import holder
from pages import current
from pages.attendee.agenda import diary_of
from pages.attendee.blueprint import page
from pages.attendee.mine import own
from pages.clock import now
from pages.database import db

if TYPE_CHECKING:
    from exports.badge_face import Badge


@page.get("/me/<secret>/badge.pdf")
def badge_pdf(secret: str) -> Response:
    """One page."""
    attendee = holder(db.session(), secret, current.keys())
    if not attendee.has_badge:
        return _back(secret)
    paper = BytesIO()
    design = design_of(db.session())
    exports.badges.write_badges([_badge(attendee)], design.single, paper, design)
    return _file(paper.getvalue(), "application/pdf", f"badge-{attendee.code}.pdf")


@page.get("/me/<secret>/badge.svg")
def badge_svg(secret: str) -> Response:
    """The same badge as a picture."""
    attendee = holder(db.session(), secret, current.keys())
    if not attendee.has_badge:
        return _back(secret)
    picture = exports.badge_picture.badge_svg(_badge(attendee), design_of(db.session()))
    return _file(picture.encode(), "image/svg+xml", f"badge-{attendee.code}.svg")


@page.get("/me/<secret>/badge.png")
def badge_png(secret: str) -> Response:
    """The badge as a file of pixels, which every phone keeps among its photographs."""
    attendee = holder(db.session(), secret, current.keys())
    if not attendee.has_badge:
        return _back(secret)
    picture = exports.badge_png.badge_png(_badge(attendee), design_of(db.session()))
    return _file(picture, "image/png", f"badge-{attendee.code}.png")


@page.get("/me/<secret>/picture")
def picture(secret: str) -> Response | str:
    """The picture on a page: browsers inside Zalo or Facebook know no downloads, only a long
    press.
    """
    attendee = holder(db.session(), secret, current.keys())
    if not attendee.has_badge:
        return _back(secret)
    return render_template("attendee/picture.html", attendee=attendee, secret=secret)


@page.get("/me/<secret>/calendar.ics")
def calendar(secret: str) -> Response:
    """The chosen sessions, for the calendar of a phone."""
    person = own(secret)
    if not person.attendee.has_badge:
        return _back(secret)
    data = exports.calendar.write_calendar(diary_of(person.attendee), at=now())
    return _file(data, "text/calendar", "calendar.ics")


def _badge(attendee: Attendee) -> "Badge":
    """The very badge that is printed for them at the desk."""
    only = select(Attendee).where(Attendee.id == attendee.id)
    faces = exports.faces.faces(db.session(), current.event(), current.keys().badges, only)
    return next(faces)


def _back(secret: str) -> Response:
    """There is no badge of a cancelled registration, nor of one that waits; the page says so."""
    return redirect(url_for(".mine", secret=secret), 303)


def _file(data: bytes, kind: str, name: str) -> Response:
    answer = make_response(data)
    answer.mimetype = kind
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
