"""How badges look, as the event file says it: what it may leave out, what it may change, and how
every mistake in it is named.
"""

import tomllib
from io import BytesIO
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.designs import description, design_of
from event.dumping import document_of, dump
from event.eventcheck import problems_in
from event.eventfile import Document, WrongFile, parse
from event.journal import Change
from event.layouts import BadgesPart, CardPart, LayoutPart, usual_design
from event.loading import Loaded
from event.sittings import Problem
from exports.badge_card import MM, card_of
from exports.badge_face import Line, frame_of, person
from exports.badges import write_badges
from exports.imposing import sheet_of
from pages.problems import RIGHT, sentence
from tests.event_files import DEFAULT, ONE_DAY, take
from tests.papers import facts, said, size
from tests.test_badges_pdf import a_badge

SMALL = """
[badges]
layout = "4up"
offset = [1.5, -2]
duplex = true

[badges.layouts.strip]
name = "Dải ba thẻ"
name_en = "Three in a strip"
card = "plain"
paper = [100, 200]
rows = 3
margin = [10, 15]
cut_marks = false

[badges.cards.plain]
size = [80, 55]
parts = ["name", "code"]
person = [2, 2, 44, 50]
code = [47, 10, 30.5]

[badges.cards.a6]
both_languages = true
name_size = 40
"""


def with_badges(text: str) -> Document:
    """The small event, with this at the end of its file."""
    return parse((ONE_DAY.read_text() + text).encode(), "x.toml")


def wrong(text: str) -> list[tuple[str, str]]:
    """Where and what, whether the file or the event is refused."""
    try:
        return [(problem.where, problem.what) for problem in problems_in(with_badges(text))]
    except WrongFile as refused:
        return [(problem.where, problem.what) for problem in refused.problems]


def test_a_file_that_says_nothing_of_badges_has_five_layouts(bare: Session) -> None:
    take(bare, with_badges(""))
    design = design_of(bare)
    assert design.names("vi") == {
        "a6": "A6, mỗi trang một thẻ",
        "card": "86×54 mm, mỗi trang một thẻ",
        "4up": "A4, bốn thẻ một trang, có vạch cắt",
        "8up": "A4, tám thẻ một trang, có vạch cắt",
        "10up": "A4, mười thẻ một trang, có vạch cắt",
    }
    assert (design.layout, design.single, design.offset, design.duplex) == (
        "a6",
        "a6",
        (0, 0),
        False,
    )
    assert "badges" not in tomllib.loads(dump(bare))


def test_what_a_file_changes_is_kept_and_the_rest_is_usual(bare: Session) -> None:
    loaded = take(bare, with_badges(SMALL))
    assert "badges" in loaded.changed
    design = design_of(bare)
    assert (design.layout, design.single, design.offset, design.duplex) == (
        "4up",
        "a6",
        (1.5, -2),
        True,
    )
    assert list(design.layouts) == ["a6", "card", "4up", "8up", "10up", "strip"]
    strip = design.layouts["strip"]
    assert (strip.paper, strip.columns, strip.rows, strip.margin) == ((100, 200), 1, 3, (10, 15))
    assert strip.card.shown == ("name", "code")
    a6 = design.layouts["4up"].card
    assert (a6.name_size, a6.text_size, a6.size) == (40, 13, (105, 148))


def test_a_dump_holds_only_what_is_not_usual_and_changes_nothing(bare: Session) -> None:
    same_as_usual = "\n[badges.cards.a7]\ntext_size = 10\n\n[badges.layouts.4up]\nrows = 2\n"
    take(bare, with_badges(SMALL + same_as_usual))
    text = dump(bare)
    assert tomllib.loads(text)["badges"] == tomllib.loads(SMALL)["badges"]
    again = parse(text.encode(), "dump")
    assert again == document_of(bare)
    assert take(bare, again) == Loaded()
    assert dump(bare) == text


def test_the_example_in_the_event_file_that_comes_along_is_sound() -> None:
    text = DEFAULT.read_text()
    shown = "\n".join(line[3:] for line in text.splitlines() if line.startswith("#: "))
    document = parse(f"{text}\n{shown}".replace("logo =", "# logo =").encode(), "event.toml")
    assert problems_in(document) == []
    assert document.badges.layouts["a7-strip"].rows == 3


def test_what_is_taken_out_of_the_file_is_usual_again(bare: Session) -> None:
    take(bare, with_badges(SMALL))
    assert take(bare, with_badges("")).changed == ["badges"]
    assert description(bare) == BadgesPart()
    changes = bare.scalars(select(Change).where(Change.verb == "badges_described")).all()
    assert [change.details["layout"] for change in changes] == [[None, "4up"], ["4up", None]]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('layout = "a5"', [("badges.layout", "unknown_key")]),
        ("offset = [1, 40]", [("badges.offset[1]", "not_a")]),
        ("offset = [1, nan]", [("badges.offset[1]", "not_a")]),
        ("offset = 3", [("badges.offset", "not_a")]),
        ('duplex = "yes"', [("badges.duplex", "not_a")]),
        ("colour = 1", [("badges.colour", "unknown_field")]),
        ("layouts = 1", [("badges.layouts", "not_a")]),
        ("[badges.layouts.a6]\ncolumns = 0", [("badges.layouts.a6.columns", "not_a")]),
        ('[badges.layouts.a6]\npaper = "B5"', [("badges.layouts.a6.paper", "not_a")]),
        ('[badges.layouts.a6]\ncard = "x"', [("badges.layouts.a6.card", "unknown_key")]),
        ("[badges.layouts.a6]\nrow = 1", [("badges.layouts.a6.row", "unknown_field")]),
        ("[badges.layouts.10up]\nrows = 6", [("badges.layouts.10up", "off_paper")]),
        ("[badges.layouts.4up]\nmargin = [5, 0]", [("badges.layouts.4up", "off_paper")]),
        ("[badges.layouts.A_B]\nrows = 1", [("badges.layouts.A_B", "not_a")]),
        (
            "[badges.layouts.new]\nrows = 1",
            [(f"badges.layouts.new.{name}", "missing") for name in ("name", "card", "paper")],
        ),
        ("[badges.cards.a7]\nsize = [300, 20]", [("badges.cards.a7.size[1]", "not_a")]),
        ("[badges.cards.a7]\nband = [0, 70, 105, 9]", [("badges.cards.a7.band", "off_card")]),
        ("[badges.cards.a7]\ncode = [90, 16, 38]", [("badges.cards.a7.code", "off_card")]),
        ("[badges.cards.a7]\ncode = [62, 16, 9]", [("badges.cards.a7.code[2]", "not_a")]),
        ("[badges.cards.a7]\nperson = [4, 17, 70, 33]", [("badges.cards.a7.person", "over_code")]),
        ("[badges.cards.a7]\nperson = [4, 17, 70]", [("badges.cards.a7.person", "not_a")]),
        ("[badges.cards.a7]\ntext_size = 400", [("badges.cards.a7.text_size", "not_a")]),
        ('[badges.cards.a7]\nparts = ["nom"]', [("badges.cards.a7.parts", "unknown_key")]),
        (
            '[badges.cards.new]\nsize = [90, 90]\nparts = ["name", "number"]',
            [("badges.cards.new.person", "missing"), ("badges.cards.new.code", "missing")],
        ),
    ],
)
def test_every_mistake_is_named_with_its_place(text: str, problems: list[tuple[str, str]]) -> None:
    assert wrong(f"\n[badges]\n{text}\n") == problems


def test_a_card_that_becomes_too_large_is_told_for_every_layout_that_has_it() -> None:
    assert wrong("\n[badges.cards.a6]\nsize = [110, 150]\n") == [
        ("badges.layouts.a6", "off_paper"),
        ("badges.layouts.4up", "off_paper"),
    ]


def test_what_is_wrong_is_said_in_a_sentence() -> None:
    needed = {"needed": "210 × 324", "paper": "210 × 297"}
    assert "210 × 324" in sentence(Problem("", "off_paper", needed))
    assert sentence(Problem("", "off_card", {"found": "1 × 2", "card": "3 × 4"}))
    assert sentence(Problem("", "over_code"))
    rights = {"area", "square", "size", "margin", "offset", "points", "few", "paper", "logo"}
    assert rights <= set(RIGHT)


def test_a_layout_of_ones_own_is_printed_as_described(bare: Session) -> None:
    take(bare, with_badges(SMALL))
    out, design = BytesIO(), design_of(bare)
    assert write_badges([a_badge(number=at) for at in range(4)], "strip", out, design) == 4
    pdf = out.getvalue()
    assert [round(side / MM) for side in size(pdf)] == [100, 200]
    assert facts(pdf)["Pages"] == "2"
    assert said(pdf).split() == ["Nguyễn", "Văn", "Á"] * 3 + ["Nguyễn", "Văn", "Á"]
    sheet = sheet_of(design.layouts["strip"], design.imposing)
    assert [(round(x / MM, 1), round(y / MM, 1)) for x, y in sheet.front.corners] == [
        (11.5, 13.0), (11.5, 68.1), (11.5, 123.1),
    ]  # fmt: skip


def test_parts_that_are_not_asked_for_are_not_drawn() -> None:
    badge = a_badge()
    every = card_of(usual_design().layouts["a6"].card, logo=False)
    texts = {line.text for line in drawn(every, badge)}
    assert {"00001", "TS.", "Phó Giám đốc", "ĐẠI BIỂU, KHÁCH MỜI", "• Vật liệu mới"} <= texts
    full = usual_design().layouts["a6"].card
    few = msgspec.structs.replace(full, parts=("name", "organisation", "code"))
    texts = {line.text for line in drawn(card_of(few, logo=False), badge)}
    assert texts == {"Nguyễn Văn Á", "Sở Khoa học và Công nghệ tỉnh Quảng Ninh"}


def drawn(card: Any, badge: Any) -> list[Line]:
    """The lines of one badge."""
    shared = badge.event_name, badge.event_dates, badge.category, badge.colour
    parts = (*frame_of(card, {}, *shared), *person(card, badge))
    return [part for part in parts if isinstance(part, Line)]


def test_both_languages_stand_below_each_other_the_english_smaller(bare: Session) -> None:
    text = ONE_DAY.read_text().replace(
        'name = "Khách tham dự"', 'name = "Khách tham dự"\nname_en = "Visitor"'
    )
    take(bare, parse((text + "\n[badges.cards.a6]\nboth_languages = true\n").encode(), "x.toml"))
    design = design_of(bare)
    badge = a_badge(
        category="Visitor", event_name="Support programme for small and medium firms in the South"
    )
    card = card_of(design.layouts["a6"].card, logo=False)
    shared = badge.event_name, badge.event_dates, badge.category, badge.colour
    lines = [part for part in frame_of(card, design.said, *shared) if isinstance(part, Line)]
    shown = " ".join(line.text for line in lines)
    assert shown.index("Chương trình Kết nối") < shown.index("Support programme")
    assert shown.endswith("KHÁCH THAM DỰ Visitor")
    assert lines[-1].size < lines[-2].size
    assert lines[-1].y > lines[-2].y


def test_a_layout_of_one_card_is_what_single_badges_take(bare: Session) -> None:
    take(bare, with_badges('\n[badges]\nlayout = "card"\n'))
    assert design_of(bare).single == "card"


def test_parts_of_the_description_can_be_compared() -> None:
    assert LayoutPart(rows=2) == LayoutPart(rows=2)
    assert hash(CardPart(size=(86, 54))) == hash(CardPart(size=(86, 54)))
