"""A list as somebody wishes it: whom it holds, its columns, its order; written in any format."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from event.about import about
from event.attendees import everyone
from event.programme import Event, the_event
from exports.fields import FIELDS, Field, Rows
from exports.formats import WRITERS, write_pdf
from exports.handover import hand_over
from exports.labels import Label, write_labels
from exports.listings import FORMATS, LISTS, SIGN_IN, Listing, People, offered, orders
from exports.orders import Order, in_order
from exports.reading import Reading
from exports.ruled import surplus
from exports.sign_in import SignIn, UnknownSession, sheets
from exports.tables import Cell, Column, Letterhead, Signature, Table

__all__ = ["FORMATS", "LISTS", "TooWide", "UnknownList", "UnknownSession", "Wish", "export"]


class UnknownList(LookupError):
    """There is no list, no format, or no column of that name."""


class TooWide(ValueError):
    """More columns than a page has room for; `columns` are the headings that must go."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(", ".join(columns))
        self.columns = tuple(columns)


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. `session` narrows sign-in sheets to one session, by its key.

    `attached_to` ("Công văn số 12/BTC") and `signature` stand on paper only; with `all_columns`,
    paper shows what a spreadsheet would. `columns` and `order` are chosen ones, else the list's
    own; `most` cuts it off after so many rows, for a look at it. `about` says in words, under the
    title, whom it was narrowed to.
    """

    list: str
    format: str
    session: str = ""
    language: str = "vi"
    attached_to: str = ""
    signature: Signature = field(default_factory=Signature)
    all_columns: bool = False
    columns: tuple[str, ...] = ()
    order: Order | None = None
    most: int | None = None
    about: tuple[str, ...] = ()

    @property
    def listing(self) -> Listing:
        """The entry it is about."""
        return LISTS[self.list]

    @property
    def keys(self) -> tuple[str, ...]:
        """Of the columns it has in the end."""
        paper = self.format == "pdf" and not self.all_columns
        if self.columns:
            return self.listing.on_paper(self.columns) if self._grouped else self.columns
        return self.listing.paper if paper else self.listing.columns

    @property
    def group(self) -> int | None:
        """Where the column stands that heads rows on paper; another order has no groups."""
        heading = self.listing.paper[0]
        return self.keys.index(heading) if self._grouped and heading in self.keys else None

    @property
    def _grouped(self) -> bool:
        paper = self.format == "pdf" and not self.all_columns
        return paper and self.listing.grouped and self.order is None


def export(
    session: Session, wish: Wish, out: BinaryIO, *, at: datetime, people: People | None = None
) -> int:
    """Write a list and say how many rows it has; rows stream, so that memory stays flat.

    `people` narrows it, all who hold a place by default; `at` dates the paper. Raises `UnknownList`
    `UnknownSession` and `TooWide`, before anything is written.
    """
    people = everyone() if people is None else people
    tables = tables_of(session, wish, at=at, people=people)
    if wish.format != "pdf":
        return WRITERS[wish.format](next(tables), out)
    if wish.list in OWN_PAPER:
        return OWN_PAPER[wish.list](session, next(tables), people, out)
    if wish.columns and (left_over := too_many(wish)):
        raise TooWide(left_over)
    return write_pdf(tables, out)


def tables_of(session: Session, wish: Wish, *, at: datetime, people: People) -> Iterator[Table]:
    """The tables of a list; there is one but for sign-in sheets. Raises as `export` does."""
    event = the_event(session)
    if not known(wish) or event is None:
        raise UnknownList(f"{wish.list}.{wish.format}")
    if wish.list == SIGN_IN:
        return _sign_in(session, event, wish, at, people)
    return iter([_table(session, event, wish, at, people)])


def known(wish: Wish) -> bool:
    """Whether there are such a list, such a format and such columns."""
    if wish.list not in LISTS or wish.format not in FORMATS:
        return False
    ordered = wish.order is None or wish.order.by in orders(wish.list)
    free = wish.listing.free or not (wish.columns or wish.order)
    return free and ordered and set(wish.columns) <= set(offered(wish.list))


def too_many(wish: Wish) -> list[str]:
    """Headings of the columns, from the last one on, that paper has no room for."""
    return [column.heading for column in surplus(_columns(wish), wish.group)]


def _fields(wish: Wish) -> list[Field]:
    return [FIELDS[key] for key in wish.keys]


def _columns(wish: Wish) -> tuple[Column, ...]:
    return tuple(
        Column(each.heading.in_(wish.language), each.width, each.align) for each in _fields(wish)
    )


def _table(session: Session, event: Event, wish: Wish, at: datetime, people: People) -> Table:
    rows = Rows(session, _fields(wish), Reading(session, wish.language), wish.most)
    return Table(
        title=wish.listing.title.in_(wish.language),
        columns=_columns(wish),
        rows=_rows(rows, wish, people),
        context=(event.name.in_(wish.language), *wish.about),
        group=wish.group,
        letterhead=letterhead(event, at),
        signature=_signature(event, wish),
        attached_to=wish.attached_to,
        zone=ZoneInfo(event.zone),
    )


def _rows(rows: Rows, wish: Wish, people: People) -> Iterator[Sequence[Cell]]:
    people, order = wish.listing.narrow(people), wish.order
    if order is None and wish.listing.order:
        order = Order(wish.listing.order)
    return rows.of(people) if order is None else in_order(rows, people, order)


def letterhead(event: Event, at: datetime) -> Letterhead:
    """The head of official lists, as the event file gives it; else the first organiser."""
    facts = about(event)
    head = facts.letterhead
    first = facts.organisers[0].name.vi if facts.organisers else event.name.vi
    day = at.astimezone(ZoneInfo(event.zone)).date()
    return Letterhead(head.parent, head.body or first, head.place or event.place.vi, day)


def _signature(event: Event, wish: Wish) -> Signature:
    """As wished, for the body that the event file says."""
    return replace(
        wish.signature, on_behalf=wish.signature.on_behalf or about(event).letterhead.signs
    )


def _sign_in(
    session: Session, event: Event, wish: Wish, at: datetime, people: People
) -> Iterator[Table]:
    """One sheet for each session on paper, one table in a spreadsheet."""
    found = sheets(session, event, wish.session, wish.language)
    title = wish.listing.title.in_(wish.language)
    signed = SignIn(session, people, title, _fields(wish), wish.language)
    if wish.format != "pdf":
        return iter([signed.flat(found)])
    head = letterhead(event, at)
    return (signed.on_paper(sheet, head, _signature(event, wish)) for sheet in found)


def _hand_over(session: Session, table: Table, people: People, out: BinaryIO) -> int:
    """A document for each delegation, to be signed when its badges are handed over."""
    return write_pdf(hand_over(session, table, people), out)


def _labels(_: Session, table: Table, __: People, out: BinaryIO) -> int:
    """Labels for the envelopes that the badges lie in."""
    return write_labels((Label(*map(str, row)) for row in table.rows), table.title, out)


OWN_PAPER: dict[str, Callable[[Session, Table, People, BinaryIO], int]] = {
    "handover": _hand_over,
    "labels": _labels,
}
"""Lists that are not one table on paper."""
