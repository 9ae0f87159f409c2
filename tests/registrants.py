"""People at the form: what a good answer is, and how to send it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.attendees import Attendee
from event.links import key_of
from pages.attendee.shelf import Shelf
from pages.database import db
from tests.house import post

GOOD: dict[str, Any] = {
    "degree": "TS.",
    "name": "Nguyễn Thị Hương",
    "email": "huong@vidu.vn",
    "phone": "0912 345 678",
    "organisation": "Sở KH&CN Đồng Nai",
    "province": "75",
    "category": "delegate",
    "agreed": "take_part.1",
}


class Ticks:
    """A monotonic clock that stands still until it is moved, in seconds."""

    time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def ticks(app: Flask) -> Ticks:
    """The clock by which the site keeps what it has on its shelf."""
    clock = Ticks()
    app.extensions["shelf"] = Shelf(clock)
    return clock


def register(browser: FlaskClient, address: str = "/register", **answers: Any) -> TestResponse:
    """Fill in the form well, but for what is named."""
    return post(browser, address, GOOD | answers)


@pytest.fixture
def own_page(client: FlaskClient) -> Callable[..., str]:
    """`own_page(sessions=["it-1"])` registers somebody and gives the address of their page."""

    def put_down(**answers: Any) -> str:
        answer = register(client, **answers)
        assert answer.status_code == 303, answer.text
        return answer.location

    return put_down


@pytest.fixture
def change_page(
    app: Flask, client: FlaskClient, session: Session, own_page: Callable[..., str]
) -> Callable[..., str]:
    """`change_page(sessions=["it-1"])` registers somebody and gives their second address."""

    def put_down(**answers: object) -> str:
        address = own_page(**answers)
        secret = address.rpartition("/")[2]
        person = session.get_one(Attendee, int(secret[26:]))
        return f"{address}/change/{key_of(person, app.config['KEYS'])}"

    return put_down


@contextmanager
def queries() -> Iterator[list[str]]:
    """Every statement sent to the database while it lasts."""
    sent: list[str] = []

    def note(_c: Any, _x: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def words(html: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&amp;", "&").split())


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, f"no {name} in the page"
    return found[1]
