"""Pages for attendees: the event, the form, and everybody's own page."""

from flask import Flask

from pages.attendee import blueprint, downloads, finding, home, mine, phrases, registering, shelf

PARTS = (home, registering, mine, downloads, finding, phrases)
"""Importing them is what gives the blueprint its pages and filters."""


def register(app: Flask) -> None:
    """Add these pages to the site."""
    shelf.init_app(app)
    blueprint.register(app)
