"""The same QR symbols as `exports.qr` makes, in a few microseconds each, for a print run.

Version, level, mask and mode are fixed, so each module of a symbol is the sum (XOR) of some bits of
the data and a constant. What each bit adds is read off the library's own work: where it draws each
bit of its codewords, and which check bytes it gives to each byte of data.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, reduce
from itertools import chain, islice
from operator import getitem, xor
from struct import Struct

from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import BitBuffer, create_bytes

from exports.qr import ROW_BYTES, SIDE, VERSION, Symbol, blank, packed, symbol

WORTH_A_TABLE = 60  # symbols: below this, making each by itself is quicker
AT_ONCE = 500
"""Symbols made in one go: the tables fill the processor's cache, and what is done with a symbol
drives them out of it again. One at a time, ten thousand badges take a fifth longer."""
HEADER = 4 + 10  # bits before the first digit: mode and count
FIELD = 0x11D  # the polynomial of QR's arithmetic on bytes
HALF = 5  # bits that a table takes at once: so small that all tables stay in the processor's cache
_HALVES = {
    f"{value:0{width}}".encode(): bytes(divmod(value << 2 * HALF - bits, 2**HALF))
    for width, bits in ((3, 10), (2, 7), (1, 4))
    for value in range(10**width)
}
"""For three digits, or the two or one left over, the bits that QR packs them in, in two halves."""


def symbols(codes: Iterable[str]) -> Iterator[Symbol]:
    """A symbol for each code, in order; all codes have the length of the first."""
    codes = iter(codes)
    first = list(islice(codes, WORTH_A_TABLE))
    there = bool(first) and maker.cache_info().currsize > 0
    make = maker(len(first[0])) if there or len(first) == WORTH_A_TABLE else symbol
    codes = chain(first, codes)
    while some := list(islice(codes, AT_ONCE)):
        yield from list(map(make, some))


@cache
def maker(length: int) -> Callable[[str], Symbol]:
    """Makes symbols of codes of `length` digits, which share their header and their padding."""
    tables = _tables(length)
    groups = Struct("3s" * (length // 3) + f"{length % 3}s" * bool(length % 3)).unpack

    def changes(digits: str) -> Iterator[int]:
        halves = b"".join(map(_HALVES.__getitem__, groups(digits.encode("ascii"))))
        return map(getitem, tables, halves)

    some = "1" * length  # not zeros: the library cannot encode a block of nothing but zeros
    start = reduce(xor, changes(some), _number(symbol(some)))

    def make(digits: str) -> Symbol:
        if len(digits) != length:
            raise ValueError(f"a code of {length} digits was expected")
        return reduce(xor, changes(digits), start).to_bytes(SIDE * ROW_BYTES)

    return make


def _tables(length: int) -> list[list[int]]:
    """For each half of the packed digits, and each value of it, the modules that it turns."""
    size = length // 3 * 10 + (0, 4, 7)[length % 3]
    columns = _columns()[HEADER : HEADER + size]
    columns += [0] * (-size % (2 * HALF))
    return [_sums(columns[at : at + HALF]) for at in range(0, len(columns), HALF)]


def _sums(columns: list[int]) -> list[int]:
    """For each value of some bits, the sum of the columns of those that are set."""
    sums = [0]
    for column in reversed(columns):
        sums += [column ^ known for known in sums]
    return sums


def _columns() -> list[int]:
    """For each bit of the data, in order, the modules that it turns."""
    blocks = rs_blocks(VERSION, ERROR_CORRECT_M)
    size, checks = blocks[0].data_count, blocks[0].total_count - blocks[0].data_count
    place = _places(sum(block.total_count for block in blocks))
    parity = _parity(size, checks)
    columns = []
    for block in range(len(blocks)):
        for at in range(size):
            for bit in range(7, -1, -1):
                turned = place[len(blocks) * at + block][bit]
                for check, byte in enumerate(parity[at]):
                    where = place[len(blocks) * (size + check) + block]
                    turned ^= _spread(where, _times(byte, bit))
                columns.append(turned)
    return columns


def _parity(size: int, checks: int) -> list[list[int]]:
    """The check bytes of a block that holds a single 1, for each place that the 1 can have."""
    blocks = rs_blocks(VERSION, ERROR_CORRECT_M)
    found = []
    for at in range(size):
        data = BitBuffer()
        data.buffer = [int(place == at) for place in range(size)] * len(blocks)
        found.append(create_bytes(data, blocks)[-checks * len(blocks) :: len(blocks)])
    return found


def _times(byte: int, doublings: int) -> int:
    """Multiplied by two so many times, in QR's arithmetic."""
    for _ in range(doublings):
        byte = byte << 1 ^ (FIELD if byte & 0x80 else 0)
    return byte


def _spread(places: list[int], byte: int) -> int:
    """The modules that one codeword turns."""
    return reduce(xor, (places[bit] for bit in range(8) if byte >> bit & 1), 0)


def _places(codewords: int) -> list[list[int]]:
    """For each codeword, and each bit of it from the lowest, the module that shows it.

    Every bit gets a number from 1; drawing the first binary digit of all numbers, then the second
    and so on, tells for each module whose bit it shows.
    """
    count = 8 * codewords
    empty = _drawn([0] * codewords)
    probes = [_drawn(_probe(digit, codewords)) ^ empty for digit in range(count.bit_length())]
    module = {}
    for shift in range(8 * SIDE * ROW_BYTES):
        number = sum((probe >> shift & 1) << digit for digit, probe in enumerate(probes))
        module[number] = 1 << shift
    return [[module[8 * at + bit + 1] for bit in range(8)] for at in range(codewords)]


def _probe(digit: int, codewords: int) -> list[int]:
    """Codewords whose bits are the given binary digit of their own numbers."""
    return [
        sum((8 * at + bit + 1 >> digit & 1) << bit for bit in range(8)) for at in range(codewords)
    ]


def _drawn(codewords: list[int]) -> int:
    code = blank()
    code.data_cache = codewords
    code.make(fit=False)
    return _number(packed(code))


def _number(symbol: Symbol) -> int:
    return int.from_bytes(symbol, "big")
