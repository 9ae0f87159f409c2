"""Paper on the screen: the first page of a document as SVG, laid out as the PDF is."""

from collections.abc import Iterable
from html import escape
from typing import cast

from exports.fonts import SERIF_BOLD, SERIF_ITALIC, Style
from exports.paper import Paper
from exports.pdf import Pdf
from exports.text import LEADING, measure

LOOKS = {SERIF_BOLD: ' font-weight="700"', SERIF_ITALIC: ' font-style="italic"'}
FONTS = "Tinos, 'Liberation Serif', 'Times New Roman', Times, serif"


class Pen:
    """What a `Pdf` says of lines of text, said as SVG; heights grow upwards on both."""

    def text(self, x: float, y: float, size: float, text: str, style: Style) -> str:
        """One line from `x` on the base line `y`, as wide as it is on paper."""
        before, after = self.plain_lines([text], size, style)
        return f"{before}{x:.2f} {y:.2f}{after}"

    def plain_lines(self, lines: Iterable[str], size: float, style: Style) -> tuple[str, str]:
        """Of lines below each other: what goes before and after "x y" of the first."""
        shown = "".join(
            f'<tspan x="0" dy="{size * LEADING if at else 0:.4g}"{_width(line, size, style)}>'
            f"{escape(line)}</tspan>"
            for at, line in enumerate(lines)
        )
        look = f'font-size="{size:.4g}"{LOOKS.get(style, "")}'
        return f'<text {look} transform="matrix(1 0 0 -1 ', f')">{shown}</text>'


def _width(line: str, size: float, style: Style) -> str:
    width = measure(line, style) * size / 1000
    return f' textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs"' if line.strip() else ""


class ScreenPaper(Paper):
    """Pages of which only the first is kept, as a drawing; the others are counted."""

    def __init__(self, *, landscape: bool) -> None:
        self.pages = 0
        self.first = ""
        self.landscape = landscape
        super().__init__(cast(Pdf, Pen()), landscape=landscape)  # all of it that filling asks for

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A thin straight line."""
        self._rules.append(f"M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}")

    def finish(self) -> None:
        """Keep the first page."""
        self.pages += 1
        if self.pages == 1:
            wide, high = self._size
            self.first = (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}"'
                f' font-family="{FONTS}"><rect width="100%" height="100%" fill="#fff"/>'
                f'<g transform="matrix(1 0 0 -1 0 {high:.2f})"><path stroke="#000"'
                f' stroke-width=".5" d="{"".join(self._rules)}"/>{"".join(self._text)}</g></svg>'
            )
