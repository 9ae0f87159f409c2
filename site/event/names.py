"""Names as people write them: cleaned, freed of titles, folded for search, put in order."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import icu

# Made once: a collator costs far more than a key. CLDR `vi` knows đ, ơ, ư and the order of tones.
_VIETNAMESE = icu.Collator.createInstance(icu.Locale("vi"))

_JOINERS = str.maketrans("", "", "\u200c\u200d")
# Arabic to Sinhala: the scripts whose spelling needs the two joiners. Elsewhere they only hide.
_NEEDS_JOINERS = re.compile("[\u0600-\u0dff]")
# Letters that show nothing, with which a name could look empty; and what XML cannot hold.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u2800\u3164\uffa0\ufffe\uffff]")
# Headings, offices and family names come again and again; long texts do not.
_SHORT = 100
_NOT_ASCII_WORD = re.compile("[^a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNDECOMPOSED = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"}
)


def clean(text: str) -> str:
    """NFC, single spaces, and no character that is not seen.

    Control, format and bidi characters go. The zero-width joiners stay only in a text with letters
    of a script that is misspelt without them (Persian, Sinhala, Malayalam …).
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text) and not _UNSEEN.search(text):
        return " ".join(text.split())
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not _NEEDS_JOINERS.search(text):
        text = text.translate(_JOINERS)
    seen = _UNSEEN.sub("", "".join(filter(_is_seen, text)))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _is_seen(character: str) -> bool:
    if character in "\u200c\u200d":
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def fold(text: str) -> str:
    """What search compares: "Đặng  Hoàng-Yến" gives "dang hoang yen".

    Only Latin accents go; vowel signs of Thai or Lao are part of the word.
    """
    return _fold_known(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    lowered = clean(text).translate(_JOINERS).casefold().translate(_UNDECOMPOSED)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", lowered))
    if plain.isascii():
        return " ".join(_NOT_ASCII_WORD.sub(" ", plain).split())
    composed = unicodedata.normalize("NFC", plain)
    return " ".join("".join(c if _is_word(c) else " " for c in composed).split())


_fold_known = lru_cache(maxsize=4096)(_fold)


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def sort_key(name: str) -> bytes:
    """Given name (the last word) first, then the rest; as bytes, so that every database agrees.

    ICU ends a key with a zero byte and never uses one inside, so two keys can stand end to end.
    """
    rest, _, given = clean(name).rpartition(" ")
    return bytes(_VIETNAMESE.getSortKey(given) + _VIETNAMESE.getSortKey(rest))


def alphabetical(text: str) -> bytes:
    """The order of organisations, provinces and the like: from the first word on."""
    return bytes(_VIETNAMESE.getSortKey(clean(text)))


def from_capitals(name: str) -> str:
    """Trần Văn Ánh for TRẦN VĂN ÁNH; a name with any small letter stays as it was typed."""
    if not name.isupper():
        return name
    whole = clean(name)
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0] + word[0][1:].lower(), whole)


class Titled(NamedTuple):
    """A name apart from the form of address (Ông, Bà) and the academic titles (PGS.TS.)."""

    honorific: str
    degree: str
    name: str


_HONORIFICS = {
    "ông/bà": "Ông/Bà", "ông": "Ông", "bà": "Bà", "anh": "Anh", "chị": "Chị", "cô": "Cô",
    "ngài": "Ngài", "đ/c": "Đồng chí", "đc": "Đồng chí", "đồng chí": "Đồng chí",
    "mr": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "mdm": "Mdm", "madam": "Madam",
}  # fmt: skip
# These also begin names: Ông is a family (Ông Thị Bích), Anh and Cô are read as one (Anh Đức).
_ALSO_NAMES = {"ông", "anh", "cô"}
_DEGREES = {
    written.lower(): short
    for short, *others in (
        ("GS", "Giáo sư"), ("PGS", "Phó Giáo sư"), ("VS", "Viện sĩ", "Viện sỹ"), ("TSKH",),
        ("TS", "Tiến sĩ", "Tiến sỹ"), ("ThS", "Th.S", "Thạc sĩ", "Thạc sỹ"), ("NCS",),
        ("BS", "Bác sĩ", "Bác sỹ"), ("BSCKI", "BSCK1"), ("BSCKII", "BSCK2"),
        ("CKI", "CK1"), ("CKII", "CK2"), ("DS", "Dược sĩ", "Dược sỹ"), ("LS", "Luật sư"),
        ("KS", "Kỹ sư", "Kĩ sư"), ("KTS", "Kiến trúc sư"), ("CN", "Cử nhân"),
        ("NGND",), ("NGƯT",), ("NSND",), ("NSƯT",), ("TTND",), ("TTƯT",),
        ("Prof", "Professor"), ("Dr", "Doctor"), ("PhD", "Ph.D"), ("MSc", "M.Sc"),
    )
    for written in (short, *others)
}  # fmt: skip


def _opening(words: Iterable[str]) -> re.Pattern[str]:
    """One of these words at the start, with its dot or the space that ends it."""
    either = "|".join(map(re.escape, words))
    return re.compile(rf"({either})(?:([.,:]+)\s*|/(?=\S)|\s+)", re.IGNORECASE)


_DEGREE = _opening(_DEGREES)
_HONORIFIC = _opening(_HONORIFICS)

_FAMILIES = frozenset(
    """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương đào đoàn
    vương trịnh lương tạ phùng tô trình lưu đồng phó kiều nông lò vi quách quàng triệu hứa giang
    thạch sơn danh khương nghiêm doãn đàm viên thân tống từ hà mai cao kim lâm châu thái chu bạch
    tôn văn tăng la lại mạc ninh ông quản cù cung diệp khúc khuất lục mạch mã nhan ôn phương thi
    tiêu ưng âu bành ân bàng cấn giáp hàn hạ lữ ngụy ngạc tiết trang vòng xa đới đậu đường
    """.split()
)
# Letters, or a hyphen, that no Vietnamese name has.
_NOT_VIETNAMESE = re.compile(r"[fjwz-]|[^\W\d_\u0000-\u024f\u1e00-\u1eff]", re.IGNORECASE)
# Families that are middle names too: "Ông Cao Thắng" may be Mr Cao Thắng or a man called Ông.
_ALSO_MIDDLE = frozenset(
    """
    hoàng văn hà mai cao kim lâm châu thái bạch phương thi ân hạ trang danh sơn tôn giang đồng vi
    viên ninh diệp lục đường
    """.split()
)


def split_titles(text: str) -> Titled:
    """The titles before a name apart from it: "PGS.TS. Lê Hoa" is ("", "PGS.TS.", "Lê Hoa").

    "Ông", "Anh" and "Cô" may also begin a name. They are split off only where a whole name
    follows: a family name and two more words, a family name that is never a middle name, or
    a foreign name. Otherwise they stay: a badge with "Ông" on it is no harm, a lost family name is.
    """
    rest, honorific, degree = clean(text), "", ""
    while rest:
        if found := _DEGREE.match(rest):
            degree += _DEGREES[found[1].lower()] + "."
        elif not honorific and (found := _HONORIFIC.match(rest)) and _is_address(found):
            honorific = _HONORIFICS[found[1].lower()]
        else:
            return Titled(honorific, degree, rest)
        rest = rest[found.end() :]
    return Titled("", "", clean(text))


def _is_address(found: re.Match[str]) -> bool:
    if found[2] or found[1].lower() not in _ALSO_NAMES:
        return True
    rest = found.string[found.end() :]
    family, *others = rest.lower().split()
    if _DEGREE.match(rest) or _NOT_VIETNAMESE.search(rest):
        return True
    return family in _FAMILIES and (
        len(others) > 1 or (bool(others) and family not in _ALSO_MIDDLE)
    )
