"""The fonts of printed things: which one has a letter, how wide it is, and how it is shaped."""

from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont, shapeStr

FOLDER = Path(__file__).parents[1] / "static" / "vendor" / "fonts"
PRIVATE = range(0xE000, 0xF900)  # letters without a meaning: shaped forms get them, nobody else
ALONE = RLock()
"""Held where reportlab reads its font files, which is not meant for two threads at once."""


class Glyph(NamedTuple):
    """One drawn glyph after shaping; distances in thousandths of the font's size.

    `letter` is what reportlab calls it: its own letter, or a private one for a shaped form.
    """

    letter: str
    advance: float
    x: float
    y: float


class Font:
    """One font file, read once. Widths are in thousandths of the font's size."""

    def __init__(self, file: str) -> None:
        self.name = file
        with ALONE:
            self.file: Any = TTFont(file, str(FOLDER / f"{file}.ttf"), asciiReadable=False)
            registerFont(self.file)
            _name_forms(self.file)
        self._widths = _Widths(self.file.face)
        self.word_width = lru_cache(maxsize=20_000)(self.width)

    def covers(self, text: str) -> bool:
        """Whether no letter of the text would be lost."""
        letters = self.file.face.charToGlyph
        return all(code in letters and code not in PRIVATE for code in map(ord, text))

    def width(self, text: str) -> float:
        """Of text that needs no shaping."""
        return sum(map(self._widths.__getitem__, text))

    def shape(self, text: str) -> list[Glyph]:
        """The glyphs in the order they are drawn, marks moved to where the font puts them."""
        with ALONE:
            shaped: Any = shapeStr(text, self.name, 1, force=True)
        return [
            Glyph(letter, at.x_advance, at.x_offset, at.y_offset)
            for letter, at in zip(str(shaped), shaped.__shapeData__, strict=True)
        ]


def _name_forms(file: Any) -> None:
    """Give each form that only shaping reaches its private letter, all of them at once.

    reportlab would do so when it first meets one: the same list would come out as another file,
    depending on what was printed before it.
    """
    shaper, face = file.hbFont(), file.face
    for glyph in range(file.hbFace.glyph_count):
        if glyph not in face.glyphToChar:
            file.hbAddPrivate(shaper.glyph_to_string(glyph), glyph, face.hmetrics[glyph][0])


class _Widths(dict[str, float]):
    def __init__(self, face: Any) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, letter: str) -> float:
        width = self[letter] = float(self._face.getCharWidth(ord(letter)))
        return width


@cache
def font(file: str) -> Font:
    """The font of that file name."""
    return Font(file)


class Style:
    """A typeface for Vietnamese, with those that stand in for letters it does not have."""

    def __init__(self, first: str, weight: str) -> None:
        self._first = first
        self._weight = weight

    @cached_property
    def first(self) -> Font:
        """The typeface itself."""
        return font(self._first)

    def fonts(self, *, korean: bool) -> Iterator[Font]:
        """The best first, each loaded when it is reached: those with Chinese characters are large.

        Beside Korean these are drawn its way.
        """
        yield self.first
        han = ("NotoSansKR", "NotoSansSC") if korean else ("NotoSansSC", "NotoSansKR")
        for name in ("NotoSansThai", "NotoSansLao", "Tinos", *han):
            yield font(f"{name}_{self._weight}")

    @cached_property
    def plain(self) -> frozenset[str]:
        """Letters that need neither shaping nor another font: all of composed Vietnamese."""
        ranges = ((0x20, 0x7F), (0xA1, 0xAD), (0xAE, 0x250), (0x1E00, 0x1F00), (0x2010, 0x2028))
        letters = (chr(code) for start, end in ranges for code in range(start, end))
        return frozenset(letter for letter in letters if self.first.covers(letter))


SANS = Style("BeVietnamPro_400Regular", "400Regular")
SANS_BOLD = Style("BeVietnamPro_700Bold", "700Bold")
SERIF = Style("Tinos_400Regular", "400Regular")
SERIF_BOLD = Style("Tinos_700Bold", "700Bold")
SERIF_ITALIC = Style("Tinos_400Regular_Italic", "400Regular")
