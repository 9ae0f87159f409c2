"""A list as a file: CSV and XLSX for spreadsheets, PDF for paper; nothing in a cell can act."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from io import TextIOWrapper
from typing import BinaryIO

from exports.official import write_pdf
from exports.tables import ACTIVE, NUMBER, Cell, Table, shown
from exports.xlsx import write_xlsx

__all__ = ["WRITERS", "harmless", "write_csv", "write_pdf", "write_xlsx"]


def write_csv(table: Table, out: BinaryIO) -> int:
    """UTF-8 with the mark that tells spreadsheets so; returns the number of rows."""
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([NUMBER, *(harmless(column.heading) for column in table.columns)])
    number = 0
    for number, row in enumerate(table.rows, 1):
        writer.writerow([number, *_plain(row, table.zone)])
    text.detach()
    return number


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could be one."""
    return f"'{text}" if text.startswith(ACTIVE) else text


def _plain(row: Iterable[Cell], zone: tzinfo) -> Iterator[str | int]:
    for cell in row:
        if isinstance(cell, str):
            yield harmless(cell)
        else:
            yield cell if isinstance(cell, int) else shown(cell, zone)


WRITERS: dict[str, Callable[[Table, BinaryIO], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "pdf": lambda table, out: write_pdf([table], out),
}
