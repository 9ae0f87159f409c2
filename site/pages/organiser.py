"""Pages for the organiser audience."""

from flask import Flask, Blueprint

page = Blueprint("organiser", __name__)


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(page)
