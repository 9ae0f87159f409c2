"""Uploads by a device: a result for each row, and what cannot be understood is kept and shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.headcounts import Headcount
from event.keys import Keys, load_keys
from event.scans import Scan
from event.strays import Stray
from tests.doors import badge, csrf, put_down
from tests.house import OPENING


@pytest.fixture
def keys(app: Flask) -> Keys:
    """The site's own."""
    return load_keys(Path(app.config["DATA_DIR"]))


@pytest.fixture
def desk(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    """Somebody of the desk."""
    return as_staff("desk")


def upload(browser: FlaskClient, *rows: Any) -> TestResponse:
    headers = {"X-CSRFToken": csrf(browser)}
    return browser.post("/checkin/scan", json={"scans": rows}, headers=headers)


def row(**said: Any) -> dict[str, Any]:
    at = OPENING.isoformat()
    return {"checkpoint": "gate-a", "method": "camera", "scanned_at": at, **said}


def strays(session: Session) -> dict[str, str]:
    """Why, by the nonce that was said."""
    session.commit()
    said = [(json.loads(stray.said), stray.why) for stray in session.scalars(select(Stray))]
    return {row["nonce"] if isinstance(row, dict) else row: why for row, why in said}


def test_each_row_has_its_result(desk: FlaskClient, session: Session, keys: Keys) -> None:
    code = badge(session, keys, put_down(session))
    answer = upload(
        desk,
        row(nonce="decided-1", code=code, decided={"kind": "in", "reason": ""}),
        row(nonce="waiting-1", code=code, checkpoint="energy-1"),
        {
            "nonce": "counted-1",
            "checkpoint": "gate-a",
            "counted_at": OPENING.isoformat(),
            "people": 7,
        },
    ).json
    first, second, third = answer["results"]
    assert (first, third) == ({}, {})
    assert (second["verdict"]["kind"], second["verdict"]["reason"]) == ("help", "registered_only")
    assert answer["at"] == OPENING.isoformat()
    session.commit()
    assert [s.verdict for s in session.scalars(select(Scan).order_by(Scan.id))] == ["in", "help"]
    assert list(session.scalars(select(Headcount.people))) == [7]


def test_what_cannot_be_understood_is_kept_once_and_does_not_hold_up_the_rest(
    desk: FlaskClient, session: Session, keys: Keys
) -> None:
    code = badge(session, keys, put_down(session))
    rows = [
        "nonsense",
        row(nonce="strange-1", code=code, method="telepathy"),
        row(nonce="nowhere-1", code=code, checkpoint="gate-z"),
        row(nonce="claimed-1", code=code, decided={"kind": "perhaps"}),
        row(nonce="let-in-01", code=code, decided={"kind": "in"}),
    ]
    for _ in range(2):
        results = upload(desk, *rows).json["results"]
        assert [list(result.get("errors", {})) for result in results] == [
            ["nonce"], ["method"], ["checkpoint"], ["kind"], [],
        ]  # fmt: skip
    kept = strays(session)
    assert len(kept) == 4
    assert kept["nowhere-1"] == "checkpoint: Không có điểm quét này. Vui lòng chọn lại."
    assert [s.verdict for s in session.scalars(select(Scan))] == ["in"]


def test_a_clock_that_ran_ahead_is_no_reason_to_lose_a_scan(
    desk: FlaskClient, session: Session, keys: Keys
) -> None:
    code = badge(session, keys, put_down(session))
    ahead = "2023-09-29T08:30:00+07:00"
    upload(desk, row(nonce="tomorrow-1", code=code, scanned_at=ahead, device_at=ahead))
    session.commit()
    scan = session.scalars(select(Scan)).one()
    assert scan.scanned_at == OPENING
    assert scan.device_at is not None
    assert scan.device_at.isoformat() == "2023-09-29T01:30:00+00:00"


@pytest.mark.parametrize(("rows", "status"), [([{}] * 201, 413), ("all", 400), (None, 400)])
def test_an_upload_is_a_list_of_at_most_two_hundred(
    rows: object, status: int, desk: FlaskClient
) -> None:
    headers = {"X-CSRFToken": csrf(desk)}
    answer = desk.post("/checkin/scan", json={"scans": rows}, headers=headers)
    assert answer.status_code == status


def test_nobody_of_the_desk_overrides_a_rule_by_an_upload(
    desk: FlaskClient, session: Session, keys: Keys
) -> None:
    code = badge(session, keys, put_down(session))
    results = upload(desk, row(nonce="let-me-in", code=code, override="vì tôi muốn")).json[
        "results"
    ]
    assert list(results[0]["errors"]) == ["override"]
    session.commit()
    assert list(session.scalars(select(Scan))) == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"direction": "out", "decided": {"kind": "in"}}, "kind"),
        ({"decided": {"kind": "out"}}, "kind"),
        ({"code": "\ud800", "checkpoint": "\ud800"}, "checkpoint"),
    ],
)
def test_a_row_that_contradicts_itself_is_a_stray(
    said: dict[str, Any], wrong: str, desk: FlaskClient, session: Session, keys: Keys
) -> None:
    rows = [row(**{"nonce": "strange-9", "code": badge(session, keys, put_down(session)), **said})]
    assert [list(result["errors"]) for result in upload(desk, *rows).json["results"]] == [[wrong]]
    assert len(strays(session)) == 1


def test_a_nonce_of_two_strays_keeps_both(desk: FlaskClient, session: Session) -> None:
    upload(desk, row(nonce="the-same-1", code="1"), row(nonce="the-same-1", people=3))
    upload(desk, row(nonce="the-same-1", method="x", code="2"))
    session.commit()
    assert len(session.scalars(select(Stray)).all()) == 2


@pytest.mark.parametrize("body", ["5", "true"])
def test_a_long_body_that_is_no_report_is_refused(body: str, desk: FlaskClient) -> None:
    headers = {"X-CSRFToken": csrf(desk), "Content-Type": "application/json"}
    answer = desk.post("/checkin/scan", data=body + " " * 20_001, headers=headers)
    assert answer.status_code == 413
