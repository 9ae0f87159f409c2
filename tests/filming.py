"""What a camera sees, as a file for Chromium's: badges held up one after the other."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

SIZE = (640, 480)
WALL, PAPER = (60, 66, 74), (250, 250, 247)
SIDE = 260  # pixels of the code


def picture(code: str = "") -> bytes:
    """A badge in somebody's hand, askew and not quite sharp; without a code, the wall behind."""
    seen = Image.new("RGB", SIZE, WALL)
    if code:
        card = Image.new("RGB", (SIDE + 60, SIDE + 100), PAPER)
        card.paste(_symbol(code), (30, 30))
        ImageDraw.Draw(card).rectangle((30, SIDE + 50, SIDE, SIDE + 70), fill=(20, 20, 20))
        held = card.rotate(6, expand=True, fillcolor=WALL)
        seen.paste(held, ((SIZE[0] - held.width) // 2, (SIZE[1] - held.height) // 2))
        seen = seen.filter(ImageFilter.GaussianBlur(0.8))
    taken = io.BytesIO()
    seen.save(taken, "JPEG", quality=80)
    return taken.getvalue()


def _symbol(code: str) -> Image.Image:
    drawn = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    drawn.add_data(code)
    rows = drawn.get_matrix()
    dots = Image.new("L", (len(rows), len(rows)))
    dots.putdata([0 if cell else 255 for row in rows for cell in row])
    return dots.resize((SIDE, SIDE), Image.Resampling.BOX)


def film_of(path: Path, pictures: list[bytes], *, each: int) -> Path:
    """Motion JPEG, 30 pictures a second, each shown so often; Chromium begins again at its end."""
    path.write_bytes(b"".join(seen for seen in pictures for _ in range(each)))
    return path
