"""A font inside one PDF: two bytes a letter, and at the end only the glyphs that were used.

reportlab's own TrueType fonts change to another subset after each 256 letters; here a line of
text is one string, made by one look into a table for each letter.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFZCompress

from exports.fonts import Font

SYMBOLIC = 4
SPECIAL = b"()\\\r\n"  # numbers of characters
STEM = 80  # thousandths; readers that have the font itself do not ask
CID = "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"


class Embedded:
    """One font of a document; `name` is what operators call it.

    Letters and shaped forms get their codes as they come, so equal input makes equal files.
    """

    def __init__(self, font: Font, name: str) -> None:
        self.name = name
        self._font = font
        self._glyphs = [0]
        self._letters: dict[int, int] = {}
        self._forms: dict[int, str] = {}
        self._codes = _Codes(self)

    def shown(self, text: str) -> str:
        """Text that needs no shaping, as a string of the PDF."""
        return f"({text.translate(self._codes)})"

    def form(self, glyph: int) -> str:
        """A shaped form in the same way; what it says is told beside it."""
        if glyph not in self._forms:
            self._forms[glyph] = self._code(glyph)
        return f"({self._forms[glyph]})"

    def letter(self, letter: int) -> str:
        """The code of a letter that was not used yet."""
        code = self._code(self._font.glyph(letter))
        self._letters[len(self._glyphs) - 1] = letter
        return code

    def _code(self, glyph: int) -> str:
        """Two characters, none of which means something else within a string."""
        while len(self._glyphs) % 256 in SPECIAL or len(self._glyphs) // 256 in SPECIAL:
            self._glyphs.append(0)
        high, low = divmod(len(self._glyphs), 256)
        self._glyphs.append(glyph)
        return chr(high) + chr(low)

    def addObjects(self, document: Any) -> None:  # noqa: N802 - reportlab calls it by this name
        """What reportlab asks of a font when the document is finished."""
        data, numbers = self._font.cut_down(self._glyphs)
        name = PDFName(f"AAAAAA+{self._font.postscript_name}")
        places = b"".join(struct.pack(">H", numbers[glyph]) for glyph in self._glyphs)
        widths = PDFArray([round(self._font.advance(glyph), 2) for glyph in self._glyphs])
        about = document.Reference(self._about(document, name, data))
        meanings = "\n".join(self._meanings()).encode("ascii")
        drawn = PDFDictionary({
            "Type": PDFName("Font"), "Subtype": PDFName("CIDFontType2"), "BaseFont": name,
            "CIDSystemInfo": CID, "FontDescriptor": about, "W": PDFArray([0, widths]),
            "CIDToGIDMap": document.Reference(_stream(places)),
        })  # fmt: skip
        font = PDFDictionary({
            "Type": PDFName("Font"), "Subtype": PDFName("Type0"), "BaseFont": name,
            "Encoding": PDFName("Identity-H"), "ToUnicode": document.Reference(_stream(meanings)),
            "DescendantFonts": PDFArray([document.Reference(drawn)]),
        })  # fmt: skip
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(font)

    def _about(self, document: Any, name: str, data: bytes) -> PDFDictionary:
        """The font descriptor, with the font file."""
        unit = self._font.scale
        box = [side * unit for side in struct.unpack_from(">4h", self._font.table("head"), 36)]
        rise, fall = struct.unpack_from(">2h", self._font.table("hhea"), 4)
        (slant,) = struct.unpack_from(">l", self._font.table("post"), 4)
        return PDFDictionary({
            "Type": PDFName("FontDescriptor"), "FontName": name, "Flags": SYMBOLIC,
            "FontBBox": PDFArray(box), "Ascent": rise * unit, "Descent": fall * unit,
            "CapHeight": rise * unit, "ItalicAngle": slant / 65536, "StemV": STEM,
            "FontFile2": document.Reference(_stream(data, Length1=len(data))),
        })  # fmt: skip

    def _meanings(self) -> Iterator[str]:
        """The letters by their codes, for search, a hundred at a time as the format wants it."""
        yield "/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
        yield f"/CIDSystemInfo {CID} def /CMapName /Letters def /CMapType 2 def"
        yield "1 begincodespacerange <0000> <ffff> endcodespacerange"
        letters = iter(self._letters.items())
        while some := list(islice(letters, 100)):
            yield f"{len(some)} beginbfchar"
            for code, letter in some:
                yield f"<{code:04x}> <{chr(letter).encode('utf-16-be').hex()}>"
            yield "endbfchar"
        yield "endcmap CMapName currentdict /CMap defineresource pop end end"


class _Codes(dict[int, str]):
    """From letters to what stands for them."""

    def __init__(self, font: Embedded) -> None:
        super().__init__()
        self._font = font

    def __missing__(self, letter: int) -> str:
        code = self[letter] = self._font.letter(letter)
        return code


def _stream(data: bytes, **entries: int) -> PDFStream:
    return PDFStream(PDFDictionary(entries), data, [PDFZCompress])
