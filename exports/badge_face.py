"""What stands where on a badge, in points from the top left, for the screen and for print."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from event.words import Words
from exports.badge_card import Box, Card
from exports.fonts import SANS, SANS_BOLD, Style
from exports.text import LEADING, Fitted, fit, measure, tidy, wrap

SHOWN_AS = {"title_line": "title"}
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


@lru_cache(maxsize=256)
def frame(
    card: Card, event: str, dates: str, category: str, colour: str, second: tuple[str, str]
) -> tuple[Fill | Line, ...]:
    """What all badges of one category share; `second`: event and category in English, or ""."""
    return tuple(_framed(card, event, dates, category, colour, second))


def _framed(
    card: Card, event: str, dates: str, category: str, colour: str, second: tuple[str, str]
) -> Iterator[Fill | Line]:
    size, ink = card.text_size, contrast(colour)
    if "category" in card.shows:
        yield Fill(card.band, colour)
    if "heading" in card.shows:
        yield Fill(card.rule, colour)
        for box, text, share in _halves(card.heading, event, second[0]):
            fitted = fit(tidy(text, SANS_BOLD), SANS_BOLD, box[2:], size * share, 3)
            yield from _set(box, fitted, SANS_BOLD, DARK, centred=card.centred)
    if "dates" in card.shows:
        when = fit(tidy(dates, SANS), SANS, card.dates[2:], size * 0.75, 1)
        yield from _set(card.dates, when, SANS, GREY, centred=card.centred)
    if "category" in card.shows:
        band = Box(card.band.x + 6, card.band.y, card.band.width - 12, card.band.height)
        for box, text, share in _halves(band, category.upper(), second[1]):
            inside = box.width, box.height * 0.85
            what = fit(tidy(text, SANS_BOLD), SANS_BOLD, inside, size * 1.6 * share, 2)
            yield from _set(box, what, SANS_BOLD, ink, centred=True)


def _halves(box: Box, first: str, second: str) -> Iterator[tuple[Box, str, float]]:
    """Where one text stands, or two below each other, the second one smaller."""
    upper = box.height * (0.6 if second else 1)
    yield box._replace(height=upper), first, 1
    if second:
        yield box._replace(y=box.y + upper, height=box.height - upper), second, 0.7


def in_both(
    said: Mapping[str, Words], event: str, category: str
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Event and category in Vietnamese, and in English where it has other words."""
    both = said.get(event, Words(event)), said.get(category, Words(category))
    second = tuple("" if words.en == words.vi else words.en for words in both)
    return (both[0].vi, both[1].vi), (second[0], second[1])


def drawn_frame(card: Card, badge: Badge, said: Mapping[str, Words]) -> tuple[Fill | Line, ...]:
    """What this badge shares with others of its category, in one language or in both."""
    key = badge.event_name, badge.event_dates, badge.category, badge.colour
    return frame_of(card, said, *key)


def frame_of(
    card: Card, said: Mapping[str, Words], event: str, dates: str, category: str, colour: str
) -> tuple[Fill | Line, ...]:
    """The same, of what is shared."""
    second = ("", "")
    if card.both_languages:
        (event, category), second = in_both(said, event, category)
    return frame(card, event, dates, category, colour, second)


def person(card: Card, badge: Badge) -> Iterator[Line]:
    """What is one person's own, but for the code."""
    for top, block in stack(card, badge):
        yield from (line._replace(y=line.y + top) for line in block.lines)
    yield from named(card, badge.tracks)
    if numbered(card):
        yield number(card, badge)


def numbered(card: Card) -> bool:
    """Whether the number stands on the badge."""
    return "number" in card.shows and card.code.width > 0


def number(card: Card, badge: Badge) -> Line:
    """What people say on the phone, under the code."""
    size = card.text_size * 0.65
    code = code_box(card, badge.tracks)
    width = measure(badge.number, SANS) * size / 1000
    left = code.x + (code.width - width) / 2
    base = code.y + code.height - size * 0.4 + size * RISE
    return Line(left, base, width, size, badge.number, SANS, GREY)


def code_box(card: Card, tracks: tuple[str, ...]) -> Box:
    """Where the QR code goes."""
    return card.code if tracks and "tracks" in card.shows else card.alone[0]


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
    area, size = card.alone[1] if alone else card.person, card.text_size
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
        if SHOWN_AS.get(field, field) in card.shows
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
    area, parts = _parts(card, alone=not badge.tracks or "tracks" not in card.shows)
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
    alone = alone or "tracks" not in card.shows
    part = next((part for part in _parts(card, alone=alone)[1] if part.field == "name"), None)
    block = part and _block(part, name)
    return block.lines if block else ()


@lru_cache(maxsize=1024)
def named(card: Card, tracks: tuple[str, ...]) -> tuple[Line, ...]:
    """The tracks, one under the other, at the largest size at which all of them fit."""
    if "tracks" not in card.shows:
        return ()
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
