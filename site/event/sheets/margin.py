"""How wide the first rows of a worksheet are: a table far too wide is refused without its cells."""

from event.sheets.grid import MAX_COLUMNS, WrongFile
from event.sheets.xml import Attributes

_VALUES = ("v", "t", "f")


class Margin:
    """A listener that counts the filled cells of each row. Raises WrongFile for too many."""

    def __init__(self) -> None:
        self._filled = 0
        self._reading = False
        self._holds_text = False

    def start(self, tag: str, attributes: Attributes) -> None:
        """A row, a cell, or a value in it."""
        if tag == "row":
            self._filled = 0
        elif tag == "c":
            self._holds_text = False
        self._reading = tag in _VALUES

    def text(self, content: str) -> None:
        """Blanks fill no cell."""
        if self._reading and not content.isspace():
            self._holds_text = True

    def end(self, tag: str) -> None:
        """A cell is whole."""
        self._reading = False
        if tag != "c" or not self._holds_text:
            return
        self._filled += 1
        if self._filled > MAX_COLUMNS:
            raise WrongFile("sheet.too_wide", columns=self._filled, limit=MAX_COLUMNS)
