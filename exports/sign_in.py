"""Sign-in sheets: who booked a session, with room to sign, and blank rows for those who did not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy.orm import Session, contains_eager

from event.attendees import Attendee
from event.bookings import Booking
from event.programme import Event, Slot
from event.programme import sessions as all_sessions
from event.words import Words
from exports.fields import Field, Rows
from exports.reading import Reading
from exports.tables import Cell, Column, Letterhead, Signature, Table

SESSION, TIME, ROOM, CHAIR = (
    Words("Phiên", "Session"), Words("Thời gian", "Time"), Words("Phòng", "Room"),
    Words("Chủ tọa", "Chair"),
)  # fmt: skip
ROW_HEIGHT = 10  # millimetres, enough to sign in
BLANK_ROWS = 10


class UnknownSession(LookupError):
    """The event has no session of that key."""


@dataclass(frozen=True)
class Sheet:
    """One session as its sheet names it."""

    number: int
    title: str
    time: str
    room: str
    chair: str

    def context(self, language: str) -> Iterator[str]:
        """The lines under the title."""
        for label, text in (
            (SESSION, self.title), (TIME, self.time), (ROOM, self.room), (CHAIR, self.chair),
        ):  # fmt: skip
            if text:
                yield f"{label.in_(language)}: {text}"


@dataclass(frozen=True)
class SignIn:
    """Sheets of the people a query chooses, with these columns."""

    session: Session
    people: Select[Attendee]
    title: str
    fields: Sequence[Field]
    language: str

    def on_paper(self, sheet: Sheet, head: Letterhead, signature: Signature) -> Table:
        """One session, with blank rows for people who did not book it."""
        return Table(
            title=self.title,
            columns=tuple(self._columns()),
            rows=self._rows(sheet),
            context=tuple(sheet.context(self.language)),
            letterhead=head,
            signature=signature,
            row_height=ROW_HEIGHT,
            blank_rows=BLANK_ROWS,
        )

    def flat(self, found: Sequence[Sheet]) -> Table:
        """All sessions in one table, each named before its people."""
        named = ((SESSION, 34), (TIME, 24), (ROOM, 18))
        return Table(
            title=self.title,
            columns=(*(Column(w.in_(self.language), n) for w, n in named), *self._columns()),
            rows=(
                (sheet.title, sheet.time, sheet.room, *row)
                for sheet in found
                for row in self._rows(sheet)
            ),
        )

    def _columns(self) -> Iterator[Column]:
        for field in self.fields:
            yield Column(field.heading.in_(self.language), field.width, field.align)

    def _rows(self, sheet: Sheet) -> Iterator[Sequence[Cell]]:
        """Who booked it, in the order of names."""
        rows = Rows(self.session, self.fields, Reading(self.session, self.language))
        booked = (Booking.attendee_id == Attendee.id) & (Booking.slot_id == sheet.number)
        return rows.of(self.people.join(Booking, booked))


def sheets(session: Session, event: Event, key: str, language: str) -> list[Sheet]:
    """All sessions in order of time, or the one of that key. Raises `UnknownSession`."""
    query = all_sessions().options(contains_eager(Slot.room), contains_eager(Slot.track))
    if key:
        query = query.where(Slot.key == key)
    slots = session.scalars(query).all()
    if key and not slots:
        raise UnknownSession(key)
    zone = ZoneInfo(event.zone)
    return [
        Sheet(
            slot.id,
            slot.title.in_(language),
            hours(slot, zone),
            slot.room.name.in_(language) if slot.room else "",
            slot.chair.in_(language),
        )
        for slot in slots
    ]


def hours(slot: Slot, zone: tzinfo) -> str:
    """ "08:30–10:00, 29/09/2023"."""
    starts, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    return f"{starts:%H:%M}–{ends:%H:%M}, {starts:%d/%m/%Y}"
