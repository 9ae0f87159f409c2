"""Badges on the screen: one picture of a badge, as SVG, of the description that is printed too."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from event.layouts import Design, Imposing, usual_design
from event.logos import data_url
from event.names import clean
from exports import qr
from exports.badge_card import MM, Box, Card, card_of
from exports.badge_face import WHITE, Badge, Fill, Line, code_box, drawn_frame, person
from exports.fonts import SANS_BOLD
from exports.imposing import Sheet, Side, sheet_of

FAMILIES = "Be Vietnam Pro, Noto Sans Thai, Noto Sans Lao, Noto Sans SC, Noto Sans KR, sans-serif"


def badge_svg(badge: Badge, design: Design | None = None, layout: str = "") -> str:
    """One badge as an SVG document, light whatever the screen; text stays text.

    Each line carries its measured width, so that it fits in whatever font the viewer has.
    """
    design = design or usual_design()
    card = card_of(design.layouts[layout or design.single].card, logo=bool(design.logo))
    return "".join((*_opening(card, badge.name), *_face(card, badge, design), "</svg>"))


def sheet_svgs(badge: Badge, design: Design, layout: str, imposing: Imposing) -> list[str]:
    """The sheet of a layout with this badge in each place: its front, and its back if any."""
    sheet = sheet_of(design.layouts[layout], imposing, logo=bool(design.logo))
    face = "".join(_face(sheet.card, badge, design))
    return [
        "".join(_side(sheet, side, f"face-{number}", face))
        for number, side in enumerate(sheet.sides, 1)
    ]


def _side(sheet: Sheet, side: Side, name: str, face: str) -> Iterator[str]:
    width, height = sheet.size
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}" '
    yield f'class="paper" aria-hidden="true" font-family="{FAMILIES}">'
    yield f'<defs><g id="{name}">{face}</g></defs>'
    yield _fill(Fill(Box(0, 0, width, height), WHITE))
    for x, y in side.corners:
        yield f'<use href="#{name}" x="{x:.2f}" y="{y:.2f}"/>'
    marks = "".join(f"M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}" for x1, y1, x2, y2 in side.cuts)
    yield f'<path stroke="#000" stroke-width="0.8" fill="none" d="{marks}"/></svg>'


def _face(card: Card, badge: Badge, design: Design) -> Iterator[str]:
    yield _fill(Fill(Box(0, 0, card.width, card.height), WHITE))
    for part in (*drawn_frame(card, badge, design.said), *person(card, badge)):
        yield _fill(part) if isinstance(part, Fill) else _line(part)
    if "logo" in card.shows:
        x, y, width, height = card.logo
        yield f'<image x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" '
        yield f'href="{data_url(design.logo)}"/>'
    if "code" in card.shows:
        yield from _code(code_box(card, badge.tracks), badge.token)


def _opening(card: Card, name: str) -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {card.width:.2f} '
    yield f'{card.height:.2f}" width="{card.width / MM:.0f}mm" height="{card.height / MM:.0f}mm"'
    yield f' role="img" aria-label={quoteattr(clean(name))} font-family="{FAMILIES}">'


def _fill(fill: Fill) -> str:
    x, y, width, height = fill.box
    return (
        f'<path fill="{fill.colour}" d="M{x:.2f} {y:.2f}h{width:.2f}v{height:.2f}h-{width:.2f}z"/>'
    )


def _line(line: Line) -> str:
    weight = ' font-weight="700"' if line.style is SANS_BOLD else ""
    return (
        f'<text x="{line.x:.2f}" y="{line.y:.2f}" font-size="{line.size:.2f}"{weight} '
        f'fill="{line.colour}" textLength="{line.width:.2f}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(line.text)}</text>"
    )


def _code(box: Box, token: str) -> Iterator[str]:
    module = box.width / (qr.SIDE + 2 * qr.QUIET)
    yield f'<path fill="#000" shape-rendering="crispEdges" d="{qr.svg_path(qr.symbol(token))}" '
    yield f'transform="translate({box.x:.2f} {box.y:.2f}) scale({module:.4f})"/>'
