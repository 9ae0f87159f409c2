"""What to look at before badges are printed; it tells, and never stands in the way."""

from collections.abc import Callable, Iterator
from math import floor

import msgspec
from sqlalchemy import Select, String, cast, exists, or_
from sqlalchemy.orm import Session, aliased

from event.attendees import Attendee
from event.bookings import Booking
from event.designs import design_of
from event.people import filtered
from event.programme import Slot
from exports.badge_card import MM, Card, card_of
from exports.badge_face import name_lines
from exports.fonts import SANS_BOLD
from exports.qr import QUIET, SIDE
from exports.text import missing_glyphs, tidy

SMALLEST = 14
"""Points: a smaller name cannot be read by somebody who stands in front of its bearer."""
MOST_LINES = 2
LEAST_CODE = 25
"""Millimetres from edge to edge: smaller codes are read slowly, or not at all."""
BATCH = 1000

_TWIN = aliased(Attendee)
_TWINS = exists().where(
    _TWIN.folded_name == Attendee.folded_name,
    _TWIN.phone == Attendee.phone,
    _TWIN.id != Attendee.id,
    _TWIN.cancelled_at.is_(None),
    Attendee.phone != "",
)
_IN_A_TRACK = exists().where(
    Booking.attendee_id == Attendee.id, Booking.slot_id == Slot.id, Slot.track_id.is_not(None)
)
LOOKED_AT = (
    Attendee.id,
    Attendee.name,
    Attendee.degree,
    Attendee.organisation,
    Attendee.position,
    or_(_IN_A_TRACK, cast(Attendee.interests, String) != "[]").label("in_a_track"),
    _TWINS.label("has_a_twin"),
)


class Finding(msgspec.Struct, frozen=True):
    """One person whose badge may want a look. `detail` is a size in points, or letters."""

    number: int
    name: str
    detail: str = ""


class Report(msgspec.Struct, frozen=True):
    """What was found, by kind; `code` is the side of the QR code in millimetres, 0 for none."""

    people: int
    code: float
    small: list[Finding] = []
    lines: list[Finding] = []
    glyphs: list[Finding] = []
    organisation: list[Finding] = []
    twins: list[Finding] = []

    @property
    def code_is_small(self) -> bool:
        """Whether scanners will have trouble."""
        return 0 < self.code < LEAST_CODE


KINDS = ("small", "lines", "glyphs", "organisation", "twins")


def look(
    session: Session,
    facts: dict[str, str],
    layout: str,
    tell: Callable[[int], object] = lambda _: None,
) -> Report:
    """Look at the badges of those that the words of `event.people` ask for; it draws nothing.

    `tell` hears how many were looked at.
    """
    card = card_of(design_of(session).layouts[layout].card, logo=False)
    found: dict[str, list[Finding]] = {kind: [] for kind in KINDS}
    count = 0
    for count, row in enumerate(_rows(session, filtered(facts)), 1):
        for kind, detail in _findings(card, row):
            found[kind].append(Finding(row[0], row[1], detail))
        tell(count)
    return Report(count, code_side(card), **found)


Row = tuple[int, str, str, str, str, bool, bool]


def _rows(session: Session, people: Select[Attendee]) -> Iterator[Row]:
    query = people.with_only_columns(*LOOKED_AT, maintain_column_froms=True)
    yield from session.execute(query, execution_options={"yield_per": BATCH})


def _findings(card: Card, row: Row) -> Iterator[tuple[str, str]]:
    _, name, degree, organisation, position, in_a_track, has_a_twin = row
    lines = name_lines(card, name, alone=not in_a_track)
    if lines and lines[0].size < SMALLEST:
        yield "small", f"{floor(lines[0].size * 10) / 10:g}"
    if len(lines) > MOST_LINES:
        yield "lines", ""
    lost = missing_glyphs(tidy(f"{name}{degree}{organisation}{position}", SANS_BOLD))
    if lost:
        yield "glyphs", lost
    if not organisation.strip():
        yield "organisation", ""
    if has_a_twin:
        yield "twins", organisation


def code_side(card: Card) -> float:
    """From edge to edge of the dark modules, in millimetres; 0 if there is none."""
    if "code" not in card.shows:
        return 0.0
    return float(round(card.code.width * SIDE / (SIDE + 2 * QUIET) / MM, 1))
