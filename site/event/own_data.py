"""Everything that is held of one person, in groups, as they may see it and take it away."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import STATED, Attendee
from event.bookings import booked
from event.consents import consents_of
from event.data_requests import DataRequest
from event.delegations import Delegation
from event.guardians import Guardianship
from event.informing import SHOWN, THEMSELVES
from event.journal import history
from event.line import turn_of
from event.mail import mails_of
from event.printing import Printed
from event.programme import Category, Checkpoint, Slot
from event.scans import Scan
from event.waiting import Wait
from event.words import Words

GIVER = "giver"
"""Who handed them the place, and entered them with it."""

Value: TypeAlias = str | int | datetime | Words | None
Row: TypeAlias = dict[str, Value]
"""Values by key; what is empty is left out."""

GROUPS = (
    "details", "sessions", "waiting", "consents", "guardian", "mails", "scans", "printed",
    "changes", "requests",
)  # fmt: skip


def all_of(session: Session, attendee: Attendee) -> dict[str, list[Row]]:
    """The groups that hold anything."""
    read = (
        _details, _sessions, _waiting, _consents, _guardian, _mails, _scans, _printed, _changes,
        _requests,
    )  # fmt: skip
    found = {
        name: [_filled(row) for row in rows(session, attendee)]
        for name, rows in zip(GROUPS, read, strict=True)
    }
    return {name: rows for name, rows in found.items() if rows}


def _filled(row: Row) -> Row:
    return {key: value for key, value in row.items() if value not in (None, "", 0)}


def _details(session: Session, attendee: Attendee) -> Iterator[Row]:
    stated: Row = {key: getattr(attendee, key) for key in STATED if key != "category"}
    party = session.get(Delegation, attendee.party_id) if attendee.party_id else None
    yield {
        "number": attendee.code,
        **stated,
        "category": session.get_one(Category, attendee.category_id).name,
        "delegation": party.name if party else "",
        "companions": attendee.companions,
        "in_line": turn.number if (turn := turn_of(session, attendee)) else None,
        "remark": attendee.remark,
        "interests": ", ".join(attendee.interests),
        "language": attendee.language,
        "registered_at": attendee.registered_at,
        "cancelled_at": attendee.cancelled_at,
        "informed_at": attendee.informed_at,
    }


def _sessions(session: Session, attendee: Attendee) -> Iterator[Row]:
    for slot in session.scalars(booked(attendee.id)):
        yield {"session": slot.title, "starts_at": slot.starts_at, "ends_at": slot.ends_at}


def _waiting(session: Session, attendee: Attendee) -> Iterator[Row]:
    turns = select(Slot.title, Wait.since).join(Slot, Slot.id == Wait.slot_id)
    for title, since in session.execute(turns.where(Wait.attendee_id == attendee.id)):
        yield {"session": title, "at": since}


def _consents(session: Session, attendee: Attendee) -> Iterator[Row]:
    for consent, notice in session.execute(consents_of(attendee.id)):
        yield {
            "purpose": notice.purpose,
            "version": notice.version,
            "given_at": consent.given_at,
            "withdrawn_at": consent.withdrawn_at,
            "words": notice.words.in_(consent.language),
        }


def _guardian(session: Session, attendee: Attendee) -> Iterator[Row]:
    row = session.get(Guardianship, attendee.id)
    if row is not None:
        yield {"name": row.name, "phone": row.phone, "given_at": row.agreed_at}


def _mails(session: Session, attendee: Attendee) -> Iterator[Row]:
    for mail in session.scalars(mails_of(attendee.id)):
        kind = mail.kind.partition(" ")[0]
        yield {"mail": kind, "email": mail.address, "at": mail.done_at or mail.queued_at}


def _scans(session: Session, attendee: Attendee) -> Iterator[Row]:
    places = select(Scan, Checkpoint.name).join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
    for scan, place in session.execute(
        places.where(Scan.attendee_id == attendee.id).order_by(Scan.id)
    ):
        yield {"place": place, "at": scan.scanned_at, "verdict": scan.verdict}


def _printed(session: Session, attendee: Attendee) -> Iterator[Row]:
    runs = select(Printed).where(Printed.attendee_id == attendee.id).order_by(Printed.run_id)
    for row in session.scalars(runs):
        yield {"run": row.run_id, "name": row.name, "organisation": row.organisation}


def _changes(session: Session, attendee: Attendee) -> Iterator[Row]:
    """Each value that changed, with what stood there before. Who of the staff made a change is
    theirs, and stands in the organisers' journal.
    """
    changes = session.scalars(history("attendee", attendee.id)).all()
    taken = next((change.id for change in changes if change.verb == "taken_over"), 0)
    for change in changes:
        by = change.actor if change.actor in (THEMSELVES, SHOWN) else "organiser"
        if change.id <= taken and by == THEMSELVES:
            by = GIVER
        row: Row = {"change": change.verb, "at": change.at, "by": by}
        row["delegation"] = change.details.get("party", "")
        row["purpose"] = change.details.get("purpose", "")
        pairs = {key: pair for key, pair in change.details.items() if isinstance(pair, list)}
        for field, (before, after) in pairs.items():
            yield row | {"field": field, "before": before, "after": after}
        if not pairs:
            yield row


def _requests(session: Session, attendee: Attendee) -> Iterator[Row]:
    asked = select(DataRequest).where(DataRequest.attendee_id == attendee.id)
    for wish in session.scalars(asked.order_by(DataRequest.id)):
        words = "" if wish.contact_of else wish.words
        yield {
            "wish": wish.kind, "at": wish.received_at, "settled_at": wish.settled_at,
            "who": wish.who, "contact": wish.contact, "asked": words,
        }  # fmt: skip
