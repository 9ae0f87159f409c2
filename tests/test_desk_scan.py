"""POST /checkin/scan: the verdict in words, a page for a plain form, and what bad reports get."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sql
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.delegations import announce, join
from event.scans import Scan
from pages.attendee.shelf import Shelf
from pages.database import db
from tests.doors import badge, csrf, put_down, scan, send
from tests.house import OPENING, Clock

AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def desk(as_staff: AsStaff) -> FlaskClient:
    """Signed in at the door."""
    return as_staff("desk")


@pytest.fixture
def huong(session: Session) -> Attendee:
    """Registered, for nothing in particular."""
    return put_down(session)


@pytest.fixture
def code(app: Flask, session: Session, huong: Attendee) -> str:
    """The digits of her badge."""
    return badge(session, app.config["KEYS"], huong)


def test_a_scan_is_answered_with_everything_the_operator_needs(
    desk: FlaskClient, huong: Attendee, code: str
) -> None:
    answer = scan(desk, code=code, scanned_at="2023-09-29T07:29:00+07:00")
    assert answer.status_code == 200
    assert answer.json == {
        "kind": "in",
        "reason": "",
        "scan_id": 1,
        "title": "Mời vào",
        "why": "",
        "first": "",
        "attendee": huong.id,
        "name": "Nguyễn Thị Hương",
        "organisation": "Sở KH&CN",
        "category": "Khách tham quan",
        "colour": "#0b5c7a",
        "delegation": "",
        "may_override": False,
    }


def test_back_in_says_when_and_where_the_first_time_was(
    desk: FlaskClient, clock: Clock, code: str
) -> None:
    scan(desk, code=code)
    clock.forward(minutes=70)
    answer = scan(desk, code=code, checkpoint="gate-b").json
    assert answer
    assert (answer["kind"], answer["title"]) == ("back", "Vào lại")
    assert answer["first"] == "Vào lần đầu lúc 07:30, Cổng A"


def test_a_repeat_of_the_nonce_gets_the_same_answer(desk: FlaskClient, code: str) -> None:
    first = scan(desk, code=code, nonce="the-same-nonce")
    assert scan(desk, code=code, nonce="the-same-nonce").json == first.json


def test_the_same_nonce_for_another_scan_is_a_conflict(desk: FlaskClient, code: str) -> None:
    scan(desk, code=code, nonce="the-same-nonce")
    answer = scan(desk, code=code, nonce="the-same-nonce", checkpoint="gate-b")
    assert answer.status_code == 409
    assert answer.json
    assert set(answer.json) == {"error"}


def test_a_delegation_shows_how_many_of_it_have_come(
    desk: FlaskClient, session: Session, huong: Attendee, code: str
) -> None:
    party = announce(session, "Đoàn Đồng Nai", at=OPENING, by="test")
    party.expected = 25
    session.commit()
    join(session, huong, party, at=OPENING, by="test")
    answer = scan(desk, code=code).json
    assert answer
    assert answer["delegation"] == "Đoàn Đồng Nai 1/25"


def test_a_refusal_is_polite_to_the_guest_and_tells_staff_why(desk: FlaskClient) -> None:
    answer = scan(desk, code="https://vidu.vn").json
    assert answer == {
        "kind": "help",
        "reason": "not_ours",
        "scan_id": 1,
        "title": "Mời Quý khách đến bàn hỗ trợ",
        "why": "Mã này không phải thẻ của sự kiện.",
        "first": "",
    }


def test_digits_lost_by_a_hand_scanner_are_asked_for_again(desk: FlaskClient, code: str) -> None:
    answer = scan(desk, code=code[:188], method="scanner").json
    assert answer
    assert answer["title"] == "Đọc thiếu, quét lại"


def test_what_a_keyboard_puts_between_the_digits_does_no_harm(desk: FlaskClient, code: str) -> None:
    typed = f" {code[:50]}ă{code[50:100]} z{code[100:]}\r\n"
    answer = scan(desk, code=typed, method="scanner").json
    assert answer
    assert answer["kind"] == "in"


def test_the_time_of_the_scan_is_the_device_s_unless_its_clock_runs_ahead(
    desk: FlaskClient, session: Session, code: str
) -> None:
    scan(desk, code=code, scanned_at="2023-09-29T00:10:00Z")
    scan(desk, code=code, scanned_at="2023-09-29T07:34:00+07:00")
    scan(desk, code=code, scanned_at=None)
    times = session.scalars(select(Scan.scanned_at).order_by(Scan.id)).all()
    assert times == [OPENING - timedelta(minutes=20), OPENING, OPENING]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nonce", None),
        ("nonce", "short"),
        ("nonce", "n" * 41),
        ("nonce", 12345678),
        ("nonce", "nonce\u0000nonce"),
        ("checkpoint", None),
        ("checkpoint", "gate-z"),
        ("checkpoint", ["gate-a"]),
        ("checkpoint", "g" * 61),
        ("checkpoint", "gate\u0000a"),
        ("method", "smell"),
        ("method", {}),
        ("scanned_at", "yesterday"),
        ("scanned_at", "2023-09-29T07:30:00"),
        ("scanned_at", 1695947400),
        ("scanned_at", "0001-01-01T00:00:00+14:00"),
        ("scanned_at", "2023-09-29T07:36:00+07:00"),
        ("scanned_at", "9999-12-31T23:59:59-12:00"),
        ("code", "1" * 1001),
        ("code", 7),
        ("attendee", "1"),
        ("override", "w" * 151),
    ],
)
def test_a_bad_report_is_refused_at_its_field_and_nothing_is_written(
    field: str, value: object, desk: FlaskClient, session: Session, code: str
) -> None:
    answer = scan(desk, **{"code": code, field: value})
    assert answer.status_code == 422
    assert answer.json
    assert list(answer.json["errors"]) == [field]
    assert session.scalars(select(Scan)).all() == []


@pytest.mark.parametrize("number", [0, -1, 2**31, 1.5, True, "1a", "٣", [1]])
def test_a_number_that_nobody_can_have_is_refused(number: object, desk: FlaskClient) -> None:
    answer = scan(desk, attendee=number)
    assert answer.status_code == 422
    assert answer.json
    assert list(answer.json["errors"]) == ["attendee"]


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[]", 400), ('"a"', 400), ("[" * 15000, 400), ("", 400), (" " * 20001, 413)],
)
def test_what_is_no_report_at_all_is_refused(body: str, status: int, desk: FlaskClient) -> None:
    headers = {"X-CSRFToken": csrf(desk), "Content-Type": "application/json"}
    answer = desk.post("/checkin/scan", data=body, headers=headers)
    assert answer.status_code == status
    assert answer.json
    assert set(answer.json) == {"error"}


def test_a_scan_without_its_token_is_refused_in_json(desk: FlaskClient, code: str) -> None:
    answer = desk.post("/checkin/scan", json={"code": code})
    assert answer.status_code == 400
    assert answer.json == {
        "error": "Trang này đã mở quá lâu. Xin quay lại, tải lại trang rồi gửi lần nữa."
    }


def test_a_scanner_that_was_signed_out_is_told_in_json(client: FlaskClient, code: str) -> None:
    field = client.get("/staff/sign-in").text.split('name="csrf_token"')[1]
    token = field.split('value="')[1].split('"')[0]
    answer = client.post("/checkin/scan", json={"code": code}, headers={"X-CSRFToken": token})
    assert answer.status_code == 401
    assert answer.is_json


def test_a_plain_form_gets_the_verdict_as_a_page(desk: FlaskClient, code: str) -> None:
    fields = {"nonce": "form-nonce", "checkpoint": "gate-a", "method": "scanner", "code": code}
    page = send(desk, "/checkin/scan", **fields)
    assert page.status_code == 200
    assert 'class="verdict in"' in page.text
    assert "Nguyễn Thị Hương" in page.text
    wrong = send(desk, "/checkin/scan", **{**fields, "nonce": "other-nonce", "code": ""})
    assert wrong.status_code == 422
    assert "Cần mã thẻ hoặc số của một người." in wrong.text


def test_html_in_a_name_stays_text(desk: FlaskClient, session: Session) -> None:
    guest = put_down(session, "<b>Lan</b> <script>alert(1)</script>")
    fields = {"nonce": "form-nonce", "checkpoint": "gate-a", "method": "search"}
    page = send(desk, "/checkin/scan", **fields, attendee=guest.id)
    assert "&lt;b&gt;Lan&lt;/b&gt;" in page.text
    assert "<script>alert" not in page.text


def test_only_a_supervisor_may_let_in_whom_the_rule_refuses(
    as_staff: AsStaff, session: Session, huong: Attendee
) -> None:
    refused = {"attendee": huong.id, "checkpoint": "energy-1", "method": "search"}
    desk, supervisor = as_staff("desk"), as_staff("supervisor")
    told, offered = scan(desk, **refused).json, scan(supervisor, **refused).json
    assert told
    assert offered
    assert (told["may_override"], offered["may_override"]) == (False, True)
    assert scan(desk, **refused, override="quen biết").status_code == 403
    answer = scan(supervisor, **refused, override="trưởng đoàn").json
    assert answer
    assert (answer["kind"], answer["why"]) == ("extra", "Giám sát cho vào: trưởng đoàn")
    row = session.scalars(select(Scan).order_by(Scan.id.desc())).first()
    assert row
    assert row.reason == "override: trưởng đoàn"


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement, as SQLite hears it."""
    sent: list[str] = []

    def listen(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(sent.append)

    sql.listen(db.engine, "checkout", listen)
    yield sent
    sql.remove(db.engine, "checkout", listen)


def test_a_scan_takes_few_statements(
    app: Flask, desk: FlaskClient, code: str, statements: list[str]
) -> None:
    app.extensions["shelf"] = Shelf(lambda: 0.0)
    scan(desk, code="abc")
    headers = {"X-CSRFToken": csrf(desk)}
    report = {"nonce": "one-two-three", "checkpoint": "gate-a", "method": "camera", "code": code}
    statements.clear()
    assert desk.post("/checkin/scan", json=report, headers=headers).status_code == 200
    words = [s.split()[0] for s in statements]
    asked = [word for word in words if word not in ("BEGIN", "COMMIT", "PRAGMA")]
    assert asked == ["SELECT"] * 4 + ["INSERT"] * 2
