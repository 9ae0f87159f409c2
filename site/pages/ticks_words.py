"""What is said of ticks that came back from an offline pack, and of those that do not fit."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from event.ticks import MAX_BYTES, Conflict, Report, WrongTicks
from event.words import Words
from forms.fields import reader
from pages.wording import day, hour

FILE = {
    "unreadable": _l("This is no file of ticks, or it is damaged."),
    "other_event": _l("These ticks are of another event."),
    "not_ours": _l(
        "This site did not make the pack that these ticks are from: codes mean other people there."
    ),
    "too_big": _l("This file is too big: at most %(limit)s MB."),
}
CONFLICTS = {
    "unknown": _l("Nobody here has this number."),
    "cancelled": _l("This registration was cancelled; this person was let in all the same."),
    "refused": _l("The rule of this door would have refused this person."),
    "place": _l("This place is no longer in the programme; the tick was not taken in."),
    "clock": _l("The computer's clock was ahead; the time now was written instead."),
    "undone": _l("The tick was taken back after it had come here. Undo it at the door if need be."),
    "reused": _l("The same tick was sent for somebody else; it was not taken in."),
}
RULES = {
    "registered_only": _l("This session is for those registered only, and this person is not."),
    "full": _l("Not registered for this session, and no seat is free."),
}


def problem(wrong: WrongTicks) -> str:
    """Why a file cannot be taken in."""
    return str(FILE[str(wrong)]) % {"limit": MAX_BYTES // 1024**2}


def why(conflict: Conflict) -> str:
    """What somebody should look at."""
    if conflict.kind == "earlier" and conflict.first_at:
        place = Words(**conflict.first_place).in_(reader())
        at = hour(conflict.first_at)
        return _("Was let in already: %(time)s, %(place)s.", time=at, place=place)
    return str(RULES.get(conflict.reason) or CONFLICTS[conflict.kind])


def line(conflict: Conflict) -> str:
    """One conflict for a terminal, with the code, which can be searched."""
    when = f"{day(conflict.at)} {hour(conflict.at)}"
    return f"! {conflict.code} {conflict.name} · {conflict.place} {when} — {why(conflict)}"


def summary(report: Report) -> str:
    """The numbers in one line."""
    return _(
        "%(admitted)s let in, %(repeated)s already here, %(undone)s taken back, "
        "%(conflicts)s to look at.",
        admitted=report.admitted,
        repeated=report.repeated,
        undone=report.undone,
        conflicts=len(report.conflicts),
    )
