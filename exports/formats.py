"""A list as a file: CSV and XLSX for spreadsheets, PDF for paper; nothing in a cell can act."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from io import TextIOWrapper
from typing import BinaryIO, cast

from exports.official import write_pdf
from exports.tables import ACTIVE, NUMBER, Cell, Table, in_columns, shown
from exports.xlsx import write_xlsx

__all__ = ["WRITERS", "as_text", "harmless", "write_csv", "write_pdf", "write_xlsx"]

MARK = "\ufeff"
_TO_QUOTE = re.compile('[",\r\n]')


def write_csv(table: Table, out: BinaryIO) -> int:
    """UTF-8 with the mark that tells spreadsheets so; returns the number of rows.

    Columns are quoted as a whole: the writer of the library looks at every letter of every cell.
    """
    text = TextIOWrapper(out, encoding="utf-8", newline="")
    headings = [[heading] for heading in (NUMBER, *(column.heading for column in table.columns))]
    text.write(MARK + _lines(headings, table.zone))
    count = 0
    for columns in in_columns(table.rows):
        text.write(_lines(columns, table.zone))
        count += len(columns[0])
    text.detach()
    return count


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could be one."""
    return f"'{text}" if text[:1] in ACTIVE else text


def _lines(columns: Iterable[Sequence[Cell]], zone: tzinfo) -> str:
    rows = zip(*(_quoted(_plain(cells, zone)) for cells in columns), strict=True)
    return "".join([f"{','.join(row)}\r\n" for row in rows])


def _plain(cells: Sequence[Cell], zone: tzinfo) -> Sequence[str]:
    """A column as text; most need nothing done."""
    kinds = set(map(type, cells))
    if kinds == {int}:
        return list(map(str, cells))
    if kinds.isdisjoint((str, int)):
        return [shown(cell, zone) for cell in cells]
    if kinds != {str}:
        return [as_text(cell, zone) for cell in cells]
    texts = cast(Sequence[str], cells)
    if ACTIVE.isdisjoint([text[:1] for text in texts]):
        return texts
    return list(map(harmless, texts))


def as_text(cell: Cell, zone: tzinfo) -> str:
    """A cell as CSV has it, before it is quoted."""
    if isinstance(cell, int):
        return str(cell)
    return harmless(cell) if isinstance(cell, str) else shown(cell, zone)


def _quoted(cells: Sequence[str]) -> Sequence[str]:
    together = "".join(cells)
    if not any(mark in together for mark in '",\r\n'):
        return cells
    return [_quote(cell) if _TO_QUOTE.search(cell) else cell for cell in cells]


def _quote(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""'))


WRITERS: dict[str, Callable[[Table, BinaryIO], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "pdf": lambda table, out: write_pdf([table], out),
}
