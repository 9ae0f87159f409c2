"""Pages for organisers: numbers, people, delegations, programme, accounts, lists in and out."""

from flask import Flask

from pages.organiser import (
    accounts,
    actions,
    blueprint,
    delegations,
    downloads,
    editing,
    event_file,
    import_preview,
    imports,
    members,
    numbers,
    packing,
    people,
    person,
    phrases,
    printing,
    programme,
    work,
)

PARTS = (
    *(numbers, people, person, editing, actions, delegations, members),
    *(programme, event_file, accounts),
    *(imports, import_preview, downloads, printing, packing, work, phrases),
)
"""Each puts its pages onto the one blueprint when it is imported."""


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(blueprint.page)
