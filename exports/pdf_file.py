"""A reportlab document that goes to its file page by page, so that memory stays flat.

reportlab itself puts a file together when all of it is known, which takes the size of the file
several times over. Here pages are written as they are finished; what they share (fonts, forms, the
catalogue) is reportlab's, and follows when the file is saved. Equal input, equal bytes.
"""

import zlib
from typing import Any, BinaryIO

from reportlab.pdfbase.pdfdoc import PDFArray, PDFIndirectObject, PDFTrailer


class PdfFile:
    """What is written so far, and where each numbered object stands."""

    def __init__(self, document: Any, out: BinaryIO, packing: int) -> None:
        self._document = document
        self._out = out
        self._packing = packing
        self._length = 0
        self._size: tuple[float, float] | None = None
        self._places: dict[int, int] = {}
        self._parent = self._number(self._document.Pages)
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def page(self, operators: str, size: tuple[float, float]) -> None:
        """One whole page; it takes what it uses from the resources that all pages share."""
        packed = zlib.compress(operators.encode("latin-1"), self._packing)
        contents = self._next()
        head = b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed)
        self._object(contents, b"%b%b\nendstream" % (head, packed))
        page = self._next()
        box = f"/MediaBox[0 0 {size[0]:.6g} {size[1]:.6g}]" if size != self._usual(size) else ""
        parts = self._parent, box.encode(), contents
        self._object(page, b"<</Type/Page/Parent %d 0 R%b/Contents %d 0 R>>" % parts)
        self._document.Pages.pages.append(f"{page} 0 R")

    def _usual(self, size: tuple[float, float]) -> tuple[float, float]:
        """The size of the first page, which stands once for all pages like it."""
        if self._size is None:
            self._size = size
        return self._size

    def save(self, resources: Any) -> None:
        """Everything but the pages, and the table that says where each thing stands."""
        document = self._document
        for font in document.delayedFonts:
            font.addObjects(document)
        pages = document.Pages
        pages.__NoDefault__ = [*pages.__NoDefault__, "Resources", "MediaBox"]
        pages.Resources, pages.MediaBox = resources, PDFArray([0, 0, *(self._size or ())])
        document.info.invariant = document.invariant
        document.info.digest(document.signature)
        root, info = document.Reference(document.Catalog), document.Reference(document.info)
        document.Catalog.Outlines = None
        self._shared()
        start = self._length
        count = document.objectcounter + 1
        places = (self._places[number] for number in range(1, count))
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        self._write("".join(f"{place:010d} 00000 n \n" for place in places).encode())
        trailer = PDFTrailer(start, Size=count, Root=root, Info=info, ID=document.ID())
        self._write(trailer.format(document))

    def _shared(self) -> None:
        """The objects that reportlab has numbered; writing one can bring up others."""
        names = self._document.numberToId
        while missing := [number for number in names if number not in self._places]:
            for number in missing:
                name = names[number]
                thing = PDFIndirectObject(name, self._document.idToObject[name])
                self._places[number] = self._length
                self._write(thing.format(self._document))

    def _number(self, thing: Any) -> int:
        name = self._document.Reference(thing).name
        number: int = self._document.idToObjectNumberAndVersion[name][0]
        return number

    def _next(self) -> int:
        """A number for something that reportlab does not know of."""
        self._document.objectcounter += 1
        return int(self._document.objectcounter)

    def _object(self, number: int, data: bytes) -> None:
        self._places[number] = self._length
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, data))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._length += len(data)
