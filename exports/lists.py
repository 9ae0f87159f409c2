"""What organisers print and send: each list is one entry here, and comes in every format."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from event.about import about
from event.attendees import Attendee, everyone
from event.delegations import Delegation
from event.names import alphabetical
from event.programme import Event, the_event
from event.provinces import province_names
from event.questions import QUESTIONS
from event.words import Words
from exports.fields import ARRIVED_AT, AT_ONCE, FIELDS, Rows
from exports.formats import WRITERS, write_pdf
from exports.handover import hand_over
from exports.labels import Label, write_labels
from exports.reading import Reading
from exports.sign_in import SignIn, UnknownSession, sheets
from exports.tables import Cell, Column, Letterhead, Signature, Table

__all__ = ["FORMATS", "LISTS", "UnknownList", "UnknownSession", "Wish", "export"]

FORMATS = ("csv", "xlsx", "pdf")
People = Select[Attendee]
Read = Callable[[Rows, People], Iterator[Sequence[Cell]]]


class UnknownList(LookupError):
    """There is no list, or no format, of that name."""


@dataclass(frozen=True)
class Listing:
    """One list. `columns` go to spreadsheets, `paper` to official lists: both are keys of `FIELDS`.

    `read` narrows and orders the people it is given; `grouped`: the first column heads its rows.
    """

    title: Words
    columns: tuple[str, ...]
    paper: tuple[str, ...]
    read: Read = Rows.of
    grouped: bool = False


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. `session` narrows sign-in sheets to one session, by its key.

    `attached_to` ("Công văn số 12/BTC") and `signature` stand on paper only; with `all_columns`,
    paper shows what a spreadsheet would.
    """

    list: str
    format: str
    session: str = ""
    language: str = "vi"
    attached_to: str = ""
    signature: Signature = field(default_factory=Signature)
    all_columns: bool = False


def export(
    session: Session, wish: Wish, out: BinaryIO, *, at: datetime, people: People | None = None
) -> int:
    """Write a list and say how many rows it has; rows stream, so that memory stays flat.

    `people` narrows it, all who hold a place by default; `at` dates the paper. Raises `UnknownList`
    and `UnknownSession`, before anything is written.
    """
    event = the_event(session)
    if wish.list not in LISTS or wish.format not in FORMATS or event is None:
        raise UnknownList(f"{wish.list}.{wish.format}")
    people = everyone() if people is None else people
    if wish.list == "sessions":
        return _sign_in(session, event, wish, out, at, people)
    table = _table(session, event, wish, at, people)
    if wish.format == "pdf" and wish.list in OWN_PAPER:
        return OWN_PAPER[wish.list](session, table, people, out)
    return WRITERS[wish.format](table, out)


def _table(session: Session, event: Event, wish: Wish, at: datetime, people: People) -> Table:
    listing = LISTS[wish.list]
    paper = wish.format == "pdf" and not wish.all_columns
    fields = [FIELDS[key] for key in (listing.paper if paper else listing.columns)]
    rows = Rows(session, fields, Reading(session, wish.language))
    columns = (Column(f.heading.in_(wish.language), f.width, f.align) for f in fields)
    return Table(
        title=listing.title.in_(wish.language),
        columns=tuple(columns),
        rows=listing.read(rows, people),
        context=(event.name.in_(wish.language),),
        group=0 if paper and listing.grouped else None,
        letterhead=letterhead(event, at),
        signature=_signature(event, wish),
        attached_to=wish.attached_to,
        zone=ZoneInfo(event.zone),
    )


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
    session: Session, event: Event, wish: Wish, out: BinaryIO, at: datetime, people: People
) -> int:
    """One sheet for each session on paper, one table in a spreadsheet."""
    found = sheets(session, event, wish.session, wish.language)
    listing, paper = LISTS[wish.list], wish.format == "pdf"
    fields = [FIELDS[key] for key in (listing.paper if paper else listing.columns)]
    signed = SignIn(session, people, listing.title.in_(wish.language), fields, wish.language)
    if not paper:
        return WRITERS[wish.format](signed.flat(found), out)
    head = letterhead(event, at)
    return write_pdf(
        (signed.on_paper(sheet, head, _signature(event, wish)) for sheet in found), out
    )


def _hand_over(session: Session, table: Table, people: People, out: BinaryIO) -> int:
    """A document for each delegation, to be signed when its badges are handed over."""
    return write_pdf(hand_over(session, table, people), out)


def _labels(_: Session, table: Table, __: People, out: BinaryIO) -> int:
    """Labels for the envelopes that the badges lie in."""
    return write_labels((Label(*map(str, row)) for row in table.rows), table.title, out)


def _arrived(rows: Rows, people: People) -> Iterator[Sequence[Cell]]:
    """Who was let in anywhere, in the order they came."""
    query = people.where(ARRIVED_AT.is_not(None))
    return rows.of(query.order_by(None).order_by(ARRIVED_AT, Attendee.id))


def _by_delegation(rows: Rows, people: People) -> Iterator[Sequence[Cell]]:
    """Head first, then as the office listed them."""
    name = (
        select(Delegation.folded_name).where(Delegation.id == Attendee.party_id).scalar_subquery()
    )
    query = people.where(Attendee.party_id.is_not(None)).order_by(None)
    return rows.of(query.order_by(name, Attendee.heads_party.desc(), Attendee.id))


def _one_for_each_delegation(rows: Rows, people: People) -> Iterator[Sequence[Cell]]:
    """Its head, or the first that was put down."""
    first = (Attendee.heads_party.desc(), Attendee.id)
    rank = func.row_number().over(partition_by=Attendee.party_id, order_by=first)
    members = people.where(Attendee.party_id.is_not(None)).order_by(None)
    ranked = members.with_only_columns(
        Attendee.id, rank.label("rank"), maintain_column_froms=True
    ).subquery()
    leading = select(ranked.c.id).where(ranked.c.rank == 1)
    return _by_delegation(rows, select(Attendee).where(Attendee.id.in_(leading)))


def _replaced(rows: Rows, people: People) -> Iterator[Sequence[Cell]]:
    """Those who got another badge than the first; it stands where it would be looked for."""
    return rows.of(people.where(Attendee.revision > 0))


def _by_province(rows: Rows, people: People) -> Iterator[Sequence[Cell]]:
    """In the alphabetical order of provinces, abroad and unknown last."""
    ranks = {code: rank for rank, code in enumerate(province_names("vi"))}
    order = case(ranks, value=Attendee.province, else_=len(ranks))
    return rows.of(people.order_by(None).order_by(order, Attendee.sort_key, Attendee.id))


def _by_organisation(rows: Rows, people: People) -> Iterator[Sequence[Cell]]:
    """In Vietnamese alphabetical order, which no database is asked for; the nameless last."""
    members = defaultdict[str, "array[int]"](lambda: array("q"))
    query = people.with_only_columns(Attendee.organisation, Attendee.id)
    for name, number in rows.session.execute(query, execution_options={"yield_per": AT_ONCE}):
        members[name].append(number)
    names = sorted(members, key=lambda name: (not name, alphabetical(name)))
    return rows.numbered(people, chain.from_iterable(members[name] for name in names))


CONTACT = ("phone", "email")
ABOUT = ("code", *(question.key for question in QUESTIONS))
PAPER = ("full_name", "position", "organisation", *CONTACT, "signature")

LISTS: dict[str, Listing] = {
    "attendees": Listing(
        Words("Danh sách đại biểu đăng ký tham dự", "Registered attendees"),
        (*ABOUT, "party", "sessions", "registered_at", "arrived_at", "remark"),
        PAPER,
    ),
    "arrivals": Listing(
        Words("Danh sách đại biểu có mặt", "Arrivals"),
        (*ABOUT, "party", "arrived_at", "arrived_by"),
        ("full_name", "position", "organisation", "category", "arrived_at", "arrived_by"),
        _arrived,
    ),
    "sessions": Listing(
        Words("Danh sách ký tên tham dự phiên", "Sign-in sheets"),
        ("full_name", "position", "organisation"),
        ("full_name", "position", "organisation", "signature"),
    ),
    "delegations": Listing(
        Words("Danh sách đại biểu theo đoàn", "Delegates by delegation"),
        ("party", "role", *ABOUT, "arrived_at", "remark"),
        ("headed_party", "full_name", "role", "position", "organisation", *CONTACT, "signature"),
        _by_delegation,
        grouped=True,
    ),
    "organisations": Listing(
        Words("Danh sách đại biểu theo đơn vị", "Attendees by organisation"),
        ("organisation", *(key for key in ABOUT if key != "organisation")),
        ("organisation", "full_name", "position", *CONTACT, "signature"),
        _by_organisation,
        grouped=True,
    ),
    "provinces": Listing(
        Words("Danh sách đại biểu theo tỉnh, thành phố", "Attendees by province"),
        ("province", *(key for key in ABOUT if key != "province")),
        ("province", *PAPER),
        _by_province,
        grouped=True,
    ),
    "handover": Listing(
        Words("Biên bản bàn giao thẻ đại biểu", "Hand-over of badges"),
        ("party", "role", "code", "full_name", "organisation", "category"),
        ("party", "full_name", "organisation", "code", "signature"),
        _by_delegation,
    ),
    "labels": Listing(
        Words("Nhãn phong bì theo đoàn", "Envelope labels by delegation"),
        ("party", "party_head", "party_size"),
        ("party", "party_head", "party_size"),
        _one_for_each_delegation,
    ),
    "replaced": Listing(
        Words("Danh sách thẻ cần thu hồi", "Badges to be pulled"),
        ("code", "full_name", "organisation", "void_badges", "valid_badge", "replaced_at"),
        ("full_name", "organisation", "code", "void_badges", "valid_badge", "replaced_at"),
        _replaced,
    ),
}

OWN_PAPER: dict[str, Callable[[Session, Table, People, BinaryIO], int]] = {
    "handover": _hand_over,
    "labels": _labels,
}
"""Lists that are not one table on paper."""
