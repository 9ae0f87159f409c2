"""The order of rows by any column: as Vietnamese reads it, and the same in every database."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from event.attendees import Attendee
from event.names import alphabetical, sort_key
from exports.fields import ARRIVED_AT, AT_ONCE, FIELDS, REPLACED_AT, Rows
from exports.tables import Cell

People = Select[Attendee]


@dataclass(frozen=True)
class Order:
    """By a column of `FIELDS`, the empty last; people who are alike there by their given names."""

    by: str
    down: bool = False


class _Bytewise(FunctionElement[str]):
    """A text whose letters every database compares by their numbers."""

    name = "bytewise"
    inherit_cache = True


@compiles(_Bytewise)
def _as_it_is(element: _Bytewise, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(_Bytewise, "postgresql")
def _in_c(element: _Bytewise, compiler: SQLCompiler, **how: Any) -> str:
    return f'({compiler.process(element.clauses, **how)}) COLLATE "C"'


_MADE_BY_DATABASE: dict[str, tuple[ColumnElement[Any], ColumnElement[bool] | None]] = {
    "name": (Attendee.sort_key.expression, None),
    "full_name": (Attendee.sort_key.expression, None),
    "code": (Attendee.id.expression, None),
    "phone": (_Bytewise(Attendee.phone), Attendee.phone == ""),
    "email": (_Bytewise(Attendee.email), Attendee.email == ""),
    "registered_at": (Attendee.registered_at.expression, None),
    "arrived_at": (ARRIVED_AT, ARRIVED_AT.is_(None)),
    "replaced_at": (REPLACED_AT, REPLACED_AT.is_(None)),
    "void_badges": (Attendee.revision.expression, None),
    "valid_badge": (Attendee.revision.expression, None),
}
"""Numbers, moments and keys, with what says that there is none: any database has their order."""
_NAMES_OF_PEOPLE = ("party_head",)
NO_ORDER = ("signature",)
"""Columns in which nothing stands."""


def in_order(rows: Rows, people: People, order: Order) -> Iterator[Sequence[Cell]]:
    """A row for each, in this order instead of the query's own."""
    if order.by not in _MADE_BY_DATABASE:
        named = people.order_by(None).order_by(Attendee.sort_key, Attendee.id)
        return rows.numbered(people, _by_text(rows, named, order))
    value, nothing = _MADE_BY_DATABASE[order.by]
    wanted = value.desc() if order.down else value.asc()
    first = () if nothing is None else (nothing,)
    return rows.of(people.order_by(None).order_by(*first, wanted, Attendee.sort_key, Attendee.id))


def _by_text(rows: Rows, people: People, order: Order) -> Iterator[int]:
    """Numbers of people by what the column says of them, which no database is asked to compare."""
    field = FIELDS[order.by]
    tell = field.tell(rows.reading) if field.tell else None
    members = defaultdict[Any, "array[int]"](lambda: array("q"))
    query = people.with_only_columns(field.asked, Attendee.id, maintain_column_froms=True)
    for answer, number in rows.session.execute(query, execution_options={"yield_per": AT_ONCE}):
        members[tell(answer) if tell else answer].append(number)
    texts = _sorted([text for text in members if text], order)
    return chain.from_iterable(
        members[text] for text in [*texts, *(text for text in members if not text)]
    )


def _sorted(texts: list[Any], order: Order) -> list[Any]:
    if all(isinstance(text, int) for text in texts):
        return sorted(texts, reverse=order.down)
    key = sort_key if order.by in _NAMES_OF_PEOPLE else alphabetical
    return sorted(texts, key=lambda text: (key(str(text)), str(text)), reverse=order.down)
