"""Pages for organisers: numbers, people, delegations, programme, accounts, lists in and out."""

from flask import Flask

from pages.organiser import (
    accounts,
    actions,
    badge_logo,
    badge_sheets,
    blanks,
    blueprint,
    circulars,
    consents,
    data_requests,
    delegations,
    devices,
    downloads,
    editing,
    event_file,
    import_preview,
    imports,
    lists,
    mails,
    members,
    numbers,
    packing,
    people,
    person,
    personal_data,
    phrases,
    printing,
    programme,
    queues,
    readiness,
    registration,
    resending,
    returned,
    review,
    saved,
    work,
)

PARTS = (
    *(numbers, readiness, review, people, person, editing, actions, delegations, members),
    *(programme, queues, event_file, accounts, devices),
    *(imports, import_preview, downloads, lists, saved, printing, blanks, packing, work, phrases),
    *(badge_logo, badge_sheets, mails, returned, circulars, resending),
    *(registration, personal_data, data_requests, consents),
)
"""Each puts its pages onto the one blueprint when it is imported."""


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(blueprint.page)
