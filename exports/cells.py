"""The cells of one column on paper: broken into lines and turned into operators, once each."""

from functools import lru_cache
from typing import NamedTuple

from exports.fonts import Style
from exports.pdf import Pdf
from exports.text import is_plain, measure, tidy, wrap

PAD = 3.0  # points, on either side
SHARES = {"left": 0.0, "centre": 0.5, "right": 1.0}  # of the free width, before the text
KEPT = 800  # texts: many columns say the same again and again
SHAPES = 100  # of numbers, phones and hours
_FIGURE = "0123456789"
_FIGURES = str.maketrans(_FIGURE, "0" * 10)


class Laid(NamedTuple):
    """A cell's lines and where each begins; if they can be made early, the operators around its
    height.
    """

    lines: tuple[str, ...]
    starts: tuple[float, ...]
    before: str = ""
    after: str = ""


EMPTY = Laid(("",), (0.0,))


class Cells(dict[str, Laid]):
    """Texts as they stand in a column, each laid out when it first comes."""

    def __init__(
        self, pdf: Pdf, style: Style, size: float, place: tuple[float, float], align: str = "left"
    ) -> None:
        """`place` is the left edge of the column and its width, in points."""
        super().__init__({"": EMPTY})
        self._pdf = pdf
        self._style = style
        self._size = size
        self._left, self._room = place[0] + PAD, place[1] - 2 * PAD
        self._share = SHARES[align]
        self._breaks = lru_cache(SHAPES)(self._parts)

    def __missing__(self, text: str) -> Laid:
        if len(self) > KEPT:
            self.clear()
            self[""] = EMPTY
        laid = self[text] = self._lay(text)
        return laid

    def _lay(self, text: str) -> Laid:
        if not is_plain(text, self._style):
            lines = tuple(self._wrap(tidy(text, self._style)))
            return Laid(lines, self._starts(lines))
        lines = (
            tuple([text[part] for part in self._breaks(text.translate(_FIGURES))])
            if text[0] in _FIGURE
            else tuple(self._wrap(text))
        )
        starts = self._starts(lines)
        if len(set(starts)) > 1:
            return Laid(lines, starts)
        before, after = self._pdf.plain_lines(lines, self._size, self._style)
        return Laid(lines, starts, f"{before}{starts[0]:.2f} ", after)

    def _wrap(self, text: str) -> list[str]:
        return wrap(text, self._style, self._size, self._room)

    def _parts(self, shape: str) -> tuple[slice, ...]:
        """Where lines begin and end in a text of this shape, as all figures are equally wide."""
        parts, end = [], 0
        for line in self._wrap(shape):
            start = shape.index(line, end)
            end = start + len(line)
            parts.append(slice(start, end))
        return tuple(parts)

    def _starts(self, lines: tuple[str, ...]) -> tuple[float, ...]:
        if not self._share:
            return (self._left,) * len(lines)
        return tuple(map(self._start, lines))

    def _start(self, line: str) -> float:
        width = measure(line, self._style) * self._size / 1000
        return self._left + self._share * (self._room - width)
