"""Pages for attendees: the event, the form, and everybody's own page."""

from flask import Flask

from pages.attendee import (
    agenda,
    agreeing,
    blueprint,
    changing,
    claiming,
    correcting,
    downloads,
    finding,
    giving_up,
    home,
    mine,
    own_data,
    own_words,
    phrases,
    programme,
    registering,
    shelf,
)

PARTS = (
    *(home, programme, registering, mine, downloads, finding, phrases),
    *(changing, agreeing, claiming, correcting, giving_up, agenda, own_data, own_words),
)
"""Importing them is what gives the blueprint its pages and filters."""


def register(app: Flask) -> None:
    """Add these pages to the site."""
    shelf.init_app(app)
    blueprint.register(app)
