"""Pages for the door: scanning, finding people, walk-ins, and taking a scan back."""

from flask import Flask

from pages.desk import (
    blanks,
    blueprint,
    checkpoints,
    counting,
    pairing,
    people,
    roster,
    scanning,
    undoing,
    walking_in,
)

PAGES = (scanning, counting, checkpoints, people, blanks, walking_in, undoing, pairing, roster)
"""Each adds its routes to the blueprint as it is read."""


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(blueprint.page)
