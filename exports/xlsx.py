"""A spreadsheet file written row by row: flat in memory, its text never acts, dates are dates."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import BinaryIO
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.tables import ACTIVE, NUMBER, Cell, Column, Table

NAME = "Danh sách"
A4 = 9  # as spreadsheets number papers
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # not the time of day: equal lists are equal files
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")


def write_xlsx(table: Table, out: BinaryIO) -> int:
    """One sheet with a fixed, filterable heading row; returns the number of rows below it."""
    columns = (Column(NUMBER, 5), *table.columns)
    with Workbook(out, OPTIONS) as book:
        book.set_properties({"created": MADE})
        sheet = _Sheet(book, table.zone)
        sheet.head(columns)
        number = 0
        for number, row in enumerate(table.rows, 1):
            for at, cell in enumerate((number, *row)):
                sheet.put(number, at, cell)
        sheet.paper.autofilter(0, 0, number, len(columns) - 1)
    return number


def inert(text: str) -> str:
    """Text as the library can be given it: without what XML cannot hold, and never as markup.

    The library writes what stands between "<r>" and "</r>" as it is; there, text goes in escaped.
    """
    text = _LINE_END.sub("\n", _NOT_XML.sub("", text))
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    return text


class _Sheet:
    """The one sheet, and the looks that its cells can have."""

    def __init__(self, book: Workbook, zone: tzinfo) -> None:
        self.paper: Worksheet = book.add_worksheet(NAME)
        self._zone = zone
        look = book.add_format
        self._heading: Format = look({"bold": 1, "bottom": 1, "valign": "top", "text_wrap": 1})
        self._day: Format = look({"num_format": "dd/mm/yyyy"})
        self._moment: Format = look({"num_format": r"dd/mm/yyyy\ hh:mm"})
        self._quoted: Format = look({"num_format": "@", "quote_prefix": 1})

    def head(self, columns: tuple[Column, ...]) -> None:
        """The heading row, how wide the columns are, and how the sheet is printed."""
        paper = self.paper
        paper.freeze_panes(1, 0)
        paper.repeat_rows(0)
        paper.set_landscape()
        paper.set_paper(A4)
        paper.fit_to_pages(1, 0)
        for at, column in enumerate(columns):
            paper.set_column(at, at, max(column.width, len(column.heading) * 0.6) + 2)
            paper.write_string(0, at, inert(column.heading), self._heading)

    def put(self, row: int, at: int, cell: Cell) -> None:
        """One cell, as what it is; a text that could be a formula is marked as text."""
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            quoted = self._quoted if cell.startswith(ACTIVE) else None
            self.paper.write_string(row, at, inert(cell), quoted)
        elif isinstance(cell, datetime):
            moment = cell.astimezone(self._zone).replace(tzinfo=None)
            self.paper.write_datetime(row, at, moment, self._moment)
        elif isinstance(cell, date):
            self.paper.write_datetime(row, at, datetime.combine(cell, time()), self._day)
        else:
            self.paper.write_number(row, at, cell)
