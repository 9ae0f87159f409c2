"""Labels for the envelopes of delegations: three by eight on A4, as they are sold (70 × 37 mm)."""

from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO, NamedTuple

from event.names import clean
from exports.fonts import SANS, SANS_BOLD, Style
from exports.paper import A4, MM
from exports.pdf import Pdf
from exports.text import LEADING, fit, measure

COLUMNS, ROWS = 3, 8
WIDTH, HEIGHT = A4[0] / COLUMNS, A4[1] / ROWS
MARGIN = 5 * MM
"""Printers and hands are a little askew; nothing stands nearer to an edge."""
NAME_SIZE, TEXT_SIZE = 14.0, 10.0
NAME_ROOM, TEXT_ROOM = 14 * MM, 9 * MM


class Label(NamedTuple):
    """One envelope."""

    party: str
    head: str
    people: str


def write_labels(labels: Iterable[Label], title: str, out: BinaryIO) -> int:
    """A PDF of whole sheets; returns the number of labels."""
    labels, count = iter(labels), 0
    with Pdf(out, title) as pdf:
        while sheet := list(islice(labels, COLUMNS * ROWS)):
            for at, label in enumerate(sheet):
                row, column = divmod(at, COLUMNS)
                _draw(pdf, column * WIDTH, A4[1] - row * HEIGHT, label)
            pdf.page(A4)
            count += len(sheet)
        if not count:
            pdf.page(A4)
    return count


def _draw(pdf: Pdf, left: float, top: float, label: Label) -> None:
    """The name above, from the top; head and number below, from the bottom."""
    room = WIDTH - 2 * MARGIN
    name = fit(clean(label.party), SANS_BOLD, (room, NAME_ROOM), NAME_SIZE, 8)
    y = top - MARGIN
    lines = []
    for text in name.lines:
        y -= name.size * LEADING
        lines.append(_line(pdf, left, y, name.size, text, SANS_BOLD))
    bottom = top - HEIGHT + MARGIN
    for text, style in ((f"Số thẻ: {label.people}", SANS_BOLD), (_led(label), SANS)):
        fitted = fit(text, style, (room, TEXT_ROOM), TEXT_SIZE, 2)
        for part in reversed(fitted.lines):
            lines.append(_line(pdf, left, bottom, fitted.size, part, style))
            bottom += TEXT_SIZE * LEADING
    pdf.draw(f"BT 0 g\n{''.join(lines)}ET")


def _led(label: Label) -> str:
    head = clean(label.head)
    return f"Trưởng đoàn: {head}" if head else ""


def _line(pdf: Pdf, left: float, y: float, size: float, text: str, style: Style) -> str:
    """Centred on the label."""
    width = measure(text, style) * size / 1000
    return pdf.text(left + (WIDTH - width) / 2, y, size, text, style)
