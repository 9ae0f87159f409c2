"""Names that mean something to programs of mail stay names, and hold nobody else's mail up."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.circulars import Written, send_all, write
from event.mail import Mail
from event.words import Words
from pages.postman import deliver
from tests.house import Clock
from tests.post_offices import Office, opened

SignIn = Callable[[str], FlaskClient]
HEADERS = [
    "Subject", "From", "To", "Date", "Message-ID", "X-Ghi-Danh-Mail", "Auto-Submitted",
    "MIME-Version", "Content-Type",
]  # fmt: skip
TRICKS = [
    "=?utf-8?b?=0A;",
    "\\ß =?utf-8?b?=0A",
    "=?utf-8?q?a=0D=0ABcc:_v=40x.vn?=",
    "An.=?utf-8?q?=0AReply-To:_e=40x.vn=0A=0APay_to_999?=",
    'An" <e@x.vn>, "Bình',
    "An (chú thích), Bình; nhóm:",
    "An\\",
    "Ôn" * 55,
    "\u202egnauH \U0001f469\u200d\U0001f52c",
]


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """A server on the loopback; the site sends through it."""
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        yield office


def put_down(session: Session, clock: Clock, name: str) -> Attendee:
    stated = Registration(name=name, email="an@vidu.vn", organisation=name)
    return register(session, stated, at=clock()).attendee


@pytest.mark.parametrize("name", TRICKS)
def test_a_name_is_no_header_and_no_second_reader(
    session: Session, clock: Clock, office: Office, name: str
) -> None:
    put_down(session, clock, name)
    put_down(session, clock, "Lê Bình")
    assert deliver() == 2
    tricky, plain = office.taken
    assert tricky.keys() == plain.keys() == HEADERS
    (reader,) = tricky["To"].addresses
    assert (reader.addr_spec, plain["To"]) == ("an@vidu.vn", "Lê Bình <an@vidu.vn>")
    assert not tricky.defects
    assert tricky.get_content_type() == "multipart/mixed"


@pytest.mark.parametrize("name", TRICKS)
def test_nor_is_it_one_in_the_subject_of_a_letter_to_many(
    session: Session, clock: Clock, office: Office, name: str
) -> None:
    put_down(session, clock, name)
    deliver()
    words = Words("{tên} ({đơn vị})")
    circular = write(session, Written(words, words, {}), by="a@vidu.vn", at=clock())
    assert send_all(session, circular, by="a@vidu.vn", at=clock()) == 1
    assert deliver() == 1
    assert office.taken[1].keys() == HEADERS


@pytest.mark.parametrize("name", TRICKS)
def test_an_organiser_reads_such_a_mail_on_a_page(
    session: Session, clock: Clock, as_staff: SignIn, name: str
) -> None:
    person = put_down(session, clock, name)
    deliver()
    organiser = as_staff("organiser")
    number = session.scalars(select(Mail.id).where(Mail.attendee_id == person.id)).one()
    for page in (f"/organiser/mails/{number}", f"/organiser/mails/{number}/page"):
        assert organiser.get(page).status_code == 200
