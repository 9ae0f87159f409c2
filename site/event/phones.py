"""Phone numbers: read as people and spreadsheets write them, kept as E.164, shown as spoken."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from event.names import clean

# "ĐT: 0913…", "Tel. 0913…": a label is no part of the number.
_LABEL = re.compile(
    r"^(?:đ[td]|dđ|sđt|tel|phone|mobile|zalo|điện thoại|di động)\b[\s.:]*", re.IGNORECASE
)
_NUMBER = re.compile(r"\+?[\d\s().\-\u2010-\u2015\u00a0]+")
_BETWEEN = re.compile(r"[/;,|]|\bhoặc\b|\bvà\b|\bor\b|&", re.IGNORECASE)
# A whole number that passed through a decimal column of a spreadsheet.
_DECIMAL = re.compile(r"(\d{6,})[.,]0")


_VIETNAM = 84


class WrongPhone(ValueError):
    """`text` is no phone number that exists, as far as the numbering plans tell."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Phones:
    """The numbers of one cell in E.164; `mended` where it was not simply one number as dialled."""

    numbers: tuple[str, ...]
    mended: bool


def parse_phone(text: str, region: str = "VN") -> str:
    """E.164 of one number. Raises WrongPhone for words, extensions and two numbers in one."""
    plain = clean(text)
    if not _NUMBER.fullmatch(plain):
        raise WrongPhone(text)
    try:
        number = phonenumbers.parse(plain, region)
    except NumberParseException:
        raise WrongPhone(text) from None
    if not phonenumbers.is_valid_number(number):
        raise WrongPhone(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def read_phones(text: str, region: str = "VN") -> Phones:
    """The numbers in a spreadsheet cell, which may hold two, have a label, or have lost its 0.

    Raises WrongPhone if any part of it is no number: half a cell is never dropped.
    """
    plain = _LABEL.sub("", clean(text).lstrip("'"))
    if decimal := _DECIMAL.fullmatch(plain):
        plain = decimal[1]
    numbers = _split(plain, text, region)
    whole = plain == clean(text) and not _BETWEEN.search(plain) and _is_complete(plain)
    return Phones(numbers, mended=not whole)


def _split(plain: str, text: str, region: str) -> tuple[str, ...]:
    parts = [_LABEL.sub("", part) for part in map(str.strip, _BETWEEN.split(plain)) if part]
    try:
        # "0913,456,702": the commas stand inside one number.
        return (parse_phone(" ".join(parts), region),)
    except WrongPhone:
        pass
    if not parts:
        raise WrongPhone(text)
    try:
        return tuple(dict.fromkeys(parse_phone(part, region) for part in parts))
    except WrongPhone:
        raise WrongPhone(text) from None


def _is_complete(plain: str) -> bool:
    """Whether it begins as a number is dialled, so that nothing had to be put in front."""
    return plain.lstrip("( ")[:1] in ("0", "+") or plain.startswith(("1800", "1900"))


def show_phone(e164: str) -> str:
    """National for Vietnam, "0913 456 701"; for other countries "+82 10-1234-5678"."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    home = number.country_code == _VIETNAM
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
