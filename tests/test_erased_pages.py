"""What an erasure takes along from the data folder; what pages say of a number without a name."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.circulars import Written, try_out, write
from event.envelopes import Envelope
from event.erasing import erase_person
from event.finding import answer_lookups, ask_for_link
from event.handing_over import Successor, hand_over
from event.links import key_of, secret_of
from event.mail import Mail
from event.scans import Presence
from event.words import Words
from pages.database import db
from pages.forgetting import forget_person
from pages.postman import deliver
from tests.house import OPENING, Clock
from tests.post_offices import Office, opened
from tests.registrants import register, words

MARK = "Zyxwvut"


@pytest.fixture
def marked(client: FlaskClient, session: Session) -> Attendee:
    """Somebody whose name and address stand nowhere else."""
    answers = {"name": f"Nguyễn {MARK}", "email": f"{MARK}@vidu.vn", "position": MARK}
    assert register(client, **answers).status_code == 303
    return session.scalars(select(Attendee)).one()


def own_page(person: Attendee, app: Flask) -> str:
    keys = app.config["KEYS"]
    return f"/me/{secret_of(person, keys)}/change/{key_of(person, keys)}"


def left_in(folder: Path) -> Iterator[str]:
    """Files that still name the person, or that are another's letter about them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (MARK.encode() in path.read_bytes() or path.suffix == ".eml"):
            yield str(path.relative_to(folder))


def test_letters_to_others_that_name_them_go_as_well(
    marked: Attendee, app: Flask, session: Session, clock: Clock
) -> None:
    address = marked.email
    register(app.test_client(), name="Đồng Nghiệp", email=address, phone="0911 000 111")
    register(app.test_client(), name="Người Khác", email="khac@vidu.vn", phone="0911 000 222")
    ask_for_link(session, address, origin="1", at=clock())
    answer_lookups(session, at=clock())
    letter = write(session, Written(Words("{tên}"), Words("{tên}"), {}), by="x", at=clock())
    try_out(session, letter, "lan@vidu.vn", at=clock())
    deliver()
    hand_over(session, marked, Successor("Người Thay", "thay@vidu.vn"), at=clock(), by="attendee")
    deliver()
    folder = app.config["DATA_DIR"]
    kinds = dict(session.execute(select(Mail.id, Mail.kind).order_by(Mail.id)).all())
    assert list(kinds.values()) == ["registered"] * 3 + ["link", "trial", "handed_over"]
    forget_person(marked, "attendee")
    assert list(left_in(folder)) == ["mail/000002.eml", "mail/000003.eml"]


def test_the_log_of_the_database_is_emptied_too(marked: Attendee, app: Flask) -> None:
    forget_person(marked, "attendee")
    assert list(left_in(app.config["DATA_DIR"])) == []


@pytest.mark.parametrize("way", ["folder", "refused"])
def test_a_mail_in_hand_leaves_nothing_behind(
    way: str, marked: Attendee, app: Flask, session: Session, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The erasure comes between the last look at the row and the mail itself."""
    number, whole = marked.id, Envelope.as_bytes

    def erased_first(self: Envelope, *, eight: bool = False) -> bytes:
        with Session(db.engine) as other:
            erase_person(other, other.get_one(Attendee, number), at=clock(), by="attendee")
        return whole(self, eight=eight)

    monkeypatch.setattr(Envelope, "as_bytes", erased_first)
    with opened(Office(to_mail=f"450 4.2.0 <{MARK}@vidu.vn> Greylisted")) as url:
        app.config["SMTP_URL"] = url if way == "refused" else ""
        deliver()
    session.expire_all()
    mail = session.scalars(select(Mail)).one()
    failure = "mail.stopped" if way == "refused" else ""
    assert (mail.address, mail.failure, mail.done_at, mail.in_hand) == ("", failure, OPENING, False)
    assert list((app.config["DATA_DIR"] / "mail").rglob("*")) == []


def test_no_page_puts_anything_beside_the_number(
    marked: Attendee, app: Flask, session: Session, as_staff: Callable[[str], FlaskClient]
) -> None:
    day = date(2023, 9, 29)
    session.add(Presence(attendee_id=marked.id, checkpoint_id=1, day=day, first_at=OPENING))
    session.commit()
    erase_person(session, marked, at=OPENING, by="attendee")
    boss, desk = as_staff("organiser"), as_staff("desk")
    pages = ("edit", "mail", "cancel", "badge", "link", "delegation")
    assert {boss.get(f"/organiser/people/1/{page}").status_code for page in pages} == {410}
    shown = words(boss.get("/organiser/people/1").text)
    assert "Dữ liệu của mã số này đã được xóa ngày 29/09/2023" in shown
    assert "Gửi lại" not in shown
    refused = desk.get("/checkin/badge/1.pdf")
    assert (refused.status_code, "Dữ liệu này đã được xóa" in refused.text) == (410, True)
