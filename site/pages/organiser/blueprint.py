"""The organiser's pages as one blueprint, and the sections that stand in their navigation."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from event.judging import how_many_wait
from pages import access
from pages.database import db

page = Blueprint("organiser", __name__, url_prefix="/organiser")


@dataclass(frozen=True)
class Section:
    """A place in the navigation: where it leads, and the least role that may go there."""

    endpoint: str
    label: LazyString
    role: str


SECTIONS = (
    Section("organiser.numbers", _l("Numbers"), "supervisor"),
    Section("organiser.people", _l("People"), "supervisor"),
    Section("organiser.delegations", _l("Delegations"), "supervisor"),
    Section("organiser.readiness", _l("Readiness"), "supervisor"),
    Section("organiser.review", _l("To review"), "supervisor"),
    Section("organiser.programme", _l("Programme"), "organiser"),
    Section("organiser.import_page", _l("Import"), "organiser"),
    Section("organiser.exports_page", _l("Lists and badges"), "organiser"),
    Section("organiser.prints", _l("Print runs"), "organiser"),
    Section("organiser.mails", _l("Letters"), "organiser"),
    Section("organiser.staff", _l("Accounts"), "organiser"),
    Section("organiser.device_list", _l("Devices"), "organiser"),
)


WAITS = "organiser.review"
"""The section that says how much waits there."""


@page.context_processor
def _navigation() -> dict[str, object]:
    return {"sections": list(_sections())}


def _sections() -> Iterator[tuple[LazyString, str, bool, int]]:
    """For what this reader may open: label, address, whether they are there, and how many wait."""
    person = access.signed_in()
    for section in SECTIONS:
        if section.endpoint in current_app.view_functions and person and person.may(section.role):
            address = url_for(section.endpoint)
            inside = request.path.startswith(address) and address != url_for("organiser.numbers")
            waits = _waits() if section.endpoint == WAITS else 0
            yield section.label, address, inside or request.path == address, waits


def _waits() -> int:
    return db.session().scalar(how_many_wait()) or 0
