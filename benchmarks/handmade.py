"""Lists and badges written by hand: raw sqlite3, and PDF operators with no font but Helvetica."""

import csv
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from itertools import islice
from operator import getitem
from pathlib import Path
from re import finditer
from typing import Any

import xlsxwriter
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

COLUMNS = (
    "id, honorific, degree, name, phone, email, organisation, position, province, category_id, "
    "party_id, language, registered_at, registered_by, remark"
)
ROWS_ON_A_PAGE = 28
SIDE = 37  # modules of a QR code


def csv_by_hand(database: Path, out: Path) -> None:
    """csv.writer and nothing else."""
    with out.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_rows(database))


def xlsx_by_hand(database: Path, out: Path) -> None:
    """XlsxWriter without any format."""
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(_rows(database)):
        sheet.write_row(number, 0, row)
    book.close()


def pdf_by_hand(database: Path, out: Path) -> None:
    """A line of text for each cell."""
    rows = _rows(database)
    pages = iter(lambda: list(islice(rows, ROWS_ON_A_PAGE)), [])
    _write(out, (842, 595), (_table(page) for page in pages))


def badges_by_hand(database: Path, out: Path, where: str = "true") -> None:
    """Two lines of text and a symbol's worth of runs, filled row by row, of a signature.

    The signature is there because no code can do without one; its bits stand for the symbol.
    """
    key = Ed25519PrivateKey.generate()
    pages = (_badge(row, key.sign(row[3].encode())) for row in _rows(database, where))
    _write(out, (298, 420), pages)


def _rows(database: Path, where: str = "true") -> Iterator[tuple[Any, ...]]:
    query = f"select {COLUMNS} from attendees where {where} order by sort_key, id"
    with closing(sqlite3.connect(database)) as connection:
        yield from connection.execute(query)


def _table(rows: Iterable[tuple[Any, ...]]) -> str:
    cells = (
        f"1 0 0 1 {20 + 54 * across} {560 - 19 * down} Tm ({_plain(cell)}) Tj"
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
    )
    return f"BT /F 7 Tf {' '.join(cells)} ET"


def _badge(row: tuple[Any, ...], signature: bytes) -> str:
    modules = "".join(map(getitem, _runs(), signature * 3))
    name = f"BT /F 20 Tf 30 380 Td ({_plain(row[3])}) Tj 0 -30 Td ({_plain(row[6])}) Tj ET"
    return f"{name} 4 0 0 4 60 200 cm {modules}f"


@cache
def _runs() -> list[list[str]]:
    """For each byte of a symbol, five to a row, and each value of it, rectangles that fill it."""
    dark = [[(m.start(), m.end()) for m in finditer("1+", f"{byte:08b}")] for byte in range(256)]
    parts = [
        ["".join(f"{left + a} 0 {b - a} 1 re " for a, b in runs) for runs in dark]
        for left in range(0, 40, 8)
    ]
    return [[f"f 1 0 0 1 0 -1 cm {text}" for text in parts[0]], *parts[1:]] * SIDE


def _plain(cell: object) -> str:
    text = str(cell).encode("latin-1", "replace").decode("latin-1")
    return text.replace("\\", "").replace("(", "").replace(")", "")


def _write(out: Path, size: tuple[int, int], pages: Iterable[str]) -> None:
    """The least that a reader takes for a PDF."""
    offsets = []
    with out.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        for page in pages:
            packed = zlib.compress(page.encode("latin-1"), 4)
            number = 4 + 2 * len(offsets)
            offsets.append(file.tell())
            file.write(
                b"%d 0 obj<</Type/Page/Parent 2 0 R/Contents %d 0 R>>endobj\n"
                % (number, number + 1)
            )
            head = b"%d 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % (number + 1, len(packed))
            file.write(head + packed + b"\nendstream endobj\n")
        kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(offsets)))
        font = b"<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
        file.write(b"2 0 obj<</Type/Pages/MediaBox[0 0 %d %d]/Count %d" % (*size, len(offsets)))
        file.write(b"/Resources<</Font%b>>/Kids[%b]>>endobj\n" % (font, kids))
        file.write(b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
