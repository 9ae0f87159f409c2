"""A PDF drawn on reportlab's canvas, which writes the file and cuts down and embeds its fonts.

Ten thousand badges go through here, so two things are not left to the canvas. Lines are set by
operators put together here, because its text objects take longer to write down one position than
a whole line takes here. And a page is written and packed when it is finished, because the canvas
would keep all its parts until the file is saved. Equal input, equal bytes.
"""

import zlib
from collections.abc import Iterable
from types import TracebackType
from typing import Any, BinaryIO, Self

from reportlab.pdfbase.pdfdoc import (
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    PDFResourceDictionary,
    PDFStream,
)
from reportlab.pdfgen.canvas import Canvas

from exports.fonts import ALONE, SANS, Font, Style
from exports.text import LEADING, is_plain, measure, runs

LEVEL = 1  # of zlib: level 6 takes twice the time and saves a twentieth


class Pdf:
    """The file. Use it as a context manager: leaving it writes the file."""

    def __init__(self, out: BinaryIO, title: str) -> None:
        self.pages = 0
        self._canvas = _canvas(out, title)
        self._document: Any = self._canvas._doc
        self._shared: Any = PDFResourceDictionary()
        self._shared.basicFonts()
        self._resources = self._document.Reference(self._shared, "Shared")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            with ALONE:
                self._canvas.save()

    def draw(self, operators: str) -> None:
        """Add ready-made drawing operators to the page."""
        self._canvas.addLiteral(operators)

    def page(self, size: tuple[float, float]) -> None:
        """Finish the page; `size` is width and height in points."""
        self._canvas.setPageSize(size)
        self._canvas.showPage()
        self.pages += 1
        self._put_away(self._document.Pages.pages)

    def form(self, operators: str, size: tuple[float, float]) -> str:
        """Something drawn often: the name by which `repeat` draws it."""
        name = f"{len(self._shared.XObject) + 1}"
        self._canvas.beginForm(name, 0, 0, *size)
        self._canvas.addLiteral(operators)
        self._canvas.endForm()
        key = self._document.getXObjectName(name)
        self._shared.XObject[key] = PDFObjectReference(key)
        return name

    def repeat(self, form: str) -> None:
        """Draw a form at the origin."""
        self._canvas.doForm(form)

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
        shown = (self._shown(line, size, style.first) for line in lines)
        return f"{size * LEADING:.4g} TL 1 0 0 1 ", f" Tm\n{'T*'.join(shown)}"

    def _put_away(self, pages: list[Any]) -> None:
        """Write the last page as it will stand in the file; a reference to it takes its place."""
        page = pages[-1]
        page.Contents, page.Resources = _Packed(page.stream), self._resources
        pages[-1] = self._document.Reference(page)
        self._document.idToObject[pages[-1].name] = page.format(self._document)

    def _line(self, x: float, y: float, size: float, text: str, font: Font) -> str:
        return f"1 0 0 1 {x:.2f} {y:.2f} Tm {self._shown(text, size, font)}"

    def _shown(self, text: str, size: float, font: Font) -> str:
        """As reportlab's fonts ask it to be done: in parts, each with its own subset of letters."""
        document = self._document
        return "".join(
            f"{font.file.getSubsetInternalName(subset, document)} {size:.4g} Tf<{part.hex()}>Tj\n"
            for subset, part in font.file.splitString(text, document)
        )

    def _shaped(self, x: float, y: float, size: float, text: str, font: Font) -> str:
        """Glyph by glyph, each where shaping put it; what it says is noted for search.

        A text object of reportlab would leave all that follows raised after two marks that stand
        at different heights.
        """
        unit = size / 1000
        parts = [f"/Span<</ActualText<feff{text.encode('utf-16-be').hex()}>>>BDC\n"]
        for glyph in font.shape(text):
            at = x + glyph.x * unit, y + glyph.y * unit
            parts.append(self._line(*at, size, glyph.letter, font))
            x += glyph.advance * unit
        return "".join((*parts, "EMC\n"))


def _canvas(out: BinaryIO, title: str) -> Any:
    # A font of ours first, lest the canvas name one that is not embedded.
    first: Any = SANS.first.name
    canvas = Canvas(
        out, pageCompression=1, invariant=1, pdfVersion=(1, 7), initialFontName=first, lang="vi"
    )
    canvas.setTitle(title)
    canvas.setCreator("Ghi Danh")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


class _Packed(PDFStream):
    """A page as it will stand in the file, a fifth of its size; it goes once it stands there."""

    def __init__(self, operators: str) -> None:
        packed = zlib.compress(operators.encode("ascii"), LEVEL)
        super().__init__(PDFDictionary({"Filter": PDFName("FlateDecode")}), packed, filters=[])

    def format(self, document: Any) -> bytes:
        written: bytes = super().format(document)
        self.content = None
        return written
