"""The fonts of printed things: which one has a letter, its width, its shape, and its subset."""

from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

FOLDER = Path(__file__).parents[1] / "static" / "vendor" / "fonts"
# What a viewer needs to draw glyphs by number; the tables for typing and shaping stay behind.
UNUSED_TABLES = (
    b"GSUB",
    b"GPOS",
    b"GDEF",
    b"cmap",
    b"name",
    b"OS/2",
    b"post",
    b"STAT",
    b"vhea",
    b"vmtx",
)


class Glyph(NamedTuple):
    """One drawn glyph after shaping; distances in thousandths of the font's size."""

    number: int
    advance: float
    x: float
    y: float


class Font:
    """One font file, read once. Widths are in thousandths of the font's size."""

    def __init__(self, file: str) -> None:
        self.name = file
        self._face = hb.Face(hb.Blob.from_file_path(FOLDER / f"{file}.ttf"))
        self._font = hb.Font(self._face)
        self.scale = 1000 / self._face.upem
        self._widths = _Widths(self)
        self.word_width = lru_cache(maxsize=20_000)(self.width)

    def glyph(self, character: str) -> int | None:
        """The number of the glyph for a character, or None where the font has none."""
        number: int | None = self._font.get_nominal_glyph(ord(character))
        return number

    def covers(self, text: str) -> bool:
        """Whether no letter of the text would be lost."""
        return all(self.glyph(character) is not None for character in text)

    def advance(self, glyph: int) -> float:
        """How far the next glyph stands away."""
        return float(self._font.get_glyph_h_advance(glyph) * self.scale)

    def width(self, text: str) -> float:
        """Of text that needs no shaping."""
        return sum(map(self._widths.__getitem__, text))

    def shape(self, text: str) -> list[Glyph]:
        """The glyphs in the order they are drawn, marks moved to where the font puts them."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer, {})
        return [
            Glyph(
                info.codepoint,
                *(self.scale * part for part in (at.x_advance, at.x_offset, at.y_offset)),
            )
            for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def cut_down(self, glyphs: Iterable[int]) -> bytes:
        """A font file with these glyphs only, under their old numbers."""
        wish = hb.SubsetInput()
        wish.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
        wish.glyph_set.update(glyphs)
        wish.drop_table_tag_set.update(int.from_bytes(tag) for tag in UNUSED_TABLES)
        return bytes(hb.subset(self._face, wish).blob.data)

    @cached_property
    def box(self) -> tuple[float, float]:
        """How far the letters reach above and below the line."""
        extents = self._font.get_font_extents("ltr")
        return extents.ascender * self.scale, extents.descender * self.scale


class _Widths(dict[str, float]):
    def __init__(self, font: Font) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, character: str) -> float:
        width = self[character] = self._font.advance(self._font.glyph(character) or 0)
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

    def fonts(self, *, korean: bool) -> list[Font]:
        """All of them, the best first. Chinese characters beside Korean are drawn its way."""
        han = ("NotoSansKR", "NotoSansSC") if korean else ("NotoSansSC", "NotoSansKR")
        others = [
            f"{name}_{self._weight}" for name in ("NotoSansThai", "NotoSansLao", "Tinos", *han)
        ]
        return [self.first, *(font(file) for file in others)]

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
