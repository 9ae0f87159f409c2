"""One person: everything that is kept of them, and what can be done about it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import abort, render_template, request
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from event.attendees import Attendee, twins
from event.bookings import Booking, booked
from event.consents import Consent, Notice
from event.delegations import Strength, strengths
from event.gate_parties import causes
from event.guardians import guardian_of
from event.journal import history, version
from event.links import secret_of
from event.mail import mails_of
from event.person import Erased
from event.programme import Slot
from event.questions import QUESTIONS
from event.scans import Presence, Scan, is_of, scans_of, undone
from event.staff import Staff
from pages import access, current
from pages.database import db
from pages.desk.verdicts import TITLES, why
from pages.letters import page_of
from pages.organiser.blueprint import page
from pages.organiser.mail_names import names_of
from pages.organiser.stories import stories, who

LARGEST_NUMBER = 2**31 - 1
ABOUT_ONE = {
    f"organiser.{name}" for name in ("person", "edit_person", "act", "membership", "mail_again_to")
}


@page.url_defaults
def keep_the_list(endpoint: str, values: dict[str, Any]) -> None:
    """The pages about one person hand on from which list of people the reader came."""
    came_from = request.args.get("back") if request.endpoint in ABOUT_ONE else None
    if endpoint in ABOUT_ONE and came_from:
        values.setdefault("back", came_from)


@page.get("/people/<int:number>")
@access.needs("supervisor")
def person(number: int) -> str:
    """Details, sessions, scans, mails, consents, history, and who may be the same person."""
    attendee = _numbered(number)
    back = urlencode(parse_qsl(request.args.get("back", "")))
    return render_template("organiser/person.html", back=back, **_about(attendee))


def someone(number: int) -> Attendee:
    """The person of that number; answers 404 where there is none. Raises `Erased`."""
    found = _numbered(number)
    if found.erased_at is not None:
        raise Erased(number)
    return found


def _numbered(number: int) -> Attendee:
    query = select(Attendee).where(Attendee.id == number).options(joinedload(Attendee.category))
    found = db.session().scalar(query) if number <= LARGEST_NUMBER else None
    return found or abort(404)


def party_of(attendee: Attendee) -> Strength | None:
    """The delegation somebody belongs to, with its "18/25"."""
    if attendee.party_id is None:
        return None
    return strengths(db.session(), [attendee.party_id])[attendee.party_id]


def version_of(attendee: Attendee) -> int:
    """What a form about this person keeps, to notice that somebody else was quicker."""
    return db.session().scalar(version("attendee", attendee.id)) or 0


def held(attendee: Attendee) -> Sequence[Slot]:
    """The sessions somebody has a seat in, in order of time, with rooms and tracks."""
    query = booked(attendee.id).options(joinedload(Slot.room), joinedload(Slot.track))
    return db.session().scalars(query).all()


def _about(attendee: Attendee) -> dict[str, Any]:
    session = db.session()
    likely = twins(attendee).options(
        joinedload(Attendee.category), joinedload(Attendee.bookings).joinedload(Booking.slot)
    )
    mails = session.scalars(mails_of(attendee.id)).all()
    return {
        "person": attendee,
        "questions": QUESTIONS,
        "party": party_of(attendee),
        "guardian": guardian_of(session, attendee.id),
        "slots": held(attendee),
        "came": session.scalars(_presences(attendee)).first(),
        **_at_the_door(attendee),
        "mails": mails,
        "mail_names": names_of(mails),
        "consents": session.execute(_consents(attendee)).all(),
        "stories": stories(session.scalars(history("attendee", attendee.id))),
        "twins": session.scalars(likely).unique().all(),
        "link": page_of(attendee),
        "secret": secret_of(attendee, current.keys()),
        "titles": TITLES,
        "why": why,
        "who": who,
    }


def _at_the_door(attendee: Attendee) -> dict[str, Any]:
    session = db.session()
    scans = session.execute(_scans(attendee)).all()
    return {
        "scans": scans,
        "causes": causes(session, [scan for scan, _ in scans]),
        "taken_back": set(session.scalars(undone().where(is_of(attendee.id)))),
    }


def _presences(attendee: Attendee) -> Select[Presence]:
    mine = Presence.attendee_id == attendee.id
    return select(Presence).where(mine).order_by(Presence.first_at)


def _scans(attendee: Attendee) -> Select[Scan, Staff]:
    return (
        scans_of(attendee.id)
        .options(joinedload(Scan.checkpoint), joinedload(Scan.blank))
        .add_columns(Staff)
        .outerjoin(Staff, Staff.id == Scan.staff_id)
    )


def _consents(attendee: Attendee) -> Select[Consent, Notice]:
    return (
        select(Consent, Notice)
        .join(Notice, Notice.id == Consent.notice_id)
        .where(Consent.attendee_id == attendee.id)
        .order_by(Consent.id)
    )
