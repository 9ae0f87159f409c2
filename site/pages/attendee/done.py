"""What the last press did: kept in the visitor's own session, said once on the next page."""

from flask import session
from flask_babel import lazy_gettext as _l

DONE = "done"
SAID = {
    "saved": _l("Your changes are saved."),
    "give": _l("You have given your seat back: “%(session)s”."),
    "leave": _l("You wait no longer for “%(session)s”."),
    "seated": _l("You have a seat: “%(session)s”."),
    "queued": _l("You stand in line for “%(session)s”."),
    "agreed": _l("Thank you. Your consent is kept."),
    "returned": _l("The cancellation is undone: you are registered again."),
    "withdrawn": _l("Your consent is withdrawn."),
}
"""By deed; those about a session name it."""


def tell(attendee_id: int, deed: str, slot: str = "") -> None:
    """To be said when that person's page is shown next."""
    session[DONE] = [attendee_id, deed, slot]


def told(attendee_id: int) -> tuple[str, str] | None:
    """Deed and key of the session, if there is anything to say about that person; only once."""
    number, deed, slot = session.pop(DONE, (0, "", ""))
    return (deed, slot) if number == attendee_id and deed in SAID else None
