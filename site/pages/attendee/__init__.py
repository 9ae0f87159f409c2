"""Pages for attendees: the event, the form, and everybody's own page."""

from flask import Flask

from pages.attendee import blueprint, downloads, home, mine, phrases, registering, shelf


def register(app: Flask) -> None:
    """Add these pages to the site."""
    assert {m.page for m in (home, registering, mine, downloads, phrases)} == {blueprint.page}
    shelf.init_app(app)
    blueprint.register(app)
