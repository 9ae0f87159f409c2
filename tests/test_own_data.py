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
from werkzeug.test import TestResponse

from event.amendments import cancel
from event.attendees import Attendee, Registration
from event.consents import Consent, Notice, publish
from event.data_requests import Asked, DataRequest, write_down
from event.journal import Change
from event.links import key_of
from event.mail import Mail
from event.own_changes import correct_oneself
from event.programme import Event, Slot
from event.words import Words
from pages.attendee.own_words import NAMED
from pages.chores import everything_due
from pages.organiser.phrases import MAILS
from pages.organiser.stories import DEEDS
from pages.reading import as_sent, files_of
from tests.house import Clock, post
from tests.registrants import Ticks, hidden, own_page, ticks, words  # noqa: F401

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


def token(client: FlaskClient, address: str = "/find") -> str:
    return hidden(client.get(address).text, "csrf_token")


def taken_along(client: FlaskClient, own: str, format: str = "zip") -> TestResponse:
    """The button of the page."""
    pressed = {"csrf_token": token(client, f"{own}/data")}
    return client.post(f"{own}/data.{format}", data=pressed)


def test_the_link_that_is_forwarded_shows_no_values(page: str, client: FlaskClient) -> None:
    shown = client.get(f"{page}/data")
    assert "Thông tin của Quý khách" in shown.text
    assert "huong@vidu.vn" not in shown.text
    assert "912" not in words(shown.text)
    assert (client.get(f"{page}/change/{'a' * 26}/data").status_code) == 404
    wrong = client.post(f"{page}/change/{'a' * 26}/data.json", data={"csrf_token": token(client)})
    assert wrong.status_code == 404


def test_the_second_link_shows_everything(own: str, client: FlaskClient) -> None:
    shown = words(client.get(f"{own}/data").text)
    assert "Email huong@vidu.vn Điện thoại 0912 345 678" in shown
    assert "Phiên it-1" in shown
    assert "Phiên bản 1, đồng ý lúc 07:30 29/09/2023" in shown
    assert "Full name Nguyễn Thị Hương" in words(client.get(f"/en{own}/data").text)


def test_json_and_csv_come_in_one_press(own: str, client: FlaskClient, session: Session) -> None:
    answer = taken_along(client, own)
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
    shown = client.get(f"{own}/data").text
    assert ("Đã rút lại sự đồng ý" in shown, "Rút lại sự đồng ý này" in shown) == (True, False)


def test_a_consent_that_was_withdrawn_can_be_given_again(
    own: str, client: FlaskClient, session: Session, clock: Clock
) -> None:
    publish(session, "exhibitors", Words("Đơn vị trưng bày liên hệ tôi", "May contact me"))
    session.commit()
    token = hidden(client.get(f"{own}/data").text, "csrf_token")
    again = {"agreed": "exhibitors.1", "csrf_token": token}
    assert client.post(f"{own}/agree", data=again).status_code == 303
    client.post(f"{own}/withdraw/exhibitors", data={"csrf_token": token})
    assert "Rút lại sự đồng ý này" not in client.get(f"{own}/data").text
    clock.forward(hours=1)
    for _ in "ab":
        assert client.post(f"{own}/agree", data=again).status_code == 303
    session.expire_all()
    theirs = select(Consent.given_at).join(Notice).where(Notice.purpose == "exhibitors")
    assert session.scalars(theirs.where(Consent.withdrawn_at.is_(None))).all() == [clock()]
    assert "Rút lại sự đồng ý này" in client.get(f"{own}/data").text


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


def test_looking_at_the_page_writes_nothing_and_a_copy_disturbs_no_correction(
    own: str, client: FlaskClient, session: Session
) -> None:
    form = client.get(f"{own}/details").text
    assert client.get(f"{own}/data.json").status_code == 405
    assert session.scalars(select(DataRequest)).all() == []
    assert [taken_along(client, own, "json").status_code for _ in "ab"] == [200, 200]
    typed = {name: hidden(form, name) for name in ("csrf_token", "seen")}
    typed |= {"name": "Nguyễn Thị Hương", "email": "huong@vidu.vn", "position": "Giám đốc"}
    assert client.post(f"{own}/details", data=typed).status_code == 303
    session.expire_all()
    assert session.scalars(select(Attendee.position)).one() == "Giám đốc"


def test_the_copy_holds_former_values_interests_and_what_was_asked_for_them(
    own: str, client: FlaskClient, app: Flask, session: Session, clock: Clock
) -> None:
    person = session.scalars(select(Attendee)).one()
    person.interests = ["CNTT", "Y tế"]
    session.commit()
    correct_oneself(session, person, Registration("Lê Hương", province="01"), at=clock(), seen=None)
    asked = Asked("correction", "phone", clock(), person.id, "Bà Lan", "0900", "sửa tên")
    write_down(session, session.scalars(select(Event)).one(), asked, at=clock(), by="lan@vidu.vn")
    held = taken_along(client, own, "json").json
    assert held is not None
    assert held["details"][0]["interests"] == "CNTT, Y tế"
    told = {row["field"]: (row.get("before"), row.get("after"), row["by"])
            for row in held["changes"] if "field" in row}  # fmt: skip
    assert told["name"] == ("Nguyễn Thị Hương", "Lê Hương", "attendee")
    assert told["email"] == ("huong@vidu.vn", None, "attendee")
    assert told["sessions"] == ("it-1", None, "attendee")
    assert (held["requests"][0]["who"], held["requests"][0]["contact"]) == ("Bà Lan", "0900")
    assert held["requests"][0]["asked"] == "sửa tên"
    shown = words(client.get(f"{own}/data").text)
    assert "Mục Họ và tên Trước đó Nguyễn Thị Hương Sau đó Lê Hương" in shown


def test_the_link_that_is_forwarded_does_not_tell_that_somebody_is_a_child(
    own_page: OwnPage,  # noqa: F811
    client: FlaskClient,
    app: Flask,
    session: Session,
) -> None:
    page = own_page(minor="y", guardian_name="Lê Bố", guardian_phone="0987 456 456",
                    guardian_agrees="y")  # fmt: skip
    assert "Cha mẹ hoặc người giám hộ" not in client.get(f"{page}/data").text
    key = key_of(session.scalars(select(Attendee)).one(), app.config["KEYS"])
    assert "Lê Bố" in client.get(f"{page}/change/{key}/data").text


def test_who_cancelled_still_finds_their_data(
    own: str, page: str, client: FlaskClient, session: Session, clock: Clock
) -> None:
    cancel(session, session.scalars(select(Attendee)).one(), at=clock(), by="attendee")
    everything_due(lambda: False)
    assert f'href="{page}/data"' in client.get(page).text
    assert f'href="{own}/data"' in client.get(own).text
    post(client, "/find", {"asked": "huong@vidu.vn"})
    everything_due(lambda: False)
    letter = session.scalars(select(Mail).where(Mail.kind == "link")).one()
    told = as_sent(letter)
    assert told is not None
    assert "Nguyễn Thị Hương (00001) · Đã hủy" in told.get_body(("plain",)).get_content()
    assert f"{own}\r\n" in told.get_body(("plain",)).get_content()
    assert files_of(told) == []


def test_whatever_is_noted_of_somebody_has_words(app: Flask) -> None:
    deeds = {verb for verb, subject in DEEDS if subject == "attendee"}
    assert deeds - NAMED["change"].keys() == set()
    assert MAILS.keys() - NAMED["mail"].keys() == {"trial", "trial_en"}


def test_the_copy_names_the_province(own: str, client: FlaskClient) -> None:
    plain = json.loads(taken_along(client, own, "json").text)
    assert plain["details"][0]["province"] == "Đồng Nai"
