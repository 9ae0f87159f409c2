"""Sheets of badges: in which order they come out of the cutter, and how back meets front."""

from pathlib import Path

import pytest

from event.layouts import Imposing, usual_design
from exports.badge_card import DOT, MM
from exports.badges import write_badges
from exports.imposing import Side, pages, sheet_of
from tests.papers import Picture, code_on, draw, facts, written
from tests.test_badges_pdf import a_badge

LAYOUTS = usual_design().layouts


def token(number: int) -> str:
    """Two hundred digits that tell which badge it is."""
    return f"{number + 100}{'1234567' * 30}"[:200]


BY_TOKEN = {token(at): at for at in range(1, 30)}


def on_sheets(layout: str, imposing: Imposing, count: int) -> bytes:
    """So many badges in a PDF."""
    badges = [a_badge(number=at, token=token(at)) for at in range(1, count + 1)]
    return written(lambda out: write_badges(badges, layout, out, imposing=imposing))


def codes(page: Picture, layout: str, side: Side) -> list[int]:
    """The numbers of the badges at the corners of a side, 0 for an empty place."""
    card = sheet_of(LAYOUTS[layout], Imposing()).card
    width, height = round(card.width / DOT), round(card.height / DOT)
    corners = [(round(x / DOT), round(y / DOT)) for x, y in side.corners]
    parts = ((max(x, 0), max(y, 0), min(width, page.width - x)) for x, y in corners)
    found = (code_on(page.part(*part, height)) for part in parts)
    return [BY_TOKEN.get(code, 0) for code in found]


@pytest.mark.parametrize(
    ("count", "stacked", "expected"),
    [
        (10, False, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]),
        (10, True, [[0, 3, 6, 9], [1, 4, 7], [2, 5, 8]]),
        (8, True, [[0, 2, 4, 6], [1, 3, 5, 7]]),
        (5, True, [[0, 2, 4], [1, 3]]),
        (3, True, [[0, 1, 2]]),
        (0, True, []),
    ],
)
def test_the_order_of_faces(count: int, stacked: bool, expected: list[list[int]]) -> None:
    assert [[*page] for page in pages(range(count), 4, stacked=stacked)] == expected


@pytest.mark.parametrize("count", range(1, 45))
def test_stacks_laid_upon_each_other_are_in_order(count: int) -> None:
    sheets = [*pages(range(count), 10, stacked=True)]
    stacks = [[sheet[place] for sheet in sheets if place < len(sheet)] for place in range(10)]
    assert [badge for stack in stacks for badge in stack] == [*range(count)]


def test_pages_leave_one_by_one_unless_they_are_stacked() -> None:
    coming = iter(range(100))
    first = next(pages(coming, 4, stacked=False))
    assert ([*first], next(coming)) == ([0, 1, 2, 3], 4)


@pytest.mark.parametrize("layout", ["4up", "8up", "10up"])
def test_the_back_of_each_badge_is_its_own_face(layout: str, tmp_path: Path) -> None:
    """Seen from the front, what lies behind a place is at the mirrored place of the next page."""
    imposing = Imposing(duplex=True, stacked=True, offset=(1.5, -1))
    sheet = sheet_of(LAYOUTS[layout], imposing)
    assert sheet.back is not None
    drawn = draw(on_sheets(layout, imposing, 11), tmp_path)
    front, back = codes(drawn[0], layout, sheet.front), codes(drawn[1], layout, sheet.back)
    assert front == back
    first_sheet = next(pages(range(1, 12), len(front), stacked=True))
    assert front == [*first_sheet, *[0] * (len(front) - len(first_sheet))]
    for (x, _), (behind, _) in zip(sheet.front.corners, sheet.back.corners, strict=True):
        assert x + behind + sheet.card.width == pytest.approx(sheet.size[0], abs=DOT / 2)


def test_the_back_follows_its_front() -> None:
    one, two = (on_sheets("4up", Imposing(duplex=both), 10) for both in (False, True))
    assert (facts(one)["Pages"], facts(two)["Pages"]) == ("3", "6")
    assert len(two) < len(one) * 2.1


def test_an_offset_moves_the_front_one_way_and_the_back_the_other() -> None:
    plain = sheet_of(LAYOUTS["10up"], Imposing(duplex=True))
    moved = sheet_of(LAYOUTS["10up"], Imposing(duplex=True, offset=(2, -3)))
    for now, before, across in zip(moved.sides, plain.sides, (2, -2), strict=True):
        for (x, y), (x0, y0) in zip(now.corners, before.corners, strict=True):
            assert (x - x0) / MM == pytest.approx(across, abs=0.1)
            assert (y - y0) / MM == pytest.approx(-3, abs=0.1)
        assert now.cuts[0].x1 - before.cuts[0].x1 == now.corners[0][0] - before.corners[0][0]


@pytest.mark.parametrize("layout", ["a6", "card", "8up"])
def test_codes_stay_on_the_grid_of_dots_when_moved(layout: str) -> None:
    sheet = sheet_of(LAYOUTS[layout], Imposing(duplex=True, offset=(0.7, 0.7)))
    code = sheet.card.code
    for x, y in (corner for side in sheet.sides for corner in side.corners):
        for length in (x + code.x, y + code.y, code.width / 45):
            assert length / DOT == pytest.approx(round(length / DOT), abs=1e-6)


def test_a_run_keeps_what_was_chosen_and_nothing_usual() -> None:
    assert Imposing().options == {}
    chosen = Imposing(duplex=True, stacked=True, offset=(1.5, -2))
    assert chosen.options == {"duplex": True, "stacked": True, "offset": [1.5, -2]}
    assert Imposing.wished(chosen.options) == chosen
    assert Imposing.wished({}) == Imposing()
