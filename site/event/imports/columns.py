"""Which column answers which question: by its heading, Vietnamese or English, or set by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from event.names import fold
from event.questions import QUESTIONS
from event.sheets import Line, Sheet

# Columns that no question asks for. "family" stands before a column with the given name alone.
_OTHER_HEADINGS = {
    "number": ("STT", "TT", "Số TT", "Số thứ tự", "No", "Nr"),
    "family": ("Họ", "Họ đệm", "Họ lót", "Họ và tên đệm", "Họ và chữ đệm", "Họ và chữ lót"),
    "tracks": (
        "Chủ đề quan tâm", "Chủ đề", "Lĩnh vực quan tâm", "Lĩnh vực", "Tiêu điểm",
        "Tiêu điểm quan tâm", "Tracks", "Topics", "Interests",
    ),
    "note": ("Ghi chú", "Chú thích", "Note", "Notes", "Remark", "Remarks"),
    "error": ("Lỗi cần sửa", "To be corrected"),
}  # fmt: skip
FIELDS = (*(question.key for question in QUESTIONS), *_OTHER_HEADINGS)
_SEVERAL = {"phone", "email", "tracks", "note"}
# "Title" is a form of address in some lists and a post in others.
_AMBIGUOUS = {"title"}
_FIRST_LINES = 50
_ASIDE = re.compile(r"\([^)]*\)")


class WrongColumns(ValueError):
    """A choice of columns that cannot be: `key` is columns.no_name, .unknown or .twice."""

    def __init__(self, key: str, field: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.field = field


@dataclass(frozen=True)
class Columns:
    """`heading` is the number of the row with headings, 0 without one; `fields` is by column."""

    heading: int
    fields: Mapping[int, str]

    def of(self, field: str) -> list[int]:
        """The columns that answer a question, from left to right."""
        return self._places.get(field, [])

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for column in sorted(self.fields):
            places.setdefault(self.fields[column], []).append(column)
        return places


@cache
def _known() -> dict[str, str]:
    known = {
        fold(heading): field for field, headings in _OTHER_HEADINGS.items() for heading in headings
    }
    for question in QUESTIONS:
        for heading in (question.label.vi, question.label.en, question.key, *question.headings):
            known.setdefault(fold(heading), question.key)
    return {heading: field for heading, field in known.items() if heading not in _AMBIGUOUS}


def field_of(heading: str) -> str:
    """The field that a heading names, or nothing. "Điện thoại (bắt buộc) *" is "Điện thoại"."""
    return _known().get(fold(_ASIDE.sub(" ", heading)), "") or _known().get(fold(heading), "")


def find_columns(sheet: Sheet) -> Columns | None:
    """The row, of the first 50, in which most headings are known, one of them the name."""
    found = [_columns_in(line, sheet) for line in sheet.lines[:_FIRST_LINES]]
    named = [columns for columns in found if columns.of("name")]
    return max(named, key=lambda columns: len(columns.fields), default=None)


def _columns_in(line: Line, sheet: Sheet) -> Columns:
    fields: dict[int, str] = {}
    for column, cell in enumerate(line.cells):
        field = field_of(cell) if cell.strip() else ""
        if field in _SEVERAL or (field and field not in fields.values()):
            fields[column] = field
            if field == "name" and sheet.widths.get((line.number, column)) == 2:
                # One heading over two columns: family and middle names, then the given name.
                fields |= {column: "family", column + 1: "name"}
    return Columns(line.number, fields)


def columns_by_hand(heading: int, fields: Mapping[int, str]) -> Columns:
    """What an organiser chose; columns without a field are left out. Raises WrongColumns."""
    chosen = {column: field for column, field in fields.items() if field}
    for field in chosen.values():
        if field not in FIELDS:
            raise WrongColumns("columns.unknown", field)
        if field not in _SEVERAL and list(chosen.values()).count(field) > 1:
            raise WrongColumns("columns.twice", field)
    if "name" not in chosen.values():
        raise WrongColumns("columns.no_name", "name")
    return Columns(heading, chosen)
