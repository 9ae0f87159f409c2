"""One's own data from one's own page: seen, taken along, withdrawn, erased by the second link."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.consents import Consent, Notice, publish
from event.data_requests import DataRequest
from event.journal import Change
from event.links import key_of
from event.programme import Slot
from event.words import Words
from pages.chores import everything_due
from tests.house import Clock, post
from tests.registrants import Ticks, own_page, ticks, words  # noqa: F401

OwnPage = Callable[..., str]


@pytest.fixture
def page(own_page: OwnPage) -> str:  # noqa: F811
    """The link that only shows, of somebody with a seat."""
    return own_page(sessions=["it-1"])


@pytest.fixture
def own(page: str, app: Flask, session: Session) -> str:
    """Below the second link."""
    person = session.scalars(select(Attendee)).one()
    return f"{page}/change/{key_of(person, app.config['KEYS'])}"


def test_the_link_that_is_forwarded_shows_no_values(page: str, client: FlaskClient) -> None:
    shown = client.get(f"{page}/data")
    assert "Thông tin của Quý khách" in shown.text
    assert "huong@vidu.vn" not in shown.text
    assert "912" not in words(shown.text)
    assert (client.get(f"{page}/change/{'a' * 26}/data").status_code) == 404
    assert (client.get(f"{page}/change/{'a' * 26}/data.json").status_code) == 404


def test_the_second_link_shows_everything(own: str, client: FlaskClient) -> None:
    shown = words(client.get(f"{own}/data").text)
    assert "Email huong@vidu.vn Điện thoại 0912 345 678" in shown
    assert "Phiên it-1" in shown
    assert "Phiên bản 1, đồng ý lúc 07:30 29/09/2023" in shown
    assert "Full name Nguyễn Thị Hương" in words(client.get(f"/en{own}/data").text)


def test_json_and_csv_come_in_one_press(own: str, client: FlaskClient, session: Session) -> None:
    answer = client.get(f"{own}/data.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        held, table = json.loads(pack.read("data.json")), pack.read("data.csv").decode("utf-8-sig")
    assert held["details"][0]["email"] == "huong@vidu.vn"
    assert held["sessions"][0] == {
        "session": {"vi": "Phiên it-1", "en": "Session it-1"},
        "starts_at": "2023-09-29T01:00:00+00:00",
        "ends_at": "2023-09-29T02:30:00+00:00",
    }
    assert "Thông tin của Quý khách,1,Email,huong@vidu.vn\r\n" in table
    assert "Thông tin của Quý khách,1,Điện thoại,0912 345 678\r\n" in table
    wish = session.scalars(select(DataRequest)).one()
    assert (wish.kind, wish.channel, wish.outcome, wish.who) == ("access", "page", "done", "")
    told = session.scalars(select(Change).where(Change.verb == "taken_along")).one()
    assert told.details == {}


def test_a_consent_is_withdrawn_and_stays_as_evidence(
    own_page: OwnPage,  # noqa: F811
    client: FlaskClient,
    app: Flask,
    session: Session,
    clock: Clock,
    ticks: Ticks,  # noqa: F811
) -> None:
    publish(session, "exhibitors", Words("Đơn vị trưng bày liên hệ tôi", "May contact me"))
    session.commit()
    ticks.time += 1
    page = own_page(agreed=["take_part.1", "exhibitors.1"])
    person = session.scalars(select(Attendee)).one()
    own = f"{page}/change/{key_of(person, app.config['KEYS'])}"
    shown = client.get(f"{own}/data").text
    token = shown.split('name="csrf_token" value="')[1].split('"')[0]
    clock.forward(hours=1)
    answer = client.post(f"{own}/withdraw/exhibitors", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, f"{own}/data#consents")
    session.expire_all()
    found = session.execute(select(Notice.purpose, Consent.withdrawn_at).join(Consent))
    assert {row.purpose: row.withdrawn_at for row in found} == {
        "take_part": None,
        "exhibitors": clock(),
    }
    assert session.scalars(select(DataRequest.kind)).all() == ["withdrawal"]
    assert "Rút lại sự đồng ý này" not in client.get(f"{own}/data").text


def test_erasing_asks_once_and_says_what_remains(
    own: str, page: str, client: FlaskClient, app: Flask, session: Session
) -> None:
    asked = words(client.get(f"{own}/erase").text)
    assert "Một con số không kèm tên, cùng thời điểm và cửa đã quét" in asked
    assert post(client, f"{own}/erase", {}).status_code == 422
    person = session.scalars(select(Attendee)).one()
    assert person.name == "Nguyễn Thị Hương"
    everything_due(lambda: False)
    letters = app.config["DATA_DIR"] / "mail"
    assert [file.name for file in letters.iterdir()] == ["000001.eml"]
    done = post(client, f"{own}/erase", {"sure": "y"})
    session.expire_all()
    assert list(letters.iterdir()) == []
    assert "Đã xóa dữ liệu của Quý khách" in done.text
    assert (person.name, person.email, person.phone) == ("", "", "")
    assert session.scalars(select(Slot.taken).where(Slot.key == "it-1")).one() == 0
    assert (client.get(page).status_code, client.get(f"{own}/data").status_code) == (404, 404)
    wish = session.scalars(select(DataRequest)).one()
    assert (wish.kind, wish.outcome, wish.attendee_id) == ("deletion", "done", person.id)
