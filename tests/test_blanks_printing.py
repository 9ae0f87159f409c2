"""Printing blank badges: on the organiser's page and by command, fetched again, withdrawn."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.badges import Facts, read
from event.blanks import Blank, BlankBatch
from event.journal import Change
from event.printing import Printed, PrintRun
from pages.chores import file_of_run
from tests.doors import scan, send
from tests.house import post
from tests.papers import code_on, draw, facts, fonts, said
from tests.registrants import words
from tests.test_commands import run

AsStaff = Callable[[str], FlaskClient]
PAGE = "/organiser/prints/blanks"
HERE = {"first": "", "last": "", "why": "", "do": "withdraw"}


@pytest.fixture
def lan(as_staff: AsStaff) -> FlaskClient:
    """An organiser's browser."""
    return as_staff("organiser")


def printed(lan: FlaskClient, count: object = 3, layout: str = "a6") -> bytes:
    """Print some for delegates, and fetch the newest file."""
    answer = post(lan, PAGE, {"count": count, "category": "delegate", "layout": layout})
    assert (answer.status_code, answer.location) == (303, PAGE)
    number = lan.get(PAGE).text.split("/organiser/prints/")[1:]
    newest = next(part.split("/")[0] for part in number if part.split('"')[0].endswith("/file"))
    return lan.get(f"/organiser/prints/{newest}/file").data


def turn(lan: FlaskClient, **fields: str) -> tuple[int, str]:
    """Withdraw a pile, or let it count again: the status, and what the reader then sees."""
    answer = post_below(lan, f"{PAGE}/withdraw", HERE | fields)
    page = lan.get(PAGE).text if answer.status_code == 303 else answer.text
    return answer.status_code, words(page)


def post_below(lan: FlaskClient, address: str, fields: dict[str, str]) -> object:
    """A form that stands on the page of blanks."""
    page = lan.get(PAGE).text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    return lan.post(address, data=fields | {"csrf_token": token})


def test_they_are_printed_with_numbers_that_go_on_and_no_name(
    app: Flask, lan: FlaskClient, tmp_path: Path
) -> None:
    printed(lan, 2)
    pdf = printed(lan, 3)
    assert facts(pdf)["Pages"] == "3"
    key = app.config["KEYS"].badges.public_key()
    read_back = [read(code_on(page), key) for page in draw(pdf, tmp_path)]
    assert read_back == [Facts(2023, 2**31 + n, 0, 2, 0) for n in (3, 4, 5)]
    text = said(pdf)
    assert [f"B000{n}" in text for n in (2, 3, 4, 5, 6)] == [False, True, True, True, False]
    assert text.count("ĐẠI BIỂU") == 3
    assert all(font["emb"] == "yes" for font in fonts(pdf))


@pytest.mark.parametrize("layout", ["4up", "10up"])
def test_every_layout_holds_them(app: Flask, lan: FlaskClient, tmp_path: Path, layout: str) -> None:
    pdf = printed(lan, 1, layout)
    (page,) = draw(pdf, tmp_path)
    found = read(code_on(page), app.config["KEYS"].badges.public_key())
    assert found.attendee == 2**31 + 1


def test_a_printing_is_a_print_run_that_is_fetched_again_byte_for_byte(
    lan: FlaskClient, session: Session
) -> None:
    pdf = printed(lan, 3)
    run_row = session.scalars(select(PrintRun)).one()
    assert (run_row.count, run_row.size, run_row.by) == (3, len(pdf), "organiser@vidu.vn")
    assert run_row.sha256 == hashlib.sha256(pdf).hexdigest()
    assert lan.get(f"/organiser/prints/{run_row.id}/file").data == pdf
    assert session.scalars(select(Printed)).all() == []
    runs = words(lan.get("/organiser/prints").text)
    assert "Thẻ trắng B0001–B0003 Đối tượng: Đại biểu" in runs
    told = session.scalars(select(Change).where(Change.verb == "exported")).all()
    assert told[0].details["people"] == {"blanks": "B0001–B0003", "category": "delegate"}


def test_the_page_says_what_is_out(lan: FlaskClient, session: Session) -> None:
    assert "Chưa in thẻ trắng nào." in words(lan.get(PAGE).text)
    printed(lan, 3)
    page = words(lan.get(PAGE).text)
    assert "Đã in 3 Đã gắn cho người 0 Đã vào, chưa có tên 0 Đã thu hồi 0" in page
    assert "B0001–B0003 3 Đại biểu A6" in page
    assert f'href="{PAGE}"' in lan.get("/organiser/prints").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"count": "0"}, "Từ 1 đến 2.000 thẻ; nhiều hơn xin dùng lệnh."),
        ({"count": "2001"}, "Từ 1 đến 2.000 thẻ; nhiều hơn xin dùng lệnh."),
        ({"count": "nhiều"}, "Xin nhập một số nguyên."),
        ({"category": "nobody"}, "Xin chọn trong danh sách."),
        ({"layout": "a0"}, "Xin chọn trong danh sách."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_printed(
    lan: FlaskClient, session: Session, fields: dict[str, str], told: str
) -> None:
    good = {"count": "7", "category": "delegate", "layout": "a6"}
    answer = post(lan, PAGE, good | fields)
    assert answer.status_code == 422
    assert told in words(answer.text)
    assert session.scalars(select(Blank)).all() == []


def test_a_page_open_for_too_long_prints_nothing_and_keeps_what_was_typed(
    lan: FlaskClient, session: Session
) -> None:
    answer = lan.post(PAGE, data={"count": "7", "category": "delegate", "layout": "10up"})
    assert answer.status_code == 400
    assert 'value="7"' in answer.text
    assert lan.post(f"{PAGE}/withdraw", data=HERE | {"first": "B0001"}).status_code == 400
    assert session.scalars(select(BlankBatch)).all() == []


def test_a_lost_pile_is_withdrawn_and_found_again(lan: FlaskClient, session: Session) -> None:
    printed(lan, 5)
    status, page = turn(lan, first="b2", last="B0004", why="mất ở sân bay")
    assert (status, "Số thẻ trắng vừa thu hồi: 3" in page) == (303, True)
    assert "B0002–B0004 3 mất ở sân bay 07:30 29/09/2023" in page
    assert "Đã thu hồi 3" in page
    status, page = turn(lan, first="b3", do="give_back")
    assert (status, "Số thẻ trắng dùng lại được: 1" in page) == (303, True)
    session.expire_all()
    gone = select(Blank.id).where(Blank.withdrawn_at.is_not(None)).order_by(Blank.id)
    assert list(session.scalars(gone)) == [2, 4]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"first": ""}, "Số trên thẻ trắng, ví dụ B0001."),
        ({"first": "B0004", "last": "B0002"}, "Số này đứng trước số đầu."),
        ({"first": "B0001", "last": "x"}, "Số trên thẻ trắng, ví dụ B0001."),
        ({"first": "00002"}, "Số trên thẻ trắng, ví dụ B0001."),
        ({"first": "B0006"}, "Thẻ cuối cùng đã in là B0005."),
        ({"first": "B0004", "last": "B0060"}, "Thẻ cuối cùng đã in là B0005."),
        ({"first": "B0001", "why": " "}, "Xin cho biết lý do: người ở cửa sẽ đọc."),
        ({"first": "B0001", "why": "a" * 121}, "quá dài"),
    ],
)
def test_a_pile_needs_its_numbers(
    lan: FlaskClient, session: Session, fields: dict[str, str], told: str
) -> None:
    printed(lan, 5)
    status, page = turn(lan, **{"why": "mất"} | fields)
    assert status == 422
    assert told in page
    assert session.scalars(select(Blank.id).where(Blank.withdrawn_at.is_not(None))).all() == []


def test_before_the_first_printing_there_is_nothing_to_withdraw(lan: FlaskClient) -> None:
    status, page = turn(lan, first="B0001", why="mất")
    assert status == 422
    assert page.count("Chưa in thẻ trắng nào.") == 2


def test_the_numbers_show_blanks_apart(app: Flask, lan: FlaskClient, tmp_path: Path) -> None:
    pages = draw(printed(lan, 2), tmp_path)
    send(lan, "/checkin/checkpoint", checkpoint="gate-a")
    for page in pages:
        scan(lan, code=code_on(page))
    numbers = words(lan.get("/organiser/").text)
    assert "Thẻ trắng 2 thẻ đã vào mà chưa có tên; đã in 2, đã gắn cho người 0" in numbers
    assert "Cổng A 29/09/2023 0 +2 0" in numbers


def test_the_command_prints_them_and_keeps_the_run(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    out = tmp_path / "trang.pdf"
    code, told = run(
        app, "badges", "--blank", 12, "--category", "visitor", "--layout", "10up", "--out", out
    )
    assert (code, told) == (0, f"Thẻ trắng B0001 đến B0012: {out}\nLượt in số 1\n")
    assert facts(out.read_bytes())["Pages"] == "2"
    assert out.read_bytes() == file_of_run(1).read_bytes()
    batch = session.scalars(select(BlankBatch)).one()
    assert (batch.first, batch.count, batch.run_id) == (1, 12, 1)
    assert session.get_one(PrintRun, 1).by == "command"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--blank", 3], "--blank N và --category C phải đi cùng nhau."),
        (["--category", "visitor"], "--blank N và --category C phải đi cùng nhau."),
        (["--blank", 3, "--category", "la"], "Không có “la”."),
        (["--blank", 0, "--category", "visitor"], "--blank"),
        (["--blank", 10_001, "--category", "visitor"], "--blank"),
    ],
)
def test_the_command_says_what_is_wrong_and_prints_nothing(
    app: Flask, session: Session, tmp_path: Path, options: list[object], told: str
) -> None:
    out = tmp_path / "trang.pdf"
    code, words_told = run(app, "badges", *options, "--out", out)
    assert (code, told in words_told, out.exists()) == (2, True, False)
    assert session.scalars(select(PrintRun)).all() == []
