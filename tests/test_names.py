"""Names: one spelling inside, found without accents, ordered by given name, free of titles."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event.names import Titled, alphabetical, clean, fold, from_capitals, sort_key, split_titles

TRICKY = "\u200c\u200d\u034f\u0301\u0300\u0328\u0345\u0640\u0dcaعی\u0bcd\u1100\u1161đĐıİß \u0e4dำ"
ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from(TRICKY)), max_size=40)
ALPHABET = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()
TONES = "ma mà mả mã má mạ".split()
VIETNAMESE = st.lists(
    st.sampled_from("Nguyễn Đặng Thị Ưng Yến Hoàng Phượng Ái Nữ Ý Hương Quốc".split()),
    min_size=1,
    max_size=5,
).map(" ".join)


def nfd(text: str) -> str:
    """As a Mac writes it."""
    return unicodedata.normalize("NFD", text)


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_what_is_clean_is_composed_and_hides_nothing(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    hidden = [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs")]
    assert hidden == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Lê   Thị\u00a0 Phượng\tHằng ", "Lê Thị Phượng Hằng"),
        ("Trần\u200b Văn\u00ad Á\ufeff", "Trần Văn Á"),
        ("\u202egnos\u202c An", "gnos An"),
        ("Nguyễn\u0000 A\ud800", "Nguyễn A"),
        ("Lê\u200dAn", "LêAn"),
        ("\u3164\u2800", ""),
        (nfd("Đỗ Ngọc Ưng"), "Đỗ Ngọc Ưng"),
        ("علی\u200cرضا", "علی\u200cرضا"),
    ],
)
def test_cleaning_keeps_what_is_read(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(ANY_TEXT)
def test_folding_does_not_depend_on_composition_and_is_stable(text: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFC", text))
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_a_folded_vietnamese_name_is_plain_letters(name: str) -> None:
    assert fold(nfd(name)) == fold(name)
    assert fold(name).replace(" ", "").isascii()
    assert fold(name.upper()) == fold(name)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nguyễn Văn Á", "nguyen van a"),
        ("  ĐÁ — Đường,số 5 ", "da duong so 5"),
        ("H'Hen Niê", "h hen nie"),
        ("김민준", "김민준"),
        (nfd("김민준"), "김민준"),
        ("สมชาย ก้ำ", "สมชาย ก้ำ"),
        ("ສົມຊາຍ", "ສົມຊາຍ"),
        ("王小明", "王小明"),
        ("Łukasz Ørsted", "lukasz orsted"),
    ],
)
def test_folding_drops_latin_accents_alone(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_letters_follow_the_vietnamese_alphabet() -> None:
    assert sorted(set(ALPHABET), key=sort_key) == ALPHABET


def test_tones_follow_the_vietnamese_order() -> None:
    assert sorted(set(TONES), key=sort_key) == TONES


def test_people_stand_by_given_name_then_by_the_rest() -> None:
    names = ["Trần Văn Ánh", "Bùi Thị Ý", "Đỗ Ngọc Ưng", "Lê An", "Võ Đình Ân", "Bùi An", "An"]
    in_order = ["An", "Bùi An", "Lê An", "Trần Văn Ánh", "Võ Đình Ân", "Đỗ Ngọc Ưng", "Bùi Thị Ý"]
    assert sorted(names, key=sort_key) == in_order


@given(ANY_TEXT)
def test_the_order_does_not_depend_on_composition(name: str) -> None:
    assert sort_key(unicodedata.normalize("NFC", name)) == sort_key(nfd(name))


def test_offices_stand_by_their_first_word() -> None:
    offices = ["Viện Á", "Sở Y tế", "Đại học Đà Nẵng", "Bộ Z"]
    assert sorted(offices, key=alphabetical) == ["Bộ Z", "Đại học Đà Nẵng", "Sở Y tế", "Viện Á"]


@pytest.mark.parametrize(
    ("text", "honorific", "degree", "name"),
    [
        ("TS. Phạm Quốc Bảo", "", "TS.", "Phạm Quốc Bảo"),
        ("TS.Phạm Quốc Bảo", "", "TS.", "Phạm Quốc Bảo"),
        ("PGS.TS. Lê Hoa", "", "PGS.TS.", "Lê Hoa"),
        ("Phó Giáo sư, Tiến sĩ Lê Hoa", "", "PGS.TS.", "Lê Hoa"),
        ("TS.BS Trần Anh", "", "TS.BS.", "Trần Anh"),
        ("Th.S Bùi Thị Ý", "", "ThS.", "Bùi Thị Ý"),
        ("Ông TS Lê Anh", "Ông", "TS.", "Lê Anh"),
        ("Bà Hương", "Bà", "", "Hương"),
        ("Ms. Smith", "Ms", "", "Smith"),
        ("Ông/Bà Lê A", "Ông/Bà", "", "Lê A"),
        ("đ/c Trần B", "Đồng chí", "", "Trần B"),
        ("Ông Nguyễn Văn A", "Ông", "", "Nguyễn Văn A"),
        ("Ông Nguyễn Nam", "Ông", "", "Nguyễn Nam"),
        ("Ông Kim Min-jun", "Ông", "", "Kim Min-jun"),
        ("Ông Thị Bích", "", "", "Ông Thị Bích"),
        ("Ông Cao Thắng", "", "", "Ông Cao Thắng"),
        ("Anh Đức", "", "", "Anh Đức"),
        ("Tô Ngữ Diệu Ái", "", "", "Tô Ngữ Diệu Ái"),
        ("Tôn Nữ Diệu Ái", "", "", "Tôn Nữ Diệu Ái"),
        ("Kỳ Anh", "", "", "Kỳ Anh"),
        ("TS.", "", "", "TS."),
        ("Bà", "", "", "Bà"),
    ],
)
def test_titles_come_off_and_names_stay_whole(
    text: str, honorific: str, degree: str, name: str
) -> None:
    assert split_titles(text) == Titled(honorific, degree, name)


@given(st.sampled_from(["", "TS. ", "PGS.TS. ", "Bà ", "Mr. "]), VIETNAMESE)
def test_no_title_takes_a_name_away(title: str, name: str) -> None:
    assert split_titles(title + name).name == name


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("TRẦN VĂN ÁNH", "Trần Văn Ánh"),
        (nfd("TRẦN VĂN ÁNH"), "Trần Văn Ánh"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("JEAN-PIERRE O'NEIL", "Jean-Pierre O'Neil"),
        ("LÝ A SỬ", "Lý A Sử"),
        ("Lê A", "Lê A"),
        ("McDonald", "McDonald"),
        ("김민준", "김민준"),
        ("", ""),
    ],
)
def test_only_a_name_all_in_capitals_is_rewritten(typed: str, written: str) -> None:
    assert from_capitals(typed) == written
