"""A spreadsheet file written row by row: flat in memory, its text never acts, dates are dates.

XlsxWriter makes the file, with its looks and settings. The rows are put together here, a column at
a time, and go into the stream in which it keeps those that are finished: its own way, four
functions for each cell, takes five times as long.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from exports.tables import ACTIVE, NUMBER, Cell, Column, Table, in_columns

NAME = "Danh sách"
A4 = 9  # as spreadsheets number papers
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # not the time of day: equal lists are equal files
DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001 - days are counted from it, by the clock of the place
DAY = timedelta(days=1)
LONGEST = 32_767 // 2  # letters of a cell, were each of them a rare one
_SPECIAL = re.compile("[&<>_\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_ESCAPE = re.compile("_(?=x[0-9a-fA-F]{4}_)")  # spreadsheets read a letter by its number there


def write_xlsx(table: Table, out: BinaryIO) -> int:
    """One sheet with a fixed, filterable heading row; returns the number of rows below it."""
    columns = (Column(NUMBER, 5), *table.columns)
    with Workbook(out, {"constant_memory": True}) as book:
        book.set_properties({"created": MADE})
        sheet = _Sheet(book, table.zone, len(columns))
        sheet.head(columns)
        for some in in_columns(table.rows):
            sheet.put(some)
        return sheet.finish()


def inert(text: str) -> str:
    """Text as the element that holds it; what XML cannot hold is left out."""
    if not _SPECIAL.search(text) and text.strip() == text and len(text) <= LONGEST:
        return f"<t>{text}</t>"
    text = _LINE_END.sub("\n", _NOT_XML.sub("", text))[:LONGEST]
    return f'<t xml:space="preserve">{escape(_ESCAPE.sub("_x005F_", text))}</t>'


class _Sheet:
    """The one sheet, and the looks that its cells can have."""

    def __init__(self, book: Workbook, zone: tzinfo, width: int) -> None:
        self._paper: Any = book.add_worksheet(NAME)
        self._zone = zone
        self._letters = [xl_col_to_name(at) for at in range(width)]
        self._rows = 0

        def look(**facts: object) -> int:
            number: int = book.add_format(facts)._get_xf_index()
            return number

        self._heading = look(bold=1, bottom=1, valign="top", text_wrap=1)
        self._day = look(num_format="dd/mm/yyyy")
        self._moment = look(num_format=r"dd/mm/yyyy\ hh:mm")
        self._quoted = look(num_format="@", quote_prefix=1)

    def head(self, columns: tuple[Column, ...]) -> None:
        """The heading row, how wide the columns are, and how the sheet is printed."""
        paper = self._paper
        paper.freeze_panes(1, 0)
        paper.repeat_rows(0)
        paper.set_landscape()
        paper.set_paper(A4)
        paper.fit_to_pages(1, 0)
        for at, column in enumerate(columns):
            paper.set_column(at, at, max(column.width, len(column.heading) * 0.6) + 2)
        look = self._heading
        made = (self._text(column.heading, look) for column in columns)
        self._write([[cell] for cell in made])

    def put(self, columns: Sequence[Sequence[Cell]]) -> None:
        """Some rows, given as columns."""
        self._write([list(map(self._cell, cells)) for cells in columns])

    def finish(self) -> int:
        """Say how large the sheet is; returns the number of rows below the heading."""
        paper, last = self._paper, len(self._letters) - 1
        paper.dim_rowmin, paper.dim_rowmax = 0, self._rows - 1
        paper.dim_colmin, paper.dim_colmax = 0, last
        paper.autofilter(0, 0, self._rows - 1, last)
        return self._rows - 1

    def _write(self, columns: Sequence[Sequence[str]]) -> None:
        """Each cell is given as what follows its address; "" for an empty one."""
        numbers = range(self._rows + 1, self._rows + len(columns[0]) + 1)
        placed = (
            [
                cell and f'<c r="{letter}{row}"{cell}'
                for row, cell in zip(numbers, cells, strict=True)
            ]
            for letter, cells in zip(self._letters, columns, strict=True)
        )
        rows = zip(numbers, zip(*placed, strict=True), strict=True)
        lines = [f'<row r="{row}">{"".join(cells)}</row>' for row, cells in rows]
        self._paper.row_data_fh.write("".join(lines))
        self._rows += len(lines)

    def _cell(self, cell: Cell) -> str:
        """One cell as what it is; a text that could be a formula is marked as text."""
        if isinstance(cell, str):
            return self._text(cell, self._quoted if cell[:1] in ACTIVE else 0) if cell else ""
        if cell is None:
            return ""
        if isinstance(cell, datetime):
            local = cell.astimezone(self._zone).replace(tzinfo=None)
            return f' s="{self._moment}"><v>{(local - DAY_0) / DAY:.16G}</v></c>'
        if isinstance(cell, date):
            day = datetime.combine(cell, time())
            return f' s="{self._day}"><v>{(day - DAY_0) / DAY:.16G}</v></c>'
        return f"><v>{cell:.16G}</v></c>"

    def _text(self, text: str, look: int) -> str:
        style = f' s="{look}"' if look else ""
        return f'{style} t="inlineStr"><is>{inert(text)}</is></c>'
