"""What stands where on a badge, in points from the top left, for the screen and for print."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from exports.fonts import SANS, SANS_BOLD, Style
from exports.qr import QUIET, SIDE
from exports.text import LEADING, Fitted, fit, measure, tidy, wrap

MM = 72 / 25.4
DOT = 0.48  # points, 1/150 inch: codes lie on this grid, so that printers draw equal modules
DARK, GREY, WHITE = "#111111", "#444444", "#ffffff"


@dataclass(frozen=True)
class Badge:
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


@dataclass(frozen=True)
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
    yield from _stack(card, person_box(card, badge), badge)
    yield from _tracks(card, badge.tracks)
    size = card.text_size * 0.65
    number = Fitted(size, (badge.number,))
    code = code_box(card, badge)
    under = Box(code.x, code.y + code.height - size * 0.4, code.width, size * LEADING)
    yield from _set(under, number, SANS, GREY, centred=True)


def code_box(card: Card, badge: Badge) -> Box:
    """Where the QR code goes: to the middle when nothing stands beside it."""
    if badge.tracks or not card.centred:
        return card.code
    return card.code._replace(x=(card.width - card.code.width) / 2 // DOT * DOT)


def person_box(card: Card, badge: Badge) -> Box:
    """Where name and organisation go: down to the band when no tracks stand below them."""
    if badge.tracks or card.centred:
        return card.person
    return card.person._replace(height=card.person.height + card.tracks.height)


def contrast(colour: str) -> str:
    """The readable one of white and black on a colour, by WCAG's relative luminance."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.183 else WHITE


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _about(card: Card, box: Box, badge: Badge) -> Iterator[tuple[Fitted, Style, str]]:
    """Title, name, position and organisation, each in its share of the height."""
    width, height = box.width, box.height
    size = card.text_size
    shares = (
        (badge.title_line, SANS, GREY, size, 1, 0.1),
        (badge.name, SANS_BOLD, DARK, card.name_size, 3, 0.5),
        (badge.position, SANS, GREY, size, 2, 0.17),
        (badge.organisation, SANS_BOLD, DARK, size, 3, 0.23),
    )
    for text, style, colour, largest, lines, share in shares:
        if cleaned := tidy(text, style).strip():
            yield _fitted(cleaned, style, (width, height * share), largest, lines), style, colour


_fitted = lru_cache(maxsize=4096)(fit)


def _stack(card: Card, area: Box, badge: Badge) -> Iterator[Line]:
    """Under each other, with some air between, in the middle of the area."""
    stacked = list(_about(card, area, badge))
    heights = [len(fitted.lines) * fitted.size * LEADING for fitted, _, _ in stacked]
    spare = area.height - sum(heights)
    gap = min(card.text_size * 0.35, spare / max(len(stacked), 1))
    top = area.y + (spare - gap * (len(stacked) - 1)) / 2
    for (fitted, style, colour), height in zip(stacked, heights, strict=True):
        box = Box(area.x, top, area.width, height)
        yield from _set(box, fitted, style, colour, centred=card.centred)
        top += height + gap


@lru_cache(maxsize=1024)
def _tracks(card: Card, tracks: tuple[str, ...]) -> tuple[Line, ...]:
    """One under the other, at the largest size at which all of them fit."""
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
    y = box.y + (box.height - step * len(fitted.lines)) / 2 + fitted.size * 0.95
    for text in fitted.lines:
        width = measure(text, style) * fitted.size / 1000
        x = box.x + (box.width - width) / 2 if centred else box.x
        yield Line(x, y, width, fitted.size, text, style, colour)
        y += step
