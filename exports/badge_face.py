"""What stands where on a badge, in points from the top left, for the screen and for print."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from exports.fonts import SANS, SANS_BOLD, Style
from exports.qr import QUIET, SIDE
from exports.text import LEADING, Fitted, fit, measure, tidy, wrap

MM = 72 / 25.4
DOT = 0.48  # points, 1/150 inch: codes lie on this grid, so that printers draw equal modules
RISE = 0.95  # font sizes from the top of a line to its base
DARK, GREY, WHITE = "#111111", "#444444", "#ffffff"


class Badge(NamedTuple):
    """One printed badge. `token` is the 200 digits of its QR code, `colour` "#rrggbb".

    `number` is what people say on the phone; `event_dates` is one line with dates and place.
    """

    number: str
    name: str
    title_line: str
    organisation: str
    position: str
    category: str
    colour: str
    tracks: tuple[str, ...]
    token: str
    event_name: str
    event_dates: str


class Box(NamedTuple):
    """A rectangle; `y` grows downwards."""

    x: float
    y: float
    width: float
    height: float


class Fill(NamedTuple):
    """A rectangle of one colour."""

    box: Box
    colour: str


class Line(NamedTuple):
    """One line of text: where it starts on its base line, and how wide it is."""

    x: float
    y: float
    width: float
    size: float
    text: str
    style: Style
    colour: str


@dataclass(frozen=True, eq=False)
class Block:
    """Lines that belong together; their `y` is from the top of the block."""

    lines: tuple[Line, ...]
    height: float


@dataclass(frozen=True, eq=False)
class Card:
    """The areas of one badge layout; `code` is a square that holds the quiet zone too."""

    width: float
    height: float
    heading: Box
    dates: Box
    rule: Box
    person: Box
    tracks: Box
    code: Box
    band: Box
    centred: bool
    name_size: float
    text_size: float


def _card(
    size: tuple[int, int], code: tuple[int, int, int], *, sizes: tuple[float, float], **areas: Box
) -> Card:
    """A card; it and its code (left, top, a module) in dots, other areas in millimetres."""
    boxes = {name: Box(*(MM * part for part in box)) for name, box in areas.items()}
    side = code[2] * (SIDE + 2 * QUIET) * DOT
    return Card(
        width=size[0] * DOT,
        height=size[1] * DOT,
        code=Box(code[0] * DOT, code[1] * DOT, side, side),
        centred=size[1] > size[0],
        name_size=sizes[0],
        text_size=sizes[1],
        **boxes,
    )


PORTRAIT = _card(
    (620, 874), (53, 511, 5), sizes=(34, 13),
    heading=Box(8, 9, 89, 14), dates=Box(8, 24, 89, 5), rule=Box(40, 31, 25, 0.8),
    person=Box(6, 33, 93, 51), tracks=Box(54, 88, 45, 37), band=Box(0, 130, 105, 18),
)  # fmt: skip
LANDSCAPE = _card(
    (532, 319), (343, 68, 4), sizes=(18, 8),
    heading=Box(4, 2.5, 82, 5.5), dates=Box(4, 8, 82, 3), rule=Box(4, 11.8, 12, 0.5),
    person=Box(4, 13.5, 53, 22.5), tracks=Box(4, 36.5, 53, 8.5), band=Box(0, 46, 90.08, 8.02),
)  # fmt: skip


@lru_cache(maxsize=256)
def frame(
    card: Card, event: str, dates: str, category: str, colour: str
) -> tuple[Fill | Line, ...]:
    """What all badges of one category share."""
    band = Box(card.band.x + 6, card.band.y, card.band.width - 12, card.band.height)
    size, bold = card.text_size, SANS_BOLD
    heading = fit(tidy(event, bold), bold, card.heading[2:], size, 3)
    when = fit(tidy(dates, SANS), SANS, card.dates[2:], size * 0.75, 1)
    inside = band.width, band.height * 0.85
    what = fit(tidy(category.upper(), bold), bold, inside, size * 1.6, 2)
    return (
        Fill(card.band, colour),
        Fill(card.rule, colour),
        *_set(card.heading, heading, bold, DARK, centred=card.centred),
        *_set(card.dates, when, SANS, GREY, centred=card.centred),
        *_set(band, what, bold, contrast(colour), centred=True),
    )


def person(card: Card, badge: Badge) -> Iterator[Line]:
    """What is one person's own, but for the code."""
    for top, block in stack(card, badge):
        yield from (line._replace(y=line.y + top) for line in block.lines)
    yield from named(card, badge.tracks)
    yield number(card, badge)


def number(card: Card, badge: Badge) -> Line:
    """What people say on the phone, under the code."""
    size = card.text_size * 0.65
    code = code_box(card, badge.tracks)
    width = measure(badge.number, SANS) * size / 1000
    left = code.x + (code.width - width) / 2
    base = code.y + code.height - size * 0.4 + size * RISE
    return Line(left, base, width, size, badge.number, SANS, GREY)


def code_box(card: Card, tracks: tuple[str, ...]) -> Box:
    """Where the QR code goes: to the middle when nothing stands beside it."""
    if tracks or not card.centred:
        return card.code
    return card.code._replace(x=(card.width - card.code.width) / 2 // DOT * DOT)


def person_box(card: Card, tracks: tuple[str, ...]) -> Box:
    """Where name and organisation go: down to the band when no tracks stand below them."""
    if tracks or card.centred:
        return card.person
    return card.person._replace(height=card.person.height + card.tracks.height)


def contrast(colour: str) -> str:
    """The readable one of white and black on a colour, by WCAG's relative luminance."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.183 else WHITE


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


@dataclass(frozen=True, eq=False)
class _Part:
    """A field of the badge and what it may take: a typeface, a share of the height, some lines."""

    field: str
    style: Style
    colour: str
    box: Box
    largest: float
    lines: int
    centred: bool


@cache
def _parts(card: Card, *, alone: bool) -> tuple[Box, tuple[_Part, ...]]:
    """The area of a person, with tracks below it or `alone`, and what stands in it from the top."""
    area, size = person_box(card, () if alone else ("",)), card.text_size
    shares = (
        ("title_line", SANS, GREY, size, 1, 0.1),
        ("name", SANS_BOLD, DARK, card.name_size, 3, 0.5),
        ("position", SANS, GREY, size, 2, 0.17),
        ("organisation", SANS_BOLD, DARK, size, 3, 0.23),
    )
    return area, tuple(
        _Part(
            field, style, colour, Box(area.x, 0, area.width, area.height * share),
            largest, lines, card.centred,
        )
        for field, style, colour, largest, lines, share in shares
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _block(part: _Part, text: str) -> Block | None:
    """What one field becomes; most people share theirs with others."""
    cleaned = tidy(text, part.style).strip()
    if not cleaned:
        return None
    fitted = fit(cleaned, part.style, part.box[2:], part.largest, part.lines)
    height = len(fitted.lines) * fitted.size * LEADING
    box = part.box._replace(height=height)
    lines = _set(box, fitted, part.style, part.colour, centred=part.centred)
    return Block(tuple(lines), height)


def stack(card: Card, badge: Badge) -> Iterator[tuple[float, Block]]:
    """Title, name, position and organisation in the middle of their area, each with its top."""
    area, parts = _parts(card, alone=not badge.tracks)
    found = [_block(part, getattr(badge, part.field)) for part in parts]
    blocks = [block for block in found if block]
    spare = area.height - sum(block.height for block in blocks)
    gap = min(card.text_size * 0.35, spare / max(len(blocks), 1))
    top = area.y + (spare - gap * (len(blocks) - 1)) / 2
    for block in blocks:
        yield top, block
        top += block.height + gap


def name_lines(card: Card, name: str, *, alone: bool) -> tuple[Line, ...]:
    """How a name is set, with tracks below it or `alone`."""
    part = next(part for part in _parts(card, alone=alone)[1] if part.field == "name")
    block = _block(part, name)
    return block.lines if block else ()


@lru_cache(maxsize=1024)
def named(card: Card, tracks: tuple[str, ...]) -> tuple[Line, ...]:
    """The tracks, one under the other, at the largest size at which all of them fit."""
    size = card.text_size * 0.8
    lines = _bulleted(tracks, size, card.tracks.width)
    while len(lines) * size * LEADING > card.tracks.height and size > 2:
        size *= 0.95
        lines = _bulleted(tracks, size, card.tracks.width)
    return tuple(_set(card.tracks, Fitted(size, tuple(lines)), SANS, DARK, centred=False))


def _bulleted(tracks: tuple[str, ...], size: float, width: float) -> list[str]:
    return [line for track in tracks for line in wrap(tidy(f"• {track}", SANS), SANS, size, width)]


def _set(box: Box, fitted: Fitted, style: Style, colour: str, *, centred: bool) -> Iterator[Line]:
    """Lines in the middle of a box, from its left edge or centred."""
    step = fitted.size * LEADING
    y = box.y + (box.height - step * len(fitted.lines)) / 2 + fitted.size * RISE
    for text in fitted.lines:
        width = measure(text, style) * fitted.size / 1000
        x = box.x + (box.width - width) / 2 if centred else box.x
        yield Line(x, y, width, fitted.size, text, style, colour)
        y += step
