"""The printer at the desk: opened by name, given badges one by one, and put right by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.attendees import Attendee
from event.badges import public_key
from event.checkin import Scanned, check_in
from event.printing import Printed, PrintRun
from event.printqueue import PrintJob
from event.programme import the_event
from tests.doors import csrf, put_down
from tests.house import Clock, post

AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def desk(as_staff: AsStaff) -> FlaskClient:
    """At a computer with a printer, opened as "Bàn 1"."""
    browser = as_staff("desk")
    answer = post(browser, "/checkin/printer", {"name": "Bàn 1"})
    assert answer.location == "/checkin/printer"
    return browser


def came_in(app: Flask, session: Session, at: Clock, name: str = "Nguyễn Thị Hương") -> Attendee:
    """Somebody who checked in at a kiosk just now."""
    person, event = put_down(session, name), the_event(session)
    assert event
    scanned = Scanned("device:1", f"kiosk-{person.id}", "gate-a", "kiosk", at(), "", person.id)
    check_in(session, event, scanned, public_key(app.config["KEYS"].badges), at=at())
    return person


def send(browser: FlaskClient, address: str, **fields: str) -> TestResponse:
    headers = {"X-CSRFToken": csrf(browser), "Accept": "application/json"}
    return browser.post(f"/checkin/printer/{address}", data=fields, headers=headers)


def test_the_page_says_where_it_prints_and_what_waits(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    assert "Không có thẻ nào đang chờ." in desk.get("/checkin/printer").text
    came_in(app, session, clock)
    clock.forward(minutes=3)
    page = desk.get("/checkin/printer/queue").text
    for words in ("Nguyễn Thị Hương", "đang chờ", "3 phút", "Bàn 1"):
        assert words in page


def test_a_badge_is_given_out_drawn_and_said_to_be_printed(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    huong = came_in(app, session, clock)
    job = send(desk, "beat", page="tab-one", fresh="yes").json["job"]
    drawn = send(desk, f"jobs/{job}/draw")
    assert drawn.content_type.startswith("image/svg+xml")
    assert 'width="105mm" height="148mm"' in drawn.text
    assert "Nguyễn Thị Hương" in drawn.text
    assert send(desk, "beat", page="tab-one").json == {"job": None}
    assert send(desk, f"jobs/{job}", became="done").json == {"over": "done"}
    run = session.scalars(select(PrintRun)).one()
    assert (run.layout, run.people, run.count) == ("a6", {"printer": "Bàn 1"}, 1)
    row = session.scalars(select(Printed)).one()
    assert (row.attendee_id, row.name) == (huong.id, "Nguyễn Thị Hương")
    assert "đã in" in desk.get("/checkin/printer").text


def test_a_name_corrected_while_it_was_printed_is_due_again(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    huong = came_in(app, session, clock)
    job = send(desk, "beat", page="tab-one", fresh="yes").json["job"]
    send(desk, f"jobs/{job}/draw")
    huong.name = "Nguyễn Thị Hường"
    session.commit()
    send(desk, f"jobs/{job}", became="done")
    assert session.scalars(select(Printed.name)).all() == ["Nguyễn Thị Hương"]


def test_the_organiser_sees_what_was_printed_at_the_desk(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock, as_staff: AsStaff
) -> None:
    came_in(app, session, clock)
    job = send(desk, "beat", page="tab-one", fresh="yes").json["job"]
    send(desk, f"jobs/{job}/draw")
    send(desk, f"jobs/{job}", became="done")
    page = as_staff("organiser").get("/organiser/prints").text
    assert "Từng thẻ tại bàn: Bàn 1" in page
    assert "Tải lại" not in page


def test_what_did_not_come_out_is_printed_again_by_one_press(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    came_in(app, session, clock)
    job = send(desk, "beat", page="tab-one", fresh="yes").json["job"]
    assert "Không in ra" in desk.get("/checkin/printer").text
    assert post(desk, "/checkin/printer", {}).status_code == 303
    fields = {"csrf_token": csrf(desk), "became": "failed"}
    assert desk.post(f"/checkin/printer/jobs/{job}", data=fields).location == "/checkin/printer"
    assert send(desk, "beat", page="tab-one").json == {"job": None}
    assert send(desk, f"jobs/{job}", became="again").json == {"over": ""}
    assert send(desk, "beat", page="tab-one").json == {"job": job}


def test_a_badge_that_is_cancelled_is_not_printed(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    came_in(app, session, clock)
    job = session.scalars(select(PrintJob)).one().id
    assert send(desk, f"jobs/{job}", became="cancel").json == {"over": "cancelled"}
    assert send(desk, "beat", page="tab-one", fresh="yes").json == {"job": None}
    assert "In lại" in desk.get("/checkin/printer").text


def test_nothing_is_drawn_of_a_registration_cancelled_meanwhile(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    huong = came_in(app, session, clock)
    job = send(desk, "beat", page="tab-one", fresh="yes").json["job"]
    huong.cancelled_at = clock()
    session.commit()
    assert send(desk, f"jobs/{job}/draw").status_code == 409


def test_an_older_tab_is_told_that_another_prints(desk: FlaskClient) -> None:
    assert send(desk, "beat", page="old-tab", fresh="yes").json == {"job": None}
    assert send(desk, "beat", page="new-tab", fresh="yes").json == {"job": None}
    answer = send(desk, "beat", page="old-tab")
    assert (answer.status_code, answer.json) == (409, {"elsewhere": True})


def test_a_printer_that_was_closed_gets_no_guest(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    post(desk, "/checkin/printer", {"close": "yes"})
    came_in(app, session, clock)
    assert session.scalars(select(PrintJob)).all() == []
    page = desk.get("/checkin/printer").text
    assert 'name="name"' in page
    assert 'value="Bàn 1"' in page


def test_a_desk_needs_a_name(as_staff: AsStaff) -> None:
    browser = as_staff("desk")
    post(browser, "/checkin/printer", {"name": "  "})
    assert "Xin đặt cho bàn một tên" in browser.get("/checkin/printer").text


def test_a_printer_not_heard_of_for_twenty_seconds_is_not_open(
    app: Flask, session: Session, desk: FlaskClient, clock: Clock
) -> None:
    clock.time += timedelta(seconds=21)
    came_in(app, session, clock)
    assert session.scalars(select(PrintJob)).all() == []


def test_the_sheet_is_as_large_as_the_badge(desk: FlaskClient) -> None:
    sheet = desk.get("/checkin/printer/paper.css")
    assert sheet.content_type == "text/css; charset=utf-8"
    assert sheet.text == "@page { size: 105mm 148mm; margin: 0; }\n"


@pytest.mark.parametrize(("address", "status"), [("jobs/99", 404), ("jobs/99/draw", 404)])
def test_an_unknown_badge_is_not_found(desk: FlaskClient, address: str, status: int) -> None:
    assert send(desk, address, became="done").status_code == status


def test_nonsense_is_refused(app: Flask, session: Session, desk: FlaskClient, clock: Clock) -> None:
    came_in(app, session, clock)
    assert send(desk, "jobs/1", became="eaten").status_code == 422
    assert send(desk, "beat", page="").status_code == 400
