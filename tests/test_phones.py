"""Phone numbers: kept as E.164, read as spreadsheets hold them, refused where in doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event.phones import Phones, WrongPhone, parse_phone, read_phones, show_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0913 456 701", "+84913456701"),
        ("0913.456.702", "+84913456702"),
        ("+84 913 456 703", "+84913456703"),
        ("+84 (0) 913-456-703", "+84913456703"),
        ("0084913456703", "+84913456703"),
        ("(0251) 3822 297", "+842513822297"),
        ("(028) 3920 1523", "+842839201523"),
        ("+82 10-1234-5678", "+821012345678"),
        ("٠٩١٣٤٥٦٧٠١", "+84913456701"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert parse_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "12345", "0123456789", "01234567890", "không", "0913CALLME", "o913456701", "9.13E+08",
        "028 3920 1523 ext 2", "0913456701 0913456702", "0987654304 / 02513822297",
        "82 10-1234-5678", "+84", "=0913456701",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(WrongPhone) as refused:
        parse_phone(typed)
    assert refused.value.text == typed


@pytest.mark.parametrize(
    ("cell", "numbers", "mended"),
    [
        ("0913456701", ("+84913456701",), False),
        ("+84 913 456 703", ("+84913456703",), False),
        ("(0251) 3822 297", ("+842513822297",), False),
        ("913456701", ("+84913456701",), True),
        ("2513822297", ("+842513822297",), True),
        ("913456701.0", ("+84913456701",), True),
        ("84913456701", ("+84913456701",), True),
        ("'0913456701", ("+84913456701",), True),
        ("ĐT: 0913456701", ("+84913456701",), True),
        ("0913,456,702", ("+84913456702",), True),
        ("0987654304 / 02513822297", ("+84987654304", "+842513822297"), True),
        ("0987654304 hoặc 0987654305", ("+84987654304", "+84987654305"), True),
        ("0987654304; 0987654304", ("+84987654304",), True),
        ("DĐ 0987654304, ĐT 02513822297", ("+84987654304", "+842513822297"), True),
    ],
)
def test_a_cell_is_read_as_lists_hold_it(cell: str, numbers: tuple[str, ...], mended: bool) -> None:
    assert read_phones(cell) == Phones(numbers, mended)


@pytest.mark.parametrize(
    "cell", ["", " ", ";", "12345", "0913456701 / 123", "9.13457E+08", "xem ghi chú"]
)
def test_half_a_cell_is_never_dropped(cell: str) -> None:
    with pytest.raises(WrongPhone):
        read_phones(cell)


@given(st.integers(900_000_000, 989_999_999))
def test_a_lost_zero_comes_back(number: int) -> None:
    try:
        whole = parse_phone(f"0{number}")
    except WrongPhone:
        with pytest.raises(WrongPhone):
            read_phones(str(number))
    else:
        assert read_phones(str(number)) == Phones((whole,), mended=True)
        assert parse_phone(show_phone(whole)) == whole


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        phones = read_phones(text)
    except WrongPhone:
        return
    assert [parse_phone(number) for number in phones.numbers] == list(phones.numbers)


def test_people_see_their_own_country_as_they_say_it() -> None:
    assert show_phone("+84913456701") == "0913 456 701"
    assert show_phone("+842513822297") == "0251 3822 297"
    assert show_phone("+821012345678") == "+82 10-1234-5678"
    assert show_phone("nonsense") == "nonsense"
