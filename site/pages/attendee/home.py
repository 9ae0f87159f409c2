"""The first page: the event, its programme with free seats, and the way to the form."""

from flask import render_template

from event.about import about
from event.offer import Offer
from pages.attendee.blueprint import page
from pages.attendee.shelf import packed, shown
from pages.current import language


@page.get("/")
def home() -> bytes:
    """The same for everybody, so it is kept until the programme or a seat changes."""
    (text,) = shown().page(f"home {language()}", _made)
    return text


def _made(offer: Offer) -> tuple[bytes, ...]:
    facts = about(offer.event)
    text = render_template("attendee/home.html", offer=offer, event=offer.event, about=facts)
    return (packed(text),)
