"""Provinces: the 34 of today, every older name, and no guess."""

import unicodedata

import pytest

from event.provinces import FOREIGN, PROVINCES, Found, find_province, province_names

OLD_NAMES = [(old, province.code) for province in PROVINCES for old in province.merged_from]
NAMES = [(province.name, province.code) for province in PROVINCES]


def test_there_are_34_made_of_63() -> None:
    assert len(PROVINCES) == 34
    assert len({province.code for province in PROVINCES}) == 34
    kept = {name for name, _ in NAMES} - {"Huế"}  # until 2024 a city of Thừa Thiên Huế
    assert len(kept | {old for old, _ in OLD_NAMES}) == 63


def test_nine_are_cities() -> None:
    cities = {province.name for province in PROVINCES if province.kind == "city"}
    assert cities == {
        "Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế", "Đồng Nai",
        "Quảng Ninh", "Bắc Ninh",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "code"), NAMES)
def test_a_name_of_today_is_found_however_it_is_written(name: str, code: str) -> None:
    plain = unicodedata.normalize("NFD", name)
    for text in (name, plain, name.upper(), f"Tỉnh {name}", f"TP. {name}", f"thành phố {name}"):
        assert find_province(text) == Found(code, mended=False), text


@pytest.mark.parametrize(("old", "code"), OLD_NAMES)
def test_an_old_name_leads_to_its_new_unit(old: str, code: str) -> None:
    assert find_province(old) == Found(code, mended=True)
    assert find_province(f"Tỉnh {old}") == Found(code, mended=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TP.HCM", "79"), ("TPHCM", "79"), ("Tp. Hồ Chí Minh", "79"), ("Sài Gòn", "79"),
        ("Ho Chi Minh City, Vietnam", "79"), ("BR-VT", "79"), ("Bà Rịa – Vũng Tàu", "79"),
        ("HN", "01"), ("Hanoi", "01"), ("T.P Hà Nội", "01"), ("ha noi", "01"), ("Hà Tây", "01"),
        ("Thừa Thiên - Huế", "46"), ("TT-Huế", "46"), ("Hoà Bình", "25"), ("Hòa Bình", "25"),
        ("Khánh Hoà", "56"), ("Daklak", "66"), ("Đắc Nông", "68"), ("Kontum", "51"),
        ("Bắc Cạn", "19"), ("79", "79"), ("Nước ngoài", FOREIGN), ("Hàn Quốc", FOREIGN),
        ("Japan", FOREIGN), ("Lào", FOREIGN), ("00", FOREIGN),
    ],
)  # fmt: skip
def test_other_ways_to_say_it_are_known(text: str, code: str) -> None:
    found = find_province(text)
    assert found
    assert found.code == code


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "ĐN", "BD", "QN", "Việt Nam", "Vietnam", "Đồng", "Miền Nam", "Bình", "99"],
)
def test_what_could_be_two_or_none_is_not_guessed(text: str) -> None:
    assert find_province(text) is None


def test_a_form_offers_them_in_alphabetical_order_and_abroad_last() -> None:
    names = list(province_names("vi").values())
    assert len(names) == 35
    assert names[:5] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ"]
    assert names[5:10] == ["Đà Nẵng", "Đắk Lắk", "Điện Biên", "Đồng Nai", "Đồng Tháp"]
    assert names[-1] == "Nước ngoài"
    assert province_names("en")[FOREIGN] == "Outside Vietnam"
