"""A test sheet for a printer: is it true to size, does it pull askew, where would badges lie?"""

from collections.abc import Iterator
from typing import BinaryIO

from event.layouts import PAPERS, Imposing, Layout
from exports.badge_card import DOT, MM, dots
from exports.fonts import SANS, SANS_BOLD, Style
from exports.imposing import Point, Sheet, Side, sheet_of
from exports.pdf import Pdf
from exports.text import measure

TITLE = "Tờ thử máy in"
CROSS = 20.0  # millimetres from the edges of the paper to the middle of each cross
SQUARE = 100.0
INK, PALE = "0 g 0 G", "0.45 g 0.45 G"
ONE_SIDE = Imposing()


def write_test_sheet(layout: Layout, imposing: Imposing, out: BinaryIO) -> None:
    """One page, and its back where both sides are printed; shifted as badges will be.

    A4, or the layout's own paper where that is larger. Both languages stand on it.
    """
    width, height = layout.paper
    paper = layout.paper if width > 210 or height > 297 else PAPERS["A4"]
    sheet = sheet_of(layout, Imposing(duplex=imposing.duplex))
    right, down = imposing.offset
    with Pdf(out, TITLE) as pdf:
        for side, across, words in zip(sheet.sides, (right, -right), (FRONT, BACK), strict=False):
            page = _Page(pdf, paper, (dots(across) * DOT, dots(down) * DOT))
            page.draw(sheet, side)
            page.write(layout, imposing, words)
            page.finish()


FRONT = ("Mặt trước", "Front")
BACK = ("Mặt sau", "Back")


class _Page:
    """One side being drawn; lengths are millimetres from the top left, before it is shifted."""

    def __init__(self, pdf: Pdf, paper: Point, shift: Point) -> None:
        self._pdf = pdf
        self._paper = paper
        self._size = paper[0] * MM, paper[1] * MM
        self._lines: list[str] = []
        self._text: list[str] = []
        pdf.draw(f"q 1 0 0 1 {shift[0]:.2f} {-shift[1]:.2f} cm")

    def draw(self, sheet: Sheet, side: Side) -> None:
        """Rulers, crosses, the square, and where badges would lie."""
        self._lines.append(f"0.3 w {PALE} [3 2] 0 d\n")
        self._outlines(sheet, side)
        self._lines.append(f"S\n0.4 w {INK} [] 0 d\n")
        self._rulers()
        self._crosses()
        left, top = self._corner_of_square()
        box = f"{left * MM:.2f} {self._size[1] - (top + SQUARE) * MM:.2f}"
        self._lines.append(f"S\n1 g {box} {SQUARE * MM:.2f} {SQUARE * MM:.2f} re b\n0 g\n")

    def _outlines(self, sheet: Sheet, side: Side) -> None:
        """Of the cards and their cut marks, the layout's paper within this one."""
        x0 = round((self._size[0] - sheet.size[0]) / 2 / DOT) * DOT
        y0 = round(self._above(sheet.size[1]) / DOT) * DOT
        card = sheet.card
        for x, y in side.corners:
            bottom = self._size[1] - y0 - y - card.height
            place = f"{x0 + x:.2f} {bottom:.2f} {card.width:.2f} {card.height:.2f}"
            self._lines.append(f"{place} re\n")
        top = self._size[1] - y0
        for cut in side.cuts:
            start, end = (x0 + cut.x1, top - cut.y1), (x0 + cut.x2, top - cut.y2)
            self._lines.append("{:.2f} {:.2f} m {:.2f} {:.2f} l\n".format(*start, *end))

    def _above(self, height: float) -> float:
        """Points above the outlines: in the middle, or below the square that would hide them."""
        if height > SQUARE * MM:
            return (self._size[1] - height) / 2
        return self._size[1] - (self._corner_of_square()[1] * MM + height) / 2

    def _rulers(self) -> None:
        """From the upper left corner along the upper edge and down the left one."""
        for at in range(1, int(self._paper[0])):
            self._line(at, 0, at, _tick(at))
            if at % 10 == 0:
                self._centred(at, 8.2, 6, str(at), SANS)
        for at in range(1, int(self._paper[1])):
            self._line(0, at, _tick(at), at)
            if at % 10 == 0:
                self._set(6, at + 0.8, 6, str(at), SANS)

    def _crosses(self) -> None:
        width, height = self._paper
        for x in (CROSS, width - CROSS):
            for y in (CROSS, height - CROSS):
                self._line(x - 5, y, x + 5, y)
                self._line(x, y - 5, x, y + 5)

    def write(self, layout: Layout, imposing: Imposing, side: tuple[str, str]) -> None:
        """What to do, in the square."""
        left, top = self._corner_of_square()
        down = top + 8
        for size, style, line in _told(layout, imposing, (*side, *self._edge())):
            if line:
                self._centred(left + SQUARE / 2, down, size, line, style)
            down += size * 0.5 if line else 3
        self._centred(left + SQUARE / 2, top + SQUARE - 1.5, 8, "100 mm", SANS_BOLD)

    def finish(self) -> None:
        """Write the page out."""
        lines, text = "".join(self._lines), "".join(self._text)
        self._pdf.draw(f"{lines}BT\n{text}ET\nQ")
        self._pdf.page(self._size)

    def _edge(self) -> tuple[str, str]:
        """The one over which this paper is turned like the page of a book."""
        tall = self._paper[1] >= self._paper[0]
        return ("cạnh dài", "long edge") if tall else ("cạnh ngắn", "short edge")

    def _corner_of_square(self) -> Point:
        return (self._paper[0] - SQUARE) / 2, (self._paper[1] - SQUARE) / 2

    def _line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        height = self._size[1]
        start, end = (x1 * MM, height - y1 * MM), (x2 * MM, height - y2 * MM)
        self._lines.append("{:.2f} {:.2f} m {:.2f} {:.2f} l\n".format(*start, *end))

    def _set(self, x: float, y: float, size: float, text: str, style: Style) -> None:
        self._text.append(self._pdf.text(x * MM, self._size[1] - y * MM, size, text, style))

    def _centred(self, x: float, y: float, size: float, text: str, style: Style) -> None:
        width = measure(text, style) * size / 1000 / MM
        self._set(x - width / 2, y, size, text, style)


def _tick(at: int) -> float:
    if at % 10 == 0:
        return 5
    return 3.5 if at % 5 == 0 else 2


ON_SIZE = (
    "Cạnh ô vuông này phải đo được đúng 100 mm.",
    "The sides of this square must measure 100 mm.",
)
ON_SHIFT = (
    "Đo từ mép giấy đến tâm dấu + ở góc trên bên trái: 20 mm và 20 mm.",
    "Nếu khác: cộng (20 − số đo từ mép trái) vào “Dời sang phải”,",
    "cộng (20 − số đo từ mép trên) vào “Dời xuống dưới”.",
    "Measure from the paper's edges to the + at the upper left: 20 and 20 mm.",
    "If it differs: add (20 − measured from the left) to “Shift to the right”,",
    "add (20 − measured from the top) to “Shift down”.",
)
ON_BACK = (
    "Mặt sau dời theo mặt trước, ngược chiều ngang: chỉ chỉnh theo mặt trước.",
    "The back follows the front, mirrored: correct by the front alone.",
)
GAP = (0.0, SANS, "")


def _told(
    layout: Layout, imposing: Imposing, words: tuple[str, str, str, str]
) -> Iterator[tuple[float, Style, str]]:
    """Size, typeface and text of each line; an empty one is a gap."""
    side, side_en, edge, edge_en = words
    yield 13, SANS_BOLD, "In ở tỉ lệ 100 %"
    yield 13, SANS_BOLD, "Print at 100 %"
    yield 9, SANS, f"{side} · {side_en}"
    yield from ((8, SANS, layout.name.in_(language)) for language in ("vi", "en"))
    yield GAP
    yield from ((8, SANS, line) for line in ON_SIZE)
    yield GAP
    if side == FRONT[0]:
        yield from ((7.5, SANS, line) for line in ON_SHIFT)
        now = "→ {:g} mm, ↓ {:g} mm".format(*imposing.offset)
        yield 8, SANS_BOLD, f"Đang dời: {now.replace('.', ',')}"
        yield 8, SANS_BOLD, f"Shifted now: {now}"
    else:
        yield from ((7.5, SANS, line) for line in ON_BACK)
    if imposing.duplex:
        yield GAP
        yield 8, SANS, f"In hai mặt, lật theo {edge}. Soi lên đèn: dấu + hai mặt trùng nhau."
        yield 8, SANS, f"Print both sides, flip on the {edge_en}. Against the light, the + meet."
