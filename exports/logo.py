"""The organiser's logo on paper: drawn once, as lines if it has them, and shown on each badge."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from reportlab.graphics.renderPDF import _PDFRenderer
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFFormXObject, PDFObjectReference, PDFResourceDictionary
from svglib.svglib import svg2rlg

from event.logos import WrongLogo, is_png
from exports.badge_card import Box
from exports.pdf import Pdf

ENDLESS = re.compile(r"\b(inf|nan)\b")
Draw = Callable[[Any], object]
Size = tuple[float, float]


class PdfWithLogo(Pdf):
    """A PDF that can hold a picture too."""

    def logo(self, data: bytes, box: Box, height: float) -> str:
        """The operators that draw it as large as it can be in a box of a card of that height."""
        size, draw = _drawn(data)
        form = self._picture(size, draw)
        scale = min(box.width / size[0], box.height / size[1])
        x = box.x + (box.width - size[0] * scale) / 2
        y = height - box.y - (box.height + size[1] * scale) / 2
        return f"q {scale:.6g} 0 0 {scale:.6g} {x:.2f} {y:.2f} cm {form} Q\n"

    def _picture(self, size: Size, draw: Draw) -> str:
        """What reportlab's canvas draws, as a form with all that it needs."""
        canvas: Any = self._canvas
        start = len(canvas._code)
        draw(canvas)
        operators = "\n".join(canvas._code[start:])
        del canvas._code[start:]
        if ENDLESS.search(operators):
            raise WrongLogo("logo_undrawable")
        resources: Any = PDFResourceDictionary()
        resources.allProcs()
        resources.ExtGState = canvas._extgstate.getState()
        resources.setShading(canvas._shadingUsed)
        resources.XObject = self._document.xobjDict(canvas._formsinuse)
        return self._form(operators, size, resources)

    def _form(self, operators: str, size: Size, resources: Any) -> str:
        name = f"logo{len(self._shared.XObject) + 1}"
        form: Any = PDFFormXObject(0, 0, *size)
        form.stream, form.compression = operators.encode("latin-1"), True
        form.Resources = resources
        self._document.addForm(name, form)
        self._shared.XObject[name] = PDFObjectReference(self._document.getXObjectName(name))
        return f"/{name} Do"


def drawable(data: bytes) -> None:
    """Raises `WrongLogo` for a picture that is sound but cannot be drawn."""
    try:
        with PdfWithLogo(BytesIO(), "") as pdf:
            pdf.draw(pdf.logo(data, Box(0, 0, 100, 100), 100))
            pdf.page((100, 100))
    except Exception as error:  # whatever the libraries make of a strange picture
        raise WrongLogo("logo_undrawable") from error


def _drawn(data: bytes) -> tuple[Size, Draw]:
    """How large it is, in points or pixels, and what draws it."""
    return _png(data) if is_png(data) else _svg(data)


def _png(data: bytes) -> tuple[Size, Draw]:
    picture = ImageReader(BytesIO(data))
    width, height = picture.getSize()
    picture.getRGBData()  # type: ignore[no-untyped-call]
    return (width, height), lambda canvas: canvas.drawImage(
        picture, 0, 0, width, height, mask="auto"
    )


def _svg(data: bytes) -> tuple[Size, Draw]:
    drawing = svg2rlg(BytesIO(data))
    if drawing is None or not (drawing.width > 0 and drawing.height > 0):
        raise WrongLogo("logo_undrawable")
    return (drawing.width, drawing.height), lambda canvas: _Lines().draw(drawing, canvas)


class _Lines(_PDFRenderer):
    """Without fonts: there is no text, and one that is named would have to be embedded."""

    def applyStateChanges(self, delta: Any, newState: Any) -> None:  # noqa: N802, N803
        """As reportlab does, but for the font."""
        drawn = {name: value for name, value in delta.items() if not name.startswith("font")}
        super().applyStateChanges(drawn, newState)
