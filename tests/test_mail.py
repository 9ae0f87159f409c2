"""Mails leave the outbox once, through a real server that takes, refuses, or cuts the line."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import icalendar
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.badges import public_key, read
from event.carriers import Server, WrongSmtpUrl, read_smtp_url
from event.links import secret_of
from event.mail import MAX_ATTEMPTS, Mail, take_mails
from event.programme import Slot
from event.words import Words
from pages import current
from pages.letters import page_of
from pages.postman import deliver
from tests.house import Clock
from tests.papers import Picture, code_on, said
from tests.post_offices import Office, opened
from tests.sites import free_port


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """A server on the loopback; the site sends through it."""
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        yield office


def put_down(
    session: Session, clock: Clock, name: str = "Nguyễn Thị Hương", **more: Any
) -> Attendee:
    """Register somebody with an address."""
    stated = {"email": "huong@vidu.vn", "agreed": ("take_part",)} | more
    return register(session, Registration(name=name, **stated), at=clock()).attendee


def the_mail(session: Session, attendee: Attendee) -> Mail:
    """Their one mail, as it is now."""
    query = select(Mail).where(Mail.attendee_id == attendee.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def text_of(message: EmailMessage, kind: str) -> str:
    """One of the two bodies."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_registration_is_confirmed_once(session: Session, clock: Clock, office: Office) -> None:
    attendee = put_down(session, clock)
    assert deliver() == 1
    assert deliver() == 0
    (message,) = office.taken
    assert message["To"] == "Nguyễn Thị Hương <huong@vidu.vn>"
    assert message["Subject"] == "Thẻ tham dự Sự kiện nhỏ"
    assert re.fullmatch(r"<2023\.1\.[0-9a-f]{16}@localhost>", message["Message-ID"])
    mail = the_mail(session, attendee)
    assert (mail.done_at, mail.failure, mail.attempts) == (clock(), "", 1)


def test_both_bodies_lead_to_the_own_page(
    app: Flask, session: Session, clock: Clock, office: Office
) -> None:
    app.config["SITE_URL"] = "https://vidu.vn/"
    attendee = put_down(session, clock, sessions=("it-1",))
    deliver()
    address = f"https://vidu.vn/me/{secret_of(attendee, current.keys())}"
    text = text_of(office.taken[0], "plain")
    assert address in text.splitlines()
    assert "- 08:00–09:30, 29/09/2023: Phiên it-1 (Hội trường lớn)" in text.splitlines()
    assert f'href="{address}"' in text_of(office.taken[0], "html")


def test_english_readers_get_english(
    app: Flask, session: Session, clock: Clock, office: Office
) -> None:
    app.config["SITE_URL"] = "https://vidu.vn"
    put_down(session, clock, "James Whitfield", language="en")
    deliver()
    text = text_of(office.taken[0], "plain")
    assert office.taken[0]["Subject"] == "Your badge for Small event"
    assert text.startswith("Dear James Whitfield,\n")
    assert "https://vidu.vn/en/me/" in text


def test_each_reader_is_written_to_in_their_own_language(
    session: Session, clock: Clock, office: Office
) -> None:
    for name, language in (("Lê An", "vi"), ("Ann Lee", "en"), ("Lê Bình", "vi")):
        put_down(session, clock, name, language=language)
    assert deliver() == 3
    assert [text_of(message, "plain").split()[0] for message in office.taken] == [
        "Kính", "Dear", "Kính",
    ]  # fmt: skip


def test_no_link_is_broken_into_two_lines(app: Flask, session: Session, clock: Clock) -> None:
    app.config["SITE_URL"] = f"https://dang-ky.{'su-kien-' * 5}2023.vidu.vn"
    for language in ("vi", "en"):
        attendee = put_down(session, clock, language=language)
        deliver()
        page = page_of(attendee)
        file = app.config["DATA_DIR"] / "mail" / f"{the_mail(session, attendee).id:06d}.eml"
        raw = file.read_bytes().decode()
        assert (len(page) > 76, page in raw.splitlines()) == (True, True)
        assert f'href="{page}"' in raw
    assert "Kính gửi" not in raw
    assert "Dear Nguyễn Thị Hương," in raw


def test_a_line_longer_than_mail_can_carry_is_encoded(app: Flask, session: Session) -> None:
    attendee = put_down(session, Clock(), sessions=("it-1",))
    slot = session.scalars(select(Slot).where(Slot.key == "it-1")).one()
    slot.title = Words("ệ" * 400, "long")
    session.commit()
    deliver()
    raw = (app.config["DATA_DIR"] / "mail" / "000001.eml").read_bytes()
    assert max(map(len, raw.splitlines())) <= 998
    message = message_from_bytes(raw, policy=policy.default)
    assert "ệ" * 400 in text_of(message, "plain")  # type: ignore[arg-type]
    assert attendee.name in text_of(message, "html")  # type: ignore[arg-type]


def test_a_server_that_takes_plain_letters_alone_gets_them_encoded(
    app: Flask, session: Session, clock: Clock
) -> None:
    office = Office()
    attendee = put_down(session, clock)
    with opened(office, decode_data=True) as app.config["SMTP_URL"]:
        deliver()
    (message,) = office.taken
    assert message.as_string().isascii()
    assert page_of(attendee) in text_of(message, "plain").splitlines()
    assert "Kính gửi Nguyễn Thị Hương" in text_of(message, "html")


def test_the_picture_in_the_mail_is_the_badge(
    session: Session, clock: Clock, office: Office
) -> None:
    attendee = put_down(session, clock)
    deliver()
    (picture,) = [p for p in office.taken[0].walk() if p.get_content_type() == "image/png"]
    image = Image.open(BytesIO(picture.get_content())).convert("L")
    assert image.size == (270, 270)
    code = code_on(Picture(*image.size, image.tobytes()))
    assert read(code, public_key(current.keys().badges)).attendee == attendee.id
    assert f"cid:{picture['Content-ID'].strip('<>')}" in text_of(office.taken[0], "html")


def test_badge_and_calendar_hang_on_it(session: Session, clock: Clock, office: Office) -> None:
    put_down(session, clock, sessions=("it-1",))
    deliver()
    (message,) = office.taken
    files = {part.get_filename(): part for part in message.iter_attachments()}
    assert list(files) == ["badge-00001.pdf", "calendar.ics"]
    assert "Nguyễn Thị Hương" in " ".join(said(files["badge-00001.pdf"].get_content()).split())
    calendar = icalendar.Calendar.from_ical(files["calendar.ics"].get_payload(decode=True))
    assert [entry["SUMMARY"] for entry in calendar.walk("VEVENT")] == ["Phiên it-1"]
    assert message.get_content_type() == "multipart/mixed"


def test_every_try_carries_the_same_number_and_no_two_mails_share_one(
    session: Session, clock: Clock, office: Office
) -> None:
    put_down(session, clock)
    office.to_mail = "taken, cut"
    deliver()
    office.to_mail = "250 OK"
    clock.forward(minutes=1)
    put_down(session, clock)
    assert deliver() == 2
    first, again, other = (message["Message-ID"] for message in office.taken)
    assert first == again
    assert other != first


def test_a_name_cannot_write_headers_or_html(
    session: Session, clock: Clock, office: Office
) -> None:
    put_down(session, clock, "<b>Lan</b> Bcc: x@vidu.vn")
    deliver()
    (message,) = office.taken
    assert message["Bcc"] is None
    assert "&lt;b&gt;Lan&lt;/b&gt;" in text_of(message, "html")


@pytest.mark.parametrize("where", ["to_recipient", "to_mail"])
def test_a_temporary_refusal_is_tried_later_and_later(
    session: Session, clock: Clock, office: Office, where: str
) -> None:
    attendee = put_down(session, clock)
    setattr(office, where, "451 4.7.1 Please try again")
    pauses = []
    for _ in range(4):
        assert deliver() == 1
        mail = the_mail(session, attendee)
        pauses.append((mail.due_at - clock()).total_seconds() / 60)
        clock.time = mail.due_at
    assert pauses == [1, 2, 4, 8]
    assert (mail.done_at, mail.failure) == (None, "451 4.7.1 Please try again")
    setattr(office, where, "250 OK")
    deliver()
    assert len(office.taken) == 1
    assert the_mail(session, attendee).failure == ""


def test_it_is_given_up_after_two_days(session: Session, clock: Clock, office: Office) -> None:
    attendee = put_down(session, clock)
    began = clock()
    office.to_mail = "451 Not now"
    while (mail := the_mail(session, attendee)).done_at is None:
        clock.time = max(mail.due_at, clock())
        assert deliver() == 1
    assert mail.attempts == MAX_ATTEMPTS
    assert mail.done_at - began == timedelta(hours=44, minutes=31)


def test_a_refusal_for_good_is_not_tried_again_and_stops_nobody_else(
    session: Session, clock: Clock, office: Office
) -> None:
    wrong = put_down(session, clock, email="nobody@vidu.vn")
    put_down(session, clock, "Trần Văn Nam", email="nam@vidu.vn")
    office.refuses = {"nobody@vidu.vn"}
    assert deliver() == 2
    assert [message["To"] for message in office.taken] == ["Trần Văn Nam <nam@vidu.vn>"]
    mail = the_mail(session, wrong)
    assert (mail.done_at, mail.failure) == (clock(), "550 5.1.1 No such user")
    clock.forward(days=1)
    assert deliver() == 0


def test_a_cut_line_is_a_temporary_failure(session: Session, clock: Clock, office: Office) -> None:
    attendee = put_down(session, clock)
    office.to_mail = "cut"
    deliver()
    mail = the_mail(session, attendee)
    assert mail.done_at is None
    assert mail.failure.startswith("the line was cut")
    office.to_mail = "250 OK"
    clock.forward(minutes=1)
    deliver()
    assert len(office.taken) == 1


def test_where_nobody_listens_all_mails_wait_without_a_try_being_counted(
    app: Flask, session: Session, clock: Clock
) -> None:
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    people = [put_down(session, clock) for _ in range(3)]
    assert deliver() == 3
    for attendee in people:
        mail = the_mail(session, attendee)
        assert (mail.attempts, mail.done_at, mail.lease_until) == (0, None, None)
        assert (mail.due_at - clock()).total_seconds() == 60
    assert deliver() == 0


def test_two_workers_never_take_the_same_mail(session: Session, clock: Clock) -> None:
    for _ in range(3):
        put_down(session, clock)
    first = take_mails(session, 2, at=clock())
    second = take_mails(session, 2, at=clock())
    assert [mail.id for mail in (*first, *second)] == [1, 2, 3]
    assert take_mails(session, 2, at=clock()) == []


def test_nothing_goes_to_who_has_cancelled(session: Session, clock: Clock, office: Office) -> None:
    attendee = put_down(session, clock)
    cancel(session, attendee, at=clock(), by="test")
    deliver()
    assert office.taken == []
    assert the_mail(session, attendee).failure == "mail.nobody"


def test_without_a_server_each_mail_is_a_file_for_the_owner_alone(
    app: Flask, session: Session, clock: Clock
) -> None:
    put_down(session, clock)
    deliver()
    (file,) = (app.config["DATA_DIR"] / "mail").iterdir()
    assert file.name == "000001.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["To"] == "Nguyễn Thị Hương <huong@vidu.vn>"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.vidu.vn", Server("smtp", "mail.vidu.vn", 25, "", "")),
        (
            "starttls://u%40vidu.vn:p%3A1@vidu.vn",
            Server("starttls", "vidu.vn", 587, "u@vidu.vn", "p:1"),
        ),
        ("smtps://u:p@vidu.vn:2465", Server("smtps", "vidu.vn", 2465, "u", "p")),
    ],
)
def test_the_address_of_the_server_is_read(url: str, server: Server) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize("url", ["vidu.vn", "http://vidu.vn", "smtp://", "smtp://vidu.vn:many"])
def test_a_wrong_address_of_the_server_is_refused(url: str) -> None:
    with pytest.raises(WrongSmtpUrl):
        read_smtp_url(url)
