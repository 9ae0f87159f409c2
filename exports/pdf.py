"""A PDF file written page by page: a finished page leaves memory; equal input, equal bytes.

Written out here and not by a PDF library, because ten thousand badges are one small program of
drawing operators: objects kept until the end cost three times the time, and memory that grows with
the run. Text goes in as glyph numbers (Type 0 fonts, Identity-H), which is what shaping gives.
"""

import hashlib
import zlib
from collections.abc import Iterable
from types import TracebackType
from typing import BinaryIO, Self

from exports.fonts import Font, Style
from exports.text import LEADING, is_plain, measure, runs

LEVEL = 1  # of zlib: level 6 takes twice the time and saves a twentieth


class Pdf:
    """The file. Use it as a context manager: leaving it writes fonts and table of contents."""

    def __init__(self, out: BinaryIO, title: str) -> None:
        self._out = out
        self._title = title
        self._at = 0
        self._offsets: dict[int, int] = {}
        self._digest = hashlib.md5(usedforsecurity=False)
        self._codes: dict[Font, Codes] = {}
        self._forms: list[int] = []
        self._pages: list[int] = []
        self._last = 0
        self._tree, self._resources = self._number(), self._number()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._close()

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return len(self._pages)

    def page(self, content: str, size: tuple[float, float]) -> None:
        """One page of drawing operators; `size` is width and height in points."""
        drawn = self._stream(content.encode("ascii"))
        box = f"[0 0 {size[0]:.2f} {size[1]:.2f}]"
        page = f"<</Type/Page/Parent {self._tree} 0 R/MediaBox{box}/Contents {drawn} 0 R>>"
        self._pages.append(self._object(page.encode()))

    def form(self, content: str, size: tuple[float, float]) -> str:
        """Something drawn often: the operator that draws it at the origin."""
        head = f"/Type/XObject/Subtype/Form/BBox[0 0 {size[0]:.2f} {size[1]:.2f}]"
        head += f"/Resources {self._resources} 0 R"
        self._forms.append(self._stream(content.encode("ascii"), head))
        return f"/X{len(self._forms)} Do\n"

    def codes(self, font: Font) -> "Codes":
        """The font as this file uses it."""
        codes = self._codes.get(font)
        if codes is None:
            codes = self._codes[font] = Codes(font, f"/F{len(self._codes) + 1}")
        return codes

    def text(self, x: float, y: float, size: float, text: str, style: Style) -> str:
        """Operators, for use between BT and ET, that set one line from `x` on the base line `y`."""
        if is_plain(text, style):
            return self._line(x, y, size, text, style.first)
        parts = []
        for run in runs(text, style):
            show = self._shaped if run.shaped else self._line
            parts.append(show(x, y, size, run.text, run.font))
            x += measure(run.text, style) * size / 1000
        return "".join(parts)

    def plain_lines(self, lines: Iterable[str], size: float, style: Style) -> tuple[str, str]:
        """Of plain lines below each other: what goes before and after "x y" of the first."""
        codes = self.codes(style.first)
        shown = ("".join(map(codes.__getitem__, line)) for line in lines)
        before = f"{codes.name} {size:.4g} Tf {size * LEADING:.4g} TL 1 0 0 1 "
        return before, f" Tm<{'>Tj T*<'.join(shown)}>Tj\n"

    def _line(self, x: float, y: float, size: float, text: str, font: Font) -> str:
        codes = self.codes(font)
        shown = "".join(map(codes.__getitem__, text))
        return f"{codes.name} {size:.4g} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm<{shown}>Tj\n"

    def _shaped(self, x: float, y: float, size: float, text: str, font: Font) -> str:
        """Glyph by glyph, each where shaping put it; what it says is noted for search."""
        codes, unit = self.codes(font), size / 1000
        parts = [f"/Span<</ActualText{_text_string(text)}>>BDC {codes.name} {size:.4g} Tf\n"]
        for glyph in font.shape(text):
            at = f"{x + glyph.x * unit:.2f} {y + glyph.y * unit:.2f}"
            parts.append(f"1 0 0 1 {at} Tm<{codes.of(glyph.number)}>Tj\n")
            x += glyph.advance * unit
        return "".join((*parts, "EMC\n"))

    def _close(self) -> None:
        fonts = "".join(f"{codes.name} {self._font(codes)} 0 R" for codes in self._codes.values())
        forms = "".join(f"/X{at} {number} 0 R" for at, number in enumerate(self._forms, 1))
        self._object(f"<</Font<<{fonts}>>/XObject<<{forms}>>>>".encode(), self._resources)
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        tree = f"<</Type/Pages/Resources {self._resources} 0 R/Count {self.pages}/Kids[{kids}]>>"
        self._object(tree.encode(), self._tree)
        catalog = self._object(
            f"<</Type/Catalog/Pages {self._tree} 0 R/Lang(vi)"
            "/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>".encode()
        )
        info = self._object(f"<</Title{_text_string(self._title)}/Producer(Ghi Danh)>>".encode())
        self._end(catalog, info)

    def _end(self, catalog: int, info: int) -> None:
        name = self._digest.hexdigest()
        start = self._at
        rows = "".join(f"{self._offsets[at]:010} 00000 n \n" for at in range(1, self._last + 1))
        self._write(f"xref\n0 {self._last + 1}\n0000000000 65535 f \n{rows}".encode())
        self._write(
            f"trailer\n<</Size {self._last + 1}/Root {catalog} 0 R/Info {info} 0 R"
            f"/ID[<{name}><{name}>]>>\nstartxref\n{start}\n%%EOF\n".encode()
        )

    def _font(self, codes: "Codes") -> int:
        name = f"{codes.tag}+{codes.font.name.replace('_', '-')}"
        top, bottom = codes.font.box
        file = codes.font.cut_down(codes.used)
        embedded = self._stream(file, f"/Length1 {len(file)}")
        descriptor = self._object(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4"
            f"/FontBBox[-500 {bottom:.0f} 2000 {top:.0f}]/ItalicAngle 0"
            f"/Ascent {top:.0f}/Descent {bottom:.0f}/CapHeight 700/StemV 80"
            f"/FontFile2 {embedded} 0 R>>".encode()
        )
        widths = "".join(
            f"{glyph}[{codes.font.advance(glyph):.0f}]" for glyph in sorted(codes.used)
        )
        descendant = self._object(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/FontDescriptor {descriptor} 0 R"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/CIDToGIDMap/Identity/W[{widths}]>>".encode()
        )
        unicode = self._stream(_to_unicode(codes).encode())
        return self._object(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>".encode()
        )

    def _number(self) -> int:
        self._last += 1
        return self._last

    def _object(self, body: bytes, number: int = 0) -> int:
        number = number or self._number()
        self._offsets[number] = self._at
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def _stream(self, data: bytes, head: str = "") -> int:
        packed = zlib.compress(data, LEVEL)
        about = f"<</Filter/FlateDecode/Length {len(packed)}{head}>>".encode()
        return self._object(b"%b\nstream\n%b\nendstream" % (about, packed))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._at += len(data)


class Codes(dict[str, str]):
    """From letters to the hexadecimal glyph numbers of one font in one file, which it remembers."""

    def __init__(self, font: Font, name: str) -> None:
        super().__init__()
        self.font = font
        self.name = name
        self.used: dict[int, str] = {0: ""}

    def __missing__(self, letter: str) -> str:
        code = self[letter] = self.of(self.font.glyph(letter) or 0, letter)
        return code

    def of(self, glyph: int, letter: str = "") -> str:
        """The code of a glyph that is drawn; `letter` is what it says by itself."""
        self.used[glyph] = self.used.get(glyph) or letter
        return f"{glyph:04x}"

    @property
    def tag(self) -> str:
        """Six capitals that tell subsets of the same font apart."""
        digest = hashlib.md5(repr(sorted(self.used)).encode(), usedforsecurity=False).digest()
        return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _to_unicode(codes: Codes) -> str:
    """What each glyph says, in blocks of at most a hundred as the format asks."""
    said = [(glyph, text) for glyph, text in sorted(codes.used.items()) if text]
    blocks = (said[at : at + 100] for at in range(0, len(said), 100))
    return (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapType 2 def"
        "/CMapName/Adobe-Identity-UCS def 1 begincodespacerange<0000><ffff>endcodespacerange\n"
        + "".join(map(_block, blocks))
        + "endcmap CMapName currentdict/CMap defineresource pop end end"
    )


def _block(said: Iterable[tuple[int, str]]) -> str:
    rows = [f"<{glyph:04x}><{text.encode('utf-16-be').hex()}>\n" for glyph, text in said]
    return f"{len(rows)} beginbfchar\n{''.join(rows)}endbfchar\n"


def _text_string(text: str) -> str:
    return f"<feff{text.encode('utf-16-be').hex()}>"
