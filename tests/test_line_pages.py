"""What people and organisers see of the line for a place, and what one press does."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.about import About, as_facts
from event.amendments import cancel
from event.attendees import Attendee
from event.limits import Limit, limits
from event.links import key_of
from event.mail import Mail
from event.programme import Category, Event
from pages.letters import letter
from tests.house import Clock
from tests.registrants import GOOD, Ticks, queries, register, words

OwnPage = Callable[..., str]


def limit(session: Session, event: int | None = None, **categories: int) -> None:
    row = session.scalars(select(Event)).one()
    row.places, row.version = event, row.version + 1
    for category in session.scalars(select(Category)):
        category.places = categories.get(category.key)
    session.commit()


def person(session: Session, number: int) -> Attendee:
    return session.get_one(Attendee, number, populate_existing=True)


def change_page(app: Flask, session: Session, own_page: str, number: int) -> str:
    return f"{own_page}/change/{key_of(person(session, number), app.config['KEYS'])}"


def test_the_form_says_before_it_is_filled_in_that_there_is_a_line(
    client: FlaskClient, session: Session, ticks: Ticks
) -> None:
    assert "suất" not in words(client.get("/").text)
    limit(session, 20)
    for number in range(17):
        assert register(client, name=f"Khách {number}").status_code == 303
        ticks.time += 2
    assert "Còn 3 chỗ" not in words(client.get("/register").text)
    register(client, name="Khách 17")
    ticks.time += 2
    for address in ("/", "/register"):
        assert "Còn 2 chỗ" in words(client.get(address).text)
    assert "Places left: 2" in words(client.get("/en/").text)
    limit(session, 18)
    ticks.time += 2
    for address in ("/", "/register"):
        page = words(client.get(address).text)
        assert "Đã hết suất tham dự; Quý khách có thể vào danh sách chờ." in page


def test_a_full_category_is_marked_and_can_be_chosen(
    client: FlaskClient, session: Session, ticks: Ticks
) -> None:
    limit(session, delegate=1)
    register(client)
    ticks.time += 2
    page = client.get("/register").text
    assert '<option value="delegate">Đại biểu (đã hết suất: danh sách chờ)</option>' in page
    assert '<option value="visitor">Khách tham quan</option>' in page
    assert "Đã hết suất cho: Đại biểu." in words(page)
    assert register(client, name="Lê An").status_code == 303
    assert person(session, 2).line == 1


def test_ones_own_page_shows_the_place_in_line_and_then_the_badge(
    client: FlaskClient, session: Session, clock: Clock, own_page: OwnPage
) -> None:
    limit(session, 1)
    own_page()
    own_page(name="Trần Văn Ánh")
    mine = own_page(name="Lê An", sessions=["it-1"])
    page = client.get(mine).text
    assert re.search(r'class="place">2</p>', page)
    assert ("qr-card" in page, "badge.pdf" in page) == (False, False)
    shown = words(page)
    assert "Các phiên Quý khách đã chọn" in shown
    assert "Phiên it-1" in shown
    assert client.get(f"{mine}/badge.pdf").location == mine
    for number in (1, 2):
        cancel(session, person(session, number), at=clock(), by="attendee")
    page = client.get(mine).text
    assert 'class="qr-card"' in page
    assert "Phiên it-1" in words(page)


def test_one_press_leaves_the_line_and_another_comes_back_to_its_end(
    app: Flask, client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    limit(session, 1)
    own_page()
    mine = own_page(name="Trần Văn Ánh")
    own_page(name="Lê An")
    address = change_page(app, session, mine, 2)
    page = client.get(address).text
    assert ("hand-over" in page, f"{address}/cancel" in page) == (False, False)
    assert client.get(f"{address}/hand-over").status_code == 409
    answer = client.post(f"{address}/give-back", data={"csrf_token": token(page)})
    assert answer.location == address
    assert (person(session, 2).line, person(session, 3).line) == (None, 2)
    page = client.get(address).text
    assert "Quý khách sẽ đứng cuối danh sách chờ." in words(page)
    client.post(f"{address}/take-back", data={"csrf_token": token(page)})
    assert re.search(r'class="place">2</p>', client.get(address).text)


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def lucky(app: Flask, session: Session, clock: Clock, own_page: OwnPage) -> str:
    """The second address of somebody who came from the line; one more stands in it."""
    limit(session, 1)
    own_page()
    mine = own_page(name="Trần Văn Ánh", sessions=["it-1"])
    own_page(name="Lê An")
    cancel(session, person(session, 1), at=clock(), by="attendee")
    return change_page(app, session, mine, 2)


def test_the_mail_of_a_place_brings_the_badge_and_the_way_back(
    lucky: str, session: Session
) -> None:
    mails = session.scalars(select(Mail).where(Mail.attendee_id == 2).order_by(Mail.id)).all()
    assert [mail.kind for mail in mails] == ["registered", "admitted"]
    told = letter(mails[1])
    assert told is not None
    assert told["Subject"] == "Đã có suất tham dự cho Quý khách: Sự kiện nhỏ"
    files = [part.get_filename() for part in told.iter_attachments()]
    assert files == ["badge-00002.pdf", "calendar.ics"]
    text = told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "08:00–09:30, 29/09/2023: Phiên it-1" in text
    assert f"http://localhost:8000{lucky}" in text.splitlines()


def test_one_press_gives_the_place_to_the_next(
    lucky: str, client: FlaskClient, session: Session, clock: Clock
) -> None:
    page = client.get(lucky).text
    assert "Đã có suất trống: suất này là của Quý khách" in words(page)
    client.post(f"{lucky}/give-back", data={"csrf_token": token(page)})
    assert person(session, 2).cancelled_at == clock()
    assert person(session, 3).has_badge
    again = client.post(f"{lucky}/give-back", data={"csrf_token": token(page)})
    assert again.status_code == 409


def test_who_cancels_beside_a_line_is_told_to_whom_the_place_goes(
    app: Flask,
    client: FlaskClient,
    session: Session,
    own_page: OwnPage,
    as_staff: Callable[[str], FlaskClient],
) -> None:
    address = change_page(app, session, own_page(), 1)
    organiser = as_staff("organiser")
    said = "Suất của Quý khách chuyển cho người kế tiếp"
    told = "Suất này chuyển ngay cho người kế tiếp"
    assert said not in client.get(f"{address}/cancel").text
    assert told not in organiser.get("/organiser/people/1/cancel").text
    limit(session, 1)
    own_page(name="Lê An")
    assert said in client.get(f"{address}/cancel").text
    assert told in organiser.get("/organiser/people/1/cancel").text


def test_giving_back_goes_on_when_changes_have_ended(
    lucky: str, client: FlaskClient, session: Session, clock: Clock
) -> None:
    event = session.scalars(select(Event)).one()
    event.facts = as_facts(About(changes_until=datetime(2023, 9, 1, 8)))  # noqa: DTZ001
    session.commit()
    page = client.get(lucky).text
    assert client.get(f"{lucky}/cancel").status_code == 409
    client.post(f"{lucky}/give-back", data={"csrf_token": token(page)})
    assert person(session, 2).cancelled_at == clock()


def test_whoever_did_not_come_from_the_line_is_asked_before_a_place_is_given_up(
    app: Flask, client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    address = change_page(app, session, own_page(), 1)
    assert "give-back" not in client.get(address).text
    proof = token(client.get(f"{address}/cancel").text)
    answer = client.post(f"{address}/give-back", data={"csrf_token": proof})
    assert (answer.status_code, person(session, 1).cancelled_at) == (409, None)


@pytest.mark.parametrize(
    ("prefix", "subject", "said"),
    [
        ("", "Quý khách đang trong danh sách chờ của Sự kiện nhỏ", "ở vị trí số 1."),
        ("/en", "You stand in line for Small event", "your place is number 1."),
    ],
)
def test_the_first_mail_says_the_place_in_line_and_encloses_nothing(
    prefix: str, subject: str, said: str, client: FlaskClient, session: Session
) -> None:
    limit(session, 1)
    register(client)
    register(client, f"{prefix}/register", name="Lê An")
    told = letter(session.scalars(select(Mail).where(Mail.attendee_id == 2)).one())
    assert told is not None
    assert (told["Subject"], list(told.iter_attachments())) == (subject, [])
    assert said in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@pytest.fixture
def crowd(client: FlaskClient, session: Session) -> None:
    """Two places, one of them a delegate's: a delegate and a visitor stand in line."""
    limit(session, 2, delegate=1)
    register(client)
    register(client, name="Trần Văn Ánh")
    register(client, name="Lê An", category="visitor")
    register(client, name="Vũ Bình", category="visitor")


@pytest.mark.usefixtures("crowd")
def test_organisers_see_the_line_and_who_is_next(as_staff: Callable[[str], FlaskClient]) -> None:
    organiser = as_staff("organiser")
    shown = words(organiser.get("/organiser/waiting").text)
    assert "Sự kiện nhỏ 2/2 hết chỗ 1 TS. Vũ Bình" in shown, "whose category has room"
    assert "Đại biểu 1/1 hết chỗ 1 TS. Trần Văn Ánh" in shown
    assert "Cấp suất ngay" in shown
    assert "Cấp suất ngay" not in as_staff("supervisor").get("/organiser/waiting").text
    assert "Đại biểu 1/1" in words(organiser.get("/organiser/registration").text)
    people = words(organiser.get("/organiser/people?state=in_line").text)
    assert ("Vũ Bình" in people, "Trần Văn Ánh" in people, "Lê An" in people) == (True, True, False)


@pytest.mark.usefixtures("crowd")
def test_a_place_given_out_of_turn_is_counted_above_the_limit(
    session: Session, as_staff: Callable[[str], FlaskClient]
) -> None:
    organiser = as_staff("organiser")
    proof = token(organiser.get("/organiser/waiting").text)
    organiser.post("/organiser/waiting/2/place", data={"csrf_token": proof})
    assert (person(session, 2).has_badge, limits(session).event) == (True, Limit(2, 3))
    assert "3/2 vượt 1 suất" in words(organiser.get("/organiser/waiting").text)
    numbers = words(organiser.get("/organiser/").text)
    assert "Suất đã dùng 3 trên 2 suất, tính cả người đi cùng · đang chờ: 1" in numbers
    assert "suất: 2/1" in numbers
    assert "Được suất từ danh sách chờ" in words(organiser.get("/organiser/people/2").text)


def test_the_desk_sees_that_somebody_stands_in_line(
    client: FlaskClient, session: Session, as_staff: Callable[[str], FlaskClient]
) -> None:
    limit(session, 1)
    register(client)
    register(client, name="Lê An")
    desk = as_staff("desk")
    assert "Đang chờ suất tham dự" in words(desk.get("/checkin/people?q=le+an").text)
    assert "Đang chờ suất tham dự" in words(desk.get("/checkin/people/2").text)
    assert "badge/2.pdf" not in desk.get("/checkin/people/2").text


def test_without_limits_a_registration_asks_nothing_more(
    client: FlaskClient, session: Session
) -> None:
    with queries() as sent:
        assert register(client, **GOOD).status_code == 303
    assert not [statement for statement in sent if "companions" in statement and "sum" in statement]
