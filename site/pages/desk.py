"""Pages for the desk audience."""

from flask import Flask, Blueprint

page = Blueprint("desk", __name__)


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(page)
