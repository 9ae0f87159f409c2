"""One agenda: said both ways, in a calendar that follows, and on one page of paper."""

from collections.abc import Callable

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.agenda import remarks, walks
from event.amendments import as_stated, cancel, change
from event.attendees import STATED, Attendee, Registration
from event.links import feed_of
from event.programme import Room
from event.timetable import programme
from exports.agenda import Agenda, Day, Item, write_agenda
from tests.house import OPENING, Clock
from tests.papers import facts, said
from tests.registrants import words

OwnPage = Callable[..., str]


def far_apart(session: Session) -> None:
    """Half an hour's walk from the hall to room A; the file says it at one of them."""
    hall = session.scalars(select(Room).where(Room.key == "hall")).one()
    hall.minutes_to = {"room-a": 45}
    session.commit()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_way_that_takes_longer_than_there_is_is_said_at_both_sessions(store: Session) -> None:
    far_apart(store)
    slots = programme(store)
    first, second = slots["energy-1"], slots["it-2"]  # 08:00–09:30 and 10:00–11:30
    (walk,) = walks([second, first])
    assert (walk.first, walk.second, walk.takes, walk.there_are) == (first, second, 45, 30)
    told = remarks([first, second])
    assert [(r.other, r.walk) for r in told[first.id]] == [(second, walk)]
    assert [(r.other, r.walk) for r in told[second.id]] == [(first, walk)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_overlaps_is_said_at_both_and_is_no_walk(store: Session) -> None:
    far_apart(store)
    slots = programme(store)
    one, other, apart = slots["forum"], slots["energy-2"], slots["it-2"]
    told = remarks([one, other])
    assert [(r.other, r.walk) for r in told[one.id]] == [(other, None)]
    assert [(r.other, r.walk) for r in told[other.id]] == [(one, None)]
    assert remarks([one, apart]) == {one.id: [], apart.id: []}


def test_the_page_says_it_in_words(
    client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    far_apart(session)
    page = words(client.get(own_page(sessions=["energy-1", "it-2"])).text)
    assert "“Phiên it-2” bắt đầu sau đó 30 phút ở phòng khác; đi tới đó mất khoảng 45 phút." in page
    assert "“Phiên energy-1” kết thúc trước đó 30 phút ở phòng khác" in page


def entries(data: bytes) -> dict[str, tuple[int, str]]:
    """By UID: SEQUENCE and STATUS."""
    calendar = icalendar.Calendar.from_ical(data)
    assert calendar["method"] == "PUBLISH"
    return {
        str(entry["uid"]): (entry["sequence"], str(entry.get("status", "")))
        for entry in calendar.walk("VEVENT")
    }


def choose(session: Session, number: int, *keys: str) -> None:
    person = session.get_one(Attendee, number)
    before = as_stated(session, person)
    stated = Registration(**{field: before[field] for field in STATED}, sessions=keys)
    change(session, person, stated, at=OPENING, by="attendee")


def test_a_file_fetched_again_takes_out_what_was_given_up(
    client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    address = own_page(sessions=["it-2"]) + "/calendar.ics"
    assert entries(client.get(address).data) == {"it-2.1@small-2023": (1, "")}
    choose(session, 1, "forum")
    found = entries(client.get(address).data)
    assert found["forum.1@small-2023"] == (2, "")
    assert found["it-2.1@small-2023"] == (2, "CANCELLED")
    choose(session, 1, "forum", "it-2")
    assert entries(client.get(address).data)["it-2.1@small-2023"] == (3, "")


def test_a_subscription_is_to_the_sites_own_address_whatever_host_was_asked(
    app: Flask, client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    page = own_page(sessions=["it-2"])
    secret = feed_of(session.get_one(Attendee, 1), app.config["KEYS"])
    app.config["SITE_URL"] = "https://sukien.vn"
    shown = client.get(page, headers={"Host": "evil.vn"}).text
    assert f'href="webcal://sukien.vn/calendar/{secret}.ics"' in shown
    assert "evil.vn" not in shown


def test_a_subscription_sends_only_what_changed_and_ends_with_the_place(
    app: Flask, client: FlaskClient, session: Session, clock: Clock, own_page: OwnPage
) -> None:
    page = own_page(sessions=["it-2"])
    person = session.get_one(Attendee, 1)
    secret = feed_of(person, app.config["KEYS"])
    assert f"/calendar/{secret}.ics" in client.get(page).text
    answer = client.get(f"/calendar/{secret}.ics")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["ETag"] == '"1.vi"'
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert entries(answer.data) == {"it-2.1@small-2023": (1, "")}
    clock.forward(hours=1)
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/calendar/{secret}.ics", headers=known).status_code == 304
    choose(session, 1, "it-2", "forum")
    again = client.get(f"/calendar/{secret}.ics", headers=known)
    assert (again.status_code, again.headers["ETag"]) == (200, '"2.vi"')
    cancel(session, person, at=clock(), by="attendee")
    gone = entries(client.get(f"/calendar/{secret}.ics").data)
    assert {status for _, status in gone.values()} == {"CANCELLED"}
    assert gone["it-2.1@small-2023"][0] == 3


def test_what_a_calendar_knows_opens_no_page_and_a_guess_no_calendar(
    app: Flask, client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    own_page()
    secret = feed_of(session.get_one(Attendee, 1), app.config["KEYS"])
    assert client.get(f"/calendar/{'a' * 26}1.ics").status_code == 404
    assert client.get(f"/me/{secret}").status_code == 404


def test_the_agenda_is_one_page_in_the_language_of_its_address(
    client: FlaskClient, session: Session, own_page: OwnPage
) -> None:
    far_apart(session)
    address = own_page(sessions=["energy-1", "it-2"])
    for prefix, shown in (
        ("", ["Nguyễn Thị Hương", "08:00–09:30", "Phiên it-2", "Thứ Sáu, 29/09/2023", "00001"]),
        ("/en", ["Session it-2", "Friday, 29/09/2023", "Show this code at the gate"]),
    ):
        answer = client.get(f"{prefix}{address}/agenda.pdf")
        assert answer.content_type == "application/pdf"
        assert facts(answer.data)["Pages"] == "1"
        page = " ".join(said(answer.data).split())
        for part in shown:
            assert part in page


def test_thirty_sessions_still_stand_on_one_page() -> None:
    items = [
        Item("08:00–09:30", f"Phiên chuyên đề về năng lượng xanh và vật liệu mới, số {number}",
             "Hội trường lớn · Chủ tọa: GS.TS. Nguyễn Văn An", ["Cùng lúc với một phiên khác"])
        for number in range(30)
    ]  # fmt: skip
    agenda = Agenda(
        "Kết nối công nghệ và Đổi mới sáng tạo Việt Nam 2023", "29–30/09/2023 · Quảng Ninh",
        "PGS.TS. Nguyễn Phúc Hoàng Thiên Kim", ["Phó Trưởng khoa"], "00001", "1234567890" * 20,
        "Xuất trình mã này", "Các phiên", [Day("Thứ Sáu", items)], "", "Cập nhật 08:00",
    )  # fmt: skip
    paper = write_agenda(agenda)
    assert (facts(paper)["Pages"], facts(paper)["Page size"]) == ("1", "595.276 x 841.89 pts (A4)")
    page = " ".join(said(paper).split())
    assert all(f"số {number}" in page for number in range(30))
