"""What a spreadsheet shows for a stored value: whole numbers without ".0", dates as dd/mm/yyyy."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from event.sheets.grid import WrongFile
from event.sheets.xml import Elements

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# The numbers that every spreadsheet knows as dates or times without being told (ECMA-376, 18.8.30).
_KNOWN_DATES = frozenset(map(str, (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))))
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_LAST_DAY = 2_958_466  # 1/1/10000


@dataclass(frozen=True)
class Values:
    """Turns a stored value into text by its type (`t`) and the number of its format (`s`)."""

    strings: Sequence[str]
    dates: frozenset[str]
    first_day: datetime

    def text(self, stored: str, kind: str, style: str) -> str:
        """Raises WrongFile for a string that the file does not have."""
        if kind == "n":
            return self._date(stored) if style in self.dates else number_text(stored)
        return _ESCAPED.sub(_character, self._by_kind(kind)(stored))

    def _by_kind(self, kind: str) -> Callable[[str], str]:
        return {"s": self._shared, "b": _truth}.get(kind, str)

    def _shared(self, stored: str) -> str:
        try:
            return self.strings[int(stored)]
        except (ValueError, IndexError):
            raise WrongFile("file.broken") from None

    def _date(self, stored: str) -> str:
        days = _number(stored)
        if days is None or not 0 <= days < _LAST_DAY:
            return number_text(stored)
        moment = self.first_day + timedelta(minutes=round(days * 1440))
        if days < 1:
            return f"{moment:%H:%M}"
        return f"{moment:%d/%m/%Y}" if days == int(days) else f"{moment:%d/%m/%Y %H:%M}"


def number_text(stored: str) -> str:
    """ "913456701" for 9.13456701E8 and for 913456701.0; other numbers as they are stored."""
    number = _number(stored)
    if number is None:
        return stored
    if number == int(number) and abs(number) < 10**15:
        return str(int(number))
    return f"{number:.15g}" if "e" in stored.lower() else stored


def _number(stored: str) -> float | None:
    try:
        number = float(stored)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _truth(stored: str) -> str:
    return "TRUE" if stored == "1" else "FALSE"


def _character(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)


def date_styles(styles: Elements) -> frozenset[str]:
    """The numbers of the cell formats (places in cellXfs) that show a date or a time."""
    own = {
        each.get("numFmtId", ""): _shows_date(each.get("formatCode", ""))
        for each in styles.named("numFmt")
    }
    tags = [tag for tag, _ in styles.found]
    start = tags.index("cellXfs") if "cellXfs" in tags else len(tags)
    formats = [each for tag, each in styles.found[start:] if tag == "xf"]
    return frozenset(
        str(place)
        for place, each in enumerate(formats)
        if own.get(each.get("numFmtId", ""), each.get("numFmtId") in _KNOWN_DATES)
    )


def _shows_date(code: str) -> bool:
    bare = _NOT_FORMAT.sub("", code).lower()
    return "general" not in bare and any(letter in bare for letter in "dmyhs")
