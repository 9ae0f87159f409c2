"""Pages for organisers: numbers, people, delegations, programme, accounts, lists in and out."""

from flask import Flask

from pages.organiser import (
    actions,
    blueprint,
    downloads,
    editing,
    import_preview,
    imports,
    numbers,
    people,
    person,
    work,
)

PARTS = (numbers, people, person, editing, actions, imports, import_preview, downloads, work)
"""Each puts its pages onto the one blueprint when it is imported."""


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(blueprint.page)
