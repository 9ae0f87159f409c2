"""How rows look in a preview: each cell as it is stored, as it was, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from event.imports import IGNORED, REPEATED, Preview, Row
from event.phones import show_phone
from event.programme import categories, tracks
from event.provinces import province_names
from pages import current
from pages.import_words import field_name, mend, reason, refusal
from pages.wording import words

UNSHOWN = ("number", "error")
SAMPLES = 3
STATUSES = {
    "taken": _l("Will be taken"),
    "mended": _l("Mended"),
    "refused": _l("Refused"),
    "repeated": _l("Already there"),
    "ignored": _l("Ignored"),
}


@dataclass(frozen=True)
class Cell:
    """One answer as it will be stored; `before` and `how` where it was mended, else `problem`."""

    heading: str
    text: str
    before: str = ""
    how: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Column:
    """A column of the file to choose a field for: its letter, heading, some of its cells."""

    at: int
    letter: str
    heading: str
    field: str
    sample: str


@dataclass(frozen=True)
class Reader:
    """Knows the names behind keys and codes, looked up once for a page."""

    fields: tuple[str, ...]
    categories: Mapping[str, str]
    tracks: Mapping[str, str]
    provinces: Mapping[str, str]

    @classmethod
    def of(cls, session: Session, seen: Preview) -> Self:
        """For the columns of one file, in their order."""
        found = [seen.columns.fields[at] for at in sorted(seen.columns.fields)]
        shown = ("name" if field == "family" else field for field in found)
        return cls(
            tuple(dict.fromkeys(field for field in shown if field not in UNSHOWN)),
            {each.key: words(each.name) for each in session.scalars(categories())},
            {each.key: words(each.name) for each in session.scalars(tracks())},
            province_names(current.language()),
        )

    @property
    def headings(self) -> list[str]:
        """Above the cells."""
        return [field_name(field) for field in self.fields]

    def status(self, row: Row) -> str:
        """A mended row is taken too."""
        return "mended" if row.status == "taken" and row.mends else row.status

    def said(self, row: Row) -> str:
        """The status in words."""
        return str(STATUSES[self.status(row)])

    def reason(self, row: Row) -> str:
        """Why a row is ignored, or whom it repeats."""
        return reason(row)

    def cells(self, row: Row) -> list[Cell]:
        """One for each heading."""
        return [self._cell(row, field) for field in self.fields]

    def _cell(self, row: Row, field: str) -> Cell:
        heading = field_name(field)
        for refused in row.refusals:
            if refused.field == field:
                return Cell(heading, refused.value, problem=refusal(refused))
        mends = [each for each in row.mends if each.field == field and row.status != REPEATED]
        before = next((each.before for each in mends if each.before), "")
        how = tuple(dict.fromkeys(mend(each) for each in mends))
        text = self._text(row, field)
        return Cell(heading, text, before if before != text else "", how)

    def _text(self, row: Row, field: str) -> str:
        value = row.values.get("remark" if field == "note" else field, "")
        match field:
            case "phone":
                return show_phone(value) if value else ""
            case "province":
                return self.provinces.get(value, "")
            case "category":
                return self.categories.get(value, value)
            case "tracks":
                return ", ".join(self.tracks.get(key, key) for key in row.interests)
            case "name":
                return self._titled(row, value)
        return value

    def _titled(self, row: Row, name: str) -> str:
        """With the titles that have no column of their own."""
        own = (key for key in ("honorific", "degree") if key not in self.fields)
        return " ".join(filter(None, (*(row.values.get(key, "") for key in own), name)))


def of_kind(seen: Preview, kind: str) -> list[Row]:
    """The rows with one fate; "mended" are those taken with changes, "all" leaves none out."""
    if kind == "all":
        return list(seen.rows)
    if kind == "mended":
        return [row for row in seen.taken if row.mends]
    return seen.of(kind)


def columns_of(seen: Preview, chosen: Mapping[int, str]) -> list[Column]:
    """Every column of the sheet that holds anything below the headings."""
    lines = [line for line in seen.sheet.lines if line.number > seen.columns.heading]
    people = [row for row in seen.rows if row.status != IGNORED]
    cells = [row.cells for row in people[:50]] or [line.cells for line in lines]
    headings = seen.headings
    return [
        Column(
            at,
            letters(at),
            headings[at].strip() if at < len(headings) else "",
            chosen.get(at, ""),
            " · ".join(_sample(cells, at)),
        )
        for at in range(max(map(len, [*cells, headings]), default=0))
    ]


def _sample(cells: list[tuple[str, ...]], at: int) -> list[str]:
    found = (row[at].strip() for row in cells if at < len(row) and row[at].strip())
    return [text[:40] for text in list(dict.fromkeys(found))[:SAMPLES]]


def letters(at: int) -> str:
    """The name of a column in a spreadsheet: A, B … Z, AA."""
    return (letters(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
