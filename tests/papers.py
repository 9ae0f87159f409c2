"""How tests look at PDFs: poppler draws them, zbar reads their codes, ink is counted."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

DARK = 128
"""Gray below this is ink."""


@dataclass(frozen=True)
class Picture:
    """A page in shades of gray, one byte a pixel."""

    width: int
    height: int
    pixels: bytes

    def ink(self, left: float = 0, top: float = 0, right: float = 1, bottom: float = 1) -> int:
        """Dark pixels in a part of the page, its edges given as shares of width and height."""
        return sum(len(row) for row in self._dark(left, top, right, bottom))

    def ink_height(self, top: float, bottom: float) -> int:
        """From the first to the last row with ink in it."""
        rows = [at for at, row in enumerate(self._dark(0, top, 1, bottom)) if row]
        return rows[-1] - rows[0] + 1

    def part(self, left: int, top: int, width: int, height: int) -> "Picture":
        """A rectangle of it, in pixels."""
        rows = range(top, min(top + height, self.height))
        cut = [self.pixels[y * self.width + left :][:width] for y in rows]
        return Picture(width, len(cut), b"".join(cut))

    def _dark(self, left: float, top: float, right: float, bottom: float) -> list[list[int]]:
        columns = slice(int(left * self.width), int(right * self.width))
        rows = range(int(top * self.height), int(bottom * self.height))
        return [
            [
                shade
                for shade in self.pixels[y * self.width :][: self.width][columns]
                if shade < DARK
            ]
            for y in rows
        ]


def written(write: Callable[[BytesIO], object]) -> bytes:
    """What a writer writes."""
    out = BytesIO()
    write(out)
    return out.getvalue()


def draw(pdf: bytes, folder: Path, dpi: int = 150) -> list[Picture]:
    """Each page as poppler renders it; the pictures stay in the folder."""
    (folder / "paper.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-gray", "-r", str(dpi), "paper.pdf", "page"], cwd=folder, check=True
    )
    return [_picture(path.read_bytes()) for path in sorted(folder.glob("page-*.pgm"))]


def _picture(data: bytes) -> Picture:
    head = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", data)
    assert head
    return Picture(int(head[1]), int(head[2]), data[head.end() :])


def code_on(picture: Picture) -> str:
    """The one QR code of a picture, as a scanner reads it; "" if it cannot."""
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "-"]
    data = b"P5 %d %d 255\n" % (picture.width, picture.height) + picture.pixels
    return (
        subprocess.run(command, input=data, capture_output=True, check=False)
        .stdout.decode()
        .strip()
    )


def said(pdf: bytes, *options: str) -> str:
    """The text of a PDF, as poppler finds it."""
    return _asked("pdftotext", pdf, *options, "-", "-")


def size(pdf: bytes) -> tuple[float, float]:
    """Width and height of the first page, in points."""
    found = re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", _asked("pdfinfo", pdf, "-"))
    assert found
    return float(found[1]), float(found[2])


def facts(pdf: bytes) -> dict[str, str]:
    """What a PDF says of itself: Title, Author, Pages …"""
    told = (line.partition(":") for line in _asked("pdfinfo", pdf, "-").splitlines())
    return {name: text.strip() for name, _, text in told}


def fonts(pdf: bytes) -> list[dict[str, str]]:
    """The fonts of a PDF: name, and whether each is embedded, cut down and searchable."""
    rows = [line.split() for line in _asked("pdffonts", pdf, "-").splitlines()[2:]]
    return [
        dict(zip(("name", "emb", "sub", "uni"), [row[0], *row[-5:-2]], strict=True)) for row in rows
    ]


def _asked(program: str, pdf: bytes, *options: str) -> str:
    answer = subprocess.run([program, *options], input=pdf, check=True, capture_output=True)
    assert answer.stderr == b""
    return answer.stdout.decode()
