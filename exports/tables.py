"""A list before it has a format: headings, rows, and what stands around them on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TypeAlias

NUMBER = "STT"
ACTIVE = tuple("=+-@\t\r\n＝＋－＠")
"""Spreadsheets take a cell that begins so for a formula, some also in full width."""

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


def shown(cell: Cell, zone: tzinfo) -> str:
    """A cell as people read it: dd/mm/yyyy, 24 hours, 1.234."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case datetime():
            return f"{cell.astimezone(zone):%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return f"{cell:,}".replace(",", ".")
