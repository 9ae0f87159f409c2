"""The areas of a badge in points, from its description in millimetres."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from event.layouts import CardPart
from exports.qr import QUIET, SIDE

MM = 72 / 25.4
DOT = 0.48  # points, 1/150 inch: codes lie on this grid, so that printers draw equal modules
APART = 1.5 * MM
"""Between the logo and the heading that gives way to it."""


class Box(NamedTuple):
    """A rectangle; `y` grows downwards."""

    x: float
    y: float
    width: float
    height: float


NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Card:
    """A badge's areas; `code` is a square that holds the quiet zone too.

    `alone` are code and person of a badge without tracks: the code goes to the middle when nothing
    stands beside it, and name and organisation reach down to where the tracks would stand.
    """

    width: float
    height: float
    heading: Box
    dates: Box
    rule: Box
    person: Box
    tracks: Box
    code: Box
    band: Box
    logo: Box
    alone: tuple[Box, Box]
    centred: bool
    both_languages: bool
    name_size: float
    text_size: float
    shows: frozenset[str]


def dots(millimetres: float) -> int:
    """The nearest dot of the grid."""
    return round(millimetres * MM / DOT)


@lru_cache(maxsize=64)
def card_of(part: CardPart, *, logo: bool) -> Card:
    """The card that a sound description means, for an organiser with a logo or without."""
    width, height = (dots(side) * DOT for side in part.size or (0, 0))
    shows = frozenset(part.shown) - (set() if logo else {"logo"})
    centred = height > width if part.centred is None else part.centred
    boxes = _boxes(part, logo="logo" in shows)
    lone = _lone_code(boxes["code"], width, boxes["logo"]) if centred else boxes["code"]
    return Card(
        width=width,
        height=height,
        alone=(lone, _lone_person(boxes["person"], boxes["tracks"])),
        centred=centred,
        both_languages=bool(part.both_languages),
        name_size=part.name_size or 18,
        text_size=part.text_size or 8,
        shows=shows,
        **boxes,
    )


def _boxes(part: CardPart, *, logo: bool) -> dict[str, Box]:
    names = ("heading", "dates", "rule", "person", "tracks", "band")
    boxes = {name: _box(getattr(part, name)) for name in names}
    sign = _box(part.logo) if logo else NOWHERE
    given_way = {name: _beside(boxes[name], sign) for name in ("heading", "dates")}
    return boxes | given_way | {"code": _code(part), "logo": sign}


def _box(area: tuple[float, float, float, float] | None) -> Box:
    return Box(*(MM * length for length in area)) if area else NOWHERE


def _code(part: CardPart) -> Box:
    """As large as whole dots for each module allow."""
    if part.code is None:
        return NOWHERE
    left, top, side = part.code
    modules = SIDE + 2 * QUIET
    module = int(side * MM / DOT / modules + 0.01)
    return Box(dots(left) * DOT, dots(top) * DOT, *[module * modules * DOT] * 2)


def _lone_code(code: Box, width: float, logo: Box) -> Box:
    """In the middle of the card, unless the logo stands there."""
    moved = code._replace(x=(width - code.width) / 2 // DOT * DOT)
    return code if _meet(moved, logo) else moved


def _lone_person(person: Box, tracks: Box) -> Box:
    """With the room for tracks that stand right below, as wide as the person."""
    below = tracks.x == person.x and tracks.width == person.width and tracks.y > person.y
    return person._replace(height=person.height + tracks.height) if below else person


def _beside(box: Box, logo: Box) -> Box:
    """What the logo leaves of an area: the part to its left, or the one below it."""
    if not _meet(box, logo):
        return box
    left = box._replace(width=max(logo.x - APART - box.x, 1))
    foot = logo.y + logo.height + APART / 2
    below = box._replace(y=foot, height=max(box.y + box.height - foot, 1))
    return max(left, below, key=lambda part: part.width * part.height)


def _meet(one: Box, other: Box) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return across > 0 and down > 0
