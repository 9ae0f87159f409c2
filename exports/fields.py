"""The columns of lists, each declared once; those of the questions come by themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from re import compile as pattern

from event.phones import show_phone
from event.provinces import province_names
from event.questions import QUESTIONS
from event.words import Words
from exports.people import Person
from exports.tables import Cell

HEAD = Words("Trưởng đoàn", "Head")
# Nearly all numbers: what `show_phone` says of them, at a hundredth of its cost.
_MOBILE = pattern(r"\+84([35789]\d\d)(\d{3})(\d{3})")


@dataclass(frozen=True)
class Reading:
    """For whom cells are made: the language, and what each delegation is headed with."""

    language: str
    parties: Mapping[str, str] = field(default_factory=dict)


Read = Callable[[Person, Reading], Cell]


@dataclass(frozen=True)
class Field:
    """One column; `width` is about how many letters most of its cells hold."""

    heading: Words
    width: float
    read: Read
    align: str = "left"


WIDTHS = {
    "honorific": 9, "degree": 9, "name": 24, "email": 26, "phone": 13, "organisation": 30,
    "position": 18, "province": 13, "category": 16,
}  # fmt: skip


def phone(e164: str) -> str:
    """As people say it: "0913 456 701"."""
    if mobile := _MOBILE.fullmatch(e164):
        return f"0{mobile[1]} {mobile[2]} {mobile[3]}"
    return show_phone(e164) if e164 else ""


def province(code: str, language: str) -> str:
    """The name of a province; "" for none."""
    return _provinces(language).get(code, "")


_provinces = cache(province_names)


def sessions(person: Person, reading: Reading) -> str:
    """What somebody chose, in order of time."""
    return "; ".join(choice.title.in_(reading.language) for choice in person.choices)


def full_name(person: Person, _: Reading) -> str:
    """As on the badge: "TS. Phạm Quốc Bảo"."""
    return f"{person.stated.degree} {person.stated.name}".strip()


def _stated(key: str) -> Read:
    return lambda person, _: str(getattr(person.stated, key))


_SHOWN: dict[str, Read] = {
    "phone": lambda person, _: phone(person.stated.phone),
    "province": lambda person, reading: province(person.stated.province, reading.language),
    "category": lambda person, reading: person.category.name.in_(reading.language),
}

FIELDS: dict[str, Field] = {
    question.key: Field(
        question.label,
        WIDTHS.get(question.key, 16),
        _SHOWN.get(question.key) or _stated(question.key),
    )
    for question in QUESTIONS
} | {
    "code": Field(Words("Mã số", "Code"), 8, lambda person, _: person.code, "centre"),
    "full_name": Field(Words("Họ và tên", "Full name"), 26, full_name),
    "party": Field(Words("Đoàn", "Delegation"), 20, lambda person, _: person.party),
    "headed_party": Field(
        Words("Đoàn", "Delegation"),
        20,
        lambda person, reading: reading.parties.get(person.party, person.party),
    ),
    "role": Field(
        Words("Vai trò", "Role"),
        12,
        lambda person, reading: HEAD.in_(reading.language) if person.stated.heads_party else "",
    ),
    "sessions": Field(Words("Phiên đã chọn", "Sessions"), 30, sessions),
    "registered_at": Field(
        Words("Đăng ký lúc", "Registered"), 15, lambda person, _: person.stated.registered_at
    ),
    "arrived_at": Field(Words("Đến lúc", "Arrived"), 15, lambda person, _: person.arrived_at),
    "arrived_by": Field(
        Words("Nơi vào", "Place"),
        16,
        lambda person, reading: (
            person.arrived_by.in_(reading.language) if person.arrived_by else ""
        ),
    ),
    "remark": Field(Words("Ghi chú", "Remark"), 18, _stated("remark")),
    "signature": Field(Words("Ký tên", "Signature"), 13, lambda _, __: None),
}
