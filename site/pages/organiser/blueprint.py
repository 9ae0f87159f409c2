"""The organiser's pages as one blueprint, and the sections that stand in their navigation."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from pages import access

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
    Section("organiser.programme", _l("Programme"), "organiser"),
    Section("organiser.import_page", _l("Import"), "organiser"),
    Section("organiser.exports_page", _l("Lists and badges"), "organiser"),
    Section("organiser.prints", _l("Print runs"), "organiser"),
    Section("organiser.staff", _l("Accounts"), "organiser"),
    Section("organiser.device_list", _l("Devices"), "organiser"),
)


@page.context_processor
def _navigation() -> dict[str, object]:
    return {"sections": list(_sections())}


def _sections() -> Iterator[tuple[LazyString, str, bool]]:
    """Label, address, and whether the reader is there, for what this reader may open."""
    person = access.signed_in()
    for section in SECTIONS:
        if section.endpoint in current_app.view_functions and person and person.may(section.role):
            address = url_for(section.endpoint)
            inside = request.path.startswith(address) and address != url_for("organiser.numbers")
            yield section.label, address, inside or request.path == address
