"""Everybody's own page: their code, badge and calendar, and nobody else's."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.approving import decline
from event.attendees import Attendee, Registration, put_down
from event.badges import public_key, read
from event.consents import Consent, Notice, publish
from event.links import key_of, secret_of
from event.programme import the_event
from event.words import Words
from exports import qr
from pages.attendee.mine import own
from tests.house import OPENING, Clock, post
from tests.registrants import Ticks, queries, words

OwnPage = Callable[..., str]
FILES = ("", "/badge.pdf", "/badge.svg", "/calendar.ics")


@pytest.fixture
def imported(app: Flask, session: Session, clock: Clock) -> str:
    """The page of somebody whom an office put down."""
    number = put_down(session, Registration(name="Lê Văn Cường"), at=clock(), by="lan@vidu.vn")
    session.commit()
    return "/me/" + secret_of(session.get_one(Attendee, number), app.config["KEYS"])


def test_the_page_shows_code_name_category_and_sessions(
    client: FlaskClient, own_page: OwnPage
) -> None:
    page = client.get(own_page(sessions=["it-2", "forum"], position="Trưởng phòng")).text
    shown = words(page)
    for part in (
        "Xuất trình mã này tại cổng 00001",
        "TS. Nguyễn Thị Hương Trưởng phòng Sở KH&CN Đồng Nai Đại biểu",
        "Thứ Sáu, 29/09/2023 08:00 – 09:30 Phiên forum Diễn đàn · Hội trường lớn",
        "10:00 – 11:30 Phiên it-2 Công nghệ thông tin · Hội trường lớn",
    ):
        assert part in shown


def test_the_page_says_that_it_worked_and_shows_enough_of_the_address_to_see_a_slip(
    client: FlaskClient, own_page: OwnPage
) -> None:
    page = client.get(own_page(email="huong.nguyen@vidu.con")).text
    assert "00001 Quý khách đã đăng ký TS. Nguyễn Thị Hương" in words(page)
    assert "Email: hu…@vidu.con" in words(page)
    assert "huong.nguyen" not in page


def test_the_own_page_leads_to_the_programme(client: FlaskClient, own_page: OwnPage) -> None:
    address = own_page()
    assert 'href="/#programme">Xem chương trình</a>' in client.get(address).text
    assert 'href="/en/#programme">See the programme</a>' in client.get("/en" + address).text


def test_a_slash_that_slipped_in_at_the_end_does_no_harm(
    client: FlaskClient, own_page: OwnPage
) -> None:
    assert "Nguyễn Thị Hương" in client.get(own_page() + "/").text


def test_the_code_is_the_signed_badge(
    app: Flask, client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    address = own_page(sessions=["it-1"])
    person = session.scalars(select(Attendee)).one()
    token = own(address.rpartition("/")[2]).token
    facts = read(token, public_key(app.config["KEYS"].badges))
    assert (facts.event, facts.attendee, facts.category, facts.entitlements) == (
        2023, person.id, 2, 1,
    )  # fmt: skip
    assert qr.svg(token) in client.get(address).text


def test_personal_pages_stay_out_of_caches_and_search(
    client: FlaskClient, own_page: OwnPage
) -> None:
    address = own_page()
    for file in FILES:
        headers = client.get(address + file).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("file", FILES)
def test_a_wrong_secret_opens_nothing_and_says_what_to_do(
    file: str, app: Flask, client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    mine, other = own_page(), own_page(name="Trần Văn Ánh")
    for wrong in (
        mine[:-1] + other[-1],  # my proof, their number
        other[:10] + ("a" if other[10] != "a" else "b") + other[11:],
        mine[:-5],
        "/me/1",
    ):
        answer = client.get(wrong + file)
        assert answer.status_code == 404
        assert "bàn hỗ trợ tìm được Quý khách" in words(answer.text)
        assert "Hương" not in answer.text
        assert "Ánh" not in answer.text


def test_a_withdrawn_link_is_dead(client: FlaskClient, session: Session, own_page: OwnPage) -> None:
    address = own_page()
    session.scalars(select(Attendee)).one().link_revision += 1
    session.commit()
    assert client.get(address).status_code == 404


def test_the_badge_comes_as_pdf_and_as_a_picture(client: FlaskClient, own_page: OwnPage) -> None:
    address = own_page(sessions=["it-2"])
    paper, picture = client.get(address + "/badge.pdf"), client.get(address + "/badge.svg")
    assert (paper.content_type, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert picture.content_type == "image/svg+xml; charset=utf-8"
    for text in ("Nguyễn Thị Hương", "ĐẠI BIỂU", "29–30/09/2023 · Quảng Ninh", "00001"):
        assert text in picture.text


def test_the_calendar_holds_the_chosen_sessions(
    client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    address = own_page(sessions=["it-2", "energy-1"])
    answer = client.get(address + "/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    entries = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(entry["uid"]) for entry in entries] == [
        "energy-1.1@small-2023",
        "it-2.1@small-2023",
    ]
    second = entries[1]
    assert (str(second["summary"]), str(second["location"]), second["sequence"]) == (
        "Phiên it-2", "Hội trường lớn, Quảng Ninh", 1,
    )  # fmt: skip
    assert second.decoded("dtstart") == datetime(2023, 9, 29, 3, 0, tzinfo=UTC)
    assert second.decoded("dtend") == datetime(2023, 9, 29, 4, 30, tzinfo=UTC)
    assert second["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"


def test_the_calendar_follows_the_programme(
    client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    address = own_page(sessions=["it-2"])
    event = the_event(session)
    assert event
    event.version = 7
    session.commit()
    entry = icalendar.Calendar.from_ical(client.get(address + "/calendar.ics").data).walk("VEVENT")[
        0
    ]
    assert (str(entry["uid"]), entry["sequence"]) == ("it-2.1@small-2023", 7)


def test_without_sessions_the_calendar_holds_the_event(
    client: FlaskClient, own_page: OwnPage
) -> None:
    file = client.get(own_page() + "/calendar.ics").data
    (entry,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert (str(entry["summary"]), str(entry.decoded("dtstart")), str(entry.decoded("dtend"))) == (
        "Sự kiện nhỏ", "2023-09-29", "2023-10-01",
    )  # fmt: skip


def test_english_is_one_link_away_with_its_own_files(
    client: FlaskClient, own_page: OwnPage
) -> None:
    address = own_page(sessions=["it-2"])
    assert f'<a href="/en{address}"' in client.get(address).text
    page = client.get("/en" + address).text
    assert "Show this code at the gate" in page
    assert f'href="/en{address}/badge.pdf"' in page
    calendar = client.get(f"/en{address}/calendar.ics").text
    assert "SUMMARY:Session it-2" in calendar


def test_a_cancelled_registration_has_no_code_and_says_so(
    client: FlaskClient, session: Session, clock: Clock, own_page: OwnPage
) -> None:
    address = own_page(sessions=["it-2"])
    cancel(session, session.scalars(select(Attendee)).one(), at=clock(), by="lan@vidu.vn")
    page = client.get(address).text
    assert "Đăng ký này đã được hủy" in page
    assert 'class="qr"' not in page
    for file in FILES[1:]:
        answer = client.get(address + file)
        assert (answer.status_code, answer.location) == (303, address)


def test_the_page_tells_a_refusal_and_ones_own_cancelling_apart(
    client: FlaskClient, session: Session, clock: Clock, own_page: OwnPage
) -> None:
    own, refused = own_page(), own_page(name="Lê Cường")
    first, second = session.scalars(select(Attendee).order_by(Attendee.id))
    cancel(session, first, at=clock(), by="attendee")
    second.waits = True
    session.commit()
    assert decline(session, second, at=clock(), by="lan@vidu.vn")
    said = words(client.get(refused).text)
    assert "Đăng ký này không được duyệt" in said
    assert "đã được hủy" not in said
    stranger = client.application.test_client()
    assert "Quý khách đã tự hủy và có thể hoàn tác" in words(stranger.get(own).text)
    assert "Hoàn tác việc hủy" not in words(stranger.get(own).text)


def test_somebody_put_down_by_others_sees_the_notice_once(
    client: FlaskClient, session: Session, clock: Clock, imported: str
) -> None:
    assert "Quý khách đã được đăng ký tham dự sự kiện Đơn vị đã gửi" in words(
        client.get(imported).text
    )
    clock.forward(minutes=5)
    answer = post(client, imported, {"agreed": "take_part.1"})
    assert (answer.status_code, answer.location) == (303, imported)
    consent = session.scalars(select(Consent)).one()
    assert (consent.given_at, consent.given_by, consent.language) == (clock(), "shown", "vi")
    assert session.scalars(select(Attendee.informed_at)).one() == clock()
    assert "Đơn vị đã gửi" not in client.get(imported).text


def test_the_notice_is_agreed_to_once_and_only_as_it_stands(
    client: FlaskClient, session: Session, imported: str
) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(imported).text)
    assert token
    assert client.post(imported, data={"agreed": "take_part.1"}).status_code == 400
    client.post(imported, data={"agreed": "take_part.0", "csrf_token": token[1]})
    assert session.scalars(select(Consent)).all() == []
    for _ in "ab":
        client.post(imported, data={"agreed": "take_part.1", "csrf_token": token[1]})
    assert len(session.scalars(select(Consent)).all()) == 1


def test_the_link_that_is_sent_on_agrees_to_nothing_but_taking_part(
    client: FlaskClient, app: Flask, session: Session, clock: Clock, imported: str, ticks: Ticks
) -> None:
    publish(session, "exhibitors", Words("Đơn vị trưng bày liên hệ tôi", "May contact me"))
    session.commit()
    ticks.time += 1
    assert "Đơn vị trưng bày liên hệ tôi" not in client.get(imported).text
    both = {"agreed": ["take_part.1", "exhibitors.1"]}
    post(client, imported, both)
    own = f"{imported}/change/{key_of(session.scalars(select(Attendee)).one(), app.config['KEYS'])}"
    assert "Đơn vị trưng bày liên hệ tôi" in client.get(own).text
    clock.forward(minutes=5)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(own).text)
    assert token
    for _ in "ab":
        answer = client.post(f"{own}/agree", data=both | {"csrf_token": token[1]})
        assert (answer.status_code, answer.location) == (303, own)
    found = session.execute(
        select(Notice.purpose, Consent.given_by, Consent.given_at)
        .join(Consent)
        .order_by(Consent.given_at, Notice.purpose)
    )
    assert [tuple(row) for row in found] == [
        ("take_part", "shown", OPENING),
        ("exhibitors", "attendee", clock()),
        ("take_part", "attendee", clock()),
    ]
    assert "Đơn vị đã gửi" not in client.get(own).text


@pytest.mark.parametrize("file", FILES)
def test_three_sessions_cost_no_more_than_one(
    file: str, client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    counts = []
    for sessions in (["it-2"], ["it-2", "forum", "energy-2"]):
        address = own_page(sessions=sessions, name=f"Người có {len(sessions)} phiên")
        session.expunge_all()
        with queries() as sent:
            assert client.get(address + file).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12
