"""Badges on paper and screen: codes are read back, no name is cut, every script is right."""

import os
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from event.layouts import Imposing, usual_design
from exports.badge_card import DOT, MM, Card, card_of
from exports.badge_face import Badge, Line, contrast, frame, person
from exports.badge_picture import badge_svg
from exports.badges import write_badges
from exports.fonts import SANS, SANS_BOLD
from exports.imposing import sheet_of
from exports.text import fit, measure, missing_glyphs, runs
from tests.papers import Picture, code_on, draw, fonts, said, size, written

ROOT = Path(__file__).parents[1]
LONGEST = "Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Thiên Kim Ngọc Bảo Trân"
NAMES = (
    "Nguyễn Văn Á", LONGEST, "Kim Min-jun 김민준", "欧阳震华", "สมชาย ที่รักน้ำใจ", "ສົມສະໄຫວ ພົມມະຈັນ",
    "<b>Lê & Hoa</b>", "Владимир Žižek",
)  # fmt: skip
FRAME = ("Kết nối công nghệ và Đổi mới sáng tạo Việt Nam 2023", "29–30/09/2023 · Quảng Ninh")
TRACKS = ("Vật liệu mới", "Khoa học phục vụ sức khỏe: nông nghiệp và y tế")


CARDS = {key: card_of(layout.card, logo=False) for key, layout in usual_design().layouts.items()}
SHEETS = {
    key: sheet_of(layout, Imposing(duplex=True)) for key, layout in usual_design().layouts.items()
}
PORTRAIT, LANDSCAPE = CARDS["a6"], CARDS["10up"]


def token(number: int) -> str:
    """Two hundred digits, other ones for each badge."""
    return str((number + 1) * 7**236)[:200]


def a_badge(name: str = "Nguyễn Văn Á", number: int = 1, **other: object) -> Badge:
    """A delegate's badge."""
    badge = Badge(
        number=f"{number:05d}",
        name=name,
        title_line="TS.",
        organisation="Sở Khoa học và Công nghệ tỉnh Quảng Ninh",
        position="Phó Giám đốc",
        category="Đại biểu, khách mời",
        colour="#0b5394",
        tracks=TRACKS,
        token=token(number),
        event_name=FRAME[0],
        event_dates=FRAME[1],
    )
    return badge._replace(**other)  # type: ignore[arg-type]


def printed(*badges: Badge, layout: str = "a6") -> bytes:
    """The PDF of some badges."""
    return written(lambda out: write_badges(badges, layout, out))


def lone(name: str, folder: Path) -> Picture:
    """A badge with nothing but a name in its upper two thirds, drawn."""
    bare = a_badge(name, title_line="", organisation="", position="", event_name="", event_dates="")
    folder.mkdir()
    return draw(printed(bare), folder)[0]


@pytest.mark.parametrize(
    ("layout", "pages"), [("a6", 64), ("card", 64), ("4up", 16), ("8up", 8), ("10up", 7)]
)
def test_every_code_is_read_back_from_paper(layout: str, pages: int, tmp_path: Path) -> None:
    badges = [a_badge(NAMES[at % len(NAMES)], at) for at in range(64)]
    drawn = draw(printed(*badges, layout=layout), tmp_path, dpi=150)
    assert len(drawn) == pages
    cards = [card for page in drawn for card in cut(page, layout)]
    assert [code_on(card) for card in cards[:64]] == [badge.token for badge in badges]
    assert {code_on(card) for card in cards[64:]} <= {""}


def cut(page: Picture, layout: str) -> list[Picture]:
    """A page at 150 dpi along its cut marks."""
    sheet = SHEETS[layout]
    width, height = round(sheet.card.width / DOT), round(sheet.card.height / DOT)
    return [
        page.part(round(x / DOT), round(y / DOT), width, height) for x, y in sheet.front.corners
    ]


@pytest.mark.parametrize(
    ("layout", "width", "height"),
    [("a6", 105, 148), ("card", 86, 54), *((key, 210, 297) for key in ("4up", "8up", "10up"))],
)
def test_pages_have_the_size_of_the_paper(layout: str, width: float, height: float) -> None:
    paper = size(printed(a_badge(), layout=layout))
    assert [round(side / MM, 1) for side in paper] == [width, height]


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_code_is_never_smaller_than_25_millimetres(card: Card) -> None:
    assert card.code.width == card.code.height
    assert card.code.width * 37 / 45 >= 25 * MM


@pytest.mark.parametrize("layout", SHEETS)
def test_cards_stay_on_their_sheet_and_apart(layout: str) -> None:
    sheet = SHEETS[layout]
    width, height = sheet.card.width - 0.01, sheet.card.height - 0.01
    for side in sheet.sides:
        corners = side.corners
        assert all(x >= 0 and x + width <= sheet.size[0] for x, _ in corners)
        assert all(y >= 0 and y + height <= sheet.size[1] for _, y in corners)
        for at, (x, y) in enumerate(corners):
            apart = [abs(x - a) >= width or abs(y - b) >= height for a, b in corners[:at]]
            assert all(apart)


def test_sheets_have_marks_to_cut_along(tmp_path: Path) -> None:
    page = draw(printed(a_badge(), layout="10up"), tmp_path)[0]
    assert page.ink(0, 0, 1, 0.03) > 0
    assert page.ink(0, 0, 0.04, 1) > 0
    assert page.ink(0.04, 0.03, 0.06, 0.95) == 0


def test_fonts_are_embedded_cut_down_and_searchable() -> None:
    found = fonts(printed(*(a_badge(name) for name in NAMES)))
    assert {font["name"].partition("+")[2] for font in found} >= {
        "BeVietnamPro-Bold", "NotoSansKR-Bold", "NotoSansSC-Bold", "NotoSansThai-Bold",
        "NotoSansLao-Bold", "Tinos-Bold",
    }  # fmt: skip
    assert {(font["emb"], font["sub"], font["uni"]) for font in found} == {("yes", "yes", "yes")}


def test_only_names_that_need_another_font_pay_for_it() -> None:
    found = fonts(printed(a_badge(), a_badge(LONGEST)))
    names = {font["name"].partition("+")[2] for font in found}
    assert names == {"BeVietnamPro-Regular", "BeVietnamPro-Bold"}


def test_equal_badges_are_equal_files() -> None:
    badges = [a_badge(name, at) for at, name in enumerate(NAMES)]
    assert printed(*badges) == printed(*badges)


def test_what_was_printed_before_does_not_show_in_a_file() -> None:
    """Shaped forms have no letter of their own: which one they get must not depend on history."""
    script = (
        "import hashlib; from tests.test_badges_pdf import NAMES, a_badge, printed; "
        "print(hashlib.sha256(printed(a_badge(NAMES[4]))).hexdigest())"
    )
    printed(a_badge("ปั้"), a_badge(NAMES[5]))
    sources = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    command = [sys.executable, "-c", script]
    fresh = subprocess.run(
        command, env=sources, cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert fresh.stdout.strip() == sha256(printed(a_badge(NAMES[4]))).hexdigest()


def test_badges_can_be_printed_by_several_threads_at_once() -> None:
    """They share the open fonts, and each has its own numbers for their letters."""
    badges = [a_badge(name) for name in NAMES]
    whole = printed(*badges)
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: printed(*badges), range(8))) == {whole}


@pytest.mark.parametrize("name", ["𠂇王", "Lê 𠃌"])
def test_rare_chinese_characters_are_searched_too(name: str) -> None:
    assert name in said(printed(a_badge(name)))


def test_what_a_badge_says_can_be_searched() -> None:
    text = " ".join(said(printed(*(a_badge(name) for name in NAMES))).split())
    for name in NAMES:
        assert name in text
    assert "ĐẠI BIỂU, KHÁCH MỜI" in text
    assert "• Vật liệu mới" in text


def test_a_decomposed_name_looks_like_a_composed_one(tmp_path: Path) -> None:
    name = "Đặng Hoàng Yến Ẩn Ngữ"
    apart = unicodedata.normalize("NFD", name)
    assert apart != name
    assert lone(apart, tmp_path / "apart") == lone(name, tmp_path / "composed")


@pytest.mark.parametrize(
    ("bare", "marked"), [("ปั", "ปั้"), ("ที", "ที่"), ("ຈັ", "ຈັ້"), ("m", "m̃")], ids=["ั้", "ี่", "ັ້", "̃"]
)
def test_marks_stand_above_each_other(bare: str, marked: str, tmp_path: Path) -> None:
    """Unshaped, they would be drawn into each other or beside the letter."""
    below, above = lone(bare, tmp_path / "bare"), lone(marked, tmp_path / "marked")
    assert above.ink_height(0.22, 0.57) > below.ink_height(0.22, 0.57) * 1.08
    assert measure(marked, SANS_BOLD) == measure(bare, SANS_BOLD)


def test_each_letter_has_the_font_of_its_script() -> None:
    parts = [(run.font.name, run.text) for run in runs("Kim 김金 李 Ж", SANS_BOLD)]
    assert parts == [
        ("BeVietnamPro_700Bold", "Kim "),
        ("NotoSansKR_700Bold", "김金 李 "),
        ("Tinos_700Bold", "Ж"),
    ]
    assert [run.font.name for run in runs("李", SANS)] == ["NotoSansSC_400Regular"]


def test_a_letter_that_no_font_has_is_seen_and_reported(tmp_path: Path) -> None:
    assert missing_glyphs("Lê 🙂 ខ្មែរ 🙂 김") == "🙂ខ្មែរ"
    assert missing_glyphs("".join(NAMES)) == ""
    assert lone("🙂", tmp_path / "lost") == lone("□", tmp_path / "mark")
    assert lone("🙂", tmp_path / "again").ink(0, 0.22, 1, 0.57) > 100


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([*CARDS.values()]),
    st.one_of(
        st.text("ABĂâêễWMmi ", min_size=1, max_size=120),
        st.text("กขั้ี่ สຈັ້김欧 a", min_size=1, max_size=80),
        st.sampled_from([LONGEST, "W" * 120, " ".join([LONGEST] * 2)]),
    ),
    st.text("ABĂâêễ -i", max_size=200),
)
def test_nothing_is_ever_cut(card: Card, name: str, organisation: str) -> None:
    badge = a_badge(name, organisation=organisation, position=organisation[:120])
    lines = list(person(card, badge))
    drawn = "".join("".join(line.text.split()) for line in lines)
    for text in (name, organisation, *badge.tracks):
        assert "".join(unicodedata.normalize("NFC", text).split()) in drawn
    assert all(inside(line, card) for line in lines)


def inside(line: Line, card: Card) -> bool:
    """Whether a line stays on the card, clear of the band at its foot."""
    level = card.band.y - line.size * 0.15
    return line.x >= 0 and line.x + line.width <= card.width and line.size < line.y <= level


def test_a_name_takes_lines_of_even_length_before_it_shrinks_much() -> None:
    fitted = fit(LONGEST, SANS_BOLD, (270, 72), 34, 3)
    assert fitted.lines == ("Công Tằng Tôn Nữ", "Nguyễn Phúc Hoàng", "Thiên Kim Ngọc Bảo Trân")
    assert fitted.size > 19
    assert fit("Lê Hoa", SANS_BOLD, (270, 72), 34, 3) == (34, ("Lê Hoa",))


def test_what_badges_share_is_drawn_once() -> None:
    one, many = printed(a_badge()), printed(*(a_badge(number=at) for at in range(20)))
    assert many.count(b"/Subtype /Form") == one.count(b"/Subtype /Form") == 2
    two = printed(a_badge(), a_badge(category="Báo chí"))
    assert two.count(b"/Subtype /Form") == 3


@pytest.mark.parametrize(
    ("colour", "ink"), [("#0b5394", "#ffffff"), ("#f9a825", "#111111"), ("#ffffff", "#111111")]
)
def test_the_category_is_readable_on_its_colour(colour: str, ink: str) -> None:
    assert contrast(colour) == ink
    assert frame(PORTRAIT, *FRAME, "Báo chí", colour, ("", ""))[-1][-1] == ink


def test_no_badges_make_one_empty_page(tmp_path: Path) -> None:
    out = BytesIO()
    assert write_badges([], "4up", out) == 0
    assert len(draw(out.getvalue(), tmp_path)) == 1


def test_an_unknown_layout_writes_nothing() -> None:
    out = BytesIO()
    with pytest.raises(KeyError, match="a5"):
        write_badges([a_badge()], "a5", out)
    assert out.getvalue() == b""


def test_the_picture_says_the_same_as_the_paper() -> None:
    badge = a_badge('<script>alert(1)</script> & "Ẩn"', organisation="A\x00B\u202e")
    picture = fromstring(badge_svg(badge))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [
        part.text
        for part in (
            *frame(PORTRAIT, *FRAME, badge.category, badge.colour, ("", "")),
            *person(PORTRAIT, badge),
        )
        if isinstance(part, Line)
    ]
    assert '<script>alert(1)</script> & "Ẩn"' in " ".join(map(str, texts))
    assert "AB" in texts


def test_the_picture_stands_on_white_and_needs_nothing_else() -> None:
    picture = badge_svg(a_badge())
    assert fromstring(picture)[0].get("fill") == "#ffffff"
    assert "style=" not in picture
    assert "href" not in picture
    assert 'font-family="Be Vietnam Pro,' in picture
