"""Self check-in: a tablet that guests hold their code up to, with nobody's name but their own."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from event.devices import Scanner
from event.programme import Checkpoint
from pages import access
from pages.desk.blueprint import checkpoint, chosen, page
from pages.desk.welcoming import in_both_languages


@page.get("/kiosk")
@access.needs("kiosk")
def kiosk() -> str | Response | tuple[str, int]:
    """The whole screen, in both languages at once."""
    place = standing()
    if place is None and _is_kiosk():
        return render_template("desk/kiosk_without_door.html"), 409
    return kiosk_page(place) if place else redirect("/checkin/checkpoint")


def kiosk_page(place: Checkpoint, **context: str) -> str:
    """The page of a kiosk at this door."""
    return render_template("desk/kiosk.html", place=place, said=in_both_languages(), **context)


def standing() -> Checkpoint | None:
    """Where it is: a paired kiosk at its one door, others where they chose to be."""
    person = access.at_door()
    if isinstance(person, Scanner) and person.kiosk:
        return checkpoint(person.doors[0]) if person.doors else None
    return chosen()


def _is_kiosk() -> bool:
    person = access.at_door()
    return isinstance(person, Scanner) and person.kiosk
