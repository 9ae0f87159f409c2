"""An A4 page being filled from the top: text and rules, its number, and when it is full."""

from exports.fonts import SERIF, Style
from exports.pdf import Pdf
from exports.text import LEADING, measure

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
TOP, BOTTOM, LEFT, RIGHT = 20 * MM, 20 * MM, 30 * MM, 15 * MM  # as Decree 30/2020 allows
BODY = 13.0  # points


class Paper:
    """The pages of one document, perhaps a part of a file; `y` is where the next thing goes."""

    def __init__(self, pdf: Pdf, *, landscape: bool) -> None:
        self.pdf = pdf
        self._size = (A4[1], A4[0]) if landscape else A4
        self.left = LEFT
        self.width = self._size[0] - LEFT - RIGHT
        self.height = self._size[1] - TOP - BOTTOM
        self._number = 0
        self._begin()

    @property
    def room(self) -> float:
        """How much is left on this page."""
        return self.y - BOTTOM

    def turn(self) -> None:
        """Finish this page and begin another."""
        self.finish()
        self._begin()

    def finish(self) -> None:
        """Write the page out."""
        rules = "".join(self._rules)
        text = "".join(self._text)
        self.pdf.draw(f"0.5 w\n{rules}S\nBT\n{text}ET")
        self.pdf.page(self._size)

    def text(self, x: float, y: float, size: float, text: str, style: Style) -> None:
        """One line from `x` on the base line `y`."""
        self._text.append(self.pdf.text(x, y, size, text, style))

    def draw(self, operators: str) -> None:
        """Text operators made before."""
        self._text.append(operators)

    def centred(self, middle: float, y: float, size: float, text: str, style: Style) -> None:
        """One line around `middle`."""
        width = measure(text, style) * size / 1000
        self.text(middle - width / 2, y, size, text, style)

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A thin straight line."""
        self._rules.append(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l\n")

    def lines(self, lines: list[str], size: float, style: Style) -> None:
        """Centred lines over the whole width; moves down past them."""
        for line in lines:
            self.y -= size * LEADING
            self.centred(self.left + self.width / 2, self.y, size, line, style)

    def _begin(self) -> None:
        self._text: list[str] = []
        self._rules: list[str] = []
        self._number += 1
        self.y = self._size[1] - TOP
        if self._number > 1:
            middle = self.left + self.width / 2
            self.centred(middle, self.y + TOP * 0.45, BODY, str(self._number), SERIF)
