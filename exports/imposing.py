"""How badges lie on a sheet: where each card goes, front and back, where to cut, in which order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, TypeVar

from event.layouts import Imposing, Layout
from exports.badge_card import DOT, MM, Card, card_of, dots

TICK = 6 * MM  # the length of a cut mark
Face = TypeVar("Face")
Point = tuple[float, float]


class Cut(NamedTuple):
    """A short line to cut along, from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Side:
    """One side of a sheet: upper left corners of cards, and cuts, measured from the top left.

    The back has the corners in the order of the front.
    """

    corners: tuple[Point, ...]
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A page of cards, in points; `back` is there when both sides are printed."""

    card: Card
    size: Point
    front: Side
    back: Side | None = None

    @property
    def sides(self) -> tuple[Side, ...]:
        """Front, and back if there is one."""
        return (self.front, self.back) if self.back else (self.front,)


def sheet_of(layout: Layout, imposing: Imposing, *, logo: bool = False) -> Sheet:
    """The sheet that a layout means; all cards lie on the grid of dots."""
    card = card_of(layout.card, logo=logo)
    lone = layout.columns == layout.rows == 1
    width, height = layout.paper
    size = _paper(width, card.width, lone=lone), _paper(height, card.height, lone=lone)
    margin = layout.margin or (None, None)
    shift = dots(imposing.offset[0]), dots(imposing.offset[1])
    columns = _edges(size[0], card.width, layout.columns, margin[0], shift[0])
    rows = _edges(size[1], card.height, layout.rows, margin[1], shift[1])
    marks = layout.cut_marks and (not lone or size != (card.width, card.height))
    front = _side(size, columns, rows, marks=marks)
    back = _turned(front, size, card) if imposing.duplex else None
    return Sheet(card, size, front, back)


def _paper(millimetres: float, card: float, *, lone: bool) -> float:
    """The paper's side; a card by itself is its own paper, to the dot."""
    side = millimetres * MM
    return card if lone and abs(side - card) < DOT else side


def _edges(paper: float, card: float, count: int, margin: float | None, shift: int) -> list[float]:
    """From the left or top of the first card to the right or foot of the last."""
    step = round(card / DOT)
    start = round((paper / DOT - step * count) / 2) if margin is None else dots(margin)
    return [(start + shift + step * at) * DOT for at in range(count + 1)]


def _side(size: Point, columns: list[float], rows: list[float], *, marks: bool) -> Side:
    corners = tuple((x, y) for y in rows[:-1] for x in columns[:-1])
    if not marks:
        return Side(corners)
    width, height = size
    cuts = [Cut(x, y, x, y + TICK) for x in columns for y in (0, height - TICK)]
    cuts += [Cut(x, y, x + TICK, y) for y in rows for x in (0, width - TICK)]
    return Side(corners, tuple(cuts))


def _turned(front: Side, size: Point, card: Card) -> Side:
    """What lies behind it, when the sheet is turned over like the page of a book."""
    width = round(size[0] / DOT)
    step = round(card.width / DOT)
    corners = tuple(((width - step - round(x / DOT)) * DOT, y) for x, y in front.corners)
    cuts = tuple(Cut(width * DOT - c.x1, c.y1, width * DOT - c.x2, c.y2) for c in front.cuts)
    return Side(corners, cuts)


def pages(faces: Iterable[Face], places: int, *, stacked: bool) -> Iterator[Sequence[Face]]:
    """The faces of each sheet, in the order of its corners.

    Stacked, the pile is cut once and the stacks are laid upon each other, the last one lowest: then
    all badges are in order. That takes all of them at once; else they go page by page.
    """
    if stacked:
        pile = list(faces)
        count = -(-len(pile) // places)
        yield from (pile[first::count] for first in range(count))
        return
    coming = iter(faces)
    while page := list(islice(coming, places)):
        yield page
