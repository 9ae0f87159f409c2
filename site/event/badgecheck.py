"""Whether badges can be printed as described: areas on their cards, cards on their paper."""

from collections.abc import Iterator, Mapping

from event.layouts import AREA_OF, BadgesPart, CardPart, LayoutPart, paper_of, whole
from event.sittings import Problem

NEARLY = 0.05  # millimetres that nobody cuts as precisely as
AREAS = ("logo", "heading", "dates", "rule", "person", "tracks", "band")
Corners = tuple[float, float, float, float]


def problems_in_badges(part: BadgesPart) -> Iterator[Problem]:
    """Everything that does not fit, in the order of the file."""
    full = whole(part)
    if full.layout not in full.layouts:
        yield Problem("badges.layout", "unknown_key", _known(full.layout, full.layouts))
    for key, layout in full.layouts.items():
        yield from _in_layout(layout, f"badges.layouts.{key}", full.cards)
    for key, card in full.cards.items():
        yield from _in_card(card, f"badges.cards.{key}")


def _known(found: object, known: Mapping[str, object]) -> dict[str, object]:
    return {"found": found, "known": list(known)}


def _in_layout(part: LayoutPart, where: str, cards: Mapping[str, CardPart]) -> Iterator[Problem]:
    for name, right in (("name", "name"), ("card", "key"), ("paper", "paper")):
        if getattr(part, name) is None:
            yield Problem(f"{where}.{name}", "missing", {"right": right})
    if part.card is None:
        return
    if part.card not in cards:
        yield Problem(f"{where}.card", "unknown_key", _known(part.card, cards))
        return
    size = cards[part.card].size
    if size and part.paper is not None:
        yield from _on_paper(part, size, where)


def _on_paper(part: LayoutPart, size: tuple[float, float], where: str) -> Iterator[Problem]:
    left, top = part.margin or (0, 0)
    needed = left + size[0] * (part.columns or 1), top + size[1] * (part.rows or 1)
    paper = paper_of(part)
    if needed[0] > paper[0] + NEARLY or needed[1] > paper[1] + NEARLY:
        yield Problem(where, "off_paper", {"needed": _by(needed), "paper": _by(paper)})


def _in_card(card: CardPart, where: str) -> Iterator[Problem]:
    if card.size is None:
        yield Problem(f"{where}.size", "missing", {"right": "size"})
    for part in card.shown:
        if part not in AREA_OF:
            yield Problem(f"{where}.parts", "unknown_key", _known(part, AREA_OF))
    for name in dict.fromkeys(AREA_OF[part] for part in card.shown if part in AREA_OF):
        optional = card.parts is None and name in ("logo", "heading", "dates")
        if getattr(card, name) is None and not optional:
            right = "square" if name == "code" else "area"
            yield Problem(f"{where}.{name}", "missing", {"right": right})
    if card.size:
        yield from _in_areas(card, card.size, where)


def _in_areas(card: CardPart, size: tuple[float, float], where: str) -> Iterator[Problem]:
    areas = corners_of(card)
    for name, (_, _, right, bottom) in areas.items():
        if right > size[0] + NEARLY or bottom > size[1] + NEARLY:
            found = _by((right, bottom))
            yield Problem(f"{where}.{name}", "off_card", {"found": found, "card": _by(size)})
    for name, corners in areas.items():
        if name != "code" and "code" in areas and _overlap(corners, areas["code"]):
            yield Problem(f"{where}.{name}", "over_code")


def corners_of(card: CardPart) -> dict[str, Corners]:
    """The areas that are drawn in, each as left, top, right and bottom."""
    used = {AREA_OF[part] for part in card.shown if part in AREA_OF} | {"rule"}
    boxes = {name: getattr(card, name) for name in AREAS if name in used}
    if card.code and "code" in used:
        boxes["code"] = (*card.code, card.code[2])
    return {
        name: (box[0], box[1], box[0] + box[2], box[1] + box[3])
        for name, box in boxes.items()
        if box
    }


def _overlap(one: Corners, other: Corners) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > NEARLY and down > NEARLY


def _by(size: tuple[float, float]) -> str:
    return f"{size[0]:.4g} × {size[1]:.4g}"
