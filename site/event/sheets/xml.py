"""XML of a workbook's parts as events: no tree in memory, no DTD, no entity, nothing fetched."""

from collections.abc import Iterator
from typing import Protocol
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from event.sheets.grid import MAX_ROWS, WrongFile

Attributes = dict[str, str]
# Excel itself allows 65,490 cell formats; no list of a workbook is longer.
_MAX_FOUND = 70_000
# 20,000 rows of 40 cells with a value each; what is beyond costs time and is no list of people.
_MAX_ELEMENTS = 2_000_000
_MAX_DEPTH = 50
# No tag and no text of a workbook is as long; the parser would have to hold all of it.
_MAX_SILENCE = 1024 * 1024


class Listener(Protocol):
    """What wants to know of the elements; names come without their prefix."""

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, content: str) -> None:
        """A piece of text."""


class Elements:
    """A listener that keeps the attributes of the elements with the given names, in their order."""

    def __init__(self, *tags: str) -> None:
        self._tags = tags
        self.found: list[tuple[str, Attributes]] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """Raises WrongFile for a list without end."""
        if tag in self._tags:
            self.found.append((tag, attributes))
        if len(self.found) > _MAX_FOUND:
            raise WrongFile("file.broken")

    def end(self, tag: str) -> None:
        """Of no interest here."""

    def text(self, content: str) -> None:
        """Of no interest here."""

    def named(self, tag: str) -> list[Attributes]:
        """Those of one name."""
        return [attributes for name, attributes in self.found if name == tag]


class _Handler(ContentHandler):
    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener
        self._depth = 0
        self.elements = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._depth += 1
        self.elements += 1
        if self._depth > _MAX_DEPTH:
            raise WrongFile("file.broken")
        if self.elements > _MAX_ELEMENTS:
            raise WrongFile("sheet.too_long", limit=MAX_ROWS)
        self._listener.start(_local(name), {_local(key): text for key, text in attrs.items()})

    def endElement(self, name: str) -> None:  # noqa: N802
        self._depth -= 1
        self._listener.end(_local(name))

    def characters(self, content: str) -> None:
        self._listener.text(content)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def listen(pieces: Iterator[bytes], listener: Listener, *, whole: bool = True) -> None:
    """Tell the listener of every element. Raises WrongFile for broken or hostile XML.

    Not `whole`: the pieces are only the beginning, and may end anywhere.
    """
    handler = _Handler(listener)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    silence, before = 0, 0
    try:
        for piece in pieces:
            parser.feed(piece)
            silence = silence + len(piece) if handler.elements == before else 0
            before = handler.elements
            if silence > _MAX_SILENCE:
                raise WrongFile("file.broken")
        if whole:
            parser.close()
    except (SAXException, DefusedXmlException, ValueError):
        raise WrongFile("file.broken") from None
