"""POST /checkin/count: guests without a badge, by script and by a plain form."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.headcounts import Headcount
from tests.doors import csrf, send
from tests.house import OPENING, Clock


@pytest.fixture
def desk(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    """Signed in, at gate a."""
    browser = as_staff("desk")
    send(browser, "/checkin/checkpoint", checkpoint="gate-a")
    return browser


def count(desk: FlaskClient, **fields: Any) -> TestResponse:
    usual = {"nonce": "nonce-0001", "checkpoint": "gate-a", "people": 1}
    report = {name: value for name, value in {**usual, **fields}.items() if value is not None}
    return desk.post("/checkin/count", json=report, headers={"X-CSRFToken": csrf(desk)})


def test_a_press_is_answered_with_how_many_there_are(desk: FlaskClient, session: Session) -> None:
    assert count(desk).json == {"total": 1}
    assert count(desk, nonce="nonce-0002", people=10).json == {"total": 11}
    assert count(desk, nonce="nonce-0003", people=None, undoes="nonce-0002").json == {"total": 1}
    row = session.scalars(select(Headcount)).first()
    assert row is not None
    assert (row.people, row.staff_id, row.day.isoformat()) == (1, 1, "2023-09-29")


def test_what_was_counted_without_a_network_keeps_its_time(
    desk: FlaskClient, session: Session, clock: Clock
) -> None:
    clock.forward(hours=2)
    assert count(desk, counted_at="2023-09-29T07:31:00+07:00").status_code == 200
    row = session.scalars(select(Headcount)).one()
    assert (row.counted_at - OPENING).total_seconds() == 60
    assert (row.received_at - OPENING).total_seconds() == 7200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        *(({"people": people}, "people") for people in (0, -1, 501, "9" * 9, 1.5, True, [], "²")),
        ({"people": None}, "people"),
        ({"nonce": "short"}, "nonce"),
        ({"undoes": "a b"}, "undoes"),
        ({"checkpoint": "nowhere"}, "checkpoint"),
        ({"counted_at": "2023-09-29T09:00:00+07:00"}, "scanned_at"),
    ],
)
def test_what_cannot_be_counted_is_refused_at_its_field(
    desk: FlaskClient, session: Session, wrong: dict[str, object], field: str
) -> None:
    answer = count(desk, **wrong)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {field}
    assert session.scalars(select(Headcount)).all() == []


def test_nothing_left_to_take_back_is_said(desk: FlaskClient) -> None:
    answer = count(desk, undoes="nonce-0009")
    assert answer.status_code == 409
    assert answer.json == {"error": "Máy này không còn lượt đếm nào để lấy lại."}


def test_without_a_script_the_page_says_how_many(desk: FlaskClient) -> None:
    answer = send(desk, "/checkin/count", nonce="nonce-0001", checkpoint="gate-a", people="5")
    assert answer.location == "/checkin/"
    page = desk.get("/checkin/").text
    assert "hôm nay tại đây có 5 khách không có thẻ" in page
    assert "<output>5</output>" in page


@pytest.mark.parametrize("body", ["[]", "1", "null", "{", "[" * 9000])
def test_what_is_no_report_is_refused(desk: FlaskClient, body: str) -> None:
    headers = {"X-CSRFToken": csrf(desk), "Content-Type": "application/json"}
    assert desk.post("/checkin/count", data=body, headers=headers).status_code == 400


def test_the_organiser_sees_them_apart_from_people_and_badges(
    desk: FlaskClient, as_staff: Callable[[str], FlaskClient]
) -> None:
    organiser = as_staff("supervisor")
    assert "Khách không có thẻ" not in organiser.get("/organiser/").text
    count(desk, people=45)
    page = organiser.get("/organiser/").text
    assert "<dt>Khách không có thẻ</dt><dd>45</dd>" in page
    assert '<td>Cổng A</td><td>29/09/2023</td><td class="number">45</td>' in page
    assert "<dt>Đã đến</dt><dd>0</dd>" in page
