"""The page of one list: columns ticked and moved, a look at it, and the choice kept by name."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.choices import Choice, choices
from event.journal import Change
from exports.listings import LISTS
from tests.house import Clock
from tests.papers import said
from tests.registrants import words
from tests.test_downloads import fetched, lines

AsStaff = Callable[[str], FlaskClient]
PAGE = "/organiser/lists/attendees"


@pytest.fixture
def lan(as_staff: AsStaff) -> FlaskClient:
    """An organiser's browser."""
    return as_staff("organiser")


@pytest.fixture(autouse=True)
def people(session: Session, clock: Clock) -> list[Attendee]:
    """Hương, a visitor; Ưng, a delegate."""
    stated = (
        Registration(name="Nguyễn Thị Hương", phone="+84912345678", organisation="Viện B"),
        Registration(name="Đỗ Ngọc Ưng", organisation="=Viện A", category="delegate"),
    )
    return [register(session, each, at=clock()).attendee for each in stated]


def headings(page: str) -> list[str]:
    """The headings of the rows that are shown."""
    return re.findall(r"<th>([^<]*)</th>", page)


def cells(page: str) -> list[list[str]]:
    """The rows that are shown."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [re.findall(r"<td>([^<]*)</td>", row) for row in body.split("</tr>")[:-1]]


def picked(page: str) -> list[str]:
    """The columns that are ticked, in their order."""
    return re.findall(r'name="column" value="(\w+)" id="[^"]*" checked', page)


def token(browser: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)">Lưu<', browser.get(PAGE).text)
    assert found is not None
    return found[1]


def keep(browser: FlaskClient, name: str, address: str = "column=phone&column=name") -> str:
    """Save a list under a name; where the browser is sent then."""
    fields = [*parse_qsl(address), ("save_as", name), ("csrf_token", token(browser))]
    data: dict[str, list[str]] = {}
    for key, value in fields:
        data.setdefault(key, []).append(value)
    answer = browser.post(PAGE, data=data)
    assert answer.status_code == 303, words(answer.text)
    return answer.location


def test_a_list_begins_with_its_own_columns_in_each_format(lan: FlaskClient) -> None:
    for format in ("xlsx", "pdf"):
        page = lan.get(f"{PAGE}?format={format}").text
        assert picked(page) == list(LISTS["attendees"].standard(format))


def test_rows_are_shown_as_they_will_come(lan: FlaskClient) -> None:
    chosen = "column=organisation&column=name&sort=organisation&format=csv"
    page = lan.get(f"{PAGE}?{chosen}").text
    assert "2 hàng" in words(page)
    assert headings(page) == ["STT", "Đơn vị", "Họ và tên"]
    made = lines(fetched(lan, f"attendees.csv?{chosen}"))
    assert [[cell.replace("&#39;", "'") for cell in row] for row in cells(page)] == made[1:]
    assert made[1:] == [["1", "'=Viện A", "Đỗ Ngọc Ưng"], ["2", "Viện B", "Nguyễn Thị Hương"]]


def test_paper_shows_its_first_page_and_how_many_there_are(lan: FlaskClient) -> None:
    page = lan.get(f"{PAGE}?format=pdf&column=name&column=phone&attached_to=CV 12").text
    assert "2 hàng · 1 trang" in words(page)
    drawn = page[page.index("<svg") : page.index("</svg>")]
    for said_there in (
        "Nguyễn Thị Hương",
        "0912 345 678",
        "(Kèm theo CV 12)",
        "Tổng cộng: 2 người",
    ):
        assert said_there in drawn
    assert " style=" not in drawn


def test_what_does_not_fit_is_said_and_not_made(lan: FlaskClient) -> None:
    every = "&".join(f"column={key}" for key in dict.fromkeys(picked(lan.get(PAGE).text)))
    others = re.findall(r'name="column" value="(\w+)" id="column-\w+">', lan.get(PAGE).text)
    address = f"{every}&{'&'.join(f'column={key}' for key in others)}&format=pdf"
    page = words(lan.get(f"{PAGE}?{address}").text)
    assert "Khổ A4 ngang không còn chỗ cho:" in page
    assert "Thay lúc, Đồng ý để đơn vị trưng bày liên hệ." in page
    refused = lan.get(f"/organiser/exports/attendees.pdf?{address}&was=pdf")
    assert refused.status_code == 422
    assert "Khổ A4 ngang không còn chỗ cho:" in words(refused.text)
    assert lan.get(f"/organiser/exports/attendees.xlsx?{address}").status_code == 303


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("earlier=phone", ["phone", "name", "email"]),
        ("later=name", ["phone", "name", "email"]),
        ("earlier=name", ["name", "phone", "email"]),
        ("later=email", ["name", "phone", "email"]),
        ("later=nonsense", ["name", "phone", "email"]),
    ],
)
def test_a_column_is_moved_by_a_button(button: str, order: list[str], lan: FlaskClient) -> None:
    chosen = f"column=name&column=phone&column=email&was=xlsx&{button}"
    moved = lan.get(f"{PAGE}?{chosen}")
    assert moved.status_code == 303
    assert parse_qsl(urlsplit(moved.location).query) == [("column", key) for key in order]
    assert picked(lan.get(moved.location).text) == order


def test_htmx_gets_the_part_and_the_address_that_can_be_passed_on(lan: FlaskClient) -> None:
    asked = f"{PAGE}?column=name&was=xlsx&choice=&save_as=&province=&format=csv"
    answer = lan.get(asked, headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<div id="list"')
    assert answer.headers["HX-Replace-Url"] == f"{PAGE}?column=name&format=csv"


def test_own_columns_change_with_the_format_and_chosen_ones_stay(lan: FlaskClient) -> None:
    own = "&".join(f"column={key}" for key in LISTS["attendees"].standard("xlsx"))
    page = lan.get(f"{PAGE}?{own}&was=xlsx&format=pdf").text
    assert picked(page) == list(LISTS["attendees"].standard("pdf"))
    page = lan.get(f"{PAGE}?column=name&was=xlsx&format=pdf").text
    assert picked(page) == ["name"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("was=xlsx", "Xin chọn ít nhất một cột."),
        ("column=password", "Something"),
        ("sort=signature", "Xin chọn trong danh sách."),
        ("province=999", "Xin chọn trong danh sách."),
    ],
)
def test_a_wrong_choice_is_said_where_it_stands(wrong: str, message: str, lan: FlaskClient) -> None:
    answer = lan.get(f"{PAGE}?{wrong}")
    assert answer.status_code == 422
    if message != "Something":
        assert message in words(answer.text)
    assert "hàng đầu" not in words(answer.text)


@pytest.mark.parametrize("name", ["labels", "handover", "nonsense"])
def test_columns_cannot_be_chosen_where_they_are_fixed(name: str, lan: FlaskClient) -> None:
    assert lan.get(f"/organiser/lists/{name}").status_code == 404


def test_a_list_is_saved_and_opened_by_one_click(lan: FlaskClient, session: Session) -> None:
    there = keep(
        lan, "Ký nhận quà", "column=phone&column=name&sort=phone&reverse=y&category=delegate"
    )
    assert "Đã lưu là “Ký nhận quà”" in words(lan.get(there).text)
    page = lan.get("/organiser/lists").text
    link = re.search(r'<h3><a href="([^"]+)">Ký nhận quà</a>', page)
    assert link is not None
    opened = lan.get(link[1].replace("&amp;", "&")).text
    assert picked(opened) == ["phone", "name"]
    assert "<h1>Ký nhận quà</h1>" in opened
    assert "1 hàng" in words(opened)
    choice = session.scalars(choices()).one()
    assert (choice.order, choice.down, choice.people) == ("phone", True, {"category": "delegate"})
    assert session.query(Change).filter_by(verb="choice_saved").one().actor == "organiser@vidu.vn"


def test_its_files_are_one_click_away_and_say_who_used_it_last(
    lan: FlaskClient, session: Session
) -> None:
    keep(lan, "Ký nhận quà")
    page = lan.get("/organiser/lists").text
    assert "Lưu bởi organiser@vidu.vn, lúc 07:30 29/09/2023; chưa dùng" in words(page)
    link = re.search(r'href="/organiser/exports/([^"]+)" aria-label="Ký nhận quà, CSV"', page)
    assert link is not None
    rows = lines(fetched(lan, link[1].replace("&amp;", "&")))
    assert rows[0] == ["STT", "Điện thoại", "Họ và tên"]
    assert "Dùng lần cuối: organiser@vidu.vn, lúc 07:30 29/09/2023" in words(
        lan.get("/organiser/lists").text
    )
    assert "Ký nhận quà" in words(lan.get("/organiser/work").text)


def test_the_same_name_saves_over_it_only_from_itself(lan: FlaskClient, session: Session) -> None:
    keep(lan, "Quà")
    fields = {"column": ["email"], "save_as": "qua", "csrf_token": token(lan)}
    refused = lan.post(PAGE, data=fields)
    assert refused.status_code == 422
    assert "Đã có danh sách lưu tên “Quà”." in words(refused.text)
    assert 'value="qua"' in refused.text
    assert lan.post(PAGE, data=fields | {"choice": "1"}).status_code == 303
    session.rollback()
    assert session.scalars(choices()).one().columns == ["email"]


def test_without_a_name_nothing_is_saved(lan: FlaskClient, session: Session) -> None:
    answer = lan.post(PAGE, data={"column": ["email"], "save_as": " ", "csrf_token": token(lan)})
    assert answer.status_code == 422
    assert "Xin đặt tên." in words(answer.text)
    assert session.scalars(choices()).all() == []


def test_it_is_renamed_deleted_and_brought_back(lan: FlaskClient, session: Session) -> None:
    keep(lan, "Quà")
    proof = {"csrf_token": token(lan)}
    lan.post("/organiser/saved/1/rename", data=proof | {"name": "Quà tặng"})
    assert "Quà tặng" in words(lan.get("/organiser/lists").text)
    gone = lan.post("/organiser/saved/1/drop", data=proof)
    page = lan.get(gone.location).text
    assert "Đã xóa danh sách lưu “Quà tặng”." in words(page)
    assert "<h3><a" not in page
    assert lan.post("/organiser/saved/1/rename", data=proof | {"name": "x"}).status_code == 404
    later = words(lan.get("/organiser/lists").text)  # not only on the next page
    assert "Danh sách đã xóa gần đây Quà tặng Khôi phục" in later
    assert lan.post("/organiser/saved/1/bring-back", data=proof).status_code == 303
    assert "<h3><a" in lan.get("/organiser/lists").text
    lan.post("/organiser/saved/1/rename", data=proof | {"name": " "})
    assert "Tên có từ 1 đến 80 ký tự." in words(lan.get("/organiser/lists").text)
    assert lan.post("/organiser/saved/99/drop", data=proof).status_code == 404


def test_a_column_that_is_no_more_leaves_the_others(lan: FlaskClient, session: Session) -> None:
    keep(lan, "Quà")
    choice = session.get_one(Choice, 1)
    choice.columns = ["shoe_size", "name"]
    session.commit()
    link = re.search(r'<h3><a href="([^"]+)">', lan.get("/organiser/lists").text)
    assert link is not None
    assert picked(lan.get(link[1].replace("&amp;", "&")).text) == ["name"]


def test_the_command_knows_it_by_its_name(
    lan: FlaskClient, app: Flask, session: Session, tmp_path: Path
) -> None:
    keep(lan, "Ký nhận quà", "column=phone&column=name&category=delegate&format=csv")
    run = app.test_cli_runner().invoke
    out = tmp_path / "a.csv"
    for words_ in (["Ký nhận quà"], ["ky nhan qua"], ["--choice", "Ký nhận quà"]):
        assert run(args=["export", *words_, "--out", str(out)]).exit_code == 0
        assert lines(out.read_bytes()) == [
            ["STT", "Điện thoại", "Họ và tên"], ["1", "", "Đỗ Ngọc Ưng"],
        ]  # fmt: skip
    session.rollback()
    assert session.get_one(Choice, 1).used_by == "command"
    paper = tmp_path / "a.pdf"
    run(args=["export", "Ký nhận quà", "--format", "pdf", "--out", str(paper)])
    assert "Ưng" in said(paper.read_bytes())
    unknown = run(args=["export", "Quà", "--out", str(paper)])
    assert unknown.exit_code == 2
    assert "Ký nhận quà" in unknown.output


def test_markup_in_a_name_stays_text(lan: FlaskClient) -> None:
    keep(lan, "<b>Quà</b>")
    for address in ("/organiser/lists", f"{PAGE}?choice=1"):
        assert "<b>Quà" not in lan.get(address).text
