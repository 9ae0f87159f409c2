"""A table on ruled paper: rows wrapped, never cut, the headings repeated on every page."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from exports.cells import EMPTY, PAD, Cells, Laid
from exports.fonts import SERIF, SERIF_BOLD, Style
from exports.paper import A4, BODY, LEFT, MM, RIGHT, Paper
from exports.tables import NUMBER, Cell, Column, Table, in_columns, shown
from exports.text import LEADING

NUMBERS = Column(NUMBER, 5, "centre")
SMALLEST = 7.0  # points: what a list of many columns comes down to
LETTER = 0.5  # width of a letter on average, in font sizes
NARROW = 8  # letters: columns wider than this give way first
KEPT = 2  # rows that stay with the total and the signatures
WIDEST = A4[1] - LEFT - RIGHT  # points, of a landscape page


class Row(NamedTuple):
    """Cells broken into lines; the heading of a group has one cell over the whole width."""

    cells: Sequence[Laid]
    lines: int
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
        self._size = letter_size(self._columns, paper.width)
        wished = [column.width * self._size * LETTER + 2 * PAD for column in self._columns]
        self._widths = _shared(wished, NARROW * self._size * LETTER + 2 * PAD, paper.width)
        self._edges = [paper.left]
        for width in self._widths:
            self._edges.append(self._edges[-1] + width)
        self._step = self._size * LEADING
        headings = [column.heading for column in self._columns]
        self._head = self._row(_look_up(self._cells(SERIF_BOLD), headings), SERIF_BOLD)
        self._most = int((paper.height - self._head.height - PAD) / self._step)
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
        table, group = self._table, None
        whole = self._paper.left, self._paper.width
        headings = Cells(self._paper.pdf, SERIF_BOLD, self._size, whole)
        for of_group, cells in self._laid():
            if of_group != group:
                group = of_group
                yield self._row([headings[shown(group, table.zone)]], SERIF_BOLD, heading=True)
            self.count += 1
            yield from self._parts(self._row(cells))
        columns = self._cells(SERIF)
        for blank in range(table.blank_rows):
            texts = [str(self.count + blank + 1), *repeat("", len(columns) - 1)]
            yield self._row(_look_up(columns, texts))

    def _laid(self) -> Iterator[tuple[Cell, Sequence[Laid]]]:
        """Each row with its group. They are made column by column, which takes half the time."""
        table, columns = self._table, self._cells(SERIF)
        for numbers, *some in in_columns(table.rows):
            groups = repeat(None) if table.group is None else some.pop(table.group)
            made = [
                [column[shown(cell, table.zone)] for cell in cells]
                for column, cells in zip(columns, (numbers, *some), strict=True)
            ]
            yield from zip(groups, zip(*made, strict=True), strict=False)

    def _cells(self, style: Style) -> list[Cells]:
        """The columns as they are laid out in this style."""
        places = zip(self._columns, self._edges, self._widths, strict=False)
        pdf, size = self._paper.pdf, self._size
        return [Cells(pdf, style, size, (x, width), column.align) for column, x, width in places]

    def _row(self, cells: Sequence[Laid], style: Style = SERIF, *, heading: bool = False) -> Row:
        lines = max([len(cell.lines) for cell in cells])
        return Row(cells, lines, self._height(lines), style, heading)

    def _height(self, lines: int) -> float:
        return float(max(lines * self._step + PAD, self._table.row_height * MM))

    def _parts(self, row: Row) -> Iterator[Row]:
        """A row higher than a page goes on in further rows."""
        if row.lines <= self._most:
            yield row
            return
        for at in range(0, row.lines, self._most):
            part = slice(at, at + self._most)
            cells = [Laid(cell.lines[part], cell.starts[part]) for cell in row.cells]
            yield self._row(cells)

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
        bases = [self._base(row, lines) for lines in range(row.lines + 1)]
        heights = [f"{base:.2f}" for base in bases]
        drawn = [
            f"{cell.before}{heights[len(cell.lines)]}{cell.after}"
            if cell.before
            else self._cell(cell, bases[len(cell.lines)], row.style)
            for cell in row.cells
            if cell is not EMPTY
        ]
        paper.draw("".join(drawn))
        paper.y -= row.height

    def _base(self, row: Row, lines: int) -> float:
        """Where the first of so many lines stands, for them to be in the middle of the row."""
        free: float = row.height - lines * self._step
        return self._paper.y - free / 2 - self._size * 0.95

    def _cell(self, cell: Laid, y: float, style: Style) -> str:
        """Line by line: those of other scripts, and those that begin at different places."""
        text, size, step = self._paper.pdf.text, self._size, self._step
        return "".join(
            text(x, y - at * step, size, line, style)
            for at, (x, line) in enumerate(zip(cell.starts, cell.lines, strict=True))
            if line
        )

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


def _look_up(columns: Sequence[Cells], texts: Sequence[str]) -> list[Laid]:
    return [cells[text] for cells, text in zip(columns, texts, strict=True)]


def letter_size(columns: Iterable[Column], width: float) -> float:
    """In points, so that the columns have the width they want, as far as that can be read."""
    letters = sum(column.width for column in columns)
    return max(SMALLEST, min(BODY, width / (letters * LETTER)))


def surplus(columns: Sequence[Column], group: int | None) -> list[Column]:
    """The last ones, for which the widest page has no room even in the smallest letters.

    A column has room if it holds `NARROW` letters or what it wants; longer texts are wrapped.
    """
    kept = list(_without(columns, group))
    while kept and sum(map(_least, (NUMBERS, *kept))) > WIDEST:
        kept.pop()
    return [column for column in _without(columns, group) if column not in kept]


def _least(column: Column) -> float:
    return min(column.width, NARROW) * SMALLEST * LETTER + 2 * PAD


def _shared(wished: list[float], narrow: float, width: float) -> list[float]:
    """Widths that fill the paper; where it is too narrow, wide columns give way first."""
    least = [min(wish, narrow) for wish in wished]
    if sum(wished) <= width or sum(least) >= width:
        return [wish * width / sum(wished) for wish in wished]
    share = (width - sum(least)) / (sum(wished) - sum(least))
    return [low + (wish - low) * share for low, wish in zip(least, wished, strict=True)]


def _without(cells: Iterable[Cell | Column], at: int | None) -> list:  # type: ignore[type-arg]
    return [cell for number, cell in enumerate(cells) if number != at]
