"""What badges share: how categories, tracks, the event and its logo looked when a run was read.

A run keeps an edition of it. Editions are named by what they hold, so that most runs share one.
"""

import json
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, TypeAlias

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    ColumnElement,
    Label,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    Text,
    case,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from event.attendees import Attendee
from event.base import Base, add_rows
from event.bookings import Booking
from event.designs import BadgeDesign
from event.programme import Category, Event, Slot, Track
from event.words import Words

LANGUAGES = ("vi", "en")
BITS = 62
"""The tracks on a badge are kept as the bits of one number; a number beyond begins again."""


Looks: TypeAlias = tuple[tuple[str, int, str, str], ...]
"""Kind, number, language and what is shown, of each thing in each language."""


class Look(Base):
    """How one thing was written on badges of one language; `kind` is one of `KINDS`."""

    __tablename__ = "badge_looks"
    edition: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    shown: Mapped[str] = mapped_column(Text)


def looks_now(session: Session) -> Looks:
    """How everything is written now."""
    return tuple(sorted((*row,) for row in session.execute(select(_now()))))


def keep(session: Session, looks: Looks) -> str:
    """Write down how things looked, if nobody has; gives the edition. The caller commits."""
    if not looks:
        return ""
    edition = blake2b(json.dumps(looks).encode(), digest_size=8).hexdigest()
    if session.scalar(select(Look.edition).where(Look.edition == edition).limit(1)) is None:
        columns = ("kind", "number", "language", "shown")
        rows = (dict(zip(columns, look, strict=True)) for look in looks)
        add_rows(session, Look, *({"edition": edition, **row} for row in rows))
    return edition


def gone(session: Session, looks: Looks) -> set[tuple[str, str, int, str]]:
    """The same as `stale`, for who has read already how things look."""
    columns = Look.edition, Look.kind, Look.number, Look.language, Look.shown
    return {
        (edition, kind, number, language)
        for edition, kind, number, language, shown in session.execute(select(*columns))
        if (kind, number, language, shown) not in looks
    }


@cache
def _now() -> Subquery:
    """Each thing in each language, as it is written now."""
    parts = [
        each
        for language in LANGUAGES
        for each in (
            _of(Category, language, _said(Category.name, language) + " " + Category.colour),
            _of(Track, language, _said(Track.name, language)),
            _of(Event, language, _heading(language)),
            select(*_named("logo", literal(0), language), _logo().label("shown")),
        )
    ]
    return union_all(*parts).subquery("now")


Thing = type[Category] | type[Track] | type[Event]
KINDS: dict[Thing, str] = {Category: "category", Track: "track", Event: "event"}


class _Hex(FunctionElement[str]):
    """Bytes as a text."""

    name = "hex_of"
    inherit_cache = True


@compiles(_Hex)
def _of_sqlite(element: _Hex, compiler: SQLCompiler, **how: Any) -> str:
    return f"hex({compiler.process(element.clauses, **how)})"


@compiles(_Hex, "postgresql")
def _of_postgresql(element: _Hex, compiler: SQLCompiler, **how: Any) -> str:
    return f"upper(encode({compiler.process(element.clauses, **how)}, 'hex'))"


def _of(thing: Thing, language: str, shown: ColumnElement[str]) -> Select[str, int, str, str]:
    number = literal(0) if thing is Event else thing.id.expression
    return select(*_named(KINDS[thing], number, language), shown.label("shown")).select_from(thing)


def _named(kind: str, number: ColumnElement[int], language: str) -> tuple[Label[Any], ...]:
    of, said_in = literal(kind, String), literal(language, String)
    return of.label("kind"), number.label("number"), said_in.label("language")


def _logo() -> ColumnElement[str]:
    """Empty where there is none."""
    return func.coalesce(select(_Hex(BadgeDesign.logo)).limit(1).scalar_subquery(), "")


def _heading(language: str) -> ColumnElement[str]:
    days = cast(Event.first_day, String) + " " + cast(Event.last_day, String)
    return _said(Event.name, language) + " " + _said(Event.place, language) + " " + days


def _said(words: InstrumentedAttribute[Words], language: str) -> ColumnElement[str]:
    """As `Words.in_` says it."""
    both = type_coerce(words, JSON)
    vietnamese: ColumnElement[str] = both["vi"].as_string()
    if language == "vi":
        return vietnamese
    return func.coalesce(func.nullif(both["en"].as_string(), ""), vietnamese)


@cache
def stale() -> CTE:
    """What is written otherwise by now: edition, kind, number and language."""
    now = _now()
    same = (now.c.kind == Look.kind) & (now.c.number == Look.number)
    return (
        select(Look.edition, Look.kind, Look.number, Look.language)
        .outerjoin(now, same & (now.c.language == Look.language))
        .where(or_(now.c.shown.is_(None), now.c.shown != Look.shown))
        .cte("stale")
    )


def bit(number: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """The bit that a track has, by its number."""
    return literal(1, BigInteger).bitwise_lshift(number % BITS)


def _tracks() -> ColumnElement[int]:
    """The tracks on a person's badge, of sessions and of interests, as bits."""
    booked = (
        select(func.coalesce(cast(func.sum(distinct(bit(Slot.track_id))), BigInteger), 0))
        .select_from(Booking)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.attendee_id == Attendee.id, Slot.track_id.is_not(None))
        .correlate(Attendee)
        .scalar_subquery()
    )
    stated = cast(Attendee.interests, String)
    quoted = '"' + Track.key + '"'
    wished = (
        select(func.coalesce(cast(func.sum(distinct(bit(Track.id))), BigInteger), 0))
        .where(func.replace(stated, quoted, "") != stated)
        .correlate(Attendee)
        .scalar_subquery()
    )
    return booked.bitwise_or(case((stated == "[]", literal(0, BigInteger)), else_=wished))


TRACKS = _tracks()


class TracksShown:
    """The same number for a person whose choices are read already, at a fraction of the cost."""

    def __init__(self, session: Session) -> None:
        self._of_slots = dict(session.execute(select(Slot.id, Slot.track_id)).all())
        self._of_keys = dict(session.execute(select(Track.key, Track.id)).all())
        self.of = lru_cache(maxsize=4096)(self._of)

    def _of(self, sessions: str | None, interests: str) -> int:
        """Sessions come as "7,3", interests as the JSON that is stored."""
        booked = (self._of_slots[int(slot)] for slot in (sessions or "").split(",") if slot)
        wished = (self._of_keys.get(key) for key in json.loads(interests or "[]"))
        found = 0
        for track in (*booked, *wished):
            found |= 1 << track % BITS if track is not None else 0
        return found
