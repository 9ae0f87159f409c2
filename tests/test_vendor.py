"""What set-up brings from npm: whole, named by the style sheet, and fit for Vietnamese in PDFs."""

import gzip
import re
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFont

from pages.vendor import VENDOR

STACKED = "".join(map(chr, range(0x1EA0, 0x1EFA)))  # Ạ to ỹ
VIETNAMESE = STACKED + "ĂăÂâĐđÊêÔôƠơƯưĨĩŨũÀàÁáÃãÈèÌìÍíÒòÓóÕõÙùÚúÝý₫–—“”…"


def test_the_style_sheet_names_files_that_are_there() -> None:
    named = set(re.findall(r"url\((.*?)\)", (VENDOR / "fonts.css").read_text()))
    assert named == {"fonts/be-vietnam-pro-400.ttf", "fonts/be-vietnam-pro-600.ttf"}
    assert all((VENDOR / name).is_file() for name in named)


@pytest.mark.parametrize("weight", [400, 600])
def test_a_screen_font_is_one_small_file_with_every_vietnamese_letter(weight: int) -> None:
    font = VENDOR / "fonts" / f"be-vietnam-pro-{weight}.ttf"
    assert missing(font, VIETNAMESE + "AZaz09ŁőŠž") == ""
    assert len(gzip.compress(font.read_bytes(), 9)) < 30_000


def test_scripts_find_each_other_and_their_wasm() -> None:
    reader = (VENDOR / "zxing" / "reader" / "index.js").read_text()
    assert re.findall(r'from ?"(.*?)"', reader) == ["../share.js"]
    assert (VENDOR / "zxing" / "share.js").is_file()
    assert (VENDOR / "zxing" / "reader" / "zxing_reader.wasm").read_bytes()[:4] == b"\0asm"
    assert "htmx" in (VENDOR / "htmx.min.js").read_text()


@pytest.mark.parametrize("name", ["BeVietnamPro_*.ttf", "Tinos_*.ttf"])
def test_fonts_of_pdfs_hold_every_vietnamese_letter(name: str) -> None:
    fonts = sorted((VENDOR / "fonts").glob(name))
    assert fonts
    assert [missing(font, VIETNAMESE) for font in fonts] == [""] * len(fonts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("NotoSansKR", "김민준 박서연"),
        ("NotoSansSC", "王伟 李娜 張"),
        ("NotoSansThai", "สมชาย ใจดี"),
        ("NotoSansLao", "ສົມພອນ ວົງສາ"),
    ],
)
def test_fonts_of_pdfs_hold_names_in_other_scripts(name: str, text: str) -> None:
    fonts = sorted((VENDOR / "fonts").glob(f"{name}_*.ttf"))
    assert [missing(font, text) for font in fonts] == ["", ""]


def missing(font: Path, text: str) -> str:
    """The letters that a font lacks. Reading it also fails for outlines that reportlab refuses."""
    held = TTFont(font.stem, str(font)).face.charToGlyph
    return "".join(letter for letter in text if ord(letter) not in held)
