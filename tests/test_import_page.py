"""A list from an office on the organiser's pages: shown row by row, put right, taken in once."""

import io
import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.attendees import Attendee
from event.delegations import Delegation
from event.imports import Import
from event.jobs import Job
from event.mail import Mail
from event.sheets import read_sheet
from event.staff import Staff, add_staff, make_link
from pages.chores import everything_due
from pages.organiser.taking_in import take_in
from pages.organiser.uploads import find
from tests.house import OPENING, Clock, post
from tests.registrants import queries, words
from tests.workbooks import parts, worksheet, xlsx, zipped

LISTS = Path(__file__).parent / "lists"
DONG_NAI = (LISTS / "doan-dong-nai.xlsx").read_bytes()
GUESTS = "Họ và tên;Đơn vị\nLê An;Viện A\nBùi Bình;Viện B\n".encode()
STRANGERS = "Lê An;Viện A\nBùi Bình;Viện B\n".encode()
AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def lan(as_staff: AsStaff) -> FlaskClient:
    """An organiser's browser."""
    return as_staff("organiser")


def send(browser: FlaskClient, data: bytes, name: str = "khach.csv") -> TestResponse:
    """Choose a file and send it."""
    return post(browser, "/organiser/import", {"file": (io.BytesIO(data), name)})


def preview_of(browser: FlaskClient, data: bytes, name: str = "khach.csv") -> str:
    """The address of a file's preview."""
    answer = send(browser, data, name)
    assert (answer.status_code, answer.location[:18]) == (303, "/organiser/import/"), answer.text
    return answer.location


def fields(page: str, **changed: str) -> dict[str, str]:
    """What a browser would send from a preview, but for what is changed."""
    form = page[page.index("<main") : page.index("/forget")]
    typed = {
        tag_value(tag, "name"): tag_value(tag, "value") for tag in re.findall("<input[^>]*>", form)
    }
    for tag, options in re.findall(r"(<select[^>]*>)(.*?)</select>", form, re.S):
        chosen = re.search(r"<option([^>]*\bselected\b[^>]*)>([^<]*)", options)
        value = tag_value(chosen[1], "value", chosen[2]) if chosen else ""
        typed[tag_value(tag, "name")] = value
    typed = {name: value for name, value in typed.items() if name not in ("also", "csrf_token")}
    return typed | changed


def tag_value(tag: str, name: str, otherwise: str = "") -> str:
    """An attribute of a tag."""
    found = re.search(rf'{name}="([^"]*)"', tag)
    return found[1] if found else otherwise


def press(browser: FlaskClient, address: str, button: str, **changed: str) -> TestResponse:
    """Press a button of the preview."""
    typed = fields(browser.get(address).text, **changed)
    return post(browser, address, {**typed, "do": button})


def tally(page: str) -> dict[str, str]:
    """The counts on top."""
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))


def rows(page: str) -> dict[str, str]:
    """The rows in words, by their number."""
    found = re.findall(r'<tr class="is-\w+">(.*?)</tr>', page, re.S)
    read = (words(row).partition(" ") for row in found)
    return {number: said for number, _, said in read}


def names(session: Session) -> list[str]:
    """Who is put down."""
    return list(session.scalars(select(Attendee.name).order_by(Attendee.id)))


def work() -> None:
    """What the worker does when it is woken."""
    everything_due(lambda: False)


def test_a_list_is_shown_row_by_row_before_anybody_is_taken_in(
    lan: FlaskClient, session: Session
) -> None:
    page = lan.get(preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx")).text
    assert tally(page) == {
        "Sẽ nhập": "8", "trong đó đã chỉnh": "8", "Không nhận": "3", "Đã có": "1", "Bỏ qua": "7",
    }  # fmt: skip
    said = rows(page)
    assert said["1"].startswith("Bỏ qua ở trên danh sách: UBND TỈNH ĐỒNG NAI")
    assert "Trưởng đoàn Nguyễn Thị Minh Hương" in said["7"]
    assert "0913 456 701 913456701 thêm lại số 0 bị mất" in said["7"]
    assert "an.vd@gmail,com Địa chỉ email chưa đúng." in said["12"]
    assert said["13"].startswith("Đã có trùng với dòng 7")
    assert said["15"].startswith("Không nhận Xin điền mục này.")
    assert said["20"] == "Bỏ qua dòng tổng cộng: Tổng cộng: 12 người"
    assert "Trang tính “Danh sách”. Không nhập: Ghi chú nội bộ." in words(page)
    assert names(session) == []


def test_good_rows_go_in_with_their_delegation_and_who_sent_them(
    lan: FlaskClient, session: Session
) -> None:
    address = preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx")
    answer = press(lan, address, "take", language="en")
    assert (answer.status_code, answer.location) == (303, "/organiser/imports/1")
    page = words(lan.get(answer.location).text)
    assert "Đã nhập 8 người. Đoàn: Đoàn Đồng Nai." in page
    assert "Người nhập: organiser@vidu.vn, lúc 07:30 29/09/2023." in page
    assert names(session) == [
        "Nguyễn Thị Minh Hương", "Đỗ Ngọc Ưng", "Trần Văn Ánh", "Lê Thị Phượng Hằng",
        "Phạm Quốc Bảo", "Bùi Thị Ý", "Kim Min-jun", "Hồ Thị Thảo",
    ]  # fmt: skip
    party = session.scalars(select(Delegation)).one()
    assert (party.name, party.expected) == ("Đoàn Đồng Nai", 12)
    first = session.scalars(select(Attendee)).first()
    assert first is not None
    assert (first.import_id, first.party_id, first.heads_party) == (1, party.id, True)
    assert (first.registered_by, first.language) == ("organiser@vidu.vn", "en")
    assert "doan-dong-nai.xlsx" in words(lan.get("/organiser/import").text)


def test_the_same_file_again_adds_nobody_and_says_so(lan: FlaskClient, session: Session) -> None:
    press(lan, preview_of(lan, GUESTS), "take")
    again = preview_of(lan, GUESTS)
    page = lan.get(again).text
    assert tally(page)["Sẽ nhập"] == "0"
    assert tally(page)["Đã có"] == "2"
    assert "Chính tệp này đã được nhập lúc 07:30 29/09/2023 bởi organiser@vidu.vn." in words(page)
    assert "Không có ai mới trong danh sách này." in words(page)
    assert names(session) == ["Lê An", "Bùi Bình"]


def test_a_confirmation_that_would_take_nobody_says_what_to_do_and_makes_no_import(
    lan: FlaskClient, session: Session
) -> None:
    press(lan, preview_of(lan, GUESTS), "take")
    again = preview_of(lan, GUESTS)
    answer = press(lan, again, "take", also="99", party="Đoàn Huế")
    assert answer.status_code == 422
    told = re.findall(r'id="take-error"[^>]*>([^<]+)<', answer.text)
    assert told == [
        "Chưa đánh dấu ai. Xin đánh dấu bên dưới những dòng là người khác rồi xác nhận."
    ]
    assert 'value="Đoàn Huế"' in answer.text
    assert session.scalar(select(func.count()).select_from(Import)) == 1
    assert press(lan, again, "take", also="2").location == "/organiser/imports/2"
    assert names(session) == ["Lê An", "Bùi Bình", "Lê An"]


def test_one_that_looks_the_same_is_taken_when_the_organiser_says_so(
    lan: FlaskClient, session: Session
) -> None:
    address = preview_of(lan, GUESTS + "Lê An;Viện A\n".encode())
    assert rows(lan.get(address).text)["4"].startswith("Đã có trùng với dòng 2")
    assert press(lan, address, "refused", also="4").status_code == 303
    page = lan.get(address + "?show=refused").text
    assert '<input type="hidden" name="also" value="4">' in page
    press(lan, address, "take", also="4")
    assert names(session) == ["Lê An", "Bùi Bình", "Lê An"]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_refused_rows_come_back_as_a_file_that_can_be_sent_again(
    format: str, lan: FlaskClient
) -> None:
    address = preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx")
    before = lan.get(f"{address}/corrections.{format}")
    press(lan, address, "take")
    answer = lan.get(f"/organiser/imports/1/corrections.{format}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        "filename*=UTF-8''L%E1%BB%97i%20c%E1%BA%A7n%20s%E1%BB%ADa"
        in (answer.headers["Content-Disposition"])
    )
    lines = [line.cells for line in read_sheet(answer.data).lines]
    assert lines == [line.cells for line in read_sheet(before.data).lines]
    assert [lines[0][1], lines[0][-1]] == ["Họ và tên", "Lỗi cần sửa"]
    assert [line[-1] for line in lines[1:]] == [
        "Email: Địa chỉ email chưa đúng. Ví dụ: hoa.le@vidu.vn",
        "Họ và tên: Xin điền mục này.",
        "Điện thoại: Số điện thoại chưa đúng. Ví dụ: 0912 345 678, +82 2 312 3456",
    ]
    again = lan.get(preview_of(lan, answer.data, f"loi.{format}")).text
    assert (tally(again)["Sẽ nhập"], tally(again)["Không nhận"]) == ("0", "3")


def test_a_formula_in_a_refused_row_does_no_harm(lan: FlaskClient) -> None:
    data = "Họ và tên;Đơn vị;Ghi chú\n=1+1;Viện A;@SUM(A1)\nLê An;Viện A;+84\n".encode()
    address = preview_of(lan, data)
    assert "Công thức không có giá trị." in rows(lan.get(address).text)["2"]
    text = lan.get(f"{address}/corrections.csv").data.decode("utf-8-sig")
    assert text.splitlines()[1].split(",")[:4] == ["1", "'=1+1", "Viện A", "'@SUM(A1)"]


def test_columns_without_headings_are_chosen_by_hand(lan: FlaskClient, session: Session) -> None:
    address = preview_of(lan, STRANGERS)
    page = lan.get(address).text
    assert "Không nhận ra dòng tiêu đề." in words(page)
    assert "Từng dòng" not in words(page)
    wrong = press(lan, address, "look", **{"column-1": "organisation"}, party="Đoàn X")
    assert wrong.status_code == 422
    assert "Xin chọn cột nào là họ và tên." in words(wrong.text)
    kept = fields(wrong.text)
    assert (kept["column-1"], kept["party"]) == ("organisation", "Đoàn X")
    twice = press(lan, address, "look", **{"column-0": "name", "column-1": "name"})
    assert "“Họ và tên” được chọn cho hai cột." in words(twice.text)
    right = press(lan, address, "look", **{"column-0": "name", "column-1": "organisation"})
    assert right.status_code == 303
    assert tally(lan.get(address).text)["Sẽ nhập"] == "2"
    press(lan, address, "take")
    assert names(session) == ["Lê An", "Bùi Bình"]


def test_columns_that_were_changed_are_looked_at_before_anybody_is_taken_in(
    lan: FlaskClient, session: Session
) -> None:
    address = preview_of(lan, GUESTS)
    answer = press(lan, address, "take", **{"column-1": ""})
    assert answer.location.startswith(address)
    assert "Cách ghép cột đã đổi." in words(lan.get(address).text)
    assert names(session) == []


def test_another_sheet_of_the_file_can_be_read(lan: FlaskClient) -> None:
    address = preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx")
    assert press(lan, address, "look", sheet="Ghi chú nội bộ").status_code == 303
    page = words(lan.get(address).text)
    assert "Trang tính “Ghi chú nội bộ”. Không nhập: Danh sách." in page


def test_rows_are_shown_by_their_fate(lan: FlaskClient) -> None:
    address = preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx")
    answer = press(lan, address, "refused", party="Đoàn khác")
    assert answer.location == f"{address}?show=refused#rows"
    page = lan.get(f"{address}?show=refused").text
    assert list(rows(page)) == ["12", "15", "16"]
    assert fields(page)["party"] == "Đoàn khác"


def test_markup_in_a_cell_stays_text(lan: FlaskClient) -> None:
    data = "Họ và tên;Đơn vị\n<script>alert(1)</script> An;<b>Viện</b>\n".encode()
    page = lan.get(preview_of(lan, data, "<i>khách</i>.csv")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; An" in page
    assert "<b>Viện" not in page
    assert "<i>khách" not in page


def huge() -> bytes:
    """A workbook that unpacks to more than the 50 MB that may come out of a file."""
    return zipped(parts(worksheet(f"<row><c><v>{'1' * 53_000_000}</v></c></row>")))


def of_columns(count: int) -> bytes:
    """A workbook with one row of so many cells that say where they stand by their order alone."""
    digits = random.Random(1)
    cells = "".join(f"<c><v>{digits.random()}</v></c>" for _ in range(count))
    return zipped(parts(worksheet(f"<row>{cells}</row>")))


@pytest.mark.parametrize(
    ("data", "status", "message"),
    [
        (b"", 422, "Tệp không có gì."),
        (b"\xd0\xcf\x11\xe0" + bytes(600), 422, "Đây là tệp Excel 97–2003 (.xls)."),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            422,
            "Tệp bị khóa bằng mật khẩu.",
        ),
        (b"%PDF-1.7 ...", 422, "Đây không phải danh sách: chỉ nhận tệp CSV và XLSX."),
        (xlsx([["x"] * 201]), 422, "Danh sách có 201 cột; tối đa nhận 200 cột."),
        (("a;" * 20_000).encode() + b"b", 422, "tối đa nhận 200 cột."),
        (xlsx([["Danh sách"], [f"cột {n}" for n in range(16_384)]]), 422, "tối đa nhận 200 cột."),
        (of_columns(20_000), 422, "tối đa nhận 200 cột."),
        (huge(), 422, "Tệp giải nén ra hơn 50 MB nên không được mở."),
        (b"a" * (5 * 1024 * 1024 + 1), 413, "Tệp quá lớn: tối đa 5 MB."),
        (b"a" * (7 * 1024 * 1024), 413, "Tệp quá lớn: tối đa 5 MB."),
    ],
    ids=[
        "empty",
        "xls",
        "locked",
        "pdf",
        "wide",
        "wide csv",
        "16384",
        "20000",
        "bomb",
        "5 MB",
        "7 MB",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_the_field(
    data: bytes, status: int, message: str, lan: FlaskClient, app: Flask, session: Session
) -> None:
    answer = send(lan, data, "tệp.xlsx")
    assert answer.status_code == status
    error = re.search(r'<p class="error" id="file-error">([^<]*)', answer.text)
    assert error is not None
    assert message in error[1]
    assert left_behind(app) == []
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def left_behind(app: Flask) -> list[str]:
    """Files with people's data that lie in the folder of uploads."""
    found = (app.config["DATA_DIR"] / "files" / "uploads").glob("*/*/*")
    return sorted(file.name for file in found if file.name in ("data", "preview"))


def test_a_form_without_a_file_says_so(lan: FlaskClient) -> None:
    answer = post(lan, "/organiser/import", {})
    assert answer.status_code == 422
    assert "Xin chọn một tệp." in words(answer.text)


def test_what_was_taken_in_or_thrown_away_does_not_stay_on_the_server(
    lan: FlaskClient, app: Flask, session: Session
) -> None:
    taken, thrown = preview_of(lan, GUESTS), preview_of(lan, STRANGERS)
    assert left_behind(app) == ["data", "data", "preview", "preview"]
    press(lan, taken, "take")
    page = lan.get(thrown).text
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]*)"', page)
    assert token is not None
    answer = lan.post(f"{thrown}/forget", data={"csrf_token": token[1]})
    assert answer.location == "/organiser/import"
    assert lan.get(thrown).status_code == 404
    assert left_behind(app) == []
    assert names(session) == ["Lê An", "Bùi Bình"]


def test_a_file_that_nobody_confirms_is_removed_after_a_day(lan: FlaskClient, app: Flask) -> None:
    address = preview_of(lan, GUESTS)
    for folder in (app.config["DATA_DIR"] / "files" / "uploads").glob("*/*"):
        os.utime(folder, (time.time() - 90_000,) * 2)
    preview_of(lan, STRANGERS)
    assert lan.get(address).status_code == 404


def test_a_preview_is_for_the_account_that_sent_the_file(
    lan: FlaskClient, app: Flask, session: Session, clock: Clock
) -> None:
    address = preview_of(lan, GUESTS)
    minh = add_staff(session, "minh@vidu.vn", "organiser", at=clock(), by="test")
    other = app.test_client()
    post(other, f"/staff/sign-in/{make_link(session, minh, at=clock())}", {})
    answer = other.get(address)
    assert answer.status_code == 404
    assert "Lê An" not in answer.text
    typed = {"csrf_token": csrf(other), "do": "take"}
    assert other.post(address, data=typed).status_code == 404
    assert other.get(f"{address}/corrections.csv").status_code == 404
    assert other.post(f"{address}/forget", data=typed).status_code == 303
    assert lan.get(address).status_code == 200
    assert names(session) == []


def test_confirming_twice_takes_in_once(lan: FlaskClient, session: Session) -> None:
    address = preview_of(lan, GUESTS)
    typed = fields(lan.get(address).text, do="take")
    first = post(lan, address, typed)
    again = lan.get(address)
    assert (again.status_code, again.location) == (303, first.location)
    token = {"csrf_token": csrf(lan)}
    second = lan.post(address, data={**typed, **token})
    assert lan.get(second.location).location == first.location
    assert session.scalar(select(func.count()).select_from(Import)) == 1
    assert names(session) == ["Lê An", "Bùi Bình"]


def test_a_press_while_another_is_at_work_waits_unless_that_one_was_stopped(
    lan: FlaskClient, app: Flask, session: Session
) -> None:
    address = preview_of(lan, GUESTS)
    (folder,) = (app.config["DATA_DIR"] / "files" / "uploads").glob("*/*")
    (folder / "claimed").touch()
    assert press(lan, address, "take").location == address
    assert names(session) == []
    os.utime(folder / "claimed", (time.time() - 121,) * 2)
    assert press(lan, address, "take").location == "/organiser/imports/1"
    assert names(session) == ["Lê An", "Bùi Bình"]


def test_a_preview_asks_the_database_the_same_for_few_rows_and_for_many(lan: FlaskClient) -> None:
    counts = []
    for data in (GUESTS, GUESTS + "Cao Chi;Viện C\n".encode() * 30):
        address = preview_of(lan, data)
        with queries() as asked:
            assert lan.get(address).status_code == 200
        counts.append(len([each for each in asked if each.startswith("SELECT")]))
    assert counts[0] == counts[1] > 0


def csrf(browser: FlaskClient) -> str:
    """A token of this browser."""
    return tag_value(
        re.findall("<input[^>]*csrf_token[^>]*>", browser.get("/organiser/import").text)[0], "value"
    )


def test_an_expired_token_shows_the_preview_again_as_it_was_filled_in(
    lan: FlaskClient, session: Session
) -> None:
    address = preview_of(lan, GUESTS)
    typed = fields(lan.get(address).text, do="take", party="Đoàn Huế", csrf_token="old")
    answer = lan.post(address, data=typed)
    assert answer.status_code == 400
    assert "Trang này đã mở quá lâu" in words(answer.text)
    assert fields(answer.text)["party"] == "Đoàn Huế"
    assert names(session) == []
    upload = {"file": (io.BytesIO(GUESTS), "a.csv"), "csrf_token": "old"}
    assert lan.post("/organiser/import", data=upload).status_code == 400


def test_a_long_list_is_for_the_worker(lan: FlaskClient, session: Session) -> None:
    lines = "".join(f"Lê An {chr(65 + n % 26)}{'b' * (n // 26)};Viện {n}\n" for n in range(301))
    answer = send(lan, b"Ho ten;Don vi\n" + lines.encode())
    assert answer.location == "/organiser/work/1"
    assert "Đang chờ đến lượt" in words(lan.get("/organiser/work/1").text)
    work()
    address = lan.get("/organiser/work/1").location
    page = lan.get(address).text
    assert tally(page)["Sẽ nhập"] == "301"
    assert "Trang 1/7" in words(page)
    assert list(rows(lan.get(f"{address}?page=7").text))[-1] == "302"
    taking = press(lan, address, "take", party="Đoàn lớn")
    assert taking.location == "/organiser/work/2"
    assert lan.get(address).location == "/organiser/work/2"
    assert names(session) == []
    work()
    assert lan.get("/organiser/work/2").location == address
    assert lan.get(address).location == "/organiser/imports/1"
    assert "Đã nhập 301 người. Đoàn: Đoàn lớn." in words(lan.get("/organiser/imports/1").text)
    assert len(names(session)) == 301


def test_a_worker_that_was_stopped_half_way_goes_on_and_adds_nobody_twice(
    lan: FlaskClient, session: Session
) -> None:
    lines = "".join(f"Lê An {chr(65 + n % 26)}{'b' * (n // 26)};Viện {n}\n" for n in range(301))
    send(lan, b"Ho ten;Don vi\n" + lines.encode())
    work()
    address = lan.get("/organiser/work/1").location
    press(lan, address, "take", party="Đoàn lớn")

    def stop(done: int, _of: int) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    account = session.scalars(select(Staff)).one()
    upload = find(account.id, address.rpartition("/")[2])
    with pytest.raises(KeyboardInterrupt):
        take_in(session, upload, by=account.email, at=OPENING, progress=stop)
    session.rollback()
    assert len(names(session)) == 100
    work()
    assert lan.get(address).location == "/organiser/imports/1"
    assert "Đã nhập 301 người. Đoàn: Đoàn lớn." in words(lan.get("/organiser/imports/1").text)
    assert len(names(session)) == 301
    assert session.scalar(select(func.count()).select_from(Import)) == 1


def test_what_is_wrong_with_a_big_workbook_is_told_by_the_page_that_waited(
    lan: FlaskClient,
) -> None:
    digits = random.Random(1)
    lines = "".join(f"<row><c><v>{digits.random()}</v></c></row>" for _ in range(15_000))
    broken = zipped(parts(worksheet(lines).removesuffix("</worksheet>")))
    assert send(lan, broken, "to.xlsx").location == "/organiser/work/1"
    work()
    answer = lan.get(lan.get("/organiser/work/1").location)
    assert answer.status_code == 422
    assert "Tệp bị hỏng." in words(answer.text)


@pytest.mark.parametrize("role", ["desk", "supervisor"])
@pytest.mark.parametrize(
    "path", ["import", "imports/1", "imports/1/corrections.csv", f"import/{'a' * 22}"]
)
def test_only_organisers_see_imports(role: str, path: str, as_staff: AsStaff) -> None:
    assert as_staff(role).get(f"/organiser/{path}").status_code == 403
    assert as_staff("organiser").get(f"/organiser/{path}").status_code in (200, 404)


@pytest.mark.parametrize(("ticked", "mails"), [({"mail": "y"}, 7), ({}, 0)])
def test_people_taken_in_are_written_to_unless_the_organiser_says_no(
    lan: FlaskClient, session: Session, ticked: dict[str, str], mails: int
) -> None:
    address = preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx")
    typed = fields(lan.get(address).text)
    assert typed.pop("mail") == "y"
    assert post(lan, address, {**typed, **ticked, "do": "take"}).status_code == 303
    assert (len(names(session)), len(list(session.scalars(select(Mail))))) == (8, mails)
