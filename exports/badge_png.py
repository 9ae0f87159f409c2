"""A badge as a PNG picture: what a phone keeps among its photographs."""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from event.layouts import Design
from event.logos import is_png
from exports import qr
from exports.badge_card import Box, Card, card_of
from exports.badge_face import WHITE, Badge, Fill, Line, code_box, drawn_frame, person
from exports.fonts import FOLDER
from exports.text import runs

WIDTH = 1240
"""Pixels: an A6 badge at 300 dots an inch."""


def badge_png(badge: Badge, design: Design) -> bytes:
    """The badge that is printed for one person. A logo in SVG is left out: it cannot be drawn."""
    card = card_of(design.layouts[design.single].card, logo=bool(design.logo))
    scale = WIDTH / card.width
    picture = Image.new("RGB", (WIDTH, round(card.height * scale)), WHITE)
    pen = ImageDraw.Draw(picture)
    for part in (*drawn_frame(card, badge, design.said), *person(card, badge)):
        if isinstance(part, Fill):
            pen.rectangle(_corners(part.box, scale), fill=part.colour)
        else:
            _write(pen, part, scale)
    if "logo" in card.shows and is_png(design.logo):
        _stick(picture, design.logo, card.logo, scale)
    if "code" in card.shows:
        _draw_code(pen, card, badge, scale)
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def _corners(box: Box, scale: float) -> tuple[float, float, float, float]:
    x, y, width, height = box
    return x * scale, y * scale, (x + width) * scale - 1, (y + height) * scale - 1


def _write(pen: ImageDraw.ImageDraw, line: Line, scale: float) -> None:
    """One line in the fonts that have its letters, each run behind the one before."""
    x = line.x * scale
    for run in runs(line.text, line.style):
        font = _font(run.font.name, round(line.size * scale))
        pen.text((x, line.y * scale), run.text, fill=line.colour, font=font, anchor="ls")
        x += font.getlength(run.text)


@lru_cache(maxsize=64)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / f"{file}.ttf"), size)


def _stick(picture: Image.Image, logo: bytes, box: Box, scale: float) -> None:
    """The logo, as large as its box allows, in the middle of it."""
    with Image.open(BytesIO(logo)) as opened:
        image = opened.convert("RGBA")
    width, height = box.width * scale, box.height * scale
    share = min(width / image.width, height / image.height)
    image = image.resize((round(image.width * share), round(image.height * share)))
    left = round(box.x * scale + (width - image.width) / 2)
    top = round(box.y * scale + (height - image.height) / 2)
    picture.paste(image, (left, top), image)


def _draw_code(pen: ImageDraw.ImageDraw, card: Card, badge: Badge, scale: float) -> None:
    """Each dark module as a square of whole pixels, so that none is blurred."""
    box = code_box(card, badge.tracks)
    module = int(box.width * scale / (qr.SIDE + 2 * qr.QUIET))
    spare = box.width * scale - module * qr.SIDE
    left, top = round(box.x * scale + spare / 2), round(box.y * scale + spare / 2)
    for x, y in _dark(qr.symbol(badge.token)):
        at = left + x * module, top + y * module
        pen.rectangle((*at, at[0] + module - 1, at[1] + module - 1), fill="#000000")


def _dark(symbol: qr.Symbol) -> Iterator[tuple[int, int]]:
    for y in range(qr.SIDE):
        row = int.from_bytes(symbol[y * qr.ROW_BYTES : (y + 1) * qr.ROW_BYTES])
        bits = f"{row:0{8 * qr.ROW_BYTES}b}"[: qr.SIDE]
        yield from ((x, y) for x, bit in enumerate(bits) if bit == "1")
