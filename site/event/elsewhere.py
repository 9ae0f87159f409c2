"""Where somebody stands besides their own rows: as a delegation's contact, in mails to others, in a
search that was kept.
"""

from dataclasses import dataclass

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from event.attendees import Attendee, matching
from event.choices import Choice
from event.circulars import TRIALS
from event.delegations import Delegation
from event.finding import KIND as LINK
from event.handing_over import MAIL as HANDED_OVER
from event.journal import Change
from event.mail import Circular, Mail
from event.names import fold
from event.printing import PrintRun

NOBODY = {"ids": "0"}
"""In the words of `event.people`."""


@dataclass(frozen=True)
class Contact:
    """A delegation that may name somebody for questions; `sure` where there is no doubt."""

    party: Delegation
    sure: bool


def contacts_like(session: Session, attendee: Attendee) -> list[Contact]:
    """Delegations whose contact has this name, address or phone.

    Anybody may register with somebody else's address: there is no doubt only where the name agrees
    as well, and an office put the person into that delegation.
    """
    named = select(Delegation).where(
        or_(*(c != "" for c in (Delegation.contact_name, Delegation.contact_email,
                                Delegation.contact_phone)))
    )  # fmt: skip
    found = []
    for party in session.scalars(named.order_by(Delegation.id)):
        name, reached = _same_name(party, attendee), _same_reach(party, attendee)
        if name or reached:
            found.append(Contact(party, name and reached and attendee.party_id == party.id))
    return found


def _same_name(party: Delegation, attendee: Attendee) -> bool:
    """A title may stand before it."""
    name = fold(attendee.name)
    return bool(name) and f" {fold(party.contact_name)}".endswith(f" {name}")


def _same_reach(party: Delegation, attendee: Attendee) -> bool:
    ways = (party.contact_email, attendee.email), (party.contact_phone, attendee.phone)
    return any(theirs and theirs == his for theirs, his in ways)


def empty_contact(session: Session, party: Delegation) -> None:
    """The contact goes, and what the journal says of earlier ones."""
    party.contact_name = party.contact_phone = party.contact_email = ""
    told = Change.subject == "party", Change.subject_id == party.id, Change.verb == "changed"
    session.execute(update(Change).where(*told).values(details={}))


def mails_naming(attendee: Attendee) -> Select[Mail]:
    """Mails that may say their name: their own; to others of their address about all of them; to
    whoever has their place now; and trials, which greet the first of many.
    """
    addresses = select(Mail.address).where(Mail.attendee_id == attendee.id, Mail.address != "")
    shared = or_(Mail.address == attendee.email, Mail.address.in_(addresses))
    of_place = select(Change.subject_id).where(
        Change.subject == "attendee", Change.verb == "taken_over",
        Change.details["of"].as_integer() == attendee.id,
    )  # fmt: skip
    return select(Mail).where(
        or_(
            Mail.attendee_id == attendee.id,
            (Mail.kind == LINK) & shared,
            (Mail.kind == HANDED_OVER) & Mail.attendee_id.in_(of_place),
            Mail.kind.in_(TRIALS),
        )
    )


def forget_searches(session: Session, attendee: Attendee) -> None:
    """A kept search that finds them alone is about them, and finds nobody from now on."""
    rows: list[Circular | Choice | PrintRun] = [
        *session.scalars(select(Circular)),
        *session.scalars(select(Choice)),
        *session.scalars(select(PrintRun)),
    ]
    for row in rows:
        if _finds_only(session, attendee, str(row.people.get("q", ""))):
            row.people = {k: v for k, v in row.people.items() if k != "q"} | NOBODY


def _finds_only(session: Session, attendee: Attendee, asked: str) -> bool:
    if not asked.strip():
        return False
    living = select(Attendee).where(Attendee.erased_at.is_(None))
    found = matching(living, asked).with_only_columns(Attendee.id).limit(2)
    return list(session.scalars(found)) == [attendee.id]
