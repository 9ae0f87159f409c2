"""How badges look and lie on paper: one description, in the event file, for screen and print."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from event.eventvalues import (
    Area,
    Few,
    Key,
    Logo,
    Margin,
    Name,
    Offset,
    Parts,
    Points,
    Size,
    Square,
    YesNo,
)
from event.words import Words

AREA_OF = {
    "heading": "heading",
    "dates": "dates",
    "logo": "logo",
    "title": "person",
    "name": "person",
    "position": "person",
    "organisation": "person",
    "tracks": "tracks",
    "code": "code",
    "number": "code",
    "category": "band",
}
"""What a badge can show, and the area of the card in which it stands."""
PAPERS = {"A3": (297.0, 420.0), "A4": (210.0, 297.0), "A5": (148.0, 210.0), "A6": (105.0, 148.0)}
Paper = Annotated[
    Literal["A3", "A4", "A5", "A6"] | Size,
    Meta(description="paper"),
]


class LayoutPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cards on a page; what is None is as in the layout of that key that comes along."""

    name: Name | None = None
    name_en: Name | None = None
    card: Key | None = None
    paper: Paper | None = None
    columns: Few | None = None
    rows: Few | None = None
    margin: Margin | None = None
    cut_marks: YesNo | None = None


class CardPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The areas of a badge in millimetres, what is shown in them, and letters in points."""

    size: Size | None = None
    parts: Parts | None = None
    both_languages: YesNo | None = None
    centred: YesNo | None = None
    logo: Area | None = None
    heading: Area | None = None
    dates: Area | None = None
    rule: Area | None = None
    person: Area | None = None
    code: Square | None = None
    tracks: Area | None = None
    band: Area | None = None
    name_size: Points | None = None
    text_size: Points | None = None

    @property
    def shown(self) -> tuple[str, ...]:
        """The parts of a badge that this card has."""
        return tuple(AREA_OF) if self.parts is None else self.parts


class BadgesPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [badges] of an event file; once read, its logo is as `event.logos.inline` says.

    Without a logo, the one that is there stays; an empty one takes it away.
    """

    layout: Key | None = None
    offset: Offset | None = None
    duplex: YesNo | None = None
    logo: Logo | None = None
    layouts: dict[Key, LayoutPart] = {}
    cards: dict[Key, CardPart] = {}


@dataclass(frozen=True)
class Layout:
    """One way to print badges: `paper` in millimetres, `margin` to the first card or None."""

    name: Words
    card: CardPart
    paper: tuple[float, float]
    columns: int
    rows: int
    margin: tuple[float, float] | None
    cut_marks: bool


@dataclass(frozen=True)
class Imposing:
    """What is chosen for one printing. `offset`: millimetres to the right and down, for a printer
    that pulls askew; backs are shifted the other way across, so that both sides meet.
    """

    duplex: bool = False
    stacked: bool = False
    offset: tuple[float, float] = (0, 0)

    @classmethod
    def wished(cls, options: Mapping[str, Any]) -> "Imposing":
        """As a print run keeps it, in JSON."""
        across, down = options.get("offset", (0, 0))
        return cls(bool(options.get("duplex")), bool(options.get("stacked")), (across, down))

    @property
    def options(self) -> dict[str, Any]:
        """The same for a print run, without what is usual."""
        chosen = {"duplex": self.duplex, "stacked": self.stacked}
        shifted = {"offset": list(self.offset)} if any(self.offset) else {}
        return {name: True for name, value in chosen.items() if value} | shifted


@dataclass(frozen=True)
class Design:
    """All that a site needs to print badges. `offset`: millimetres to the right and down.

    `said` has event and categories in both languages, by their name in either.
    """

    layout: str
    offset: tuple[float, float]
    duplex: bool
    layouts: Mapping[str, Layout]
    said: Mapping[str, Words] = field(default_factory=dict)
    logo: bytes = b""

    @property
    def single(self) -> str:
        """The layout for one badge by itself: the usual one if it has one card on a page."""
        usual = self.layouts[self.layout]
        return self.layout if usual.columns * usual.rows == 1 else "a6"

    @property
    def imposing(self) -> Imposing:
        """How this event is printed unless something else is chosen."""
        return Imposing(duplex=self.duplex, offset=self.offset)

    def names(self, language: str) -> dict[str, str]:
        """What can be chosen, in the reader's language."""
        return {key: layout.name.in_(language) for key, layout in self.layouts.items()}


@cache
def usual() -> BadgesPart:
    """What an event file need not say."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["badges"], BadgesPart)


def whole(part: BadgesPart) -> BadgesPart:
    """With everything that the file leaves out."""
    base = usual()
    return msgspec.structs.replace(
        _laid_over(base, part),
        layouts=_each_over(base.layouts, part.layouts),
        cards=_each_over(base.cards, part.cards),
    )


def differing(part: BadgesPart) -> BadgesPart:
    """Without everything that a file may leave out."""
    base = usual()
    return msgspec.structs.replace(
        _without(part, base, but=("layouts", "cards")),
        layouts=_each_without(part.layouts, base.layouts),
        cards=_each_without(part.cards, base.cards),
    )


def designed(part: BadgesPart) -> Design:
    """The design that a sound description means, but for logo and names."""
    full = whole(part)
    layouts = {key: _layout(layout, full.cards) for key, layout in full.layouts.items()}
    usual_layout, offset = full.layout or "a6", full.offset or (0, 0)
    return Design(usual_layout, offset, bool(full.duplex), layouts)


@cache
def usual_design() -> Design:
    """Of an event whose file says nothing of badges."""
    return designed(BadgesPart())


def paper_of(part: LayoutPart) -> tuple[float, float]:
    """Width and height in millimetres."""
    paper = part.paper or "A4"
    return PAPERS[paper] if isinstance(paper, str) else paper


def _layout(part: LayoutPart, cards: Mapping[str, CardPart]) -> Layout:
    return Layout(
        name=Words(part.name or "", part.name_en or ""),
        card=cards[part.card or ""],
        paper=paper_of(part),
        columns=part.columns or 1,
        rows=part.rows or 1,
        margin=part.margin,
        cut_marks=part.cut_marks is not False,
    )


Part = TypeVar("Part", bound=Struct)


def _laid_over(base: Part, part: Part) -> Part:
    return msgspec.structs.replace(base, **_stated(part))


def _stated(part: Struct) -> dict[str, Any]:
    values = ((name, getattr(part, name)) for name in part.__struct_fields__)
    return {name: value for name, value in values if value is not None}


def _without(part: Part, base: Part, but: tuple[str, ...] = ()) -> Part:
    same = [
        name
        for name, value in _stated(part).items()
        if name not in but and value == getattr(base, name)
    ]
    return msgspec.structs.replace(part, **dict.fromkeys(same))


def _each_over(base: Mapping[str, Part], parts: Mapping[str, Part]) -> dict[str, Part]:
    changed = {
        key: _laid_over(base[key], part) if key in base else part for key, part in parts.items()
    }
    return {**base, **changed}


def _each_without(parts: Mapping[str, Part], base: Mapping[str, Part]) -> dict[str, Part]:
    left = {key: _without(part, base[key]) if key in base else part for key, part in parts.items()}
    return {key: part for key, part in left.items() if key not in base or _stated(part)}
