"""The organiser's pages as one blueprint, and the sections that stand in their navigation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import Select

from event.approving import how_many_ask
from event.data_requests import overdue
from event.judging import how_many_wait
from event.scans import day_of
from pages import access, current
from pages.clock import now
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
    Section("organiser.registration", _l("Registration"), "organiser"),
    Section("organiser.programme", _l("Programme"), "organiser"),
    Section("organiser.import_page", _l("Import"), "organiser"),
    Section("organiser.exports_page", _l("Lists and badges"), "organiser"),
    Section("organiser.prints", _l("Print runs"), "organiser"),
    Section("organiser.mails", _l("Letters"), "organiser"),
    Section("organiser.personal_data", _l("Personal data"), "organiser"),
    Section("organiser.staff", _l("Accounts"), "organiser"),
    Section("organiser.device_list", _l("Devices"), "organiser"),
)


WAITING: dict[str, Callable[[], Select[int]]] = {
    "organiser.review": how_many_wait,
    "organiser.registration": how_many_ask,
    "organiser.personal_data": lambda: overdue(day_of(current.event(), now())),
}
"""Sections that say how much waits there."""


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
            waits = _waits(section.endpoint)
            yield section.label, address, inside or request.path == address, waits


def _waits(endpoint: str) -> int:
    asked = WAITING.get(endpoint)
    return (db.session().scalar(asked()) or 0) if asked else 0
