"""Badges on paper and on the screen: A6 pages, sheets to cut, and one SVG picture."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, tee
from typing import BinaryIO, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from event.names import clean
from exports import qr
from exports.badge_face import (
    DOT,
    LANDSCAPE,
    MM,
    PORTRAIT,
    WHITE,
    Badge,
    Box,
    Card,
    Fill,
    Line,
    code_box,
    frame,
    named,
    number,
    person,
    stack,
)
from exports.fonts import SANS_BOLD
from exports.pdf import Pdf
from exports.qr_tables import symbols

__all__ = ["SHEETS", "Badge", "badge_svg", "write_badges"]

PACKING = 4  # of zlib: takes a third longer than 1 and saves a seventh of the file
TITLE = "Thẻ tham dự"
FAMILIES = "Be Vietnam Pro, Noto Sans Thai, Noto Sans Lao, Noto Sans SC, Noto Sans KR, sans-serif"


@dataclass(frozen=True)
class Sheet:
    """A page of cards; `corners` are their upper left ones, `cuts` short lines to cut along."""

    card: Card
    size: tuple[float, float]
    corners: tuple[tuple[float, float], ...]
    cuts: tuple[tuple[float, float, float, float], ...] = ()


def _sheet(card: Card, columns: tuple[int, ...], rows: tuple[int, ...]) -> Sheet:
    """An A4 page with cards that touch: edges in dots, the cuts marked in the margins."""
    width, height = 210 * MM, 297 * MM
    edges = [x * DOT for x in columns], [y * DOT for y in rows]
    tick = 6 * MM
    cuts = [(x, y, x, y + tick) for x in edges[0] for y in (0, height - tick)]
    cuts += [(x, y, x + tick, y) for y in edges[1] for x in (0, width - tick)]
    corners = tuple((x, y) for y in edges[1][:-1] for x in edges[0][:-1])
    return Sheet(card, (width, height), corners, tuple(cuts))


SHEETS = {
    "a6": Sheet(PORTRAIT, (PORTRAIT.width, PORTRAIT.height), ((0, 0),)),
    "4up": _sheet(PORTRAIT, (0, 620, 1240), (3, 877, 1751)),
    "10up": _sheet(LANDSCAPE, (88, 620, 1152), (79, 398, 717, 1036, 1355, 1674)),
}


def write_badges(badges: Iterable[Badge], layout: str, out: BinaryIO) -> int:
    """Write a PDF and say how many badges it holds; pages leave at once, so memory stays flat.

    `layout` is a key of `SHEETS`: raises KeyError for another, before anything is written. What
    fails later leaves a file without its end, which no reader opens.
    """
    sheet = SHEETS[layout]
    badges, again = tee(badges)
    codes = symbols(badge.token for badge in again)
    drawn = 0
    with Pdf(out, TITLE, packing=PACKING) as pdf:
        press = _Press(pdf, sheet)
        faces = zip(badges, codes, strict=True)
        while page := list(islice(faces, len(sheet.corners))):
            press.page(page)
            drawn += len(page)
        if not drawn:
            pdf.page(sheet.size)
    return drawn


class _Typeset(NamedTuple):
    """Operators that set some lines, the pen being where the first begins.

    `first` and `last` are where those lines begin, right and down from the corner, in points.
    """

    operators: str
    first: tuple[float, float]
    last: tuple[float, float]


class _Press:
    """Draws badges; what repeats is drawn once, as a form of the file."""

    def __init__(self, pdf: Pdf, sheet: Sheet) -> None:
        self._pdf = pdf
        self._sheet = sheet
        self._card = sheet.card
        self._frame = cache(self._framed)
        self._beside = cache(self._stood_beside)
        self._block = lru_cache(maxsize=8192)(lambda block: self._typeset(block.lines))
        self._cuts = pdf.form(_lines(sheet), sheet.size) if sheet.cuts else ""
        self._corners = [self._corner(*corner) for corner in sheet.corners]

    def page(self, faces: list[tuple[Badge, qr.Symbol]]) -> None:
        """The faces side by side, with the cut marks."""
        for corner, (badge, code) in zip(self._corners, faces, strict=False):
            self._face(corner, badge, code)
        if self._cuts:
            self._pdf.draw(self._cuts)
        self._pdf.page(self._sheet.size)

    def _corner(self, x: float, y: float) -> str:
        """The way to the lower left of a card; `x` and `y` are its upper left, from the sheet's."""
        bottom = self._sheet.size[1] - y - self._card.height
        return f"q 1 0 0 1 {x:.6g} {bottom:.6g} cm\n" if x or bottom else "q "

    def _face(self, corner: str, badge: Badge, code: qr.Symbol) -> None:
        """One badge."""
        frame = self._frame(badge.event_name, badge.event_dates, badge.category, badge.colour)
        beside, to_code = self._beside(badge.tracks)
        parts = [(top, self._block(block)) for top, block in stack(self._card, badge)]
        parts.append((0, self._typeset((number(self._card, badge),))))
        text = self._text(parts)
        self._pdf.draw(f"{corner}{frame} {beside}\n{text}{to_code}{qr.pdf_path(code)}Q")

    def _framed(self, *key: str) -> str:
        """What all badges of one category share."""
        parts = frame(self._card, *key)
        fills = "".join(self._fill(part) for part in parts if isinstance(part, Fill))
        return self._form(fills, [part for part in parts if isinstance(part, Line)])

    def _stood_beside(self, tracks: tuple[str, ...]) -> tuple[str, str]:
        """The corner marks of the code and the tracks beside it, and the way to its top row."""
        card, box = self._card, code_box(self._card, tracks)
        module = box.width / (qr.SIDE + 2 * qr.QUIET)
        x = box.x + qr.QUIET * module
        y = card.height - box.y - box.height + qr.QUIET * module
        scale = f"{module:.6g} 0 0 {module:.6g} {x:.6g}"
        marks = f"q {scale} {y:.6g} cm {qr.pdf_finders()}Q\n"
        top = y + (qr.SIDE - 1) * module
        return self._form(marks, named(card, tracks)), f"{scale} {top:.6g} cm 0 g\n"

    def _form(self, operators: str, lines: Sequence[Line]) -> str:
        text = self._text([(0, self._typeset(lines))] if lines else [])
        return self._pdf.form(operators + text, (self._card.width, self._card.height))

    def _text(self, parts: Iterable[tuple[float, _Typeset]]) -> str:
        """Parts that stand below each other, each so far from the top of the card."""
        shown, x, y = ["BT "], 0.0, self._card.height
        for top, part in parts:
            right, down = part.first
            shown.append(f"{right - x:.2f} {y - down - top:.2f} Td{part.operators}")
            x, y = part.last[0], part.last[1] + top
        return "".join((*shown, "ET\n"))

    def _typeset(self, lines: Sequence[Line]) -> _Typeset:
        parts, before = [], None
        for line in lines:
            if before:
                parts.append(f"{line.x - before.x:.2f} {before.y - line.y:.2f} Td")
            if not before or line.colour != before.colour:
                parts.append(f" {_ink(line.colour)}")
            parts.append(self._pdf.shown(line.size, line.text, line.style))
            before = line
        first, last = lines[0], lines[-1]
        return _Typeset("".join(parts), (first.x, first.y), (last.x, last.y))

    def _fill(self, fill: Fill) -> str:
        x, y, width, height = fill.box
        bottom = self._card.height - y - height
        return f"{_ink(fill.colour)} {x:.2f} {bottom:.2f} {width:.2f} {height:.2f} re f\n"


@cache
def _ink(colour: str) -> str:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    if len(set(parts)) == 1:
        return f"{parts[0]:.3g} g"
    return "{:.3g} {:.3g} {:.3g} rg".format(*parts)


def _lines(sheet: Sheet) -> str:
    top = sheet.size[1]
    cuts = (
        f"{x1:.2f} {top - y1:.2f} m {x2:.2f} {top - y2:.2f} l\n" for x1, y1, x2, y2 in sheet.cuts
    )
    return "".join(("0.5 w 0 G\n", *cuts, "S\n"))


def badge_svg(badge: Badge) -> str:
    """The A6 badge as one SVG document, light whatever the screen; text stays text.

    Each line carries its measured width, so that it fits in whatever font the viewer has.
    """
    card = PORTRAIT
    key = (badge.event_name, badge.event_dates, badge.category, badge.colour)
    parts = (*frame(card, *key), *person(card, badge))
    return "".join(
        (
            *_svg_opening(card, badge.name),
            _svg_fill(Fill(Box(0, 0, card.width, card.height), WHITE)),
            *(_svg_fill(part) if isinstance(part, Fill) else _svg_line(part) for part in parts),
            *_svg_code(code_box(card, badge.tracks), badge.token),
            "</svg>",
        )
    )


def _svg_opening(card: Card, name: str) -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {card.width:.2f} '
    yield f'{card.height:.2f}" width="{card.width / MM:.0f}mm" height="{card.height / MM:.0f}mm"'
    yield f' role="img" aria-label={quoteattr(clean(name))} font-family="{FAMILIES}">'


def _svg_fill(fill: Fill) -> str:
    x, y, width, height = fill.box
    return (
        f'<path fill="{fill.colour}" d="M{x:.2f} {y:.2f}h{width:.2f}v{height:.2f}h-{width:.2f}z"/>'
    )


def _svg_line(line: Line) -> str:
    weight = ' font-weight="700"' if line.style is SANS_BOLD else ""
    return (
        f'<text x="{line.x:.2f}" y="{line.y:.2f}" font-size="{line.size:.2f}"{weight} '
        f'fill="{line.colour}" textLength="{line.width:.2f}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(line.text)}</text>"
    )


def _svg_code(box: Box, token: str) -> Iterator[str]:
    module = box.width / (qr.SIDE + 2 * qr.QUIET)
    yield f'<path fill="#000" shape-rendering="crispEdges" d="{qr.svg_path(qr.symbol(token))}" '
    yield f'transform="translate({box.x:.2f} {box.y:.2f}) scale({module:.4f})"/>'
