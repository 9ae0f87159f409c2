"""Letters to many people at once: written, looked at, sent, paused, stopped, and who got them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    case,
    delete,
    false,
    func,
    insert,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.base import Moment, add_rows, begin_writing
from event.journal import note
from event.mail import TO_MANY, Circular, Mail
from event.people import asked, filtered
from event.rehearsal import BY as INVENTED
from event.words import Words

KIND = "circular"
TRIALS = {"trial": "vi", "trial_en": "en"}
"""Kinds of mails that show a letter to its writer, with the language of each."""
STOPPED = "mail.stopped"
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
KNOWN = {
    "tên": "name", "name": "name", "mã": "code", "code": "code", "đơn vị": "organisation",
    "organisation": "organisation",
}  # fmt: skip
"""What may stand in braces, in either language."""


class AlreadySent(Exception):
    """What has gone out cannot be written anew."""


@dataclass(frozen=True)
class Written:
    """What an organiser writes, and to whom: `people` in the words of `event.people`."""

    subject: Words
    body: Words
    people: Mapping[str, str]
    with_badge: bool = False


@dataclass(frozen=True)
class Reach:
    """Of the people a letter is for: all, and those with an address to write to."""

    people: int
    with_address: int


@dataclass(frozen=True)
class Progress:
    """How many mails of a circular letter are in which state; `unsure` may have come twice."""

    waiting: int = 0
    sent: int = 0
    failed: int = 0
    returned: int = 0
    stopped: int = 0
    unsure: int = 0

    @property
    def all(self) -> int:
        """Every mail of it."""
        return self.waiting + self.sent + self.failed + self.returned + self.stopped


def write(session: Session, written: Written, *, by: str, at: datetime) -> Circular:
    """Keep a letter as a draft; nothing goes out."""
    begin_writing(session)
    circular = Circular(by=by, at=at, **_columns(written))
    session.add(circular)
    session.commit()
    return circular


def rewrite(
    session: Session, circular: Circular, written: Written, *, by: str, at: datetime
) -> None:
    """Other words for a draft. Raises `AlreadySent`."""
    begin_writing(session)
    session.refresh(circular, with_for_update=True)
    if circular.started_at is not None:
        session.rollback()
        raise AlreadySent(circular.id)
    for name, value in _columns(written).items():
        setattr(circular, name, value)
    circular.by, circular.at = by, at
    session.commit()


def _columns(written: Written) -> dict[str, object]:
    return vars(written) | {"people": asked(written.people)}


def discard(session: Session, circular: Circular) -> None:
    """Forget a draft and its trials. Raises `AlreadySent`."""
    begin_writing(session)
    session.refresh(circular, with_for_update=True)
    if circular.started_at is not None:
        session.rollback()
        raise AlreadySent(circular.id)
    session.execute(delete(Mail).where(Mail.circular_id == circular.id))
    session.delete(circular)
    session.commit()


def send_all(session: Session, circular: Circular, *, by: str, at: datetime) -> int:
    """Queue a mail to everybody it is for who has an address; how many. A repeat queues none."""
    begin_writing(session)
    mine = update(Circular).where(Circular.id == circular.id, Circular.started_at.is_(None))
    first = session.scalar(mine.values(started_at=at).returning(Circular.id))
    count = _queue(session, circular, at) if first else 0
    if first:
        session.refresh(circular)
        circular.total = count
        note(session, "sent", "circular", circular.id, by=by, at=at, count=count)
    session.commit()
    return count


def _queue(session: Session, circular: Circular, at: datetime) -> int:
    """All rows by one statement: ten thousand take a tenth of a second."""
    names = [
        "attendee_id", "circular_id", "kind", "rank", "address", "queued_at", "due_at", "in_hand",
        "own", "attempts", "unsure", "failure",
    ]  # fmt: skip
    rows = (
        addressed(circular.people)
        .order_by(None)
        .with_only_columns(
            Attendee.id, literal(circular.id), literal(KIND), literal(TO_MANY),
            literal("", String), literal(at, Moment), literal(at, Moment), false(),
            false(), literal(0, Integer), literal(0, Integer), literal("", String),
        )
    )  # fmt: skip
    session.execute(insert(Mail).from_select(names, rows, include_defaults=False))
    mine = select(func.count()).where(Mail.circular_id == circular.id, Mail.kind == KIND)
    return session.scalar(mine) or 0


def try_out(session: Session, circular: Circular, address: str, *, at: datetime) -> None:
    """Queue the letter to one address alone, its writer's, in each language that it has."""
    begin_writing(session)
    english = circular.subject.en or circular.body.en
    for kind, language in TRIALS.items():
        if language == "vi" or english:
            row = {"circular_id": circular.id, "kind": kind, "address": address}
            add_rows(session, Mail, row | {"queued_at": at, "due_at": at})
    session.commit()


def pause(session: Session, circular: Circular, *, at: datetime) -> None:
    """Leave what has not gone out yet until `go_on`."""
    _set_pause(session, circular, at)


def go_on(session: Session, circular: Circular) -> None:
    """Send the rest."""
    _set_pause(session, circular, None)


def _set_pause(session: Session, circular: Circular, at: datetime | None) -> None:
    begin_writing(session)
    session.refresh(circular, with_for_update=True)
    if circular.started_at and not circular.stopped_at:
        circular.paused_at = at
    session.commit()


def stop(session: Session, circular: Circular, *, by: str, at: datetime) -> int:
    """Take back what has not gone out yet, for good; how many mails that were."""
    begin_writing(session)
    session.refresh(circular, with_for_update=True)
    rest = update(Mail).where(
        Mail.circular_id == circular.id, Mail.done_at.is_(None), not_(Mail.in_hand)
    )
    found = session.execute(rest.values(done_at=at, failure=STOPPED, lease_until=None))
    count = int(found.rowcount)  # type: ignore[attr-defined]
    if circular.stopped_at is None:
        circular.stopped_at, circular.paused_at = at, None
        note(session, "stopped", "circular", circular.id, by=by, at=at, count=count)
    session.commit()
    return count


def addressed(people: Mapping[str, str]) -> Select[Attendee]:
    """Those of some people who can be written to; invented people's addresses are invented too."""
    return filtered(people).where(Attendee.email != "", Attendee.registered_by != INVENTED)


def reach(session: Session, people: Mapping[str, str]) -> Reach:
    """How many people a letter would be for."""
    everybody, some = (
        query.order_by(None).with_only_columns(Attendee.id).subquery()
        for query in (filtered(people), addressed(people))
    )
    count = select(
        select(func.count()).select_from(everybody).scalar_subquery(),
        select(func.count()).select_from(some).scalar_subquery(),
    )
    return Reach(*session.execute(count).one())


def progress(session: Session, circular_id: int) -> Progress:
    """How far a circular letter is."""
    done = Mail.done_at.is_not(None)
    state = case(
        (Mail.done_at.is_(None), "waiting"),
        (and_(done, Mail.failure == ""), "sent"),
        (Mail.returned_at.is_not(None), "returned"),
        (Mail.failure == STOPPED, "stopped"),
        else_="failed",
    )
    mine = select(state, func.count(), func.sum(Mail.unsure)).where(
        Mail.circular_id == circular_id, Mail.kind == KIND
    )
    rows = session.execute(mine.group_by(state)).all()
    unsure = sum(int(row[2] or 0) for row in rows)
    return Progress(**{str(row[0]): int(row[1]) for row in rows}, unsure=unsure)


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and means nothing."""
    return [word for word in PLACEHOLDER.findall(text) if word.strip().casefold() not in KNOWN]


def filled_in(text: str, facts: Mapping[str, str]) -> str:
    """The text with what its placeholders stand for; `facts` by name, code and organisation."""

    def fill(found: re.Match[str]) -> str:
        known = KNOWN.get(found[1].strip().casefold())
        return facts[known] if known else found[0]

    return PLACEHOLDER.sub(fill, text)


def circulars() -> Select[Circular]:
    """The newest first."""
    return select(Circular).order_by(Circular.id.desc())
