"""Pages for the door: scanning, finding people, walk-ins, and taking a scan back."""

from flask import Flask

from pages.desk import (
    app_shell,
    blanks,
    blueprint,
    checkpoints,
    counting,
    held_list,
    inside,
    kiosk,
    pairing,
    parties,
    people,
    printer,
    reading,
    reporting,
    roster,
    scanning,
    showing,
    undoing,
    walking_in,
)

PAGES = (
    app_shell, scanning, counting, checkpoints, people, blanks, walking_in, undoing, pairing,
    roster, kiosk, printer, parties, reading, held_list, inside, showing, reporting,
)  # fmt: skip
"""Each adds its routes to the blueprint as it is read."""


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(blueprint.page)
