"""One page of a workbook, cell by cell as its XML goes by, then merged cells filled downwards."""

import re

from event.sheets.formulas import shown_text
from event.sheets.grid import MAX_COLUMNS, Line, Origin, Sheet, WrongFile, keep, line_of
from event.sheets.values import Values
from event.sheets.xml import Attributes

_PLACE = re.compile(r"([A-Z]{1,5})([0-9]{1,7})")
_MAX_MERGED = 1_000_000


class Page:
    """A listener that keeps the rows of a worksheet. Raises WrongFile once it is too big."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._lines: list[Line] = []
        self._origins: dict[tuple[int, int], Origin] = {}
        self._merges: list[str] = []
        self._number = 0
        self._column = -1
        self._cells: dict[int, str] = {}
        self._cell: Attributes = {}
        self._parts: dict[str, list[str]] = {}
        self._inside: list[str] | None = None
        self._phonetic = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """A row, a cell, what is in it, or a merge."""
        if tag in ("v", "f", "t"):
            self._inside = None if self._phonetic else self._parts.setdefault(tag, [])
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            self._number = _row(attributes.get("r", str(self._number + 1)))
            self._cells, self._column = {}, -1
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._merges.append(attributes.get("ref", ""))

    def text(self, content: str) -> None:
        """Part of a value, a formula or an inline text."""
        if self._inside is not None:
            self._inside.append(content)

    def end(self, tag: str) -> None:
        """A cell or a row is whole."""
        self._inside = None
        if tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "row":
            width = max(self._cells, default=-1) + 1
            cells = [self._cells.get(column, "") for column in range(width)]
            keep(self._lines, line_of(self._number, cells))

    def _begin_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        self._column = _column(place) if place else self._column + 1
        self._cell, self._parts = attributes, {}

    def _end_cell(self) -> None:
        text = self._shown()
        if not text.strip():
            return
        if self._column >= MAX_COLUMNS:
            raise WrongFile("sheet.too_wide", columns=self._column + 1, limit=MAX_COLUMNS)
        self._cells[self._column] = text

    def _shown(self) -> str:
        """The value that the file keeps, else what a formula says literally, else the formula."""
        stored = self._parts.get("v", self._parts.get("t"))
        formula = "=" + "".join(self._parts["f"]) if "f" in self._parts else ""
        text = formula
        if stored is not None:
            kind = self._cell.get("t", "n")
            text = self._values.text("".join(stored), kind, self._cell.get("s", ""))
        if not formula and text.startswith("="):
            formula = text
        shown = shown_text(text) if text.startswith("=") else text
        if formula and shown is not None and shown != formula:
            self._origins[self._number, self._column] = Origin("cell.formula", formula)
        return text if shown is None else shown

    def sheet(self, name: str, others: tuple[str, ...]) -> Sheet:
        """The page as a whole, once all of it went by."""
        widths = self._fill_merged()
        return Sheet(name, tuple(self._lines), others, origins=self._origins, widths=widths)

    def _fill_merged(self) -> dict[tuple[int, int], int]:
        """Give each row the text of a cell merged over several; returns how wide cells are."""
        places = {line.number: place for place, line in enumerate(self._lines)}
        widths, left = {}, _MAX_MERGED
        for merge in self._merges:
            top, _, bottom = merge.partition(":")
            first, last, row = _row_of(top), _row_of(bottom or top), _column(top)
            widths[first, row] = _column(bottom or top) - row + 1
            left -= max(last - first, 0)
            if left < 0:
                raise WrongFile("file.broken")
            if first in places:
                text = self._lines[places[first]].cell(row)
                self._fill(
                    text, row, [n for n in range(first + 1, last + 1) if n in places], places
                )
        return widths

    def _fill(self, text: str, column: int, numbers: list[int], places: dict[int, int]) -> None:
        for number in numbers if text else ():
            cells = list(self._lines[places[number]].cells)
            cells += [""] * (column + 1 - len(cells))
            if not cells[column].strip():
                cells[column] = text
                self._lines[places[number]] = Line(number, tuple(cells))
                self._origins[number, column] = Origin("cell.merged", "")


def _row(number: str) -> int:
    """Raises WrongFile for a row that no spreadsheet has."""
    if not number.isascii() or not number.isdigit() or len(number) > 7:
        raise WrongFile("file.broken")
    return int(number)


def _row_of(place: str) -> int:
    return _row(_parts(place)[1])


def _column(place: str) -> int:
    column = 0
    for letter in _parts(place)[0]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _parts(place: str) -> tuple[str, str]:
    found = _PLACE.fullmatch(place.replace("$", ""))
    if found is None:
        raise WrongFile("file.broken")
    return found[1], found[2]
