"""Verdicts in the reader's words: what stands in big letters, and why, for staff."""

from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from event.bearers import WITHDRAWN, Guest
from event.blanks import LOST, code_of
from event.checkin import Verdict
from event.delegations import Delegation, delegations, of_size
from event.doors import First
from event.gate_parties import offer
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.wording import hour, local, moment, number, words

TITLES = {
    "in": _l("Welcome"),
    "back": _l("Back in"),
    "extra": _l("Let in, not registered"),
    "out": _l("Goodbye"),
    "help": _l("Please come to the help desk"),
    "again": _l("Not read whole: scan again"),
    "two_badges": _l("Two badges at once"),
    "number_only": _l("Please scan the QR code"),
}
WHY = {
    "turned_back": _l("The guest did not go in"),
    "other_door": _l("This device stands at another door."),
    "not_ours": _l("This code is no badge of ours."),
    "incomplete": _l("The scanner lost some of the digits."),
    "two_badges": _l("Scan one after the other, please."),
    "number_only": _l(
        "This is the number below the code; please scan the QR code or ask the help desk."
    ),
    "other_event": _l("This is a badge of another event."),
    "unknown": _l("Nobody here has this number."),
    "replaced": _l("This badge was replaced by a new one."),
    "cancelled": _l("This registration was cancelled."),
    "waiting": _l("This registration still waits for an organiser's yes."),
    "in_line": _l("This person stands in line for a place: none has become free for them yet."),
    "registered_only": _l("This session is for those registered only, and this person is not."),
    "full": _l("Full: every place is taken, or kept for somebody registered."),
    "wrong_day": _l("Nobody is let in here on this day."),
    "wrong_category": _l("This category of guests is not let in here."),
    "used": _l("This badge was let in before; here it is good once."),
    "used_today": _l("This badge was let in today already; here it is good once a day."),
    "still_inside": _l("Counted as inside already: the way out was not scanned."),
    "not_inside": _l("The way in was not scanned today."),
    "no_way_out": _l("Here guests are not scanned on the way out."),
    "not_registered": _l("Not registered for this session; seats were free."),
    "back_without_seat": _l("Not registered for this session; let in earlier."),
}
UNDONE = {
    "wrong_person": _l("Wrong person"),
    "by_mistake": _l("Scanned by mistake"),
    "turned_back": _l("The guest did not go in"),
}
BACK_WITHOUT_SEAT = "back_without_seat"
OVERRIDE = "override: "
MAY_OVERRIDE = ("full", "registered_only", "wrong_day", "wrong_category", "used", "used_today")


def title_of(kind: str, reason: str) -> str:
    """What stands in big letters: for a few reasons, more than the kind alone says."""
    return title(reason if reason in TITLES else kind, current.language())


@lru_cache
def title(key: str, _language: str) -> str:
    """Looked up once for each of the two languages, not at each scan.

    The language is the reader's, in which lazy words speak.
    """
    return str(TITLES[key])


def why(reason: str, kind: str = "") -> str:
    """The reason behind a verdict in words; who comes back takes no free seat."""
    if reason.startswith(OVERRIDE):
        return _("Let in by a supervisor: %(reason)s", reason=reason.removeprefix(OVERRIDE))
    if reason.startswith(WITHDRAWN):
        return _withdrawn(reason.removeprefix(WITHDRAWN))
    key = BACK_WITHOUT_SEAT if (kind, reason) == ("back", "not_registered") else reason
    said = WHY.get(key) or UNDONE.get(key)
    return str(said) if said else reason


def _withdrawn(reason: str) -> str:
    if reason == LOST:
        return _("This blank badge was reported lost.")
    if reason:
        return _("This blank badge was withdrawn: %(reason)s", reason=reason)
    return _("This blank badge was withdrawn.")


def first_words(first: First | None) -> str:
    """When and where somebody first came in; with the day if it was another one."""
    if first is None:
        return ""
    today = local(first.at).date() == local(now()).date()
    time = hour(first.at) if today else moment(first.at)
    return _("First in at %(time)s, %(place)s", time=time, place=words(first.place))


def left_words(left: int) -> str:
    """A quiet warning while a place fills up."""
    return _("Places left: %(count)s", count=number(left)) if left else _("Now it is full")


def delegation_words(party_id: int | None) -> str:
    """How many of a delegation have arrived, as in "Đoàn Đồng Nai 18/25"."""
    if party_id is None:
        return ""
    row = db.session().execute(delegations().where(Delegation.id == party_id)).first()
    if row is None:
        return ""
    party, put_down, arrived = row
    return f"{party.name} {arrived}/{of_size(party, put_down)}"


def shown(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the page and the scanner show it; empty words are left out of sight."""
    guest = verdict.guest
    facts = {
        "kind": verdict.kind,
        "reason": verdict.reason,
        "scan_id": verdict.scan_id,
        "title": title_of(verdict.kind, verdict.reason),
        "why": why(verdict.reason, verdict.kind),
        "first": first_words(verdict.first),
    }
    if verdict.left is not None:
        facts["left"] = left_words(verdict.left)
    if guest is None:
        return facts
    return facts | (_named(verdict, guest) if guest.known else _nameless(verdict, guest))


def _named(verdict: Verdict, guest: Guest) -> dict[str, Any]:
    person = access.at_door()
    return {
        "attendee": guest.id if person.may("desk") else None,
        "name": guest.name,
        "organisation": guest.organisation,
        "category": words(guest.category),
        "colour": guest.colour,
        "delegation": delegation_words(guest.party_id) if verdict.admits else "",
        **along(guest),
        "may_override": person.may("supervisor") and verdict.reason in MAY_OVERRIDE,
        **(_others(verdict) if person.may("desk") else {}),
    }


def along(guest: Guest) -> dict[str, Any]:
    """How many more stand there, whom nobody scans; said at once, so that they are counted."""
    if not guest.companions:
        return {}
    said = _("+%(count)s coming along", count=number(guest.companions))
    return {"companions": guest.companions, "along": said}


def _others(verdict: Verdict) -> dict[str, str]:
    """The way to let in those who came with the head of a delegation."""
    found = offer(db.session(), verdict)
    if found is None:
        return {}
    said = _("%(name)s: %(count)s more", name=found.name, count=number(found.others))
    return {"party": f"/checkin/party/{found.scan}", "party_words": said}


def _nameless(verdict: Verdict, guest: Guest) -> dict[str, Any]:
    """A blank badge; `whose` is its number, for as long as it can be given to somebody."""
    number = guest.blank or 0
    withdrawn = verdict.reason.startswith(WITHDRAWN)
    return {
        "name": _("Blank badge %(code)s", code=code_of(number)),
        "organisation": _("No name yet"),
        "category": words(guest.category),
        "colour": guest.colour,
        "whose": number if access.at_door().may("desk") and not withdrawn else None,
    }
