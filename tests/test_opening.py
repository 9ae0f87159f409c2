"""Whether the form takes names: times, haste, crowds, children, groups and approval."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.about import About, as_facts
from event.approving import approve, decline, who_wait
from event.attendees import Attendee, Registration, everyone, register
from event.guardians import Guardianship
from event.mail import Mail
from event.opening import GRACE, Opening, opening, switch
from event.people import filtered
from event.programme import Category, Event, Slot
from event.roster import roster
from pages.crowding import OF_A_VISITOR, OF_AN_ADDRESS
from pages.letters import letter
from tests.doors import badge, scan
from tests.house import OPENING, Clock
from tests.registrants import GOOD, Ticks, hidden, ticks, words  # noqa: F401
from tests.registrants import register as fill_in

OPENS = datetime(2023, 9, 1, 8)  # noqa: DTZ001 - at the place of the event
CLOSES = datetime(2023, 9, 29, 7, 30)  # noqa: DTZ001


def timed(session: Session) -> Event:
    event = session.scalars(select(Event)).one()
    event.facts = as_facts(About(registration_opens=OPENS, registration_closes=CLOSES))
    event.version += 1
    session.commit()
    return event


@pytest.mark.parametrize(
    ("before", "word", "state"),
    [
        (timedelta(days=60), "", "soon"),
        (timedelta(days=1), "", "open"),
        (timedelta(0), "", "closed"),
        (timedelta(0), "open", "open"),
        (timedelta(days=1), "closed", "closed"),
    ],
)
def test_times_decide_unless_an_organiser_does(
    before: timedelta, word: str, state: str, store: Session
) -> None:
    event = timed(store)
    switch(store, event, word, at=OPENING, by="lan@vidu.vn")
    assert opening(event, OPENING - before).state == state


def test_without_times_it_is_open(store: Session) -> None:
    event = store.scalars(select(Event)).one()
    assert opening(event, OPENING) == Opening("open", None, None)


def test_a_closed_form_says_so_and_takes_nobody(
    client: FlaskClient,
    session: Session,
    clock: Clock,
    ticks: Ticks,  # noqa: F811
) -> None:
    fields = GOOD | {"csrf_token": hidden(client.get("/register").text, "csrf_token")}
    event = timed(session)
    clock.time = OPENING - timedelta(days=60)
    ticks.time += 1
    assert "Mở lúc 08:00 Thứ Sáu, 01/09/2023." in words(client.get("/register").text)
    clock.time = OPENING + GRACE + timedelta(seconds=1)
    answer = client.post("/register", data=fields)
    assert (answer.status_code, "Đã đóng đăng ký" in answer.text) == (403, True)
    assert session.scalars(select(Attendee)).all() == []
    switch(session, event, "open", at=OPENING, by="lan@vidu.vn")
    ticks.time += 1
    assert client.post("/register", data=fields).status_code == 303


def test_an_organiser_closes_it_by_a_press(
    as_staff: Callable[[str], FlaskClient],
    client: FlaskClient,
    ticks: Ticks,  # noqa: F811
) -> None:
    organiser = as_staff("organiser")
    proof = hidden(organiser.get("/organiser/registration").text, "csrf_token")
    organiser.post("/organiser/registration/closed", data={"csrf_token": proof})
    ticks.time += 1
    assert "Đã đóng đăng ký" in client.get("/register").text
    organiser.post("/organiser/registration/times", data={"csrf_token": proof})
    ticks.time += 1
    assert "Đã đóng đăng ký" not in client.get("/register").text


@pytest.mark.parametrize("how", ["haste", "hidden field"])
def test_what_looks_like_a_machine_is_asked_once_more_and_then_taken(
    how: str, client: FlaskClient, app: Flask, session: Session
) -> None:
    app.config["FORM_SECONDS"] = 3.0 if how == "haste" else 0.0
    asked = fill_in(client, website="http://vidu.vn" if how == "hidden field" else "")
    assert (asked.status_code, session.scalars(select(Attendee)).all()) == (422, [])
    assert "Xin bấm “Đăng ký” một lần nữa." in words(asked.text)
    assert 'value="Nguyễn Thị Hương"' in asked.text
    assert 'name="website"' not in asked.text
    again = {name: hidden(asked.text, name) for name in ("csrf_token", "nonce", "sure")}
    assert client.post("/register", data=GOOD | again).status_code == 303


def test_one_visitor_who_sends_too_much_waits_and_loses_nothing(
    client: FlaskClient,
    ticks: Ticks,  # noqa: F811
) -> None:
    fields = {"csrf_token": hidden(client.get("/register").text, "csrf_token"), "name": "Hương"}
    codes = [client.post("/register", data=fields).status_code for _ in range(OF_A_VISITOR)]
    answer = client.post("/register", data=fields)
    assert (set(codes), answer.status_code) == ({422}, 429)
    assert "Vừa có quá nhiều lượt đăng ký từ nơi này." in words(answer.text)
    assert 'value="Hương"' in answer.text


def test_a_ministry_behind_one_address_is_not_stopped(app: Flask) -> None:
    crowd, most = app.extensions["crowd"], OF_AN_ADDRESS
    assert all(crowd.comes("origin 203.0.113.7", most) for _ in range(1000))
    assert [crowd.comes("origin 203.0.113.7", 1001) for _ in range(2)] == [True, False]


CHILD = {"minor": "y", "guardian_name": "Lê Thị Mẹ", "guardian_phone": "0913 111 222"}


def test_a_child_needs_a_guardian(client: FlaskClient, session: Session, clock: Clock) -> None:
    missing = fill_in(client, minor="y")
    assert missing.status_code == 422
    assert "Cần có sự đồng ý của cha mẹ hoặc người giám hộ." in missing.text
    assert session.scalars(select(Attendee)).all() == []
    assert fill_in(client, **CHILD, guardian_agrees="y").status_code == 303
    kept = session.scalars(select(Guardianship)).one()
    assert (kept.name, kept.phone, kept.agreed_at) == ("Lê Thị Mẹ", "+84913111222", clock())


def test_what_stands_there_without_the_tick_is_not_kept(
    client: FlaskClient, session: Session
) -> None:
    assert fill_in(client, guardian_name="Lê Thị Mẹ").status_code == 303
    assert session.scalars(select(Guardianship)).all() == []


def of_category(session: Session, **facts: Any) -> None:
    """Visitors are a group, or wait for a yes."""
    visitor = session.scalars(select(Category).where(Category.key == "visitor")).one()
    for name, value in facts.items():
        setattr(visitor, name, value)
    session.commit()


def test_a_school_group_is_its_adult_and_a_number(client: FlaskClient, session: Session) -> None:
    of_category(session, group=True)
    asked = fill_in(client, category="visitor")
    assert (asked.status_code, "một số từ 1 đến 500" in asked.text) == (422, True)
    other = fill_in(client, category="delegate", companions="35")
    assert (other.status_code, "chỉ dành cho đoàn học sinh" in other.text) == (422, True)
    answer = fill_in(client, category="visitor", companions="35")
    assert answer.status_code == 303
    assert session.scalars(select(Attendee.companions)).one() == 35
    assert "Quý khách đi cùng 35 học sinh" in client.get(answer.location).text


def waiting(session: Session) -> Attendee:
    of_category(session, approval=True)
    asked = Registration("Trần Văn Ánh", email="anh@vidu.vn", sessions=("it-1",))
    return register(session, asked, at=OPENING).attendee


def test_who_waits_holds_a_seat_and_no_place_yet(store: Session) -> None:
    person = waiting(store)
    assert (person.waits, store.scalars(who_wait()).all()) == (True, [person])
    assert store.scalars(everyone()).all() == []
    assert store.scalars(filtered({"state": "waiting"})).all() == [person]
    assert store.scalars(select(Slot.taken).where(Slot.key == "it-1")).one() == 1
    event = store.scalars(select(Event)).one()
    assert roster(store, event, since=0, at=OPENING).exceptions[person.id].cancelled
    assert approve(store, person, at=OPENING, by="lan@vidu.vn")
    assert store.scalars(everyone()).all() == [person]
    assert not roster(store, event, since=0, at=OPENING).exceptions[person.id].cancelled
    assert store.scalars(select(Mail.kind)).all() == ["registered", "registered"]
    assert not approve(store, person, at=OPENING, by="lan@vidu.vn")


def test_a_no_frees_the_seat(store: Session) -> None:
    person = waiting(store)
    assert decline(store, person, at=OPENING, by="lan@vidu.vn")
    assert (person.cancelled_at, store.scalars(who_wait()).all()) == (OPENING, [])
    assert store.scalars(select(Slot.taken).where(Slot.key == "it-1")).one() == 0
    assert store.scalars(select(Mail.kind).order_by(Mail.id)).all() == ["registered", "declined"]


def test_the_desk_is_a_yes_already(store: Session) -> None:
    of_category(store, approval=True)
    by_desk = register(store, Registration("Lê An"), at=OPENING, by="desk@vidu.vn")
    assert not by_desk.attendee.waits


def test_nobody_gets_in_before_the_yes(
    client: FlaskClient, app: Flask, session: Session, as_staff: Callable[[str], FlaskClient]
) -> None:
    of_category(session, approval=True)
    page = fill_in(client, category="visitor").location
    shown = words(client.get(page).text)
    assert ("Đang chờ Ban tổ chức duyệt" in shown, "<svg" in shown) == (True, False)
    assert 'class="qr-card"' not in client.get(page).text
    files = [client.get(f"{page}/{name}") for name in ("badge.pdf", "badge.svg", "badge.png")]
    assert [file.status_code for file in files] == [303, 303, 303]
    person = session.scalars(select(Attendee)).one()
    token = badge(session, app.config["KEYS"], person)
    desk, organiser = as_staff("desk"), as_staff("organiser")
    assert desk.get(f"/checkin/badge/{person.id}.pdf").status_code == 409
    refused = scan(desk, code=token).get_json()
    assert "còn chờ Ban tổ chức duyệt" in str(refused)
    listed = organiser.get("/organiser/registration").text
    assert "Nguyễn Thị Hương" in listed
    address = f"/organiser/registration/people/{person.id}/yes"
    organiser.post(address, data={"csrf_token": hidden(listed, "csrf_token")})
    assert 'class="qr-card"' in client.get(page).text
    assert scan(desk, code=token).get_json()["kind"] == "in"


def test_the_first_mail_to_who_waits_encloses_no_badge(app: Flask, session: Session) -> None:
    waiting(session)
    first = letter(session.scalars(select(Mail)).one())
    assert first is not None
    assert first["Subject"] == "Đã nhận đăng ký tham dự Sự kiện nhỏ của Quý khách"
    assert list(first.iter_attachments()) == []
