"""The first page: the event and its programme with free seats, in both languages."""

import gzip
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from event.about import About, as_facts
from event.bookings import Booking
from event.programme import Checkpoint, Event, Slot
from tests.house import OPENING, Clock
from tests.registrants import Ticks, queries, register, words

PACKED = {"Accept-Encoding": "gzip"}


def of_session(page: str, key: str) -> str:
    """The words of one session's entry in the programme."""
    start = page.index(f'id="{key}"')
    return words(page[page.index(">", start) + 1 : page.index("</article>", start)])


def test_the_programme_says_when_where_and_how_many_seats(
    client: FlaskClient, session: Session
) -> None:
    session.get_one(Slot, 1).chair = session.get_one(Slot, 1).title
    session.commit()
    page = client.get("/").text
    assert "29–30/09/2023" in page
    assert of_session(page, "it-1") == (
        "Phiên it-1 Công nghệ thông tin · Hội trường lớn Chủ tọa: Phiên it-1 Còn 2/2 chỗ"
    )
    assert of_session(page, "forum") == "Phiên forum Diễn đàn · Hội trường lớn Chỗ ngồi tự do"
    assert "Thứ Sáu, 29/09/2023" in words(page)


def test_english_is_complete_on_its_own_address(client: FlaskClient) -> None:
    page = client.get("/en/").text
    assert '<html lang="en">' in page
    assert of_session(page, "energy-1") == (
        "Session energy-1 Green energy · Room A 1 of 1 seats left"
    )
    assert "Đăng ký" not in page


@pytest.mark.parametrize(
    ("here", "there"),
    [("/", "/en/"), ("/en/", "/"), ("/register", "/en/register"), ("/en/register", "/register")],
)
def test_the_other_language_is_one_link_away(client: FlaskClient, here: str, there: str) -> None:
    language = "vi" if here.startswith("/en") else "en"
    assert f'<a href="{there}" lang="{language}"' in client.get(here).text


def test_a_full_session_says_so(client: FlaskClient, ticks: Ticks) -> None:
    assert register(client, sessions=["energy-1"]).status_code == 303
    ticks.time += 1
    assert of_session(client.get("/").text, "energy-1").endswith("Hết chỗ")


def test_what_is_not_announced_yet_is_marked(client: FlaskClient, session: Session) -> None:
    for slot in session.query(Slot):
        slot.assumed = ["room", "starts"]
    session.get_one(Slot, 1).assumed = ["room", "starts", "capacity"]
    session.commit()
    page = client.get("/").text
    assert "Đang dự kiến, có thể thay đổi: thời gian, phòng." in words(page)
    assert of_session(page, "it-1").endswith("dự kiến: số chỗ")
    assert "dự kiến" not in of_session(page, "it-2")


def test_matching_rounds_are_shown_but_not_chosen(client: FlaskClient, session: Session) -> None:
    slot = session.scalars(select(Slot).where(Slot.key == "it-2")).one()
    slot.kind, slot.meetings, slot.assumed = "round", 20, ["meetings"]
    session.commit()
    shown = words(client.get("/").text)
    assert "10:00–11:30 · 29/09/2023 dự kiến Phiên it-2: 20 cuộc gặp cùng lúc" in shown
    assert 'value="it-2"' not in client.get("/register").text


def test_an_event_without_sessions_still_takes_names(client: FlaskClient, session: Session) -> None:
    session.execute(delete(Booking))
    session.execute(delete(Checkpoint).where(Checkpoint.slot_id.is_not(None)))
    session.execute(delete(Slot))
    session.commit()
    assert "Chương trình sẽ được công bố tại đây." in words(client.get("/").text)
    assert register(client).status_code == 303


def test_before_any_event_is_loaded_the_site_says_so(client: FlaskClient, session: Session) -> None:
    session.execute(delete(Event))
    session.commit()
    answer = client.get("/")
    assert (answer.status_code, "Sự kiện chưa mở" in answer.text) == (503, True)


def test_within_a_second_nothing_is_asked_of_the_database(
    client: FlaskClient, ticks: Ticks
) -> None:
    addresses = ("/", "/en/", "/register", "/en/register")
    for address in addresses:
        client.get(address)
    with queries() as sent:
        for address in addresses:
            assert client.get(address).status_code == 200
    assert sent == []


def test_a_page_is_not_rendered_again_while_nothing_changes(
    app: Flask, client: FlaskClient, ticks: Ticks
) -> None:
    client.get("/")
    before = app.extensions["shelf"].shown()
    ticks.time += 1
    assert app.extensions["shelf"].shown() is before
    register(client, sessions=["it-1"])
    ticks.time += 1
    assert app.extensions["shelf"].shown() is not before


def test_once_the_last_day_is_over_the_page_says_so_and_the_form_goes_on(
    client: FlaskClient, clock: Clock, ticks: Ticks
) -> None:
    clock.time = datetime(2023, 9, 30, 16, 59, tzinfo=UTC)  # a minute to midnight at the place
    assert "đã diễn ra" not in client.get("/").text
    clock.forward(minutes=1)
    assert "Sự kiện đã diễn ra: 29–30/09/2023." in words(client.get("/").text)
    assert "This event has taken place: 29–30/09/2023." in words(client.get("/en/").text)
    assert register(client).status_code == 303


def test_a_change_of_the_event_is_seen_a_second_later(
    client: FlaskClient, session: Session, ticks: Ticks
) -> None:
    client.get("/")
    event = session.query(Event).one()
    event.place, event.version = event.theme, 2
    session.commit()
    ticks.time += 1
    assert "<strong>Chủ đề</strong>" in client.get("/").text


def test_healthz_answers_while_the_database_does(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_the_first_page_is_light(client: FlaskClient) -> None:
    page = client.get("/", headers=PACKED)
    assert page.content_encoding == "gzip"
    asked = set(re.findall(r'"(/(?:static/|style)[^"#]+)', gzip.decompress(page.data).decode()))
    asked |= set(re.findall(r"url\(([^)]+)\)", client.get("/style.css").text))
    files = [client.get(name, headers=PACKED) for name in asked if ".ttf" not in name]
    assert [file.status_code for file in files] == [200] * len(files)
    assert len(page.data) + sum(len(file.data) for file in files) < 60_000


def way_in(client: FlaskClient, address: str) -> list[str]:
    """What the buttons to the form say: beside the event's name, and at the foot of a phone."""
    page = client.get(address).text
    form = f'href="{address}register"'
    return [words(link) for link in re.findall(rf'<a class="button [^"]*" {form}>.*?</a>', page)]


def test_the_buttons_to_the_form_say_when_it_opens_and_that_it_has_closed(
    client: FlaskClient, session: Session, clock: Clock, ticks: Ticks
) -> None:
    opens, closes = datetime(2023, 9, 1, 8), datetime(2023, 9, 29, 7, 30)  # noqa: DTZ001
    event = session.query(Event).one()
    event.facts = as_facts(About(registration_opens=opens, registration_closes=closes))
    event.version += 1
    session.commit()
    clock.time = datetime(2023, 9, 1, 0, 59, tzinfo=UTC)
    assert way_in(client, "/") == ["Mở đăng ký lúc 08:00, 01/09/2023"] * 2
    assert way_in(client, "/en/") == ["Registration opens at 08:00, 01/09/2023"] * 2
    clock.forward(minutes=1)
    assert way_in(client, "/") == ["Đăng ký"] * 2
    clock.time = OPENING
    assert way_in(client, "/") == ["Đã đóng đăng ký"] * 2
    assert way_in(client, "/en/") == ["Registration is closed"] * 2
