"""XLSX as a grid of text: which pages a workbook has, and the one that is wanted."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from event.sheets.grid import Sheet, WrongFile
from event.sheets.margin import Margin
from event.sheets.package import Package
from event.sheets.page import Page
from event.sheets.values import Values, date_styles
from event.sheets.xml import Attributes, Elements, listen

# Day 0 of the two calendars; serial days before 1/3/1900 are off by one, as in every spreadsheet.
_FROM_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone
_FROM_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_FIRST_PIECES = 4  # a quarter of a megabyte: headings and the first rows


@dataclass(frozen=True)
class _Part:
    kind: str
    path: str


def read_xlsx(data: bytes, page: str = "") -> Sheet:
    """The first visible page, or the named one. Raises WrongFile."""
    with Package(data) as package:
        book = _Book(package)
        chosen = _choose(book.pages, page)
        reader = Page(_values(package, book.elements, book.parts))
        listen(package.pieces(book.path_of(chosen)), reader)
    others = tuple(each.get("name", "") for each in book.pages if each is not chosen)
    return reader.sheet(chosen.get("name", ""), others)


def glance(data: bytes, page: str = "") -> None:
    """What shows at once: locked, broken, too big once unpacked, or far too wide in its first rows.

    Raises WrongFile.
    """
    with Package(data) as package:
        book = _Book(package)
        path = book.path_of(_choose(book.pages, page))
        listen(islice(package.pieces(path), _FIRST_PIECES), Margin(), whole=False)


class _Book:
    """Which pages a workbook has, and where each of its parts is. Raises WrongFile."""

    def __init__(self, package: Package) -> None:
        path = _workbook(package)
        self.elements = _elements(package, path, "workbook", "workbookPr", "sheet")
        if not self.elements.named("workbook"):
            raise WrongFile("file.wrong_type")
        self.parts = _parts(package, path)
        self.pages = [
            each
            for each in self.elements.named("sheet")
            if self.parts.get(each.get("id", ""), _Part("", "")).kind == "worksheet"
        ]

    def path_of(self, page: Attributes) -> str:
        """The part that holds a page."""
        return self.parts[page["id"]].path


def _workbook(package: Package) -> str:
    if "_rels/.rels" not in package:
        raise WrongFile("file.wrong_type")
    for part in _parts(package, "").values():
        if part.kind == "officeDocument" and part.path.endswith(".xml"):
            return part.path
    raise WrongFile("file.wrong_type")


def _elements(package: Package, path: str, *tags: str) -> Elements:
    elements = Elements(*tags)
    listen(package.pieces(path), elements)
    return elements


def _parts(package: Package, path: str) -> dict[str, _Part]:
    """What a part refers to, by the id that it uses; paths are from the root of the package."""
    folder, name = posixpath.split(path)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    return {
        each.get("Id", ""): _Part(
            each.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
        )
        for each in _elements(package, relations, "Relationship").named("Relationship")
    }


def _choose(pages: list[Attributes], name: str) -> Attributes:
    if name:
        named = [page for page in pages if page.get("name") == name]
        if not named:
            raise WrongFile("sheet.unknown", sheet=name)
        return named[0]
    visible = [page for page in pages if page.get("state", "visible") == "visible"]
    if not pages:
        raise WrongFile("file.broken")
    return (visible or pages)[0]


def _values(package: Package, book: Elements, parts: dict[str, _Part]) -> Values:
    styles = Elements("numFmt", "cellXfs", "xf")
    for path in _of_kind(parts, "styles"):
        listen(package.pieces(path), styles)
    strings = _Strings()
    for path in _of_kind(parts, "sharedStrings"):
        listen(package.pieces(path), strings)
    from_1904 = any(each.get("date1904") in ("1", "true") for each in book.named("workbookPr"))
    return Values(strings.texts, date_styles(styles), _FROM_1904 if from_1904 else _FROM_1900)


def _of_kind(parts: dict[str, _Part], kind: str) -> Iterator[str]:
    return (part.path for part in parts.values() if part.kind == kind)


class _Strings:
    """The texts that cells share; the reading aid (rPh) beside some is not part of them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._inside = ""
        self._phonetic = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._phonetic = True
        self._inside = tag

    def end(self, tag: str) -> None:
        if tag == "si":
            self.texts.append("".join(self._pieces))
        elif tag == "rPh":
            self._phonetic = False
        self._inside = ""

    def text(self, content: str) -> None:
        if self._inside == "t" and not self._phonetic:
            self._pieces.append(content)
