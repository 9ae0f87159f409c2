"""Organisers see who waits for which session."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.attendees import Registration, register
from event.own_seats import take_seat
from tests.house import Clock
from tests.registrants import words


def test_each_queue_is_shown_in_order_and_counted_in_the_programme(
    session: Session, clock: Clock, as_staff: Callable[[str], FlaskClient]
) -> None:
    for name in ("Đủ Chỗ", "Nguyễn Thị Hương", "Trần Văn Ánh"):
        person = register(session, Registration(name=name), at=clock()).attendee
        take_seat(session, person, "energy-1", at=clock(), by="attendee")
    shown = words(as_staff("supervisor").get("/organiser/waiting").text)
    assert "Phiên energy-1 2 người chờ" in shown
    assert "1 Nguyễn Thị Hương" in shown
    assert "2 Trần Văn Ánh" in shown
    assert "Đủ Chỗ" not in shown
    programme = as_staff("organiser").get("/organiser/programme").text
    assert '<a class="small line" href="/organiser/waiting#energy-1">2 người chờ</a>' in programme


def test_without_queues_the_page_says_so(as_staff: Callable[[str], FlaskClient]) -> None:
    assert "Chưa có ai chờ chỗ." in words(as_staff("supervisor").get("/organiser/waiting").text)
