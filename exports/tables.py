"""A list before it has a format: headings, rows, and what stands around them on paper."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

NUMBER = "STT"
ACTIVE = frozenset("=+-@\t\r\n＝＋－＠")
"""Spreadsheets take a cell that begins so for a formula, some also in full width."""

AT_ONCE = 500  # rows
CLOCK = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60)]

Cell: TypeAlias = str | int | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A heading; `width` in letters, what most cells hold; `align` is left, centre or right."""

    heading: str
    width: float
    align: str = "left"


@dataclass(frozen=True)
class Letterhead:
    """Who issues the list, where and when: `parent` stands over `body`, which stands in bold."""

    parent: str
    body: str
    place: str
    on: date


@dataclass(frozen=True)
class Signature:
    """Who signs: `maker` under "Người lập", `signer` under `on_behalf`.

    `instead_of` adds the line "KT. …" for who signs in another's place, `office` is their own.
    """

    on_behalf: str = ""
    maker: str = ""
    signer: str = ""
    instead_of: str = ""
    office: str = ""


@dataclass(frozen=True)
class Table:
    """One list. `rows` may be read once only; each has a cell for each column.

    `group` is the column whose changes become heading rows on paper. `row_height` is the least one,
    in millimetres; `blank_rows` are added on paper, for people who sign without being listed.
    Moments are shown in `zone`. `attached_to` is the letter that the list belongs to.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]
    context: tuple[str, ...] = ()
    group: int | None = None
    letterhead: Letterhead | None = None
    signature: Signature | None = None
    attached_to: str = ""
    unit: str = "người"
    zone: tzinfo = UTC
    row_height: float = 0
    blank_rows: int = 0


def in_columns(rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[Sequence[Cell], ...]]:
    """Some rows at a time, as columns, the first of which holds their numbers.

    What is done to a column costs a fraction of what is done cell by cell.
    """
    rows, number = iter(rows), 1
    while some := list(islice(rows, AT_ONCE)):
        yield range(number, number + len(some)), *zip(*some, strict=True)
        number += len(some)


def shown(cell: Cell, zone: tzinfo) -> str:
    """A cell as people read it: dd/mm/yyyy, 24 hours, 1.234."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        local = cell.astimezone(zone)
        return f"{_day(local.date())} {CLOCK[local.hour * 60 + local.minute]}"
    return _day(cell) if isinstance(cell, date) else f"{cell:,}".replace(",", ".")


@lru_cache
def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
