"""Lists on paper as Decree 30/2020 wants them: head, title, table, total in words, signatures."""

from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

from event.names import clean
from exports.fonts import SERIF, SERIF_BOLD, SERIF_ITALIC, Style
from exports.in_words import in_words
from exports.paper import A4, BODY, Paper
from exports.pdf import Pdf
from exports.ruled import Ruled
from exports.tables import Letterhead, Signature, Table
from exports.text import LEADING, fit, measure, wrap

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
ON_BEHALF = "TM. BAN TỔ CHỨC"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TITLE_SIZE = 14.0
TO_SIGN = 70.0  # points left free for a hand and a stamp
PORTRAIT_ROOM = 85  # letters over all columns: more of them would be set in under 11 points


def write_pdf(tables: Iterable[Table], out: BinaryIO) -> int:
    """All tables in one file, each with its own head and page numbers; returns the number of rows.

    The title of the first one names the file, and who issues it is the author.
    """
    tables = iter(tables)
    first = next(tables, None)
    title, head = (first.title, first.letterhead) if first else ("", None)
    with Pdf(out, title, author=head.body if head else "") as pdf:
        rows = fill(Paper(pdf, landscape=is_wide(first)), first) if first else 0
        rows += sum(fill(Paper(pdf, landscape=is_wide(table)), table) for table in tables)
        if not pdf.pages:
            pdf.page(A4)
    return rows


def is_wide(table: Table) -> bool:
    """Whether it needs landscape pages."""
    return sum(column.width for column in table.columns) > PORTRAIT_ROOM


def fill(paper: Paper, table: Table) -> int:
    """Write one document on its paper; returns the number of rows."""
    if table.letterhead:
        _head(paper, table.letterhead)
    _title(paper, table)
    ruled = Ruled(paper, table)
    closing = BODY * LEADING * 1.6
    if table.signature:
        closing += _signature_height(table.signature)
    ruled.fill(keep=closing)
    _total(paper, table, ruled.count)
    if table.signature:
        _signatures(paper, table.signature)
    paper.finish()
    return ruled.count


def _head(paper: Paper, head: Letterhead) -> None:
    """Left the issuing bodies, right the nation's title and motto, the date below it."""
    left, right = paper.width * 0.42, paper.width * 0.56
    middle = paper.left + left / 2
    y = paper.y
    for text, style in ((head.parent, SERIF), (head.body, SERIF_BOLD)):
        y = _block(paper, middle, y, text.upper(), style, left)
    paper.rule(middle - left / 6, y - 5, middle + left / 6, y - 5)
    middle = paper.left + paper.width - right / 2
    under = _block(paper, middle, paper.y, NATION, SERIF_BOLD, right)
    under = _block(paper, middle, under, MOTTO, SERIF_BOLD, right)
    half = measure(MOTTO, SERIF_BOLD) * BODY / 2000
    paper.rule(middle - half, under - 5, middle + half, under - 5)
    under = _block(paper, middle, under - 10, dated(head.place, head.on), SERIF_ITALIC, right)
    paper.y = min(y - 5, under) - 10


def _block(paper: Paper, middle: float, y: float, text: str, style: Style, width: float) -> float:
    """Centred text in one of the two columns of the head; returns where it ends."""
    if text := clean(text):
        fitted = fit(text, style, (width, 6 * BODY), BODY, 4)
        for line in fitted.lines:
            y -= fitted.size * LEADING
            paper.centred(middle, y, fitted.size, line, style)
    return y


def dated(place: str, on: date) -> str:
    """Days and months below ten, and below three, with a nought, as the decree asks."""
    month = f"{on.month:02}" if on.month < 3 else f"{on.month}"
    return f"{place}, ngày {on.day:02} tháng {month} năm {on.year}"


def _title(paper: Paper, table: Table) -> None:
    paper.y -= 6
    title = wrap(clean(table.title).upper(), SERIF_BOLD, TITLE_SIZE, paper.width)
    paper.lines(title, TITLE_SIZE, SERIF_BOLD)
    for line in table.context:
        paper.lines(wrap(clean(line), SERIF, BODY, paper.width), BODY, SERIF)
    if table.attached_to:
        attached = f"(Kèm theo {clean(table.attached_to)})"
        paper.lines(wrap(attached, SERIF_ITALIC, BODY, paper.width), BODY, SERIF_ITALIC)
    paper.y -= 12


def total(count: int, unit: str) -> str:
    """ "Tổng cộng: 25 người (Hai mươi lăm người)"."""
    words = in_words(count)
    return f"Tổng cộng: {count:,} {unit} ({words[0].upper()}{words[1:]} {unit})".replace(",", ".")


def _total(paper: Paper, table: Table, count: int) -> None:
    paper.y -= BODY * LEADING * 1.3
    paper.text(paper.left + 3, paper.y, BODY, total(count, table.unit), SERIF_BOLD)


def _signature_height(signature: Signature) -> float:
    return 20 + (len(_ours(signature)) + 1) * BODY * LEADING + TO_SIGN


def _signatures(paper: Paper, signature: Signature) -> None:
    """Two columns, the names level; `_signature_height` has kept the room for them."""
    top = paper.y - 20
    names = paper.y - _signature_height(signature)
    left = paper.left + paper.width / 4
    for middle, offices, name in (
        (left, ["Người lập"], signature.maker),
        (left + paper.width / 2, _ours(signature), signature.signer),
    ):
        for at, line in enumerate(offices, 1):
            paper.centred(middle, top - at * BODY * LEADING, BODY, line, SERIF_BOLD)
        paper.centred(middle, names, BODY, clean(name), SERIF_BOLD)
    paper.y = names


def _ours(signature: Signature) -> list[str]:
    """What stands over the signer's name."""
    instead = f"KT. {signature.instead_of}" if signature.instead_of else ""
    return [line for line in (signature.on_behalf or ON_BEHALF, instead, signature.office) if line]
