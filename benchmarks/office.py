"""The proof of the spreadsheets: LibreOffice opens one and saves it, and no cell has changed."""

import subprocess
import tempfile
from itertools import zip_longest
from pathlib import Path

import openpyxl

import exports
from benchmarks.figures import Figure
from benchmarks.sites import site
from pages.clock import computer_clock
from pages.database import db

PEOPLE = 10_000
CONVERT = ("soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir")


def libreoffice() -> list[Figure]:
    """Cells of a list of ten thousand people that LibreOffice reads as they were written."""
    with tempfile.TemporaryDirectory(prefix="ghi-danh-office-") as folder:
        ours, theirs = Path(folder) / "list.xlsx", Path(folder) / "saved"
        with site(people=PEOPLE), ours.open("wb") as out:
            wish = exports.lists.Wish("attendees", "xlsx", all_columns=True)
            exports.lists.export(db.session(), wish, out, at=computer_clock())
        subprocess.run([*CONVERT, str(theirs), str(ours)], check=True, capture_output=True)
        written, read = _cells(ours), _cells(theirs / ours.name)
    same = sum(map(_same, zip_longest(written, read)))
    return [Figure("cells that LibreOffice reads alike", same, "", len(written), at_least=True)]


def _cells(path: Path) -> list[tuple[str, object]]:
    """Where each cell stands with anything in it, and its value."""
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    rows = sheet.iter_rows()
    return [(c.coordinate, c.value) for row in rows for c in row if c.value not in (None, "")]


def _same(pair: tuple[object, object]) -> bool:
    return pair[0] == pair[1]
