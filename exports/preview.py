"""The beginning of a list exactly as it will come, and how long it will be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.bookings import Booking
from event.programme import Slot
from exports.drawing import ScreenPaper
from exports.formats import as_text
from exports.listings import SIGN_IN, People
from exports.lists import Wish, tables_of, too_many
from exports.official import fill, is_wide
from exports.ruled import NUMBERS, letter_size
from exports.tables import Column, Table, shown

ROWS = 20
LAID_OUT = 500
"""So many rows are laid out to count the pages; of a longer list, the others are reckoned."""


@dataclass(frozen=True)
class Sheet:
    """Paper: the first page as SVG, how many pages, whether that is only reckoned, the letters."""

    first: str
    pages: int
    reckoned: bool
    landscape: bool
    letters: float  # points


@dataclass(frozen=True)
class Preview:
    """The first rows as text, of so many in all; on paper, the sheet, or what does not fit."""

    total: int
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()
    sheet: Sheet | None = None
    too_many: Sequence[str] = ()


def preview(session: Session, wish: Wish, *, at: datetime, people: People) -> Preview:
    """Look at the beginning of a list. Raises `UnknownList` and `UnknownSession`."""
    total = how_long(session, wish, people)
    if wish.format != "pdf":
        table = next(tables_of(session, replace(wish, most=ROWS), at=at, people=people))
        return Preview(total, (NUMBERS, *table.columns), list(_rows(table, wish.format)))
    left_over = too_many(wish)
    if left_over:
        return Preview(total, too_many=left_over)
    tables = tables_of(session, replace(wish, most=LAID_OUT), at=at, people=people)
    return Preview(total, sheet=_sheet(tables, total))


def how_long(session: Session, wish: Wish, people: People) -> int:
    """How many rows the list has; on sign-in sheets, people stand once for each session."""
    numbers = wish.listing.narrow(people).order_by(None).with_only_columns(Attendee.id)
    if wish.list != SIGN_IN:
        return session.scalar(select(func.count()).select_from(numbers.subquery())) or 0
    booked = select(func.count()).select_from(Booking).join(Slot, Slot.id == Booking.slot_id)
    if wish.session:
        booked = booked.where(Slot.key == wish.session)
    return session.scalar(booked.where(Booking.attendee_id.in_(numbers))) or 0


def _rows(table: Table, format: str) -> Iterator[list[str]]:
    for number, row in enumerate(islice(table.rows, ROWS), 1):
        if format == "csv":
            yield [str(number), *(as_text(cell, table.zone) for cell in row)]
        else:
            yield [str(number), *(shown(cell, table.zone) for cell in row)]


def _sheet(tables: Iterable[Table], total: int) -> Sheet | None:
    """Documents are laid out until enough rows were read."""
    first: ScreenPaper | None = None
    columns: tuple[Column, ...] = ()
    read = pages = 0
    for table in tables:
        paper = ScreenPaper(landscape=is_wide(table))
        read += fill(paper, table)
        pages += paper.pages
        if first is None:
            first, columns = paper, _on_paper(table)
        if read >= LAID_OUT:
            break
    if first is None:
        return None
    reckoned = read < total
    return Sheet(
        first=first.first,
        pages=round(pages * total / max(read, 1)) if reckoned else pages,
        reckoned=reckoned,
        landscape=first.landscape,
        letters=letter_size(columns, first.width),
    )


def _on_paper(table: Table) -> tuple[Column, ...]:
    """The columns that take width there."""
    chosen = (column for at, column in enumerate(table.columns) if at != table.group)
    return (NUMBERS, *chosen)
