"""Erasing: one person who asks for it, or everybody once the event's data have served.

Rows stay as numbers without a name, so that what was counted still counts.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import (
    JSON,
    ForeignKey,
    Select,
    String,
    case,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.amendments import give_back, holding
from event.attendees import Attendee
from event.base import Base, Moment, begin_writing
from event.bookings import drop
from event.consents import Consent
from event.data_requests import CONTACT_OF, Asked, enter
from event.elsewhere import Contact, contacts_like, empty_contact, forget_searches
from event.finding import Lookup
from event.jobs import Job
from event.journal import Change, note
from event.line import admit
from event.mail import Circular, Mail
from event.person import Erased
from event.personal import HELD, of_people
from event.printing import PrintRun
from event.programme import Event, Slot, the_event
from event.retention import NotYet, too_early
from event.scans import Presence, Scan
from event.strays import Stray
from event.waiting import settle, step_out, waited_for
from event.words import Words

ONE, ALL = "person", "everybody"
OF_THE_EVENT = ("event", "slot", "track", "zone", "room", "category", "checkpoint", "notice")
"""Subjects of the journal that are no people: what it says of them stays."""
OF_A_RUN = ("ids", "blanks", "printer")
"""What says of a print run what kind it was, and names nobody."""
STOPPED = "mail.stopped"


class Erasure(Base):
    """The record that remains: when and by whom somebody, or everybody, was erased.

    `counts` holds how many rows of each table were emptied.
    """

    __tablename__ = "erasures"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


def erase_person(session: Session, attendee: Attendee, *, at: datetime, by: str) -> None:
    """Empty all that tells of one person. Whoever came stays as a number among those who came.

    The seats of somebody who did not come go back, as by a cancellation; the place, and seats in
    sessions still to come, in any case. A repeat changes nothing.
    """
    with suppress(Erased), holding(session, attendee):
        _overwrite(session)
        freed = _end_badge(session, attendee, at=at, by=by)
        contacts = contacts_like(session, attendee)
        forget_searches(session, attendee)
        counts = _empty(session, attendee.id)
        _stop_mails(session, attendee.id, at)
        _end(session, [attendee.id], at)
        _see_to_contacts(session, attendee.id, contacts, at=at, by=by)
        session.add(Erasure(kind=ONE, attendee_id=attendee.id, at=at, by=by, counts=counts))
        note(session, "erased", "attendee", attendee.id, by=by, at=at)
        admit(session, at=at)
        settle(session, freed, at=at)


def erase_everybody(
    session: Session, event: Event, *, at: datetime, really: datetime, by: str
) -> dict[str, int]:
    """Empty all that tells of anybody; gives how many rows of each table. Raises `NotYet`.

    `really` is the computer's own time: a clock that was set for a rehearsal erases nobody.
    """
    begin_writing(session)
    try:
        session.refresh(event)
        if why := too_early(event, at=at, really=really):
            raise NotYet(why)
        _overwrite(session)
        counts = rows_that_tell(session)
        _empty(session)
        _empty_loose(session, at)
        _end(session, None, at)
        session.add(Erasure(kind=ALL, at=at, by=by, counts=counts))
        note(session, "erased", "event", event.id, by=by, at=at)
        session.commit()
    except Exception:
        session.rollback()
        raise
    return counts


def erasures() -> Select[Erasure]:
    """The records, newest first."""
    return select(Erasure).order_by(Erasure.id.desc())


def rows_that_tell(session: Session) -> dict[str, int]:
    """How many rows each table has that an erasure of everybody empties."""
    tables = [name for name, held in HELD.items() if held.person or held.loose]
    found = {name: Base.metadata.tables[name] for name in tables}
    counts = {n: session.scalar(select(func.count()).select_from(t)) for n, t in found.items()}
    return {name: count for name, count in counts.items() if count}


def _overwrite(session: Session) -> None:
    """SQLite leaves what was in a row in its file until something else needs the room."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


def _empty(session: Session, attendee_id: int | None = None) -> dict[str, int]:
    """The columns that tell of people, of all or of one; gives how many rows there were."""
    counts = {}
    for table, emptied in of_people():
        change = update(table).values(emptied)
        if attendee_id is not None:
            whose = table.c.get("id" if table.name == "attendees" else "attendee_id")
            if whose is None:
                continue
            change = change.where(whose == attendee_id)
        counts[table.name] = session.connection().execute(change).rowcount
    told = update(Change).values(details={})
    if attendee_id is not None:
        told = told.where(Change.subject == "attendee", Change.subject_id == attendee_id)
    else:
        told = told.where(Change.subject.not_in(OF_THE_EVENT))
    counts["changes"] = session.connection().execute(told).rowcount
    return {name: count for name, count in counts.items() if count}


def _end_badge(session: Session, attendee: Attendee, *, at: datetime, by: str) -> list[int]:
    """It opens no door any more, and phones without a network hear of it; what they wait for and
    the seats still to come go to others. Gives the sessions in which that frees a seat.
    """
    freed = list[int]()
    attendee.heads_party = False
    came = session.scalar(select(Presence.id).where(Presence.attendee_id == attendee.id).limit(1))
    if came is not None:
        attendee.revision = (attendee.revision + 1) % 256
        note(session, "badge_replaced", "attendee", attendee.id, by=by, at=at)
        step_out(session, attendee.id, waited_for(session, attendee.id))
        freed = drop(session, attendee.id, keep=session.scalars(_over(at)).all())
    elif attendee.cancelled_at is None:
        give_back(session, attendee, at=at, by=by)
    session.flush()
    return freed


def _over(at: datetime) -> Select[str]:
    """The keys of sessions that have ended."""
    return select(Slot.key).where(Slot.ends_at <= at)


def _see_to_contacts(
    session: Session, attendee_id: int, contacts: Iterable[Contact], *, at: datetime, by: str
) -> None:
    """Where a delegation names them for questions, it does so no more; where that may be somebody
    else, organisers are asked.
    """
    event = the_event(session)
    for contact in contacts:
        if contact.sure:
            empty_contact(session, contact.party)
        elif event:
            words = f"{CONTACT_OF}{contact.party.id}"
            wish = Asked("deletion", "page", at, attendee_id, words=words)
            enter(session, event, wish, at=at, by=by)


def _stop_mails(session: Session, attendee_id: int, at: datetime) -> None:
    """What has not gone out yet has nobody to go to."""
    waiting = update(Mail).where(Mail.attendee_id == attendee_id, Mail.done_at.is_(None))
    session.execute(waiting.values(done_at=at, failure=STOPPED, lease_until=None))


def _end(session: Session, people: Iterable[int] | None, at: datetime) -> None:
    """Their links open nothing any more, and their consent is at an end; that it was given stays
    provable by number, words and time.
    """
    gone = update(Attendee).where(Attendee.erased_at.is_(None))
    ended = update(Consent).where(Consent.withdrawn_at.is_(None))
    if people is not None:
        gone = gone.where(Attendee.id.in_(people))
        ended = ended.where(Consent.attendee_id.in_(people))
    ended_with = {"erased_at": at, "line": None, "link_revision": Attendee.link_revision + 1}
    session.execute(gone.values(ended_with))
    session.execute(ended.values(withdrawn_at=at))
    session.expire_all()


def _empty_loose(session: Session, at: datetime) -> None:
    """Where anybody may stand in what somebody typed."""
    for served in (Lookup, Job, Stray):
        session.execute(delete(served))
    session.execute(update(Circular).values(subject=Words(""), body=Words(""), people={}))
    session.execute(update(Base.metadata.tables["imports"]).values(file_name="", sheet=""))
    session.execute(update(Base.metadata.tables["blanks"]).values(withdrawn_why=""))
    session.execute(update(Base.metadata.tables["choices"]).values(people={}))
    for run in session.scalars(select(PrintRun)):
        run.people = {word: value for word, value in run.people.items() if word in OF_A_RUN}
    waiting = update(Mail).where(Mail.done_at.is_(None))
    session.execute(waiting.values(done_at=at, failure=STOPPED, lease_until=None))
    key = case(
        (Scan.reason.like("override: %"), literal("override")),
        (Scan.reason.like("withdrawn: %"), literal("withdrawn")),
        (Scan.verdict == "undone", literal("")),
        else_=Scan.reason,
    )
    session.execute(update(Scan).values(reason=key))
