"""The file that lists and badges are drawn in: written as it grows, every letter searchable."""

from io import BytesIO
from pathlib import Path

from exports.fonts import SERIF
from exports.pdf import Pdf
from tests.papers import draw, fonts, said

A6 = (298, 420)


def test_pages_leave_for_the_file_as_they_are_finished() -> None:
    out, lengths = BytesIO(), []
    with Pdf(out, "Many pages") as pdf:
        for number in range(5):
            lengths.append(out.tell())
            pdf.draw(f"BT {pdf.text(20, 200, 12, str(number), SERIF)}ET")
            pdf.page(A6)
    assert lengths == sorted(set(lengths))
    assert lengths[0] < 30


def test_each_page_keeps_its_own_size(tmp_path: Path) -> None:
    out = BytesIO()
    with Pdf(out, "Two sizes") as pdf:
        for size in ((144, 72), (72, 144), (144, 72)):
            pdf.page(size)
    pages = draw(out.getvalue(), tmp_path, dpi=72)
    assert [(page.width, page.height) for page in pages] == [(144, 72), (72, 144), (144, 72)]


def test_more_letters_than_a_byte_can_number_are_all_there() -> None:
    """Some numbers stand for brackets and line ends, which mean something within a string."""
    lines = ["".join(map(chr, range(start, start + 20))) for start in range(0x4E00, 0x5300, 20)]
    out = BytesIO()
    with Pdf(out, "Chữ Hán") as pdf:
        for line in lines:
            pdf.draw(f"BT {pdf.text(20, 200, 10, line, SERIF)}ET")
            pdf.page(A6)
    assert said(out.getvalue()).split() == lines
    assert [font["uni"] for font in fonts(out.getvalue())] == ["yes"]


def test_an_error_is_not_hidden_by_a_finished_file() -> None:
    out = BytesIO()
    try:
        with Pdf(out, "Broken off") as pdf:
            pdf.page(A6)
            raise LookupError
    except LookupError:
        assert b"%%EOF" not in out.getvalue()
