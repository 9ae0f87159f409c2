"""Walk-ins: put down and let in by one press at the desk."""

from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, everyone, register
from event.checkin import Scanned, Verdict, check_in
from event.names import fold
from event.programme import Event


def walk_in(
    session: Session,
    event: Event,
    stated: Registration,
    scanned: Scanned,
    key: Ed25519PublicKey,
    *,
    at: datetime,
    by: str,
) -> Verdict:
    """Register somebody and let them in; the nonce of the scan makes a second press harmless.

    Raises what `register` and `check_in` raise.
    """
    attendee = register(session, stated, at=at, by=by, nonce=scanned.nonce).attendee
    return check_in(session, event, replace(scanned, attendee_id=attendee.id), key, at=at)


def alike(stated: Registration) -> Select[Attendee]:
    """Likely the same person: same name without accents, and same phone, e-mail or organisation."""
    same = [Attendee.found_by.contains(fold(stated.organisation), autoescape=True)]
    if stated.phone:
        same.append(Attendee.phone == stated.phone)
    if stated.email:
        same.append(Attendee.email == stated.email)
    return everyone().where(Attendee.folded_name == fold(stated.name), or_(*same))
