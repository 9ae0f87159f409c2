"""XML of a workbook's parts as events: no tree in memory, no DTD, no entity, nothing fetched."""

from collections.abc import Iterator
from typing import Protocol
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from event.sheets.grid import WrongFile

Attributes = dict[str, str]
# Excel itself allows 65,490 cell formats; no list of a workbook is longer.
_MAX_ELEMENTS = 70_000


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
        if len(self.found) > _MAX_ELEMENTS:
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

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        self._listener.start(_local(name), {_local(key): text for key, text in attrs.items()})

    def endElement(self, name: str) -> None:  # noqa: N802
        self._listener.end(_local(name))

    def characters(self, content: str) -> None:
        self._listener.text(content)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def listen(pieces: Iterator[bytes], listener: Listener) -> None:
    """Tell the listener of every element. Raises WrongFile for broken or hostile XML."""
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(_Handler(listener))
    try:
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except (SAXException, DefusedXmlException, ValueError):
        raise WrongFile("file.broken") from None
