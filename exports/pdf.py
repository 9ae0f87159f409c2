"""A PDF drawn on reportlab's canvas: text in any script, and forms for what is drawn often.

Ten thousand badges go through here, so two things are not left to the canvas. Lines are set by
operators put together here, because its text objects take longer to write down one position than
a whole line takes here. And a page leaves for the file when it is finished (`exports.pdf_file`),
in fonts that have two bytes for each letter (`exports.embedding`).
"""

from collections.abc import Iterable
from io import BytesIO
from types import SimpleNamespace, TracebackType
from typing import Any, BinaryIO, Self

from reportlab.pdfbase.pdfdoc import PDFFormXObject, PDFObjectReference, PDFResourceDictionary
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from exports.embedding import Embedded
from exports.fonts import Font, Style
from exports.pdf_file import PdfFile
from exports.text import LEADING, Run, is_plain, measure, runs


class Pdf:
    """The file. Use it as a context manager: leaving it writes the rest of the file.

    `packing` is a level of zlib; a list is packed best for its time at 1.
    """

    def __init__(self, out: BinaryIO, title: str, *, author: str = "", packing: int = 1) -> None:
        self.pages = 0
        self._canvas = _canvas(title, author)
        self._document: Any = self._canvas._doc
        self._file = PdfFile(self._document, out, packing)
        self._shared: Any = PDFResourceDictionary()
        self._shared.basicFonts()
        self._fonts: dict[str, Embedded] = {}
        self._operators: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._file.save(self._document.Reference(self._shared))

    def draw(self, operators: str) -> None:
        """Add ready-made drawing operators to the page."""
        self._operators.append(operators)

    def page(self, size: tuple[float, float]) -> None:
        """Finish the page; `size` is width and height in points."""
        self._file.page("\n".join(self._operators), size)
        self._operators.clear()
        self.pages += 1

    def form(self, operators: str, size: tuple[float, float]) -> str:
        """Something drawn often: the operator that draws it, at the origin."""
        name = f"{len(self._shared.XObject) + 1}"
        form: Any = PDFFormXObject(0, 0, *size)
        form.stream, form.compression = operators.encode("latin-1"), True
        self._document.addForm(name, form)
        self._shared.XObject[name] = PDFObjectReference(self._document.getXObjectName(name))
        return f"/{name} Do"

    def text(self, x: float, y: float, size: float, text: str, style: Style) -> str:
        """Operators, for use between BT and ET, that set one line from `x` on the base line `y`."""
        return f"1 0 0 1 {x:.2f} {y:.2f} Tm{self.shown(size, text, style)}"

    def shown(self, size: float, text: str, style: Style) -> str:
        """Operators that set one line from where the pen is, and leave the pen there."""
        if is_plain(text, style):
            return self._line(size, text, style.first)
        pen = _Pen()
        for run in runs(text, style):
            if run.shaped:
                self._shaped(pen, size, run)
            else:
                pen.put(0, 0, self._line(size, run.text, run.font))
            pen.x += measure(run.text, style) * size / 1000
        return pen.back()

    def plain_lines(self, lines: Iterable[str], size: float, style: Style) -> tuple[str, str]:
        """Of plain lines below each other: what goes before and after "x y" of the first."""
        font = self._font(style.first)
        shown = "Tj T*".join(map(font.shown, lines))
        chosen = f"/{font.name} {size:.4g} Tf {size * LEADING:.4g} TL 1 0 0 1 "
        return chosen, f" Tm{shown}Tj\n"

    def _font(self, font: Font) -> Embedded:
        """The font as it stands in this document, from its first letter on."""
        found = self._fonts.get(font.name)
        if found is None:
            found = self._fonts[font.name] = Embedded(font, f"F{len(self._fonts) + 1}")
            self._document.delayedFonts.append(found)
        return found

    def _line(self, size: float, text: str, font: Font) -> str:
        used = self._font(font)
        return f"/{used.name} {size:.4g} Tf{used.shown(text)}Tj\n"

    def _shaped(self, pen: "_Pen", size: float, run: Run) -> None:
        """Glyph by glyph, each where shaping put it; what it says is noted for search.

        A text object of reportlab would leave all that follows raised after two marks that stand
        at different heights.
        """
        used, unit, x = self._font(run.font), size / 1000, 0.0
        said = run.text.encode("utf-16-be").hex()
        pen.parts.append(f"/Span<</ActualText<feff{said}>>>BDC\n/{used.name} {size:.4g} Tf\n")
        for glyph in run.font.shape(run.text):
            pen.put(x + glyph.x * unit, glyph.y * unit, f"{used.form(glyph.number)}Tj\n")
            x += glyph.advance * unit
        pen.parts.append("EMC\n")


class _Pen:
    """Moves from one thing to the next, as text operators know no other place than the last."""

    def __init__(self) -> None:
        self.x = 0.0  # where the present run begins
        self.parts: list[str] = []
        self._at = (0, 0)  # in hundredths of a point, so that rounding does not add up

    def put(self, x: float, y: float, operators: str) -> None:
        """Something that is drawn at this distance from where the run begins."""
        to = round((self.x + x) * 100), round(y * 100)
        if to != self._at:
            right, up = (to[0] - self._at[0]) / 100, (to[1] - self._at[1]) / 100
            self.parts.append(f"{right:g} {up:g} Td\n")
            self._at = to
        self.parts.append(operators)

    def back(self) -> str:
        """All of it, and the way back to where the line begins."""
        self.x = 0.0
        self.put(0, 0, "")
        return "".join(self.parts)


def _canvas(title: str, author: str) -> Any:
    # The canvas wants a font to begin with; one that it is told it need not embed is not named.
    nothing: Any = SimpleNamespace(
        fontName="None", face=SimpleNamespace(name="None"), _dynamicFont=True, _multiByte=False
    )
    registerFont(nothing)
    settings: Any = {"invariant": 1, "lang": "vi", "initialFontName": "None"}
    canvas = Canvas(BytesIO(), **settings)  # never saved: PdfFile writes the file
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject("")  # else reportlab says "unspecified"
    canvas.setCreator("Ghi Danh")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas
