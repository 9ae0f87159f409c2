"""A table on ruled paper: rows wrapped, never cut, the headings repeated on every page."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from exports.fonts import SERIF, SERIF_BOLD, Style
from exports.paper import BODY, MM, Paper
from exports.tables import NUMBER, Cell, Column, Table, shown
from exports.text import LEADING, is_plain, measure, tidy, wrap

NUMBERS = Column(NUMBER, 5, "centre")
SMALLEST = 7.0  # points: what a list of many columns comes down to
LETTER = 0.5  # width of a letter on average, in font sizes
NARROW = 8  # letters: columns wider than this give way first
PAD = 3.0
SHARES = {"left": 0.0, "centre": 0.5, "right": 1.0}  # of the free width, before the text
KEPT = 2  # rows that stay with the total and the signatures


class Laid(NamedTuple):
    """A cell's lines, each with its distance from the left; operators if they can be made early."""

    lines: tuple[str, ...]
    indents: tuple[float, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Row:
    """Cells broken into lines; the heading of a group has one cell over the whole width."""

    cells: tuple[Laid, ...]
    height: float
    style: Style = SERIF
    heading: bool = False


class Ruled:
    """Fills pages with the rows of a table."""

    def __init__(self, paper: Paper, table: Table) -> None:
        self._paper = paper
        self._table = table
        self.count = 0
        self._columns = (NUMBERS, *_without(table.columns, table.group))
        letters = sum(column.width for column in self._columns)
        self._size = max(SMALLEST, min(BODY, paper.width / (letters * LETTER)))
        wished = [column.width * self._size * LETTER + 2 * PAD for column in self._columns]
        self._widths = _shared(wished, NARROW * self._size * LETTER + 2 * PAD, paper.width)
        self._edges = [paper.left]
        for width in self._widths:
            self._edges.append(self._edges[-1] + width)
        self._step = self._size * LEADING
        self._laid = lru_cache(maxsize=4096)(self._lay)
        self._head = self._row([column.heading for column in self._columns], SERIF_BOLD)
        self._run_top: float | None = None

    def fill(self, keep: float) -> None:
        """Draw all rows; the last ones share their page with `keep` points for what comes after."""
        self._draw(self._head)
        held: deque[Row] = deque()
        for row in self._rows():
            held.append(row)
            if len(held) > KEPT:
                self._place(held.popleft(), held[0])
        if sum(row.height for row in held) + keep > self._paper.room:
            self._turn()
        while held:
            row = held.popleft()
            self._place(row, held[0] if held else row)
        self._close_run()
        if keep > self._paper.room:
            self._paper.turn()

    def _rows(self) -> Iterator[Row]:
        """Laid out, with group headings and blank rows; too tall ones in parts."""
        table = self._table
        group: Cell = None
        for values in table.rows:
            if table.group is not None and values[table.group] != group:
                group = values[table.group]
                yield self._heading(shown(group, table.zone))
            self.count += 1
            cells = _without(values, table.group)
            yield from self._parts(self._row([self.count, *cells], SERIF))
        for blank in range(table.blank_rows):
            cells = [""] * (len(self._columns) - 1)
            yield self._row([self.count + blank + 1, *cells], SERIF)

    def _row(self, cells: Sequence[Cell], style: Style) -> Row:
        laid = tuple(
            self._laid(shown(cell, self._table.zone), style, width, column.align)
            for cell, width, column in zip(cells, self._widths, self._columns, strict=True)
        )
        return Row(laid, self._height(max(len(cell.lines) for cell in laid)), style)

    def _heading(self, text: str) -> Row:
        laid = self._laid(text, SERIF_BOLD, self._paper.width, "left")
        return Row((laid,), self._height(len(laid.lines)), SERIF_BOLD, heading=True)

    def _lay(self, text: str, style: Style, width: float, align: str) -> Laid:
        """One cell; kept for the next row that says the same."""
        room = width - 2 * PAD
        lines = tuple(wrap(tidy(text, style), style, self._size, room))
        share: float = SHARES[align]
        indents = tuple(
            share and share * (room - measure(line, style) * self._size / 1000) for line in lines
        )
        if len(set(indents)) > 1 or not is_plain("".join(lines), style):
            return Laid(lines, indents)
        return Laid(lines, indents, *self._paper.pdf.plain_lines(lines, self._size, style))

    def _height(self, lines: int) -> float:
        return float(max(lines * self._step + PAD, self._table.row_height * MM))

    def _parts(self, row: Row) -> Iterator[Row]:
        """A row higher than a page goes on in further rows."""
        most = int((self._paper.height - self._head.height - PAD) / self._step)
        tallest = max(len(cell.lines) for cell in row.cells)
        if tallest <= most:
            yield row
            return
        for at in range(0, tallest, most):
            cells = tuple(
                Laid(c.lines[at : at + most], c.indents[at : at + most]) for c in row.cells
            )
            yield Row(cells, self._height(min(most, tallest - at)), row.style)

    def _place(self, row: Row, following: Row) -> None:
        """On this page, or on the next; a heading stays with the row after it."""
        if row.height + (following.height if row.heading else 0) > self._paper.room:
            self._turn()
        self._draw(row)

    def _turn(self) -> None:
        self._close_run()
        self._paper.turn()
        self._draw(self._head)

    def _draw(self, row: Row) -> None:
        paper, top = self._paper, self._paper.y
        if row.heading:
            self._close_run()
            self._sides(top, top - row.height)
        elif self._run_top is None:
            self._run_top = top
        self._rule(top)
        for cell, left in zip(row.cells, self._edges, strict=False):
            self._cell(cell, left + PAD, row)
        paper.y -= row.height

    def _cell(self, cell: Laid, x: float, row: Row) -> None:
        middle = (row.height - len(cell.lines) * self._step) / 2
        y = self._paper.y - middle - self._size * 0.95
        if cell.before:
            self._paper.draw(f"{cell.before}{x + cell.indents[0]:.2f} {y:.2f}{cell.after}")
            return
        for line, indent in zip(cell.lines, cell.indents, strict=True):
            if line:
                self._paper.text(x + indent, y, self._size, line, row.style)
            y -= self._step

    def _close_run(self) -> None:
        """The upright rules of the rows since the last heading, and the line below them."""
        if self._run_top is not None:
            for x in self._edges:
                self._paper.rule(x, self._run_top, x, self._paper.y)
        self._run_top = None
        self._rule(self._paper.y)

    def _sides(self, top: float, bottom: float) -> None:
        for x in (self._edges[0], self._edges[-1]):
            self._paper.rule(x, top, x, bottom)

    def _rule(self, y: float) -> None:
        self._paper.rule(self._edges[0], y, self._edges[-1], y)


def _shared(wished: list[float], narrow: float, width: float) -> list[float]:
    """Widths that fill the paper; where it is too narrow, wide columns give way first."""
    least = [min(wish, narrow) for wish in wished]
    if sum(wished) <= width or sum(least) >= width:
        return [wish * width / sum(wished) for wish in wished]
    share = (width - sum(least)) / (sum(wished) - sum(least))
    return [low + (wish - low) * share for low, wish in zip(least, wished, strict=True)]


def _without(cells: Iterable[Cell | Column], at: int | None) -> list:  # type: ignore[type-arg]
    return [cell for number, cell in enumerate(cells) if number != at]
