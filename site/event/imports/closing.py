"""Rows that are no people: what stands above a list, its total, signatures, numbers left empty."""

import re

from event.imports.columns import Columns
from event.names import clean
from event.sheets import Line

# With their accents: without them "Tổng cộng" would be the beginning of Mr Tống Công Minh.
_TOTAL = re.compile(
    r"(?:tổng cộng|tổng số|tổng|cộng|total|sum)\b[\s:.=(]*(?:\d|$)|tổng (?:cộng|số)\b"
)
_PLAIN_TOTAL = re.compile(r"tong (?:cong|so)\b\D*\d")
_SIGNATURE = re.compile(
    r"\(?ký[\s,)]|người (?:lập|ký|duyệt)|nơi nhận|t[ml]\. |kt\. |thủ trưởng|xác nhận|phê duyệt"
    r"|prepared by|signature|signed|(?:phó )?(?:giám đốc|chủ tịch|viện trưởng|hiệu trưởng)$"
    r"|.*\bngày\s+[\d.…_]+\s*tháng\b"
)
_COUNT = re.compile(r"\d{1,5}")


class Closing:
    """Reads down the sheet; after a total or a signature only whole people still count."""

    def __init__(self, columns: Columns, headings: tuple[str, ...]) -> None:
        self._columns = columns
        self._headings = Line(columns.heading, headings)
        self._closed = False
        self.announced: int | None = None
        """How many people the list says that it has."""

    def reason(self, line: Line) -> str:
        """Why this row is no person (row.*); empty for a person."""
        if line.number <= self._columns.heading:
            return "row.heading" if line.number == self._columns.heading else "row.above"
        filled = [clean(cell).casefold() for cell in line.cells if clean(cell)]
        if self._is_heading(line):
            return "row.heading"
        if self._is_total(filled):
            self._closed = True
            return "row.total"
        if self._is_person(line):
            return ""
        if len(filled) <= 2 and any(_SIGNATURE.match(text) for text in filled):
            self._closed = True
        if self._closed and not self._number(line).isdigit():
            return "row.closing"
        return self._stray(line)

    def _is_heading(self, line: Line) -> bool:
        """The headings again, as at the top of each printed page."""
        name = self._text(line, "name")
        return bool(name) and name == self._text(self._headings, "name")

    def _is_total(self, filled: list[str]) -> bool:
        together = " ".join(filled)
        if not (_TOTAL.match(together) or _PLAIN_TOTAL.match(together)):
            return False
        count = _COUNT.search(together)
        self.announced = int(count[0]) if count else self.announced
        return True

    def _is_person(self, line: Line) -> bool:
        return bool(self._text(line, "name") and self._text(line, "organisation"))

    def _stray(self, line: Line) -> str:
        """A row with nothing under a column that counts: a number ready for somebody, or words."""
        fields = {
            self._columns.fields.get(at, "") for at, cell in enumerate(line.cells) if clean(cell)
        }
        if fields == {"number"} and self._number(line).rstrip(".").isdigit():
            return "row.number_only"
        return "row.words" if fields <= {"number", "", "error"} else ""

    def _text(self, line: Line, field: str) -> str:
        return clean(" ".join(line.cell(column) for column in self._columns.of(field)))

    def _number(self, line: Line) -> str:
        return self._text(line, "number")
