"""A QR symbol as a PNG, for mails: their readers show no SVG."""

import struct
import zlib

from exports.qr import QUIET, ROW_BYTES, SIDE, Symbol

SCALE = 6  # pixels a module: 270 in all


def png(symbol: Symbol) -> bytes:
    """Black on white, one bit a pixel, with the quiet zone."""
    width = SCALE * (SIDE + 2 * QUIET)
    header = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    blank = _line("1" * (SIDE + 2 * QUIET)) * (QUIET * SCALE)
    lines = blank + b"".join(_row(symbol, y) * SCALE for y in range(SIDE)) + blank
    data = zlib.compress(lines, 9)
    parts = (_part(b"IHDR", header), _part(b"IDAT", data), _part(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _row(symbol: Symbol, y: int) -> bytes:
    row = int.from_bytes(symbol[y * ROW_BYTES : (y + 1) * ROW_BYTES])
    dark = f"{row:0{8 * ROW_BYTES}b}"[:SIDE]
    light = dark.translate(str.maketrans("01", "10"))
    return _line("1" * QUIET + light + "1" * QUIET)


def _line(modules: str) -> bytes:
    """A line of pixels behind the byte that says how it is filtered (not at all)."""
    bits = "".join(module * SCALE for module in modules)
    bits = bits.ljust(-len(bits) % 8 + len(bits), "0")
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8)


def _part(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
