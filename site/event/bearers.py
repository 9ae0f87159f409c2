"""Who a badge belongs to, and whether it still holds: before any door is asked."""

import re
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select

from event.attendees import Attendee
from event.badges import DIGITS, FIRST_BLANK, Forged, Incomplete, Seal, Unreadable, read
from event.blanks import find_blank
from event.prepared import Prepared
from event.programme import Category, Event
from event.words import Words


@dataclass(frozen=True)
class Guest:
    """What the door shows of a person, or of a blank badge that belongs to nobody yet.

    `id` is an attendee's, or from `FIRST_BLANK` on a blank's; `blank` is the number of the blank
    badge that was scanned, whether it is somebody's by now or not. `companions` come along without
    a badge of their own.
    """

    id: int
    name: str
    organisation: str
    category: Words
    colour: str
    party_id: int | None
    blank: int | None = None
    companions: int = 0

    @property
    def known(self) -> bool:
        """Whether it is a person."""
        return self.id < FIRST_BLANK


@dataclass(frozen=True)
class Claim:
    """Whom a scan means, before anybody looked them up; `reason` if it means nobody here.

    `bearer` as in `Guest.id`.
    """

    bearer: int = 0
    revision: int | None = None
    reason: str = ""


def read_badge(event: Event, code: str, key: Seal) -> Claim:
    """What the badge itself proves. Reasons: of `misread`, number_only, not_ours, other_event."""
    if NUMBER.fullmatch(code):
        return Claim(reason="number_only")
    try:
        facts = read(code, key)
    except Incomplete:
        return Claim(reason=misread(code))
    except (Forged, Unreadable):
        return Claim(reason="not_ours")
    if facts.event != event.number:
        return Claim(reason="other_event")
    return Claim(facts.attendee, facts.revision)


NUMBER = re.compile(r"\s*[Bb]?\s*[0-9]{1,7}\s*")
"""What stands below the code of a badge, typed by hand: "00012", on a blank one "B0002".

Eight digits are a shop's barcode.
"""
FEWEST = 61
"""Digits below which a number is some other barcode, not a badge that lost some of its own."""


def misread(code: str) -> str:
    """What digits of a wrong length are: incomplete, two_badges, or a code that is not_ours."""
    digits = len("".join(code.split()))
    if digits < FEWEST:
        return "not_ours"
    return "two_badges" if digits >= 2 * DIGITS and digits % DIGITS == 0 else "incomplete"


_PERSON = (
    select(
        Attendee.id,
        Attendee.degree,
        Attendee.name,
        Attendee.organisation,
        Attendee.party_id,
        Attendee.companions,
        Attendee.revision,
        Attendee.cancelled_at,
        Attendee.erased_at,
        Attendee.waits,
        Attendee.line,
        Category.name.label("category"),
        Category.colour,
    )
    .join(Category, Category.id == Attendee.category_id)
    .where(Attendee.id == bindparam("attendee"))
)
_PERSON_SEEN = Prepared(_PERSON)
# Held until the end, so that two gates that scan one person take turns on PostgreSQL too.
_PERSON_HELD = Prepared(_PERSON.with_for_update(of=Attendee))


def look_up(connection: Connection, claim: Claim, *, held: bool = True) -> tuple[Guest | None, str]:
    """Who it is, and why their badge is not good: unknown, replaced, cancelled, in_line (for
    a place), waiting (for a yes) or "".

    Of a blank badge: not_ours if it was never printed, withdrawn (with its reason) or "".
    """
    if claim.bearer >= FIRST_BLANK:
        return _look_up_blank(connection, claim.bearer - FIRST_BLANK, held=held)
    statement = _PERSON_HELD if held else _PERSON_SEEN
    row = statement.first(connection, attendee=claim.bearer)
    if row is None:
        return None, "unknown"
    name = f"{row.degree} {row.name}".strip()
    guest = Guest(
        row.id, name, row.organisation, row.category, row.colour, row.party_id,
        companions=row.companions,
    )  # fmt: skip
    if claim.revision is not None and claim.revision != row.revision:
        return guest, "replaced"
    if row.cancelled_at is not None or row.erased_at is not None:
        return guest, "cancelled"
    return guest, "in_line" if row.line else "waiting" if row.waits else ""


WITHDRAWN = "withdrawn: "


def _look_up_blank(connection: Connection, number: int, *, held: bool) -> tuple[Guest | None, str]:
    """Whose it is, if that is known; signed or not, one that was never printed is a forgery."""
    blank = find_blank(connection, number, held=held)
    if blank is None:
        return None, "not_ours"
    bearer = FIRST_BLANK + number
    guest: Guest | None = Guest(bearer, "", "", blank.category, blank.colour, None)
    reason = ""
    if blank.attendee_id is not None:
        guest, reason = look_up(connection, Claim(blank.attendee_id), held=held)
    if blank.withdrawn_at is not None:
        reason = f"{WITHDRAWN}{blank.withdrawn_why}"
    return guest and replace(guest, blank=number), reason
