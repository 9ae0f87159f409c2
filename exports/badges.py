"""Badges on paper: one to a page, or on sheets to cut, on one side or on both."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import tee
from typing import BinaryIO, NamedTuple

import exports
from event.layouts import Design, Imposing, usual_design
from exports import qr
from exports.badge_face import (
    Badge,
    Fill,
    Line,
    code_box,
    frame_of,
    named,
    number,
    numbered,
    stack,
)
from exports.imposing import Sheet, Side, pages, sheet_of
from exports.pdf import Pdf
from exports.qr_tables import symbols

__all__ = ["Badge", "write_badges"]

PACKING = 4  # of zlib: takes a third longer than 1 and saves a seventh of the file
TITLE = "Thẻ tham dự"
ONE_SIDE = Imposing()


def write_badges(
    badges: Iterable[Badge],
    layout: str,
    out: BinaryIO,
    design: Design | None = None,
    imposing: Imposing = ONE_SIDE,
) -> int:
    """Write a PDF and say how many badges it holds; pages leave at once, so memory stays flat.

    `layout` is a key of the design's, by default the usual one: raises KeyError for another, before
    anything is written. What fails later leaves a file without its end, which no reader opens.
    """
    design = design or usual_design()
    sheet = sheet_of(design.layouts[layout], imposing, logo=bool(design.logo))
    badges, again = tee(badges)
    faces = zip(badges, symbols(badge.token for badge in again), strict=True)
    drawn = 0
    with _opened(out, design) as pdf:
        press = _Press(pdf, sheet, design)
        for page in pages(faces, len(sheet.front.corners), stacked=imposing.stacked):
            press.page(page)
            drawn += len(page)
        if not drawn:
            pdf.page(sheet.size)
    return drawn


def _opened(out: BinaryIO, design: Design) -> Pdf:
    """What draws a logo takes time and memory to load: only where there is one."""
    kind = exports.logo.PdfWithLogo if design.logo else Pdf
    return kind(out, TITLE, packing=PACKING)


class _Typeset(NamedTuple):
    """Operators that set some lines, the pen being where the first begins.

    `first` and `last` are where those lines begin, right and down from the corner, in points.
    """

    operators: str
    first: tuple[float, float]
    last: tuple[float, float]


class _Press:
    """Draws badges; what repeats is drawn once, as a form of the file."""

    def __init__(self, pdf: Pdf, sheet: Sheet, design: Design) -> None:
        self._pdf = pdf
        self._sheet = sheet
        self._card = sheet.card
        self._said = design.said
        self._logo = self._signed(design.logo)
        self._frame = cache(self._framed)
        self._beside = cache(self._stood_beside)
        self._block = lru_cache(maxsize=8192)(lambda block: self._typeset(block.lines))
        self._numbered = numbered(sheet.card)
        self._coded = "code" in sheet.card.shows
        self._sides = [self._side(side) for side in sheet.sides]

    def page(self, faces: Sequence[tuple[Badge, qr.Symbol]]) -> None:
        """The faces side by side, with the cut marks; their backs on the page that follows."""
        drawn = [self._face(badge, code) for badge, code in faces]
        for corners, cuts in self._sides:
            for corner, face in zip(corners, drawn, strict=False):
                self._pdf.draw(f"{corner}{face}")
            if cuts:
                self._pdf.draw(cuts)
            self._pdf.page(self._sheet.size)

    def _side(self, side: Side) -> tuple[list[str], str]:
        """The ways to the cards, and what draws the cut marks."""
        cuts = self._pdf.form(_lines(side, self._sheet.size), self._sheet.size) if side.cuts else ""
        return [self._corner(*corner) for corner in side.corners], cuts

    def _corner(self, x: float, y: float) -> str:
        """The way to the lower left of a card; `x` and `y` are its upper left, from the sheet's."""
        bottom = self._sheet.size[1] - y - self._card.height
        return f"q 1 0 0 1 {x:.6g} {bottom:.6g} cm\n" if x or bottom else "q "

    def _face(self, badge: Badge, code: qr.Symbol) -> str:
        """One badge."""
        frame = self._frame(badge.event_name, badge.event_dates, badge.category, badge.colour)
        beside, to_code = self._beside(badge.tracks)
        parts = [(top, self._block(block)) for top, block in stack(self._card, badge)]
        if self._numbered:
            parts.append((0, self._typeset((number(self._card, badge),))))
        text = self._text(parts) if parts else ""
        drawn = f"{to_code}{qr.pdf_path(code)}" if self._coded else ""
        return f"{self._logo}{frame} {beside}\n{text}{drawn}Q"

    def _signed(self, logo: bytes) -> str:
        """What draws the organiser's logo."""
        if "logo" not in self._card.shows:
            return ""
        assert isinstance(self._pdf, exports.logo.PdfWithLogo)  # noqa: S101 - opened for it
        return self._pdf.logo(logo, self._card.logo, self._card.height)

    def _framed(self, *key: str) -> str:
        """What all badges of one category share."""
        parts = frame_of(self._card, self._said, *key)
        fills = "".join(self._fill(part) for part in parts if isinstance(part, Fill))
        return self._form(fills, [part for part in parts if isinstance(part, Line)])

    def _stood_beside(self, tracks: tuple[str, ...]) -> tuple[str, str]:
        """The corner marks of the code and the tracks beside it, and the way to its top row."""
        card, box = self._card, code_box(self._card, tracks)
        module = box.width / (qr.SIDE + 2 * qr.QUIET)
        x = box.x + qr.QUIET * module
        y = card.height - box.y - box.height + qr.QUIET * module
        scale = f"{module:.6g} 0 0 {module:.6g} {x:.6g}"
        marks = f"q {scale} {y:.6g} cm {qr.pdf_finders()}Q\n" if self._coded else ""
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


def _lines(side: Side, size: tuple[float, float]) -> str:
    top = size[1]
    cuts = (
        f"{x1:.2f} {top - y1:.2f} m {x2:.2f} {top - y2:.2f} l\n" for x1, y1, x2, y2 in side.cuts
    )
    return "".join(("0.5 w 0 G\n", *cuts, "S\n"))
