"""Badges on paper and on the screen: A6 pages, sheets to cut, and one SVG picture."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, tee
from typing import BinaryIO
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
    person,
)
from exports.fonts import SANS_BOLD
from exports.pdf import Pdf
from exports.qr_tables import symbols

__all__ = ["SHEETS", "Badge", "badge_svg", "write_badges"]

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
    """Write a PDF and say how many badges it holds; a finished page keeps some 4 kB of memory.

    `layout` is a key of `SHEETS`: raises KeyError for another, before anything is written.
    """
    sheet = SHEETS[layout]
    badges, again = tee(badges)
    codes = symbols(badge.token for badge in again)
    drawn = 0
    with Pdf(out, TITLE) as pdf:
        press = _Press(pdf, sheet)
        faces = zip(badges, codes, strict=True)
        while page := list(islice(faces, len(sheet.corners))):
            press.page(page)
            drawn += len(page)
        if not drawn:
            pdf.page(sheet.size)
    return drawn


class _Press:
    """Draws badges; what repeats is drawn once, as a form of the file."""

    def __init__(self, pdf: Pdf, sheet: Sheet) -> None:
        self._pdf = pdf
        self._sheet = sheet
        self._card = sheet.card
        self._frames: dict[tuple[str, ...], str] = {}
        self._finders = pdf.form(qr.pdf_finders(), (qr.SIDE, qr.SIDE))
        self._cuts = pdf.form(_lines(sheet), sheet.size) if sheet.cuts else ""

    def page(self, faces: list[tuple[Badge, qr.Symbol]]) -> None:
        """The faces side by side, with the cut marks."""
        for corner, (badge, code) in zip(self._sheet.corners, faces, strict=False):
            self._face(corner, badge, code)
        if self._cuts:
            self._pdf.repeat(self._cuts)
        self._pdf.page(self._sheet.size)

    def _face(self, corner: tuple[float, float], badge: Badge, code: qr.Symbol) -> None:
        """One badge; `corner` is its upper left one, from that of the sheet."""
        bottom = self._sheet.size[1] - corner[1] - self._card.height
        self._pdf.draw(f"q 1 0 0 1 {corner[0]:.2f} {bottom:.2f} cm")
        self._pdf.repeat(self._frame(badge))
        self._pdf.draw(self._lines(person(self._card, badge)))
        self._pdf.draw(self._to(code_box(self._card, badge)))
        self._pdf.repeat(self._finders)
        self._pdf.draw(f"{qr.pdf_path(code)} Q Q")

    def _frame(self, badge: Badge) -> str:
        key = (badge.event_name, badge.event_dates, badge.category, badge.colour)
        if key not in self._frames:
            parts = frame(self._card, *key)
            fills = "".join(self._fill(part) for part in parts if isinstance(part, Fill))
            lines = self._lines(part for part in parts if isinstance(part, Line))
            size = self._card.width, self._card.height
            self._frames[key] = self._pdf.form(fills + lines, size)
        return self._frames[key]

    def _lines(self, lines: Iterable[Line]) -> str:
        parts, colour, height = ["BT\n"], "", self._card.height
        for line in lines:
            if line.colour != colour:
                colour = line.colour
                parts.append(_ink(colour))
            parts.append(self._pdf.text(line.x, height - line.y, line.size, line.text, line.style))
        return "".join((*parts, "ET\n"))

    def _fill(self, fill: Fill) -> str:
        x, y, width, height = fill.box
        bottom = self._card.height - y - height
        return f"{_ink(fill.colour)}{x:.2f} {bottom:.2f} {width:.2f} {height:.2f} re f\n"

    def _to(self, box: Box) -> str:
        """Operators that make a module of the code in this box the unit; undone by the last Q."""
        module = box.width / (qr.SIDE + 2 * qr.QUIET)
        x = box.x + qr.QUIET * module
        y = self._card.height - box.y - box.height + qr.QUIET * module
        return f"q {module:.4f} 0 0 {module:.4f} {x:.2f} {y:.2f} cm 0 g"


@cache
def _ink(colour: str) -> str:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return "{:.3g} {:.3g} {:.3g} rg\n".format(*parts)


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
            *_svg_code(code_box(card, badge), badge.token),
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
