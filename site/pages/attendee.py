"""Pages for the attendee audience."""

from flask import Flask, Blueprint

page = Blueprint("attendee", __name__)


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(page)
