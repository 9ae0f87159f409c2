"""What people are written to about their place: the second link, a seat, a place handed on."""

from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.approving import approve, who_wait
from event.attendees import Attendee, Registration, register
from event.bookings import held
from event.handing_over import Successor, hand_over
from event.links import key_of, secret_of
from event.mail import Mail
from event.own_seats import give_back, take_seat
from event.programme import Category
from pages.letters import letter
from tests.house import Clock


def put_down(session: Session, clock: Clock, name: str, *keys: str, language: str = "vi") -> int:
    stated = Registration(name=name, email="huong@vidu.vn", sessions=keys, language=language)
    return register(session, stated, at=clock()).id


def sent(session: Session, number: int, kind: str) -> EmailMessage:
    """The mail of that kind as it would go out now."""
    mails = session.scalars(select(Mail).where(Mail.attendee_id == number).order_by(Mail.id))
    (found,) = [mail for mail in mails if mail.kind.split()[0] == kind]
    message = letter(found)
    assert message is not None
    return message


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def second_link(app: Flask, session: Session, number: int, prefix: str = "") -> str:
    person, keys = session.get_one(Attendee, number), app.config["KEYS"]
    page = f"{prefix}/me/{secret_of(person, keys)}"
    return f"http://localhost:8000{page}/change/{key_of(person, keys)}"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_confirmation_holds_the_link_for_changes(
    kind: str, app: Flask, session: Session, clock: Clock
) -> None:
    number = put_down(session, clock, "Nguyễn Thị Hương")
    assert second_link(app, session, number) in body(sent(session, number, "registered"), kind)


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("vi", "Đã có chỗ cho Quý khách tại Sự kiện nhỏ", "Phiên: Phiên energy-1"),
        ("en", "A seat became free for you at Small event", "Session: Session energy-1"),
    ],
)
def test_a_seat_from_the_waiting_list_is_told_with_the_way_to_give_it_back(
    language: str, subject: str, said: str, app: Flask, session: Session, clock: Clock
) -> None:
    first = put_down(session, clock, "Trần Văn Ánh", "energy-1")
    number = put_down(session, clock, "Nguyễn Thị Hương", language=language)
    holder, waiter = (session.get_one(Attendee, one) for one in (first, number))
    take_seat(session, waiter, "energy-1", at=clock(), by="attendee")
    give_back(session, holder, "energy-1", at=clock(), by="attendee")
    mail = sent(session, number, "seated")
    assert mail["Subject"] == subject
    assert said in body(mail)
    prefix = "/en" if language == "en" else ""
    link = second_link(app, session, number, prefix)
    assert link in body(mail)
    assert link in body(mail, "html")


def test_who_gave_the_seat_back_before_the_mail_went_reads_that(
    session: Session, clock: Clock
) -> None:
    first = put_down(session, clock, "Trần Văn Ánh", "energy-1")
    number = put_down(session, clock, "Nguyễn Thị Hương")
    waiter = session.get_one(Attendee, number)
    take_seat(session, waiter, "energy-1", at=clock(), by="attendee")
    for person in (session.get_one(Attendee, first), waiter):
        give_back(session, person, "energy-1", at=clock(), by="attendee")
    assert "và Quý khách đã trả lại chỗ đó" in body(sent(session, number, "seated"))


def test_whoever_is_handed_a_place_is_told_by_whom_and_where_to_agree(
    app: Flask, session: Session, clock: Clock
) -> None:
    number = put_down(session, clock, "Nguyễn Thị Hương", "it-2")
    to = Successor("Lê Thị Mai", email="mai@vidu.vn")
    person = session.get_one(Attendee, number)
    new = hand_over(session, person, to, at=clock(), by="attendee")
    mail = sent(session, new.id, "handed_over")
    assert "mai@vidu.vn" in str(mail["To"])
    assert "Nguyễn Thị Hương đã chuyển suất tham dự Sự kiện nhỏ cho Quý khách." in body(mail)
    assert "10:00–11:30, 29/09/2023: Phiên it-2" in body(mail)
    assert second_link(app, session, new.id) in body(mail, "html")


def test_whoever_is_handed_a_place_that_needs_a_yes_waits_for_their_own(
    app: Flask, session: Session, clock: Clock
) -> None:
    kind = session.scalars(select(Category).where(Category.key == "visitor")).one()
    kind.approval = True
    session.commit()
    person = session.get_one(Attendee, put_down(session, clock, "Nguyễn Thị Hương", "it-1"))
    approve(session, person, at=clock(), by="lan@vidu.vn")
    to = Successor("Lê Thị Mai", email="mai@vidu.vn")
    heir = hand_over(session, person, to, at=clock(), by="attendee").attendee
    assert (heir.waits, held(session, heir.id)) == (True, "it-1")
    assert list(session.scalars(who_wait())) == [heir]
    mail = sent(session, heir.id, "handed_over")
    for shape in ("plain", "html"):
        assert "Cho đến lúc đó chưa có thẻ." in body(mail, shape)
        assert second_link(app, session, heir.id) in body(mail, shape)
    assert list(mail.iter_attachments()) == []
    assert approve(session, heir, at=clock(), by="lan@vidu.vn")
    files = [
        part.get_filename() for part in sent(session, heir.id, "registered").iter_attachments()
    ]
    assert files == ["badge-00002.pdf", "calendar.ics"]


def test_a_place_that_the_desk_hands_over_needs_no_second_yes(
    session: Session, clock: Clock
) -> None:
    kind = session.scalars(select(Category).where(Category.key == "visitor")).one()
    kind.approval = True
    session.commit()
    person = session.get_one(Attendee, put_down(session, clock, "Nguyễn Thị Hương"))
    approve(session, person, at=clock(), by="lan@vidu.vn")
    heir = hand_over(session, person, Successor("Mai"), at=clock(), by="lan@vidu.vn").attendee
    assert heir.has_badge
