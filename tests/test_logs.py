"""What is logged names nobody: every address is asked with marked data, and all logs are read."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.links import key_of
from pages.chores import everything_due
from tests.registrants import register
from tests.test_roles import calls, token

MARKS = ("Zyxwvut", "zyxwvut", "0987654321", "987654321")
NAMED = {
    "name": "Zyxwvut", "email": "zyxwvut@vidu.vn", "phone": "0987654321", "q": "Zyxwvut",
    "who": "Zyxwvut", "contact": "0987654321", "asked": "zyxwvut@vidu.vn", "words": "Zyxwvut",
    "remark": "Zyxwvut", "organisation": "Zyxwvut", "password": "Zyxwvut", "reason": "Zyxwvut",
}  # fmt: skip


def test_no_log_holds_what_people_told(
    app: Flask,
    session: Session,
    client: FlaskClient,
    as_staff: Callable[[str], FlaskClient],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    organiser = as_staff("organiser")
    proof = {"X-CSRFToken": token(organiser)}
    page = register(client, name="Zyxwvut", email="zyxwvut@vidu.vn", phone="0987654321").location
    own = f"{page}/change/{key_of(session.scalars(select(Attendee)).one(), app.config['KEYS'])}"
    for address in (page, f"{page}/data", f"{own}/data", f"{own}/erase"):
        assert client.get(address).status_code == 200
    for rule in list(app.url_map.iter_rules()):
        if rule.endpoint in ("static", "staff.sign_out"):
            continue
        for method, address in calls(app, rule):
            sent = {"query_string": NAMED} if method == "GET" else {"data": NAMED}
            organiser.open(address, method=method, headers=proof, **sent)
    everything_due(lambda: False)
    printed = capfd.readouterr()
    logged = "\n".join([caplog.text, printed.out, printed.err])
    assert "GET /me/<secret>/change/<key>/data 200" in logged
    assert [mark for mark in MARKS if mark in logged] == []
    assert page.removeprefix("/me/") not in logged
