"""The first page: the event, its programme with free seats, and the way to the form."""

from functools import partial

from flask import render_template

from event.about import about
from event.offer import Offer
from event.opening import Opening, opening
from event.scans import day_of
from pages.attendee.blueprint import in_other_language, page
from pages.attendee.programme import View, asked_for
from pages.attendee.shelf import packed, shown
from pages.clock import now
from pages.current import language
from pages.delivery import same_for_all


@page.get("/")
@same_for_all
def home() -> bytes:
    """The same for everybody, so it is kept until the programme or a seat changes, registration
    opens or closes, or the event is over.

    Trials go on after that: the form stays open, the page only says that the days have passed.
    """
    here, at = shown(), now()
    over = day_of(here.offer.event, at) > here.offer.event.last_day
    found = opening(here.offer.event, at)
    view = asked_for(here.offer)
    name = f"home {language()} {view} {found.state}{' over' * over}"
    (text,) = here.page(name, partial(_made, over=over, view=view, found=found))
    return text


def _made(offer: Offer, *, over: bool, view: View, found: Opening) -> tuple[bytes, ...]:
    facts = about(offer.event)
    text = render_template(
        "attendee/home.html",
        offer=offer,
        event=offer.event,
        about=facts,
        over=over,
        opening=found,
        view=view,
        other_language=in_other_language(**view.words()),
    )
    return (packed(text),)
