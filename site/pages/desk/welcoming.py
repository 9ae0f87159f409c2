"""What a guest at a kiosk is told: a welcome, or the way to the help desk, and never a reason."""

from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from event.checkin import Verdict
from event.printqueue import printed_before, promised
from event.words import Words
from forms.desk import ScanReport
from pages.database import db
from pages.desk.verdicts import shown

KIOSK = "kiosk"
SAID = {
    "hold": _l("Please hold the QR code on your phone into the frame"),
    "or_badge": _l("or the code on your printed badge"),
    "welcome": _l("Welcome. Please come in"),
    "along": _l("and all who come with you"),
    "ready": _l(
        "Your badge has been printed already. You do not have it yet? Please ask at the desk"
    ),
    "printing": _l("Your badge is being printed at"),
    "help": _l("Please come to the help desk"),
    "help_more": _l("We will gladly help you there."),
    "again": _l("Please hold the code up once more"),
    "again_more": _l("Straight before the camera, about a hand's width away."),
    "start": _l("Start the camera"),
}


def in_both_languages() -> dict[str, Words]:
    """All that stands on the page: guests do not choose a language first."""
    said: dict[str, list[str]] = {key: [] for key in SAID}
    for language in ("vi", "en"):
        with force_locale(language):
            for key, text in SAID.items():
                said[key].append(str(text))
    return {key: Words(*texts) for key, texts in said.items()}


def by_a_guest(report: ScanReport) -> bool:
    """Whether it holds no more than a code: a guest finds nobody, and is let in by no reason."""
    return not report.override and report.attendee_id is None and report.direction == "in"


def answered(verdict: Verdict, method: str) -> dict[str, Any]:
    """A verdict for whoever reads it: staff, or at a kiosk the guest."""
    return _welcomed(verdict) if method == KIOSK else shown(verdict)


def _welcomed(verdict: Verdict) -> dict[str, Any]:
    if not verdict.admits:
        return {"kind": "again" if verdict.kind == "again" else "help"}
    told: dict[str, Any] = {"kind": verdict.kind, "name": ""}
    told["printer"] = promised(db.session(), verdict.scan_id)
    guest = verdict.guest
    if guest is None or not guest.known:
        return told
    if guest.companions:
        told["companions"] = guest.companions
    first = verdict.kind == "in" and not told["printer"]
    if first and printed_before(db.session(), guest.id):
        told["ready"] = True
    return told | {"name": guest.name}
