"""Lists and badges ordered on the organiser's pages, made by the worker, and fetched."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import exports
from event.attendees import Attendee, Registration, register
from event.jobs import Job
from event.journal import Change
from event.sheets import read_sheet
from forms.downloads import FORMATS, LISTS
from pages.chores import everything_due, file_of
from tests.house import Clock, post
from tests.papers import said
from tests.registrants import words

AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def lan(as_staff: AsStaff) -> FlaskClient:
    """An organiser's browser."""
    return as_staff("organiser")


@pytest.fixture
def people(session: Session, clock: Clock) -> list[Attendee]:
    """Hương, a visitor; Ưng, a delegate in the session it-1."""
    stated = (
        Registration(
            name="Nguyễn Thị Hương", phone="+84912345678", organisation="Viện A", province="75"
        ),
        Registration(
            name="Đỗ Ngọc Ưng", organisation="=Viện B", category="delegate", sessions=("it-1",)
        ),
    )
    return [register(session, each, at=clock()).attendee for each in stated]


def work() -> None:
    """What the worker does when it is woken."""
    everything_due(lambda: False)


def fetched(browser: FlaskClient, address: str) -> bytes:
    """Order something, let the worker make it, and fetch it."""
    answer = browser.get(f"/organiser/exports/{address}")
    assert answer.status_code == 303, words(answer.text)
    work()
    file = browser.get(answer.location + "/file")
    assert file.status_code == 200, words(browser.get(answer.location).text)
    return file.data


def lines(data: bytes) -> list[list[str]]:
    """The cells of a CSV file."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_page_offers_every_list_in_every_format_and_every_layout(lan: FlaskClient) -> None:
    page = lan.get("/organiser/lists").text
    offered = re.findall(r'formaction="/organiser/exports/([^"]+)"', page)
    made = [f"{name}.{format}" for name in exports.lists.LISTS for format in exports.lists.FORMATS]
    assert offered == [*made, "badges.pdf"]
    assert (tuple(LISTS), FORMATS) == (tuple(exports.lists.LISTS), exports.lists.FORMATS)
    layouts = re.findall(r'name="layout" value="(\w+)"', page)
    assert layouts == ["a6", "card", "4up", "8up", "10up"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("format", FORMATS)
def test_every_list_comes_in_every_format(
    name: str, format: str, lan: FlaskClient, people: list[Attendee]
) -> None:
    data = fetched(lan, f"{name}.{format}")
    if (name, format) == ("labels", "pdf"):
        assert data.startswith(b"%PDF")
    elif format == "pdf":
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said(data)
    else:
        assert read_sheet(data).lines[0].cells[0] == "STT"


def test_a_narrowed_list_says_on_paper_whom_it_holds(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    paper = said(fetched(lan, "attendees.pdf?category=visitor&province="))
    assert "Đối tượng: Khách tham quan" in paper
    assert "Đối tượng: " not in said(fetched(lan, "attendees.pdf"))


@pytest.mark.parametrize(
    "address",
    [
        "prints?before=-" + "9" * 30,
        "prints?before=" + "9" * 30,
        "prints/check?job=-" + "9" * 30,
        "lists?dropped=-" + "9" * 30,
        "lists?imported=²",
        "lists?imported=" + "9" * 30,
        "lists/attendees?choice=" + "9" * 5000,
    ],
)
def test_a_number_that_can_be_none_does_no_harm(lan: FlaskClient, address: str) -> None:
    assert lan.get(f"/organiser/{address}").status_code in (200, 302, 404)


def test_a_list_holds_everybody_in_the_order_of_given_names(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    rows = lines(fetched(lan, "attendees.csv"))
    assert [row[4] for row in rows] == ["Họ và tên", "Nguyễn Thị Hương", "Đỗ Ngọc Ưng"]
    assert rows[2][7] == "'=Viện B"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("category=delegate", ["Đỗ Ngọc Ưng"]),
        ("session=it-1", ["Đỗ Ngọc Ưng"]),
        ("province=75", ["Nguyễn Thị Hương"]),
        ("q=huong", ["Nguyễn Thị Hương"]),
        ("organisation=Viện A", ["Nguyễn Thị Hương"]),
        ("ids=00002", ["Đỗ Ngọc Ưng"]),
        ("arrived=yes", []),
        ("delegation=none", ["Nguyễn Thị Hương", "Đỗ Ngọc Ưng"]),
        ("state=cancelled", []),
    ],
)
def test_a_list_holds_whom_the_table_of_people_was_narrowed_to(
    wanted: str, found: list[str], lan: FlaskClient, people: list[Attendee]
) -> None:
    page = lan.get(f"/organiser/lists?{wanted}").text
    count = re.search(r'id="count"[^>]*>([^<]*)', page)
    assert count is not None
    assert count[1] == f"{len(found)} người"
    rows = lines(fetched(lan, f"attendees.csv?{wanted}"))
    assert [row[4] for row in rows[1:]] == found


def test_what_stands_on_paper_is_as_it_was_asked_for(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    text = said(
        fetched(
            lan,
            "attendees.pdf?attached_to=Công văn số 12/BTC&maker=Lê Lan&instead_of=KT. TRƯỞNG BAN"
            "&office=PHÓ TRƯỞNG BAN&signer=Trần Minh&on=28/09/2023",
        )
    )
    for line in (
        "Công văn số 12/BTC", "Lê Lan", "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "Trần Minh",
        "ngày 28 tháng 9 năm 2023",
    ):  # fmt: skip
        assert line in text


def test_a_file_has_a_name_that_people_can_read(lan: FlaskClient, people: list[Attendee]) -> None:
    order = lan.get("/organiser/exports/attendees.xlsx")
    work()
    answer = lan.get(order.location + "/file")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert unquote(disposition.split("filename*=UTF-8''")[1]) == (
        "Tất cả người đăng ký 29-09-2023.xlsx"
    )
    assert answer.content_type == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("layout", "pages"), [("a6", 2), ("card", 2), ("4up", 1), ("8up", 1), ("10up", 1)]
)
def test_badges_come_in_every_layout(
    layout: str, pages: int, lan: FlaskClient, people: list[Attendee]
) -> None:
    data = fetched(lan, f"badges.pdf?layout={layout}")
    assert len(re.findall(rb"/Type ?/Page\b", data)) == pages
    assert {"Hương", "Ưng"} <= set(said(data).split())


def test_badges_can_be_picked_by_hand(lan: FlaskClient, people: list[Attendee]) -> None:
    text = said(fetched(lan, "badges.pdf?ids=00002"))
    assert "Ưng" in text
    assert "Hương" not in text


def test_who_took_which_list_is_in_the_journal(
    lan: FlaskClient, people: list[Attendee], session: Session, clock: Clock
) -> None:
    lan.get("/organiser/exports/attendees.pdf?category=delegate")
    change = session.scalars(select(Change).where(Change.verb == "exported")).one()
    assert (change.actor, change.at, change.subject) == ("organiser@vidu.vn", clock(), "event")
    assert change.details == {
        "job": 1, "list": "attendees", "format": "pdf", "people": {"category": "delegate"},
    }  # fmt: skip


@pytest.mark.parametrize("path", ["everything.csv", "attendees.doc", "badges.csv", "sessions"])
def test_what_is_not_offered_is_not_found(path: str, lan: FlaskClient) -> None:
    assert lan.get(f"/organiser/exports/{path}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("category=king", "Xin chọn trong danh sách."),
        ("session=no-such", "Xin chọn trong danh sách."),
        ("province=999", "Xin chọn trong danh sách."),
        ("delegation=77", "Xin chọn trong danh sách."),
        ("layout=a0", "Xin chọn trong danh sách."),
        ("language=fr", "Xin chọn trong danh sách."),
        ("on=29/9", "Xin nhập ngày, ví dụ 29/09/2023."),
        ("ids=An", "Mã số là các con số, ví dụ 00012, 00015."),
        ("signer=" + "x" * 121, "Nội dung này quá dài."),
        ("ids=99999", "Không có ai như vậy nên không có thẻ nào."),
    ],
)
def test_a_wrong_choice_is_refused_and_nothing_is_made(
    wrong: str, message: str, lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    answer = lan.get(f"/organiser/exports/badges.pdf?q=a&{wrong}")
    assert answer.status_code == 422
    assert message in words(answer.text)
    assert 'value="a"' in answer.text
    assert session.scalars(select(Job)).all() == []


def test_a_supervisor_gets_one_badge_and_no_list(as_staff: AsStaff, people: list[Attendee]) -> None:
    supervisor = as_staff("supervisor")
    assert "Ưng" in said(fetched(supervisor, "badges.pdf?ids=2"))
    for more in ("badges.pdf", "badges.pdf?ids=1,2", "badges.pdf?q=a", "attendees.csv?ids=2"):
        assert supervisor.get(f"/organiser/exports/{more}").status_code == 403
    assert supervisor.get("/organiser/lists").status_code == 403


@pytest.mark.parametrize(
    "path", ["lists", "exports/attendees.csv", "exports/badges.pdf?ids=1", "work", "work/1"]
)
def test_the_desk_takes_nothing_along(path: str, as_staff: AsStaff, client: FlaskClient) -> None:
    assert as_staff("desk").get(f"/organiser/{path}").status_code == 403
    assert client.get(f"/organiser/{path}").location.startswith("/staff/sign-in?then=")


def test_a_page_waits_for_the_file_with_and_without_javascript(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    order = lan.get("/organiser/exports/attendees.csv").location
    waiting = lan.get(order).text
    assert f'hx-get="{order}" hx-trigger="every 1s"' in waiting
    assert f'<noscript><meta http-equiv="refresh" content="2; url={order}?start=1">' in waiting
    part = lan.get(order, headers={"HX-Request": "true"}).text
    assert part.strip().startswith("<section")
    work()
    done = lan.get(order, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == f"{order}?start=1"
    start = f'<meta http-equiv="refresh" content="0; url={order}/file">'
    assert start in lan.get(f"{order}?start=1").text
    shown = lan.get(order).text
    assert start not in shown
    assert "hx-trigger" not in shown
    assert f'download href="{order}/file"' in shown
    assert "Tất cả người đăng ký" in words(lan.get("/organiser/work").text)


def test_a_file_is_for_the_person_who_asked_for_it(
    lan: FlaskClient, as_staff: AsStaff, people: list[Attendee]
) -> None:
    order = lan.get("/organiser/exports/attendees.csv").location
    work()
    supervisor = as_staff("supervisor")
    assert supervisor.get(order).status_code == 404
    assert supervisor.get(f"{order}/file").status_code == 404
    assert "Tất cả người đăng ký" not in words(supervisor.get("/organiser/work").text)


def test_a_job_that_failed_says_so_and_can_be_tried_again(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    order = lan.get("/organiser/exports/sessions.csv?session=it-1").location
    job = session.scalars(select(Job)).one()
    job.wish = job.wish | {"people": {"session": "gone"}}
    session.commit()
    work()
    page = words(lan.get(order).text)
    assert "Việc này không thực hiện được. Phiên này không còn trong chương trình." in page
    assert lan.get(f"{order}/file").status_code == 404
    token = re.search(r'name="csrf_token" value="([^"]*)"', lan.get(order).text)
    assert token is not None
    again = lan.post(f"{order}/again", data={"csrf_token": token[1]})
    assert (again.status_code, again.location) == (303, "/organiser/work/2")


def test_a_file_is_kept_for_a_day(
    lan: FlaskClient, people: list[Attendee], session: Session, clock: Clock
) -> None:
    order = lan.get("/organiser/exports/attendees.csv").location
    work()
    session.rollback()
    Path(file_of(session.scalars(select(Job)).one())).unlink()
    assert "Tệp chỉ được giữ một ngày" in words(lan.get(order).text)
    assert lan.get(f"{order}/file").status_code == 404
    clock.time += timedelta(days=1, minutes=1)
    assert "chưa yêu cầu tệp nào" in words(lan.get("/organiser/work").text)


def test_markup_in_what_is_typed_stays_text(lan: FlaskClient) -> None:
    page = lan.get("/organiser/lists?q=<script>alert(1)</script>&signer=<b>x</b>").text
    assert "<script>alert" not in page
    assert "<b>x" not in page


def test_a_list_comes_in_english_for_whom_asks(lan: FlaskClient, people: list[Attendee]) -> None:
    rows = lines(fetched(lan, "attendees.csv?language=en"))
    assert rows[0][4] == "Full name"


def test_one_import_can_be_taken_along(lan: FlaskClient, app: Flask) -> None:
    data = {"file": (io.BytesIO("Họ và tên;Đơn vị\nLê An;Viện A\n".encode()), "an.csv")}
    address = post(lan, "/organiser/import", data).location
    columns = {"heading": "1", "column-0": "name", "column-1": "organisation"}
    post(lan, address, {**columns, "do": "take", "category": "delegate", "language": "vi"})
    page = lan.get("/organiser/lists?imported=1").text
    assert "Chỉ những người trong danh sách an.csv." in words(page)
    assert len(lines(fetched(lan, "attendees.csv?imported=1"))) == 2
