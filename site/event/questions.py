"""What registration asks: one line for each question, which reaches the form, the store and every
export.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from event.names import clean
from event.phones import WrongPhone, parse_phone
from event.provinces import FOREIGN, find_province
from event.words import Words

_PICTURES = re.compile("[\u2600-\u27bf\u20e3\ufe0e\ufe0f\U0001f000-\U0001faff]+")
"""Emoji, and what only changes how they look."""


_WEB = re.compile(r":\s*//|\bwww\s*\.", re.IGNORECASE)


class WrongAnswer(ValueError):
    """An answer that cannot be taken; `key` says why, for the page to put into words."""

    def __init__(self, key: str, limit: int = 0) -> None:
        super().__init__(key)
        self.key = key
        self.limit = limit


def a_text(text: str) -> str:
    """Any line of text, in NFC, with its spaces folded."""
    return clean(text)


def a_word(text: str) -> str:
    """A line of text without an address on the web: it is read in mails to whatever address was
    typed. Raises `WrongAnswer("text.link")`.
    """
    text = clean(text)
    if _WEB.search(unicodedata.normalize("NFKC", text)):
        raise WrongAnswer("text.link")
    return text


def a_name(text: str) -> str:
    """A person's name in any script, without emoji: no badge can print them. Raises
    `WrongAnswer("name.no_letters")`, and as `a_word`.
    """
    name = clean(_PICTURES.sub(" ", a_word(text)))
    if name and not any(c.isalpha() for c in name):
        raise WrongAnswer("name.no_letters")
    return name


def an_email(text: str) -> str:
    """An address that could receive mail; nothing is looked up. Raises
    `WrongAnswer("email.wrong")`, also for accents before the @: a keyboard left in Vietnamese.
    """
    text = clean(text)
    if not text:
        return ""
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise WrongAnswer("email.wrong") from None
    return str(found.ascii_email).lower()  # mail is carried to the ASCII form of a domain


def a_phone(text: str) -> str:
    """A phone number as E.164. Raises `WrongAnswer("phone.wrong")`."""
    text = clean(text)
    if not text:
        return ""
    try:
        return parse_phone(text)
    except WrongPhone:
        raise WrongAnswer("phone.wrong") from None


def a_province(text: str) -> str:
    """A province's code, from its code or any of its names. Raises
    `WrongAnswer("province.unknown")`.
    """
    text = clean(text)
    if not text or text == FOREIGN:
        return text
    found = find_province(text)
    if found is None:
        raise WrongAnswer("province.unknown")
    return found.code


@dataclass(frozen=True)
class Question:
    """One question. `key` is the attendee's column; `headings` are what offices write above its
    column.

    `required` holds for people who register themselves, `at_desk` for a walk-in and for imports.
    `kind` chooses the field: text, email, tel, province, category.
    """

    key: str
    label: Words
    read: Callable[[str], str] = a_text
    kind: str = "text"
    limit: int = 200
    required: bool = False
    at_desk: bool = False
    autocomplete: str = "off"
    suggestions: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    def answer(self, text: str, *, required: bool) -> str:
        """The answer as it is stored. Raises `WrongAnswer`."""
        return self.checked(self.read(text), required=required)

    def checked(self, value: str, *, required: bool) -> str:
        """An answer already read, if it is there and not too long. Raises `WrongAnswer`."""
        if required and not value:
            raise WrongAnswer("required")
        if len(value) > self.limit:
            raise WrongAnswer("too_long", self.limit)
        return value


QUESTIONS = (
    Question(
        "honorific", Words("Danh xưng", "Title"), a_word, limit=20,
        autocomplete="honorific-prefix", suggestions=("Ông", "Bà", "Mr", "Ms"),
        headings=("ông/bà", "xưng hô", "honorific"),
    ),
    Question(
        "degree", Words("Học hàm, học vị", "Academic degree"), a_word, limit=40,
        suggestions=("GS.TS.", "PGS.TS.", "TS.", "ThS.", "BS.", "KS.", "CN."),
        headings=("học vị", "học hàm", "trình độ", "degree"),
    ),
    Question(
        "name", Words("Họ và tên", "Full name"), a_name, limit=120, required=True, at_desk=True,
        autocomplete="name",
        headings=(
            "họ tên", "tên", "tên đại biểu", "họ tên đại biểu", "họ và tên đại biểu", "đại biểu",
            "khách mời", "tên khách mời", "họ và tên khách mời", "người tham dự",
            "họ và tên người tham dự", "name", "guest",
        ),
    ),
    Question(
        "email", Words("Email", "E-mail"), an_email, "email", limit=254, required=True,
        autocomplete="email",
        headings=(
            "thư điện tử", "địa chỉ email", "địa chỉ thư điện tử", "hộp thư", "mail",
            "email address",
        ),
    ),
    Question(
        "phone", Words("Điện thoại", "Phone"), a_phone, "tel", limit=20, required=True,
        autocomplete="tel",
        headings=(
            "số điện thoại", "sđt", "số đt", "đt", "đtdđ", "di động", "số di động",
            "điện thoại di động", "điện thoại liên hệ", "số điện thoại liên hệ", "phone number",
            "mobile", "mobile phone", "tel", "telephone",
        ),
    ),
    Question(
        "organisation", Words("Đơn vị", "Organisation"), limit=200, required=True, at_desk=True,
        autocomplete="organization",
        headings=(
            "đơn vị công tác", "tên đơn vị", "cơ quan", "cơ quan/đơn vị", "cơ quan công tác",
            "tên cơ quan", "đơn vị/tổ chức", "công ty", "tên công ty", "doanh nghiệp",
            "tên doanh nghiệp", "nơi công tác", "nơi làm việc", "tổ chức", "organization",
            "affiliation", "company",
        ),
    ),
    Question(
        "position", Words("Chức vụ", "Position"), a_word, limit=120,
        autocomplete="organization-title",
        headings=("chức danh", "chức vụ/chức danh", "vị trí", "job title"),
    ),
    Question(
        "province", Words("Tỉnh, thành phố", "Province"), a_province, "province", limit=10,
        required=True,
        headings=("tỉnh", "tỉnh/thành", "tỉnh/tp", "thành phố", "địa phương", "province/city"),
    ),
    Question(
        "category", Words("Đối tượng", "Category"), kind="category", limit=60, required=True,
        headings=(
            "thành phần", "loại khách", "loại đại biểu", "nhóm đối tượng", "đối tượng tham dự",
            "phân loại",
        ),
    ),
)  # fmt: skip
BY_KEY = {question.key: question for question in QUESTIONS}
