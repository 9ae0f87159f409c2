"""What an import would do, before it does anything, and the file of the rows to correct."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from event.imports.answers import Refusal
from event.imports.columns import Columns, find_columns
from event.imports.glossary import glossary
from event.imports.rows import (
    IGNORED,
    REFUSED,
    REPEATED,
    TAKEN,
    Reading,
    Row,
    headings_of,
    mark_repeated,
    read_rows,
)
from event.imports.sameness import already_down
from event.names import clean, from_capitals
from event.provinces import find_province
from event.sheets import Sheet, read_sheet

_SENDER = re.compile(
    r"(?:UBND|ủy ban nhân dân|uỷ ban nhân dân)\s+(?:tỉnh|thành phố|tp\.?)\s+(.+)", re.IGNORECASE
)


class NoHeading(LookupError):
    """No row of the sheet has a heading for names: the columns have to be chosen by hand."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet.name)
        self.sheet = sheet


@dataclass(frozen=True)
class Preview:
    """A file as it would be taken in. `digest` is the SHA-256 of its bytes, in hex.

    `party` is the delegation that the head of the list suggests, `announced` how many people its
    total line speaks of; both are empty if it says nothing.
    """

    file_name: str
    digest: str
    sheet: Sheet
    columns: Columns
    rows: tuple[Row, ...]
    party: str
    announced: int | None

    def of(self, status: str) -> list[Row]:
        """The rows with one fate: taken, repeated, refused, ignored."""
        return [row for row in self.rows if row.status == status]

    @property
    def taken(self) -> list[Row]:
        """Rows that go in; some of them mended."""
        return self.of(TAKEN)

    @property
    def repeated(self) -> list[Row]:
        """Rows of people who are there already."""
        return self.of(REPEATED)

    @property
    def refused(self) -> list[Row]:
        """Rows that come back to be corrected."""
        return self.of(REFUSED)

    @property
    def ignored(self) -> list[Row]:
        """Rows that are no people."""
        return self.of(IGNORED)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings as the file has them; empty if it has none."""
        return headings_of(self.sheet, self.columns)

    @property
    def unused(self) -> dict[int, str]:
        """Columns that hold something in a person's row but answer no question: their headings."""
        people = [row.cells for row in self.rows if row.status != IGNORED]
        filled = {at for cells in people for at, cell in enumerate(cells) if cell.strip()}
        headings = dict(enumerate(self.headings))
        return {at: headings.get(at, "") for at in sorted(filled - set(self.columns.fields))}


def preview(
    session: Session,
    data: bytes,
    file_name: str,
    *,
    page: str = "",
    columns: Columns | None = None,
    category: str = "delegate",
) -> Preview:
    """Read a file and compare it with who is there; writes nothing.

    `category` is the key given to those whose row names none. Raises `sheets.WrongFile`, and
    `NoHeading` unless `columns` says where to look.
    """
    sheet = read_sheet(data, page)
    columns = columns or find_columns(sheet)
    if columns is None:
        raise NoHeading(sheet)
    reading = read_rows(sheet, columns, glossary(session), category)
    rows = compared(session, reading.rows)
    digest = sha256(data).hexdigest()
    return Preview(file_name, digest, sheet, columns, rows, _sender(reading), reading.announced)


def compared(session: Session, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows against each other and against everyone who is put down by now."""
    names = [row.values["name"] for row in rows if row.status == TAKEN]
    return mark_repeated(rows, already_down(session, names))


def _sender(reading: Reading) -> str:
    """ "UBND TỈNH ĐỒNG NAI" above the list suggests "Đoàn Đồng Nai"."""
    above = [cell for row in reading.rows if row.reason == "row.above" for cell in row.cells]
    for cell in above:
        found = _SENDER.fullmatch(clean(cell))
        if found and find_province(found[1]):
            return f"Đoàn {from_capitals(found[1])}"
    return ""


def corrections(
    preview: Preview, say: Callable[[Refusal], str], heading: str
) -> Iterator[tuple[str, ...]]:
    """The refused rows as they came, under their headings, and a last column that says why.

    `say` puts a refusal into words, `heading` stands above them. The file can be sent in again.
    """
    width = max((len(row.cells) for row in preview.refused), default=0)
    width = max(width, len(preview.headings))
    if preview.headings:
        yield (*_padded(preview.headings, width), heading)
    for row in preview.refused:
        yield (*_padded(row.cells, width), "; ".join(say(refusal) for refusal in row.refusals))


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))
