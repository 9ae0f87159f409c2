"""The programme: as a timetable or as a list, on one subject or all, with seats that stay fresh."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from event.offer import Day, Offer, days
from event.programme import Slot
from event.side_by_side import side_by_side
from pages.attendee.blueprint import page
from pages.attendee.phrases import seats, urgency
from pages.attendee.shelf import packed, shown
from pages.current import language
from pages.delivery import same_for_all
from pages.htmx import asked_by_htmx

TABLE, LIST = "table", "list"
FORUM = "forum"
"""Stands among the tracks for sessions that belong to none."""


@dataclass(frozen=True)
class View:
    """What a reader looks at; the words stand in the address, so that a link keeps them."""

    shape: str
    track: str

    def words(self, shape: str | None = None, track: str | None = None) -> dict[str, Any]:
        """The words of the address, with one of them changed; what goes without saying is left
        out.
        """
        shape = self.shape if shape is None else shape
        track = self.track if track is None else track
        return ({"view": shape} if shape != TABLE else {}) | ({"track": track} if track else {})

    def sessions(self, offer: Offer) -> list[Slot]:
        """Those of the track, or all."""
        return [slot for slot in offer.sessions if self.track in ("", _subject(slot))]

    def days(self, offer: Offer) -> list[Day]:
        """The sessions by day and time."""
        return list(days(self.sessions(offer), ZoneInfo(offer.event.zone)))


def asked_for(offer: Offer) -> View:
    """From the address; words that mean nothing here are as good as none."""
    track = request.args.get("track", "")
    known = {_subject(slot) for slot in offer.sessions}
    shape = LIST if request.args.get("view") == LIST else TABLE
    return View(shape, track if track in known else "")


def _subject(slot: Slot) -> str:
    return slot.track.key if slot.track else FORUM


@page.get("/programme")
@same_for_all
def programme() -> bytes | Answer:
    """The part of the first page that a filter changes; without htmx, that page itself."""
    here = shown()
    view = asked_for(here.offer)
    if not asked_by_htmx():
        return redirect(url_for(".home", _anchor="programme", **view.words()))
    (text,) = here.page(f"programme {language()} {view}", lambda offer: _made(offer, view))
    return text


def _made(offer: Offer, view: View) -> tuple[bytes, ...]:
    return (packed(render_template("attendee/_programme.html", offer=offer, view=view)),)


@page.get("/seats")
@same_for_all
def seats_now() -> Response:
    """Key of each session with limited seats: what to say, how urgent it is, how many are taken."""
    limited = [slot for slot in shown().offer.sessions if slot.capacity is not None]
    return jsonify({slot.key: (seats(slot), urgency(slot), slot.taken) for slot in limited})


page.add_app_template_filter(side_by_side)
