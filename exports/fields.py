"""The columns of lists, each declared once; those of the questions come by themselves.

A column says what the database is asked and how an answer reads. A list asks for its own columns
and no others, in one query, however many people it has.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from re import compile as pattern
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from event.attendees import Attendee
from event.bookings import Booking
from event.consents import EXHIBITORS, agreed_to
from event.delegations import Delegation
from event.journal import Change
from event.phones import show_phone
from event.questions import QUESTIONS
from event.scans import Presence
from event.words import Words
from exports.reading import Reading
from exports.tables import Cell

AT_ONCE = 1000  # rows held in memory
HEAD = Words("Trưởng đoàn", "Head")
YES = Words("Có", "Yes")
# Nearly all numbers: what `show_phone` says of them, at a hundredth of its cost.
_MOBILE = pattern(r"\+84([35789]\d\d)(\d{3})(\d{3})")

Asked = InstrumentedAttribute[Any] | ColumnElement[Any]
Tell = Callable[[Any], Cell]


@dataclass(frozen=True)
class Field:
    """One column; `width` is about how many letters most of its cells hold.

    `tell` makes cells of what the database answers; without it, they are the answers themselves.
    """

    heading: Words
    width: float
    asked: Asked
    tell: Callable[[Reading], Tell] | None = None
    align: str = "left"


NUMBER = Field(Words("Số", "Number"), 5, Attendee.id)


@dataclass(frozen=True)
class Rows:
    """Makes the rows of a list, in these columns."""

    session: Session
    fields: Sequence[Field]
    reading: Reading
    most: int | None = None
    """So many rows at most; None for all."""

    def of(self, people: Select[Attendee]) -> Iterator[Sequence[Cell]]:
        """A row for each, in the order of the query.

        They come as the database finds them, from one moment. Cells are made column by column,
        which takes a third of the time of row by row.
        """
        tell = [field.tell and field.tell(self.reading) for field in self.fields]
        asked = (field.asked for field in self.fields)
        query = people.with_only_columns(*asked, maintain_column_froms=True).limit(self.most)
        # On the connection, since a session would take every row apart once more.
        connection = self.session.connection()
        found = connection.execute(query, execution_options={"yield_per": AT_ONCE})
        for some in found.partitions():
            columns = zip(tell, zip(*some, strict=True), strict=True)
            yield from zip(*(map(f, cells) if f else cells for f, cells in columns), strict=True)

    def numbered(
        self, people: Select[Attendee], numbers: Iterable[int]
    ) -> Iterator[Sequence[Cell]]:
        """A row for each of these numbers, in their order, which no query has."""
        rows = replace(self, fields=(NUMBER, *self.fields), most=None)
        numbers = islice(numbers, self.most)
        people = people.order_by(None)
        while some := list(islice(numbers, AT_ONCE)):
            found = {row[0]: row[1:] for row in rows.of(people.where(Attendee.id.in_(some)))}
            yield from (found[number] for number in some if number in found)


def phone(e164: str) -> str:
    """As people say it: "0913 456 701"."""
    if mobile := _MOBILE.fullmatch(e164):
        return f"0{mobile[1]} {mobile[2]} {mobile[3]}"
    return show_phone(e164) if e164 else ""


def _named(names: Callable[[Reading], Mapping[Any, str]]) -> Callable[[Reading], Tell]:
    """By looking a number up; what has no name reads as ""."""

    def tell(reading: Reading) -> Tell:
        known = names(reading)
        return lambda number: known.get(number, "")

    return tell


def _each(query: Select[Any]) -> ColumnElement[Any]:
    """A query of its own for each person of a list."""
    return query.correlate(Attendee).scalar_subquery()


_CHOSEN = select(func.aggregate_strings(cast(Booking.slot_id, String), ",")).where(
    Booking.attendee_id == Attendee.id
)
_ARRIVED = Presence.attendee_id == Attendee.id
_FIRST_PLACE = (
    select(Presence.checkpoint_id).where(_ARRIVED).order_by(Presence.first_at, Presence.id).limit(1)
)
ARRIVED_AT = _each(select(func.min(Presence.first_at)).where(_ARRIVED))
"""When somebody was first let in anywhere."""

REPLACED_AT = _each(
    select(func.max(Change.at)).where(
        Change.subject == "attendee",
        Change.subject_id == Attendee.id,
        Change.verb == "badge_replaced",
    )
)
"""When somebody last got a new badge."""

_FELLOW = aliased(Attendee)
_FELLOWS = (_FELLOW.party_id == Attendee.party_id) & _FELLOW.cancelled_at.is_(None)
_PARTY_HEAD = func.coalesce(
    _each(
        select(_FELLOW.degree + " " + _FELLOW.name).where(_FELLOWS, _FELLOW.heads_party).limit(1)
    ),
    _each(select(Delegation.contact_name).where(Delegation.id == Attendee.party_id)),
    "",
)

WIDTHS = {
    "honorific": 9, "degree": 9, "name": 24, "email": 26, "phone": 13, "organisation": 30,
    "position": 18, "province": 13, "category": 16,
}  # fmt: skip

_SHOWN: dict[str, tuple[Asked, Callable[[Reading], Tell]]] = {
    "phone": (Attendee.phone, lambda _: phone),
    "province": (Attendee.province, _named(lambda reading: reading.provinces)),
    "category": (Attendee.category_id, _named(lambda reading: reading.categories)),
}

FIELDS: dict[str, Field] = {
    question.key: Field(
        question.label,
        WIDTHS.get(question.key, 16),
        *(_SHOWN.get(question.key) or (getattr(Attendee, question.key),)),
    )
    for question in QUESTIONS
} | {
    "code": Field(Words("Mã số", "Code"), 8, Attendee.id, lambda _: "{:05d}".format, "centre"),
    "full_name": Field(
        Words("Họ và tên", "Full name"),
        26,
        Attendee.degree + " " + Attendee.name,
        lambda _: str.strip,
    ),
    "party": Field(
        Words("Đoàn", "Delegation"),
        20,
        Attendee.party_id,
        _named(lambda reading: reading.parties),
    ),
    "headed_party": Field(
        Words("Đoàn", "Delegation"),
        20,
        Attendee.party_id,
        _named(lambda reading: reading.headed_parties),
    ),
    "role": Field(
        Words("Vai trò", "Role"),
        12,
        Attendee.heads_party,
        _named(lambda reading: {True: HEAD.in_(reading.language)}),
    ),
    "sessions": Field(
        Words("Phiên đã chọn", "Sessions"),
        30,
        _each(_CHOSEN),
        lambda reading: reading.sessions,
    ),
    "registered_at": Field(Words("Đăng ký lúc", "Registered"), 15, Attendee.registered_at),
    "arrived_at": Field(Words("Đến lúc", "Arrived"), 15, ARRIVED_AT),
    "arrived_by": Field(
        Words("Nơi vào", "Place"),
        16,
        _each(_FIRST_PLACE),
        _named(lambda reading: reading.places),
    ),
    "party_head": Field(
        Words("Trưởng đoàn", "Head of delegation"), 26, _PARTY_HEAD, lambda _: str.strip
    ),
    "party_size": Field(
        Words("Số đại biểu", "People"),
        8,
        _each(select(func.count(_FELLOW.id)).where(_FELLOWS)),
        align="right",
    ),
    "void_badges": Field(
        Words("Thẻ thu hồi (lần cấp)", "Void badge (issue)"),
        12,
        Attendee.revision,
        lambda _: lambda revision: "1" if revision == 1 else f"1–{revision}",
        "centre",
    ),
    "valid_badge": Field(
        Words("Thẻ còn giá trị (lần cấp)", "Valid badge (issue)"),
        12,
        Attendee.revision,
        lambda _: lambda revision: str(revision + 1),
        "centre",
    ),
    "replaced_at": Field(Words("Thay lúc", "Replaced"), 15, REPLACED_AT),
    "exhibitors": Field(
        Words("Đồng ý để đơn vị trưng bày liên hệ", "Exhibitors may contact"),
        14,
        Attendee.id.in_(agreed_to(EXHIBITORS)),
        _named(lambda reading: {True: YES.in_(reading.language)}),
        "centre",
    ),
    "remark": Field(Words("Ghi chú", "Remark"), 18, Attendee.remark),
    "signature": Field(Words("Ký tên", "Signature"), 13, null()),
}
