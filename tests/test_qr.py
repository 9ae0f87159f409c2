"""The QR symbol: the library's own, equal by table, and drawn without losing a module."""

import re

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exports import qr
from exports.qr_png import png
from exports.qr_tables import WORTH_A_TABLE, maker, symbols

TOKEN = "".join(str(at * at % 10) for at in range(200))
tokens = st.text("0123456789", min_size=200, max_size=200)


def dark(symbol: qr.Symbol) -> set[tuple[int, int]]:
    """The dark modules, as column and row."""
    rows = [symbol[at : at + 5] for at in range(0, len(symbol), 5)]
    return {
        (x, y)
        for y, row in enumerate(rows)
        for x, bit in enumerate(f"{int.from_bytes(row):040b}")
        if bit == "1"
    }


def painted(path: str) -> set[tuple[int, int]]:
    """The unit squares that a PDF path paints, followed operator by operator; down is negative.

    Of nested rectangles painted at once each second is light.
    """
    painted: set[tuple[int, int]] = set()
    path_so_far: set[tuple[int, int]] = set()
    base = 0
    for operands, operator in re.findall(r"([-\d ]*?) *\b(re|cm|f\*?)(?=\s|$)", path):
        numbers = [int(number) for number in operands.split()]
        if operator == "re":
            left, bottom, width, height = numbers
            across, along = range(left, left + width), range(bottom, bottom + height)
            path_so_far ^= {(x, base + y) for x in across for y in along}
        elif operator == "cm":
            assert (numbers[:5], path_so_far) == ([1, 0, 0, 1, 0], set())
            base += numbers[5]
        else:
            painted |= path_so_far
            path_so_far = set()
    assert not path_so_far
    return painted


@settings(deadline=None, max_examples=60)
@given(tokens)
def test_the_table_makes_the_symbols_that_the_library_makes(token: str) -> None:
    assume("0" * 90 not in token)  # the library fails on a block of nothing but zeros
    assert maker(200)(token) == qr.symbol(token)


@pytest.mark.parametrize("length", [1, 2, 3, 7, 100, 199, 202])
def test_a_code_of_any_length_that_fits_has_its_table(length: int) -> None:
    code = (TOKEN + TOKEN)[3 : 3 + length]
    assert maker(length)(code) == qr.symbol(code)


def test_a_print_run_gives_each_badge_its_own_symbol() -> None:
    run = [f"{at:0200}".replace("0", "7", 150) for at in range(WORTH_A_TABLE + 5)]
    assert list(symbols(run)) == [qr.symbol(code) for code in run]
    assert list(symbols(run[:2])) == [qr.symbol(code) for code in run[:2]]


def test_a_symbol_is_version_five_with_three_finders() -> None:
    modules = dark(qr.symbol(TOKEN))
    assert len(qr.symbol(TOKEN)) == 37 * 5
    for x, y in ((0, 0), (30, 0), (0, 30)):
        corner = {(x + dx, y + dy) for dx in range(7) for dy in range(7)}
        ring = {(x + dx, y + dy) for dx in range(1, 6) for dy in range(1, 6)}
        heart = {(x + dx, y + dy) for dx in range(2, 5) for dy in range(2, 5)}
        assert modules & corner == corner - ring | heart


def test_the_path_on_paper_fills_the_dark_modules_and_no_other() -> None:
    symbol = qr.symbol(TOKEN)
    data = {(x, -y) for x, y in painted(qr.pdf_path(symbol))}
    finders = {(x, 36 - y) for x, y in painted(qr.pdf_finders())}
    assert data | finders == dark(symbol)
    assert not data & finders


def test_the_picture_is_dark_on_white_with_a_quiet_zone_of_four() -> None:
    picture = fromstring(qr.svg(TOKEN))
    ground, drawn = picture
    assert picture.get("viewBox") == "0 0 45 45"
    assert (ground.get("fill"), ground.get("d")) == ("#fff", "M0 0h45v45H0z")
    assert drawn.get("fill") == "#000"
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn.get("d", ""))
    found = {(int(x) + at - 4, int(y) - 4) for x, y, width in runs for at in range(int(width))}
    assert found == dark(qr.symbol(TOKEN))


def test_a_picture_for_mails_is_a_png() -> None:
    assert png(qr.symbol(TOKEN))[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("code", ["", "12a4", "１２３", "-12", "1 2"])
def test_only_digits_become_a_symbol(code: str) -> None:
    with pytest.raises(ValueError, match="digits only"):
        qr.symbol(code)


def test_a_code_of_another_length_does_not_pass_the_table() -> None:
    with pytest.raises(ValueError, match="200 digits"):
        maker(200)(TOKEN[:-1])
