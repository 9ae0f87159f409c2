"""Servers that stall, hang up or say goodbye at every step: nothing is lost, doubts are counted."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Registration, register
from event.mail import (
    LEASE,
    Mail,
    hand_over,
    next_room,
    release_mails,
    room_left,
    sent,
    take_mails,
)
from pages.postman import BATCH, deliver, time_for_more
from tests.house import Clock
from tests.post_offices import Office, opened

LINE_PAUSE = timedelta(minutes=1)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """A server on the loopback; the site sends through it."""
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        yield office


def put_down(session: Session, clock: Clock, count: int = 1) -> list[int]:
    """So many people with addresses of their own; their numbers."""
    people = (Registration(f"Người {n}", email=f"n{n}@vidu.vn") for n in range(count))
    return [register(session, person, at=clock()).id for person in people]


def mails(session: Session) -> list[Mail]:
    """All of them as they are now."""
    return list(
        session.scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True))
    )


def arrived(office: Office) -> list[str]:
    return [str(message["To"].addresses[0].addr_spec) for message in office.taken]


@pytest.mark.parametrize("way", ["cut", "stall"])
@pytest.mark.parametrize("step", ["to_sender", "to_recipient", "to_mail"])
def test_a_line_that_breaks_at_any_step_costs_one_mail_a_pause_and_the_others_a_minute(
    session: Session, clock: Clock, office: Office, step: str, way: str
) -> None:
    put_down(session, clock, 3)
    setattr(office, step, way)
    assert deliver() == 3
    first, second, third = mails(session)
    assert (first.attempts, first.done_at, first.due_at - clock()) == (1, None, LINE_PAUSE)
    assert [(m.attempts, m.due_at - clock()) for m in (second, third)] == [(0, LINE_PAUSE)] * 2
    assert not any(mail.in_hand or mail.lease_until for mail in mails(session))
    setattr(office, step, "250 OK")
    clock.forward(minutes=1)
    deliver()
    assert sorted(arrived(office)) == ["n0@vidu.vn", "n1@vidu.vn", "n2@vidu.vn"]


@pytest.mark.parametrize(
    ("step", "word", "unsure"),
    [
        ("to_sender", "cut", 0), ("to_recipient", "cut", 0), ("to_recipient", "stall", 0),
        ("to_mail", "cut", 1), ("to_mail", "stall", 1), ("to_mail", "taken, cut", 1),
        ("to_mail", "taken, stall", 1), ("to_mail", "421 Going down", 0), ("to_mail", "451 No", 0),
    ],
)  # fmt: skip
def test_only_a_line_cut_after_the_mail_leaves_a_doubt(
    session: Session, clock: Clock, office: Office, step: str, word: str, unsure: int
) -> None:
    put_down(session, clock)
    setattr(office, step, word)
    deliver()
    (mail,) = mails(session)
    assert (mail.unsure, mail.done_at) == (unsure, None)


def test_the_doubt_stays_known_when_the_mail_has_arrived_twice(
    session: Session, clock: Clock, office: Office
) -> None:
    put_down(session, clock)
    office.to_mail = "taken, cut"
    deliver()
    office.to_mail = "250 OK"
    clock.forward(minutes=1)
    deliver()
    (mail,) = mails(session)
    assert len(office.taken) == 2
    assert (mail.unsure, mail.failure, mail.done_at) == (1, "", clock())


def test_a_server_that_says_goodbye_after_so_many_mails_gets_a_new_line(
    session: Session, clock: Clock, office: Office
) -> None:
    put_down(session, clock, 7)
    office.patience = 3
    assert deliver() == 7
    assert arrived(office) == [f"n{n}@vidu.vn" for n in range(7)]
    assert office.lines == 3
    assert [mail.attempts for mail in mails(session)] == [1] * 7


def test_a_refused_sender_is_our_own_fault_and_is_tried_again(
    session: Session, clock: Clock, office: Office
) -> None:
    put_down(session, clock)
    office.to_sender = "550 5.7.1 Not you"
    deliver()
    (mail,) = mails(session)
    assert (mail.done_at, mail.failure) == (None, "550 5.7.1 Not you")


def test_the_log_does_not_repeat_whom_a_server_refuses(
    session: Session, clock: Clock, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    put_down(session, clock)
    office.to_recipient = "550 5.1.1 <n0@vidu.vn>: Recipient address rejected"
    deliver()
    assert "550 5.1.1 … Recipient address rejected" in caplog.text
    assert "n0@vidu.vn" not in caplog.text
    (mail,) = mails(session)
    assert mail.failure == "550 5.1.1 <n0@vidu.vn>: Recipient address rejected"


def test_a_line_that_begins_with_a_dot_arrives_as_it_was_written(
    session: Session, clock: Clock, office: Office
) -> None:
    register(
        session,
        Registration(".Chấm đầu", honorific=".", email="a@vidu.vn"),
        at=clock(),
    )
    deliver()
    assert office.taken[0]["To"].addresses[0].display_name == ".Chấm đầu"
    raw = office.taken[0].get_body(("plain",))
    assert raw is not None
    assert "Kính gửi . .Chấm đầu," in raw.get_content()


def test_a_mail_in_hand_when_the_worker_died_is_sent_again_and_counted(
    session: Session, clock: Clock, office: Office
) -> None:
    put_down(session, clock, 2)
    first, second = take_mails(session, 2, at=clock())
    assert hand_over(session, first, "n0@vidu.vn", at=clock())
    release_mails(session)
    assert deliver() == 2
    assert [(m.unsure, m.done_at) for m in mails(session)] == [(1, clock()), (0, clock())]
    assert second.attempts == 1


def test_a_lease_that_ran_out_frees_the_mail_and_keeps_the_doubt(
    store: Session, clock: Clock
) -> None:
    put_down(store, clock, 2)
    first, _ = take_mails(store, 2, at=clock())
    hand_over(store, first, "n0@vidu.vn", at=clock())
    assert take_mails(store, 2, at=clock()) == []
    clock.time += LEASE + timedelta(seconds=1)
    assert [(m.id, m.unsure) for m in take_mails(store, 2, at=clock())] == [(1, 1), (2, 0)]


def test_no_more_go_out_in_any_minute_than_the_provider_takes(
    app: Flask, session: Session, clock: Clock, office: Office
) -> None:
    app.config["MAIL_PER_MINUTE"] = 4
    put_down(session, clock, 9)
    assert [deliver(), deliver()] == [4, 0]
    assert time_for_more() == clock() + timedelta(minutes=1)
    clock.forward(seconds=59)
    assert deliver() == 0
    clock.forward(seconds=1)
    assert [deliver(), deliver()] == [4, 0]
    clock.forward(minutes=1)
    assert [deliver(), time_for_more()] == [1, None]
    assert len(office.taken) == 9


def test_the_limit_counts_tries_of_the_last_minute(store: Session, clock: Clock) -> None:
    put_down(store, clock, 3)
    for mail in take_mails(store, 2, at=clock()):
        hand_over(store, mail, "x@vidu.vn", at=clock())
        sent(store, mail, at=clock())
        clock.forward(seconds=20)
    assert room_left(store, 3, at=clock()) == 1
    assert next_room(store, at=clock()) == clock() + timedelta(seconds=20)
    clock.forward(seconds=20)
    assert room_left(store, 3, at=clock()) == 2
    assert room_left(store, 1, at=clock()) == 0


def test_a_folder_has_no_limit(app: Flask, session: Session, clock: Clock) -> None:
    app.config["MAIL_PER_MINUTE"] = 1
    put_down(session, clock, 3)
    assert [deliver(), time_for_more()] == [3, None]


def test_a_worker_that_has_to_leave_puts_the_rest_back_at_once(
    session: Session, clock: Clock, office: Office
) -> None:
    put_down(session, clock, 3)
    deliver(lambda: len(office.taken) == 1)
    assert arrived(office) == ["n0@vidu.vn"]
    assert [m.lease_until for m in mails(session)] == [None] * 3
    assert deliver() == 2
    assert BATCH > 3
