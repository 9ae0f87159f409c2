"""Visitors cannot have an address written to as often as they like, and no mail is lost by that."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.finding import KIND as LINK
from event.finding import answer_lookups, ask_for_link
from event.mail import Mail, hand_over, queue_mail, sent
from event.mail_limits import ABOUT_A_REGISTRATION, LINKS, TO_AN_ADDRESS, TOO_MANY, room_from
from event.own_changes import correct_oneself
from event.resending import send_again, try_again
from pages.postman import deliver
from tests.house import OPENING, Clock, post
from tests.registrants import hidden, words
from tests.registrants import register as fill_in

DAY = timedelta(days=1)
OTHERS = "thuky@vidu.vn"


def put_down(session: Session, clock: Clock, name: str, by: str = "attendee") -> Attendee:
    stated = Registration(name, email=OTHERS, organisation="Sở KH&CN")
    return register(session, stated, at=clock(), by=by).attendee


def send(session: Session, clock: Clock) -> list[str]:
    """What would go out now goes; what became of each."""
    said = []
    for mail in session.scalars(select(Mail).where(Mail.done_at.is_(None)).order_by(Mail.id)):
        if room_from(session, mail, OTHERS, at=clock()) > clock():
            said.append("held")
        else:
            hand_over(session, mail, OTHERS, at=clock())
            sent(session, mail, at=clock())
            said.append("sent")
    return said


def test_a_secretary_registers_forty_in_a_day_and_the_others_are_written_to_the_next(
    store: Session, clock: Clock
) -> None:
    for number in range(TO_AN_ADDRESS + 2):
        put_down(store, clock, f"Khách {number}")
    assert send(store, clock) == ["sent"] * TO_AN_ADDRESS + ["held"] * 2
    clock.forward(hours=23)
    assert send(store, clock) == ["held"] * 2
    clock.forward(hours=1)
    assert send(store, clock) == ["sent"] * 2


def test_what_staff_do_is_not_counted_and_never_held(store: Session, clock: Clock) -> None:
    for number in range(TO_AN_ADDRESS + 1):
        put_down(store, clock, f"Khách {number}", by="import:1")
    assert send(store, clock) == ["sent"] * (TO_AN_ADDRESS + 1)
    one = put_down(store, clock, "Khách tự đăng ký")
    assert send(store, clock) == ["sent"]
    for _ in range(ABOUT_A_REGISTRATION + 1):
        send_again(store, one, OTHERS, by="lan@vidu.vn", at=clock())
        assert send(store, clock) == ["sent"]


def test_one_registration_is_not_a_way_to_write_to_many(store: Session, clock: Clock) -> None:
    person = put_down(store, clock, "Kẻ")
    for _ in range(ABOUT_A_REGISTRATION - 1):
        queue_mail(store, person.id, "registered", at=clock(), own=True)
    store.commit()
    assert send(store, clock) == ["sent"] * ABOUT_A_REGISTRATION
    held = Mail(attendee_id=person.id, kind="registered", own=True, queued_at=clock(),
                due_at=clock())  # fmt: skip
    store.add(held)
    store.commit()
    assert room_from(store, held, "other@vidu.vn", at=clock()) == OPENING + DAY


def test_ten_phones_and_an_address_bring_six_links_in_a_day(store: Session, clock: Clock) -> None:
    for number in range(10):
        stated = Registration("An", email=OTHERS, phone=f"+8491234567{number}", mail=False)
        register(store, stated, at=clock())
    for number in range(10):
        ask_for_link(store, f"091234567{number}", origin="203.0.113.7", at=clock())
    answer_lookups(store, at=clock())
    assert send(store, clock) == ["sent"] * LINKS + ["held"] * 4


@pytest.fixture
def flooded(app: Flask, session: Session, clock: Clock) -> Session:
    """One mail more than goes to an address in a day."""
    for number in range(TO_AN_ADDRESS + 1):
        put_down(session, clock, f"Khách {number}")
    app.config["MAIL_PER_MINUTE"] = 0
    while deliver():
        pass
    return session


def test_an_organiser_sees_what_is_held_and_sends_it_all_the_same(
    flooded: Session, as_staff: Callable[[str], FlaskClient]
) -> None:
    held = flooded.scalars(select(Mail).where(Mail.done_at.is_(None))).one()
    assert (held.failure, held.attempts, held.due_at) == (TOO_MANY, 0, OPENING + DAY)
    organiser = as_staff("organiser")
    shown = words(organiser.get("/organiser/mails?state=again").text)
    assert "lúc 07:30 30/09/2023 · Trong một ngày đã gửi nhiều thư đến địa chỉ này" in shown
    page = f"/organiser/mails/{held.id}"
    proof = hidden(organiser.get(page).text, "csrf_token")
    organiser.post(f"{page}/again", data={"csrf_token": proof})
    deliver()
    flooded.refresh(held)
    assert (held.done_at, held.failure) == (OPENING, "")


def test_a_link_too_many_is_not_sent_and_that_is_shown(
    session: Session, clock: Clock, as_staff: Callable[[str], FlaskClient]
) -> None:
    person = put_down(session, clock, "An")
    for _ in range(LINKS + 1):
        queue_mail(session, person.id, LINK, at=clock(), own=True)
    session.commit()
    deliver()
    last = session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    assert (last.done_at, last.failure) == (OPENING, TOO_MANY)
    assert "không thể tự làm phát sinh thêm" in words(
        as_staff("organiser").get("/organiser/mails?state=failed").text
    )
    try_again(session, last, at=clock())
    deliver()
    session.refresh(last)
    assert last.failure == ""


def test_corrections_pile_up_no_mails(flooded: Session, clock: Clock) -> None:
    held = flooded.scalars(select(Mail).where(Mail.done_at.is_(None))).one()
    person = flooded.get_one(Attendee, held.attendee_id)
    for address in ("a@vidu.vn", "b@vidu.vn"):
        stated = Registration(person.name, email=address, organisation="Sở KH&CN")
        correct_oneself(flooded, person, stated, at=clock(), seen=None)
    assert flooded.scalars(select(Mail).where(Mail.attendee_id == person.id)).all() == [held]
    clock.forward(days=1)
    deliver()
    flooded.refresh(held)
    assert (held.address, held.failure) == ("b@vidu.vn", "")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "Trúng thưởng http://evil.vn"),
        ("name", "Trúng thưởng HTTPS：／／evil.vn"),
        ("name", "WWW.evil.vn nhận quà"),
        ("position", "xem www .evil.vn"),
        ("degree", "x://y"),
    ],
)
def test_nobody_is_named_like_a_link(
    field: str, typed: str, client: FlaskClient, session: Session
) -> None:
    answer = fill_in(client, **{field: typed})
    assert answer.status_code == 422
    assert "Mục này không được chứa địa chỉ trang web." in words(answer.text)
    assert f'value="{typed}"' in answer.text
    assert session.scalars(select(Attendee)).all() == []


def test_points_and_slashes_stay_in_honest_names(client: FlaskClient, session: Session) -> None:
    fill_in(client, name="Ng.T. Hương", position="TP. KH/CN", degree="PGS.TS.")
    person = session.scalars(select(Attendee)).one()
    assert (person.name, person.position, person.degree) == ("Ng.T. Hương", "TP. KH/CN", "PGS.TS.")


def test_a_successor_is_not_named_like_a_link_either(
    client: FlaskClient, session: Session, change_page: Callable[..., str]
) -> None:
    address = f"{change_page()}/hand-over"
    seen = hidden(client.get(address).text, "seen")
    to = {"name": "http://evil.vn", "email": "mai@vidu.vn", "seen": seen}
    answer = post(client, address, to)
    assert answer.status_code == 422
    assert len(session.scalars(select(Attendee)).all()) == 1
