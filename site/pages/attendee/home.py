"""The first page: the event, its programme with free seats, and the way to the form."""

from functools import partial

from flask import render_template

from event.about import about
from event.offer import Offer
from event.scans import day_of
from pages.attendee.blueprint import page
from pages.attendee.shelf import packed, shown
from pages.clock import now
from pages.current import language


@page.get("/")
def home() -> bytes:
    """The same for everybody, so it is kept until the programme or a seat changes, or it is over.

    Trials go on after that: the form stays open, the page only says that the days have passed.
    """
    here = shown()
    over = day_of(here.offer.event, now()) > here.offer.event.last_day
    (text,) = here.page(f"home {language()}{' over' * over}", partial(_made, over=over))
    return text


def _made(offer: Offer, *, over: bool) -> tuple[bytes, ...]:
    facts = about(offer.event)
    text = render_template(
        "attendee/home.html", offer=offer, event=offer.event, about=facts, over=over
    )
    return (packed(text),)
