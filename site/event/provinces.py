"""The 34 provinces and cities, and the names, old ones too, by which people still call them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import icu

from event.names import alphabetical, fold

FOREIGN = "00"
"""Stands for "Nước ngoài" where a province is asked; no province has this code."""
_FOREIGN_NAMES = {"vi": "Nước ngoài", "en": "Outside Vietnam"}


@dataclass(frozen=True)
class Province:
    """One of the 34; `kind` is "city" or "province", `merged_from` the old ones that it took in."""

    code: str
    name: str
    kind: str
    merged_from: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """`mended`: the text was an old name, a nickname or a country, not the name of today."""

    code: str
    mended: bool


def _read() -> tuple[Province, ...]:
    with Path(__file__).with_name("provinces.csv").open(encoding="utf-8") as lines:
        return tuple(
            Province(code, name, kind, tuple(filter(None, merged_from.split(";"))))
            for code, name, kind, merged_from in islice(csv.reader(lines), 1, None)
        )


PROVINCES = _read()
"""Names and mergers from Resolution 202/2025/QH15, in force since 1/7/2025; the kinds as of
September 2026. Huế took the place of Thừa Thiên Huế on 1/1/2025 (Resolution 175/2024/QH15)."""

_NICKNAMES = {
    "01": ("HN", "Hà Tây", "Thủ đô Hà Nội"),
    "46": ("Thừa Thiên", "TT Huế"),
    "66": ("Đắc Lắc", "Đak Lak", "Darlac"),
    "68": ("Đắc Nông", "Đak Nông"),
    "19": ("Bắc Cạn",),
    "31": ("HP",),
    "79": ("HCM", "HCMC", "Sài Gòn", "SG", "BR-VT", "BRVT", "Bà Rịa", "Vũng Tàu"),
}
"""Never one that two provinces share, as ĐN (Đà Nẵng, Đồng Nai) or BD (Bình Dương, Bình Định)."""
_ABROAD = ("Nước ngoài", "Ngoài nước", "Quốc tế", "Foreign", "Overseas", "Outside Vietnam")
_SHORT_COUNTRIES = ("Mỹ", "USA", "US", "UK", "Anh quốc", "Korea", "Holland", "UAE")


@cache
def province_names(language: str) -> dict[str, str]:
    """Code to name in alphabetical order, abroad last: the choices of a form."""
    ordered = sorted(PROVINCES, key=lambda province: alphabetical(province.name))
    abroad = _FOREIGN_NAMES.get(language, _FOREIGN_NAMES["en"])
    return {province.code: province.name for province in ordered} | {FOREIGN: abroad}


def find_province(text: str) -> Found | None:
    """The province meant, if only one can be; accents, spaces, "Tỉnh" and "TP." do not matter.

    Its code is understood too. A country's name, in Vietnamese or English, is abroad. Nothing is
    guessed.
    """
    key = _key(text)
    if not key:
        return None
    return _by_key().get(key) or _countries().get(key)


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


@cache
def _by_key() -> dict[str, Found]:
    found = {key: found for name, found in _names() for key in _ways_to_write(name)}
    found |= {_key(name): Found(FOREIGN, mended=False) for name in (FOREIGN, *_ABROAD)}
    return found | {each.code: Found(each.code, mended=False) for each in PROVINCES}


def _names() -> Iterator[tuple[str, Found]]:
    """Every known name; those of today last, since they win over any other."""
    for code, nicknames in _NICKNAMES.items():
        yield from ((name, Found(code, mended=True)) for name in nicknames)
    for province in PROVINCES:
        yield from ((old, Found(province.code, mended=True)) for old in province.merged_from)
    for province in PROVINCES:
        yield province.name, Found(province.code, mended=False)


def _ways_to_write(name: str) -> Iterator[str]:
    bare = _key(name)
    for before in ("", "tinh", "thanhpho", "tp"):
        for after in ("", "city", "province"):
            for country in ("", "vietnam", "vn"):
                yield before + bare + after + country


@cache
def _countries() -> dict[str, Found]:
    """The countries that ICU knows, but Vietnam."""
    places = (icu.Locale("", code) for code in icu.Locale.getISOCountries() if code != "VN")
    names = (
        place.getDisplayCountry(icu.Locale(language))
        for place in places
        for language in ("vi", "en")
    )
    return {_key(name): Found(FOREIGN, mended=True) for name in (*names, *_SHORT_COUNTRIES)}
