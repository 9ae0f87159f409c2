"""What a file of rows becomes: cells as text, where they stood, and why a file is refused."""

from dataclasses import dataclass, field

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200


class WrongFile(Exception):
    """A file that cannot be read: `key` says why, `values` fill the sentence of that key."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True)
class Line:
    """A row that holds anything, under the number that a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """The text in a column, counted from 0; empty beyond the last one."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True)
class Origin:
    """How a cell came to its text, if not by typing: `key` is cell.formula or cell.merged."""

    key: str
    before: str


@dataclass(frozen=True)
class Sheet:
    """One page of a file. Rows and columns of `origins` and `widths` are (number, column from 0).

    `name` is empty for CSV, `others` are the pages of the file that were not read, hidden ones too.
    `widths` says over how many columns a cell is merged; `encoding` is set if it was found out.
    """

    name: str
    lines: tuple[Line, ...]
    others: tuple[str, ...] = ()
    encoding: str = ""
    origins: dict[tuple[int, int], Origin] = field(default_factory=dict)
    widths: dict[tuple[int, int], int] = field(default_factory=dict)


def line_of(number: int, cells: list[str]) -> Line | None:
    """The row without the blanks at its end, or None if nothing is left.

    Raises WrongFile for a row that is too wide, as soon as it is seen.
    """
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise WrongFile("sheet.too_wide", columns=len(cells), limit=MAX_COLUMNS)
    return Line(number, tuple(cells)) if cells else None


def keep(lines: list[Line], line: Line | None) -> None:
    """Add a row that holds anything. Raises WrongFile where there are too many."""
    if line is None:
        return
    if len(lines) >= MAX_ROWS:
        raise WrongFile("sheet.too_long", limit=MAX_ROWS)
    lines.append(line)
