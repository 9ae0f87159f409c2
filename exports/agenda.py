"""One person's agenda on one A4 page, with the code that opens the gate."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import NamedTuple

from exports import qr
from exports.fonts import SANS, SANS_BOLD, Style
from exports.paper import A4, MM
from exports.pdf import Pdf
from exports.text import LEADING, fit, measure, tidy, wrap

MARGIN = 18 * MM
CODE = 46 * MM
"""Side of the symbol; its quiet zone is the white around it."""
BODY, SMALLEST = 12.0, 4.0  # points
HOURS = 32 * MM
"""The column with the hours."""


class Item(NamedTuple):
    """One session: its hours, title, where it is and who chairs it, and what stands in its way."""

    hours: str
    title: str
    where: str
    remarks: Sequence[str] = ()


class Day(NamedTuple):
    """What is chosen on one day."""

    name: str
    items: Sequence[Item]


class Agenda(NamedTuple):
    """All that stands on the page, in the reader's words; `empty` where nothing was chosen."""

    event: str
    dates: str
    name: str
    about: Sequence[str]
    number: str
    token: str
    show: str
    title: str
    days: Sequence[Day]
    empty: str
    foot: str


class _Line(NamedTuple):
    """One line: how far in, the height that it takes, size and typeface; a rule above a day."""

    x: float
    height: float
    size: float
    text: str
    style: Style
    ruled: bool = False
    beside: str = ""


def write_agenda(agenda: Agenda) -> bytes:
    """The PDF. Many sessions are set smaller: it is always one page."""
    out = BytesIO()
    with Pdf(out, agenda.title) as pdf:
        top = _head(pdf, agenda)
        lines = _fitted(agenda, top - MARGIN - 2 * BODY)
        _draw(pdf, lines, top)
        _text(pdf, MARGIN, MARGIN, 8, agenda.foot, SANS)
        pdf.page(A4)
    return out.getvalue()


def _head(pdf: Pdf, agenda: Agenda) -> float:
    """Event, person and code; gives where the agenda begins, from below."""
    width, y = A4[0] - 2 * MARGIN - CODE - 10 * MM, A4[1] - MARGIN
    for text, style, largest, most in (
        (agenda.event, SANS_BOLD, 15, 3),
        (agenda.dates, SANS, 10, 2),
        (" ", SANS, 10, 1),
        (agenda.name, SANS_BOLD, 22, 2),
        (" ", SANS, 4, 1),
        *((line, SANS, 11, 2) for line in agenda.about),
    ):
        fitted = fit(tidy(text, style), style, (width, 60), largest, most)
        for line in fitted.lines:
            y -= fitted.size * LEADING
            _text(pdf, MARGIN, y, fitted.size, line, style)
    return min(y, _code(pdf, agenda)) - 8 * MM


def _code(pdf: Pdf, agenda: Agenda) -> float:
    """The symbol at the top right with its number below; gives where it ends."""
    module, left = CODE / qr.SIDE, A4[0] - MARGIN - CODE
    lowest = A4[1] - MARGIN - CODE
    at = f"q 0 g {module:.4f} 0 0 {module:.4f} {left:.2f}"
    symbol = qr.symbol(agenda.token)
    pdf.draw(f"{at} {lowest:.2f} cm\n{qr.pdf_finders()}Q")
    pdf.draw(f"{at} {lowest + CODE - module:.2f} cm\n{qr.pdf_path(symbol)}Q")
    y = lowest - 2 * MM
    for text, size, style in ((agenda.number, 12, SANS_BOLD), (agenda.show, 8, SANS)):
        y -= size * LEADING
        middle = left + CODE / 2 - measure(text, style) * size / 2000
        _text(pdf, middle, y, size, text, style)
    return y


def _fitted(agenda: Agenda, room: float) -> list[_Line]:
    size = BODY
    lines = list(_lines(agenda, size))
    while sum(line.height for line in lines) > room and size > SMALLEST:
        size *= 0.95
        lines = list(_lines(agenda, size))
    return lines


def _lines(agenda: Agenda, size: float) -> Iterator[_Line]:
    yield _Line(0, size * 2.4, size * 1.4, agenda.title, SANS_BOLD)
    if not agenda.days:
        yield from _wrapped(agenda.empty, SANS, size, 0)
    for day in agenda.days:
        yield _Line(0, size * 2.4, size * 1.1, day.name, SANS_BOLD, ruled=True)
        for item in day.items:
            yield from _item(item, size)


def _item(item: Item, size: float) -> Iterator[_Line]:
    first, *rest = _wrapped(item.title, SANS_BOLD, size, HOURS)
    yield first._replace(height=size * 1.9, beside=item.hours)
    yield from rest
    yield from _wrapped(item.where, SANS, size * 0.85, HOURS)
    for remark in item.remarks:
        yield from _wrapped(f"! {remark}", SANS, size * 0.85, HOURS)


def _wrapped(text: str, style: Style, size: float, x: float) -> Iterator[_Line]:
    width = A4[0] - 2 * MARGIN - x
    for line in wrap(tidy(text, style), style, size, width) if text else ():
        yield _Line(x, size * LEADING, size, line, style)


def _draw(pdf: Pdf, lines: Sequence[_Line], top: float) -> None:
    y = top
    for line in lines:
        y -= line.height
        if line.ruled:
            rule = y + line.size * 1.3
            pdf.draw(f"0.5 w {MARGIN:.2f} {rule:.2f} m {A4[0] - MARGIN:.2f} {rule:.2f} l S")
        if line.beside:
            _text(pdf, MARGIN, y, line.size, line.beside, SANS)
        _text(pdf, MARGIN + line.x, y, line.size, line.text, line.style)


def _text(pdf: Pdf, x: float, y: float, size: float, text: str, style: Style) -> None:
    pdf.draw(f"BT\n{pdf.text(x, y, size, tidy(text, style), style)}ET")
