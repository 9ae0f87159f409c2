"""The fonts of printed things: which one has a letter, how wide it is, and how it is shaped.

HarfBuzz reads them, because reportlab takes an eighth of a second and 30 MB for one with Chinese
characters, of which a print run needs a handful; `exports.embedding` is what reportlab sees.
"""

from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

PRIVATE = range(0xE000, 0xF900)  # letters that mean something else in each font
FOLDER = Path(__file__).parents[1] / "static" / "vendor" / "fonts"
NO_NEED = ("cmap", "GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG", "vhea", "vmtx", "gasp")


class Glyph(NamedTuple):
    """One drawn glyph after shaping, by its number; distances in thousandths of the font's size."""

    number: int
    advance: float
    x: float
    y: float


class Font:
    """One font file, read as it is needed. Widths are in thousandths of the font's size."""

    def __init__(self, file: str) -> None:
        self.name = file
        self._face = hb.Face(hb.Blob.from_file_path(str(FOLDER / f"{file}.ttf")))
        self._font = hb.Font(self._face)
        self._unit: float = 1000 / self._face.upem
        self._widths = _Widths(self)
        self.word_width = lru_cache(maxsize=20_000)(self.width)

    def covers(self, text: str) -> bool:
        """Whether no letter of the text would be lost."""
        return all(code not in PRIVATE and self.glyph(code) for code in map(ord, text))

    def glyph(self, letter: int) -> int:
        """The number of the glyph that shows a letter by itself; 0 is the one for no letter."""
        return self._font.get_nominal_glyph(letter) or 0

    def advance(self, glyph: int) -> float:
        """The width of a glyph."""
        return float(self._font.get_glyph_h_advance(glyph) * self._unit)

    def width(self, text: str) -> float:
        """Of text that needs no shaping."""
        return sum(map(self._widths.__getitem__, text))

    def shape(self, text: str) -> list[Glyph]:
        """The glyphs in the order they are drawn, marks moved to where the font puts them."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer)
        unit = self._unit
        return [
            Glyph(info.codepoint, at.x_advance * unit, at.x_offset * unit, at.y_offset * unit)
            for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def table(self, tag: str) -> bytes:
        """One table of the file as it stands there."""
        return bytes(self._face.reference_table(tag).data)

    @property
    def scale(self) -> float:
        """What makes thousandths of the size out of the file's own unit."""
        return self._unit

    @property
    def postscript_name(self) -> str:
        """As a PDF calls it: "BeVietnamPro-Bold"."""
        return str(self._face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME))

    def cut_down(self, glyphs: Iterable[int]) -> tuple[bytes, dict[int, int]]:
        """A font file with these glyphs alone, and the number that each has got in it."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in NO_NEED)
        wanted.flags = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE
        plan = hb.SubsetPlan(self._face, wanted)
        return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)


class _Widths(dict[str, float]):
    def __init__(self, font: Font) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, letter: str) -> float:
        width = self[letter] = self._font.advance(self._font.glyph(ord(letter)))
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
        """The best first, each opened when it is reached.

        Beside Korean, Chinese characters are drawn its way.
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
