"""The QR symbol of a badge's digits: as rows of bits, as SVG, and as a path for each row in a PDF.

A printed run of ten thousand takes its symbols from `exports.qr_tables`, made for that.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from operator import getitem
from typing import Any, TypeAlias

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

VERSION = 5
SIDE = 17 + 4 * VERSION  # modules
QUIET = 4  # light modules that must surround a symbol
MASK = 0
ROW_BYTES = (SIDE + 7) // 8
RUN = re.compile("1+")

Symbol: TypeAlias = bytes
"""Five bytes a row, first module in the highest bit, a 1 where it is dark; 185 bytes."""


def symbol(digits: str) -> Symbol:
    """One symbol, by the library. Raises ValueError for anything but up to 202 ASCII digits."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a badge's code is made of digits only")
    code = blank()
    code.add_data(QRData(digits, mode=1))
    code.make(fit=False)
    return packed(code)


def svg(digits: str) -> str:
    """Always dark on white, with its quiet zone; it fills whatever box the page gives it."""
    width = SIDE + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}" class="qr" '
        f'role="img" aria-label="QR" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{width}H0z"/>'
        f'<path fill="#000" d="{svg_path(symbol(digits))}"/></svg>'
    )


def svg_path(symbol: Symbol) -> str:
    """Path data in modules, the quiet zone left free at the top and the left."""
    return "".join(f"M{QUIET + x} {QUIET + y}h{width}v1h-{width}z" for x, y, width in _runs(symbol))


def pdf_path(symbol: Symbol) -> str:
    """Operators that fill all but the finders; the origin is the lower left of the top row.

    A path for each row, told from the same place every time: rows then repeat each other's words,
    and pages are a third smaller and packed sooner than with the height in each rectangle.
    """
    return "".join(map(getitem, _rectangles(), symbol)) + "f\n"


def pdf_finders() -> str:
    """Operators for the three corner marks: the same on every symbol, and they touch nothing."""
    return (
        "".join(
            f"{x} {y} 7 7 re {x + 1} {y + 1} 5 5 re {x + 2} {y + 2} 3 3 re "
            for x, y in ((0, 0), (0, SIDE - 7), (SIDE - 7, SIDE - 7))
        )
        + "f*\n"
    )


def blank() -> QRCode[Any]:
    """The library's encoder with everything that we fix fixed."""
    return QRCode(VERSION, ERROR_CORRECT_M, mask_pattern=MASK)


def packed(code: QRCode[Any]) -> Symbol:
    """The rows of a finished symbol."""
    return b"".join(_row(modules) for modules in code.modules)


def _row(modules: Iterable[bool | None]) -> bytes:
    bits = "".join("1" if dark else "0" for dark in modules).ljust(8 * ROW_BYTES, "0")
    return int(bits, 2).to_bytes(ROW_BYTES, "big")


def _runs(symbol: Symbol) -> Iterator[tuple[int, int, int]]:
    """Dark modules that touch in a row: column, row and how many."""
    for y in range(SIDE):
        row = int.from_bytes(symbol[y * ROW_BYTES : (y + 1) * ROW_BYTES], "big")
        for run in RUN.finditer(f"{row:0{8 * ROW_BYTES}b}"):
            yield run.start(), y, run.end() - run.start()


@cache
def _rectangles() -> list[list[str]]:
    """For each byte of a symbol, and each value of it, what fills its modules."""
    down = "f 1 0 0 1 0 -1 cm\n"
    places = ((left, y) for y in range(SIDE) for left in range(0, 8 * ROW_BYTES, 8))
    return [
        [f"{down}{filled}" for filled in _filled(left, 255 - _finders(left, y))]
        if y and not left
        else _filled(left, 255 - _finders(left, y))
        for left, y in places
    ]


@cache
def _filled(left: int, free: int) -> list[str]:
    """For each value of a byte the rectangles in one row from `left` on, where modules are free."""
    return [
        "".join(
            f"{left + run.start()} 0 {run.end() - run.start()} 1 re\n"
            for run in RUN.finditer(f"{byte & free:08b}")
        )
        for byte in range(256)
    ]


def _finders(left: int, y: int) -> int:
    """Which of the eight modules from `left` on in row `y` belong to a corner mark."""
    above, below = y < 7, y >= SIDE - 7
    columns = range(left, left + 8)
    inside = ((x < 7 and (above or below)) or (above and SIDE - 7 <= x < SIDE) for x in columns)
    return int("".join("01"[corner] for corner in inside), 2)
