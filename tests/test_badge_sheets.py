"""Before printing: the sheet as a picture, the test sheet on paper, and what a run remembers."""

import re
import subprocess
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.jobs import Job
from event.layouts import BadgesPart, Imposing, LayoutPart, designed, usual_design
from event.printing import PrintRun
from exports.badge_card import MM
from exports.badge_picture import sheet_svgs
from exports.test_sheet import write_test_sheet
from tests.papers import draw, facts, fonts, said, size, written
from tests.registrants import words
from tests.test_badges_pdf import a_badge, printed
from tests.test_downloads import fetched, lan, people

__all__ = ["lan", "people"]
LAYOUTS = usual_design().layouts
SVG = "{http://www.w3.org/2000/svg}"


def sheet(layout: str, imposing: Imposing | None = None) -> bytes:
    """The test sheet of a layout."""
    return written(lambda out: write_test_sheet(LAYOUTS[layout], imposing or Imposing(), out))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_test_sheet_is_one_a4_page_in_both_languages(layout: str) -> None:
    pdf = sheet(layout)
    assert (facts(pdf)["Pages"], [round(side / MM) for side in size(pdf)]) == ("1", [210, 297])
    text = " ".join(said(pdf).split())
    for line in ("In ở tỉ lệ 100 %", "Print at 100 %", LAYOUTS[layout].name.vi):
        assert line in text
    assert "Đang dời: → 0 mm, ↓ 0 mm Shifted now: → 0 mm, ↓ 0 mm" in text
    assert "lật theo" not in text
    assert {font["emb"] for font in fonts(pdf)} == {"yes"}


def test_the_square_measures_100_mm_and_crosses_stand_20_mm_from_the_edges(
    tmp_path: Path,
) -> None:
    page = draw(sheet("8up"), tmp_path, dpi=254)[0]  # ten dots a millimetre
    dark = {
        (x, y): page.pixels[y * page.width + x] < 128
        for y in (1050, 200, 1000)
        for x in range(page.width)
    }
    row = [x for x in range(400, 1700) if dark[x, 1050]]
    assert (row[0], row[-1]) == (pytest.approx(550, abs=2), pytest.approx(1550, abs=2))
    cross = [x for x in range(120, 500) if dark[x, 200]]
    assert (cross[0] + cross[-1]) / 2 == pytest.approx(200, abs=2)
    assert cross[-1] - cross[0] == pytest.approx(100, abs=3)


def test_a_shift_moves_the_test_sheet_as_it_moves_badges(tmp_path: Path) -> None:
    imposing = Imposing(duplex=True, offset=(3, 0))
    pdf = sheet("10up", imposing)
    assert "lật theo cạnh dài" in said(pdf)
    assert "flip on the long edge" in said(pdf)
    assert "→ 3 mm, ↓ 0 mm" in said(pdf)
    front, back = draw(pdf, tmp_path, dpi=254)
    for page, middle in ((front, 230), (back, 170)):
        cross = [x for x in range(110, 500) if page.pixels[200 * page.width + x] < 128]
        runs = [x for x in cross if middle - 55 <= x <= middle + 55]
        assert (runs[0] + runs[-1]) / 2 == pytest.approx(middle, abs=3)


def test_the_back_of_a_test_sheet_says_that_it_follows_the_front() -> None:
    front, back = said(sheet("10up", Imposing(duplex=True, offset=(3, 0)))).split("\f")[:2]
    for line in ("cộng (20 −", "add (20 −", "Đang dời", "Shifted now"):
        assert (line in front, line in back) == (True, False)
    for line in ("Mặt sau dời theo mặt trước", "The back follows the front, mirrored"):
        assert (line in front, line in back) == (False, True)


def test_paper_larger_than_a4_is_its_own_test_sheet() -> None:
    part = LayoutPart(name="A3", card="a6", paper="A3", columns=2, rows=2)
    layout = designed(BadgesPart(layouts={"big": part})).layouts["big"]
    pdf = written(lambda out: write_test_sheet(layout, Imposing(), out))
    assert [round(side / MM) for side in size(pdf)] == [297, 420]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_qpdf_finds_nothing_wrong(layout: str, tmp_path: Path) -> None:
    for name, pdf in (("test", sheet(layout)), ("badges", printed(a_badge(), layout=layout))):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(pdf)
        check = ["qpdf", "--check", str(path)]
        told = subprocess.run(check, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr


def test_the_picture_of_a_sheet_has_a_badge_in_each_place_and_the_cut_marks() -> None:
    front, back = sheet_svgs(a_badge(), usual_design(), "10up", Imposing(duplex=True))
    for picture, name in ((front, "#face-1"), (back, "#face-2")):
        root = fromstring(picture)
        assert root.get("viewBox") == "0 0 595.28 841.89"
        assert [use.get("href") for use in root.iter(f"{SVG}use")] == [name] * 10
        *_, marks = root.iter(f"{SVG}path")
        assert marks.get("d", "").count("M") == 2 * 3 + 2 * 6
    assert len(sheet_svgs(a_badge(), usual_design(), "a6", Imposing())) == 1


def test_the_page_shows_the_chosen_sheet(lan: FlaskClient) -> None:
    page = lan.get("/organiser/lists").text
    assert page.count('class="paper"') == 1
    assert "Công Tằng Tôn Nữ" in page
    part = lan.get("/organiser/badges/sheet?layout=8up&sides=both&right=1,5").text
    assert part.lstrip().startswith('<div id="sheet"')
    assert part.count('href="#face-2"') == 8
    assert "lật theo cạnh dài" in words(part)
    part = words(lan.get("/organiser/badges/sheet?layout=card&sides=both").text)
    assert "lật theo cạnh ngắn" in part


@pytest.mark.parametrize("typed", ["x", "21", "-20,1", "nan", "1e9"])
def test_a_shift_that_is_none_is_told_at_its_field(typed: str, lan: FlaskClient) -> None:
    told = "Số milimét từ -20 đến 20, ví dụ 1,5."
    answer = lan.get(f"/organiser/lists?right={typed}")
    assert (answer.status_code, told in words(answer.text)) == (422, True)
    assert f'value="{typed}"' in answer.text
    assert told in words(lan.get(f"/organiser/badges/sheet?down={typed}").text)
    back = lan.get(f"/organiser/badges/test-sheet.pdf?right={typed}")
    address = f"/organiser/lists?right={typed.replace(',', '%2C')}"
    assert (back.status_code, back.location) == (302, address)


def test_the_test_sheet_is_fetched_from_the_page(lan: FlaskClient) -> None:
    answer = lan.get("/organiser/badges/test-sheet.pdf?layout=4up&sides=both&right=-1,5&down=2")
    assert answer.content_type == "application/pdf"
    text = " ".join(said(answer.data).split())
    assert "Đang dời: → -1,5 mm, ↓ 2 mm Shifted now: → -1.5 mm, ↓ 2 mm" in text
    assert facts(answer.data)["Pages"] == "2"


def test_a_run_says_how_it_was_made(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    address = "badges.pdf?layout=8up&sides=both&order=stacks&right=1,5&down=-2"
    assert len(re.findall(rb"/Type ?/Page\b", fetched(lan, address))) == 2
    run = session.get_one(PrintRun, 1)
    assert run.options == {"duplex": True, "stacked": True, "offset": [1.5, -2.0]}
    assert session.get_one(Job, 1).wish["options"] == run.options
    page = words(lan.get("/organiser/prints").text)
    assert "hai mặt cắt và chồng dời sang phải 1,5 mm, xuống -2 mm" in page
    fetched(lan, "badges.pdf?layout=a6")
    assert session.get_one(PrintRun, 2).options == {}


def test_the_command_takes_the_same_options(
    app: Flask, people: list[Attendee], session: Session, tmp_path: Path
) -> None:
    out, command = tmp_path / "a.pdf", app.test_cli_runner().invoke
    options = ["--layout", "10up", "--duplex", "--cut-and-stack", "--offset", "1.5", "-2"]
    assert command(args=["badges", *options, "--out", str(out)]).exit_code == 0
    assert facts(out.read_bytes())["Pages"] == "2"
    kept = {"duplex": True, "stacked": True, "offset": [1.5, -2.0]}
    assert session.get_one(PrintRun, 1).options == kept
    measured = command(args=["badges", "--test-sheet", "--layout", "4up", "--out", str(out)])
    assert measured.output == f"Tờ thử máy in trong {out}\n"
    assert "Print at 100 %" in said(out.read_bytes())
    assert session.get(PrintRun, 2) is None
    wrong = command(args=["badges", "--layout", "a5", "--out", str(out)])
    assert wrong.exit_code == 2
    assert "a6, card, 4up, 8up, 10up" in wrong.output
