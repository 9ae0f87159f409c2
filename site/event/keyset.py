"""Pages of a long table by the place of their edges: the last page is as quick as the first."""

import base64
import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, LargeBinary, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from event.attendees import Attendee

ORDERS = ("name", "newest")
FEW = 1000
_NUMBER = struct.Struct(">I")


class WrongPlace(ValueError):
    """A page was asked for from a place that no link of ours names."""


@dataclass(frozen=True)
class Turn:
    """Where to go on: after or before a place, in one of ORDERS; no place means the first page."""

    order: str = "name"
    place: str = ""
    back: bool = False


@dataclass(frozen=True)
class Page:
    """Some of `total` rows; `earlier` and `later` name their edges, "" where the table ends."""

    rows: Sequence[Attendee]
    total: int
    earlier: str = ""
    later: str = ""


def page_of(session: Session, query: Select[Attendee], turn: Turn, *, size: int = 50) -> Page:
    """The rows on one page, always in the table's own direction. Raises `WrongPlace`."""
    total, query = _measured(session, query)
    rows = list(session.scalars(_from(query, turn).limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    if turn.back:
        rows.reverse()
    if not rows:
        return Page(rows, total)
    has_earlier, has_later = (more, True) if turn.back else (bool(turn.place), more)
    return Page(
        rows,
        total,
        earlier=_place(turn.order, rows[0]) if has_earlier else "",
        later=_place(turn.order, rows[-1]) if has_later else "",
    )


def _measured(session: Session, query: Select[Attendee]) -> tuple[int, Select[Attendee]]:
    """How many rows there are; where they are few, the same query by their numbers.

    A database that hopes to meet the first fifty soon walks a rare word's whole table in order,
    which costs far more than looking once for all of them.
    """
    numbers = query.order_by(None).with_only_columns(Attendee.id)
    few = session.scalars(numbers.limit(FEW + 1)).all()
    if len(few) <= FEW:
        return len(few), select(Attendee).where(Attendee.id.in_(few))
    return session.scalar(select(func.count()).select_from(numbers.subquery())) or 0, query


def _from(query: Select[Attendee], turn: Turn) -> Select[Attendee]:
    """Newest first goes down the numbers; going back turns either order round."""
    downward = (turn.order == "newest") != turn.back
    columns = [Attendee.id] if turn.order == "newest" else [Attendee.sort_key, Attendee.id]
    query = query.order_by(None).order_by(*(c.desc() if downward else c for c in columns))
    if not turn.place:
        return query
    here = _read(turn)
    edge: ColumnElement[bool]
    if turn.order == "newest":
        edge = Attendee.id < here[1] if downward else Attendee.id > here[1]
    else:
        mine = tuple_(Attendee.sort_key, Attendee.id)
        place = tuple_(literal(here[0], LargeBinary), literal(here[1]))
        edge = mine < place if downward else mine > place
    return query.where(edge)


def _place(order: str, row: Attendee) -> str:
    """Number and sort key: the page stays where it is even if that person's name is corrected."""
    key = row.sort_key if order == "name" else b""
    return base64.urlsafe_b64encode(_NUMBER.pack(row.id) + key).decode().rstrip("=")


def _read(turn: Turn) -> tuple[bytes, int]:
    try:
        packed = base64.b64decode(turn.place + "=" * (-len(turn.place) % 4), b"-_", validate=True)
        (number,) = _NUMBER.unpack_from(packed)
    except (binascii.Error, struct.error, ValueError):
        raise WrongPlace(turn.place) from None
    if number >= 2**31:
        raise WrongPlace(turn.place)
    return packed[_NUMBER.size :], number
