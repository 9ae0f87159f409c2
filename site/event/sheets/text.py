"""CSV as offices save it: any of four encodings, any of four delimiters, quotes as they come."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from event.sheets.formulas import shown_text
from event.sheets.grid import Line, Origin, Sheet, WrongFile, keep, line_of

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_text(data: bytes) -> Sheet:
    """Rows of a CSV file. Raises WrongFile."""
    text, encoding = _decode(data)
    text, delimiter = _delimiter(text)
    lines: list[Line] = []
    origins: dict[tuple[int, int], Origin] = {}
    for number, cells in _records(text, delimiter):
        for column, cell in enumerate(cells):
            if cell.startswith("=") and (shown := shown_text(cell)) is not None:
                cells[column] = shown
                origins[number, column] = Origin("cell.formula", cell)
        keep(lines, line_of(number, cells))
    return Sheet("", tuple(lines), encoding=encoding, origins=origins)


def _decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of an encoding that nothing in the file announced."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data, encoding), ""
    if guess := _wide(data[:200]):
        return _as(data, guess), guess
    if b"\0" in data:
        raise WrongFile("file.wrong_type")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _as(data, "cp1258"), "Windows-1258"


def _as(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise WrongFile("file.wrong_letters") from None
    if "\0" in text:
        raise WrongFile("file.wrong_type")
    return text


def _wide(start: bytes) -> str:
    """UTF-16 without its mark: every second byte of plain letters and delimiters is zero."""
    if start[1::2].count(0) > len(start) // 8 and 0 not in start[::2]:
        return "utf-16-le"
    if start[::2].count(0) > len(start) // 8 and 0 not in start[1::2]:
        return "utf-16-be"
    return ""


def _delimiter(text: str) -> tuple[str, str]:
    """The text and what parts its cells: as "sep=;" says, or what gives the most even rows."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return rest, first.strip()[-1]
    return text, max(";,\t|", key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> int:
    """How many cells stand in rows of the most usual width, of the first 50 rows."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in islice(rows, 50) if len(row) > 1)
    except csv.Error:
        return 0
    return max((count * (width - 1) for width, count in widths.items()), default=0)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number. An open quote would swallow the rest, so it is refused."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, line = 0, 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error:
            raise WrongFile("file.quotes", line=line) from None
        if cells is None:
            return
        number, line = number + 1, rows.line_num + 1
        yield number, cells
