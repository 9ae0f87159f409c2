"""Mails that come back hours later: read from a real mailbox, known by their mark, and shown."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.circulars import Written, progress, send_all, write
from event.erasing import erase_person
from event.mail import Mail, hand_over, sent, take_mails
from event.mailboxes import Account, WrongMailboxUrl, read_mailbox_url
from event.postmarks import mail_of, postmark
from event.reports import LONGEST, Report, read_report
from event.resending import try_again
from event.returned import Told, looked, reading_of, take_note
from event.words import Words
from pages.postman import deliver
from pages.returned import last_reading, read_returned
from pages.worker import bell
from tests.house import Clock
from tests.mailboxes import PostBox
from tests.post_offices import Office, opened
from tests.returns import FORMS, REASONS, mark_in, report
from tests.sites import free_port

KEY = b"k" * 32
MARK = "2023.1.0123456789abcdef"
EMPTY = b"Content-Type: message/delivery-status\r\n\r\n\r\n"
LETTER = b"From: a@vidu.vn\r\nSubject: Xin chao\r\n\r\nA question.\r\n"


def put_down(session: Session, clock: Clock, count: int = 1) -> None:
    """So many people, each with a mail waiting."""
    for number in range(count):
        person = Registration(f"Người {number}", email=f"n{number}@vidu.vn")
        register(session, person, at=clock())


def mails(session: Session) -> list[Mail]:
    """All of them as they are now."""
    query = select(Mail).order_by(Mail.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def back(session: Session) -> list[int]:
    """The numbers of those that came back."""
    return [mail.id for mail in mails(session) if mail.returned_at]


@pytest.fixture
def marks(app: Flask, session: Session, clock: Clock, postbox: PostBox) -> list[str]:
    """Three mails have gone out, and the mailbox is known; their marks."""
    app.config["MAIL_BOUNCES"] = postbox.url
    put_down(session, clock, 3)
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        deliver()
    return [mark_in(message) for message in office.taken]


@pytest.mark.parametrize("form", FORMS)
def test_each_servers_report_is_understood(form: str) -> None:
    assert read_report(report(form, MARK)) == Report((MARK,), "failed", REASONS[form])


@pytest.mark.parametrize("form", FORMS)
def test_a_report_cut_in_its_returned_mail_is_understood(form: str) -> None:
    raw = report(form, MARK) + b"x" * 2 * LONGEST
    assert read_report(raw) == read_report(report(form, MARK))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff\x00\xfe", LETTER, b"Content-Type: multipart/report\r\n\r\nnothing",
        b"Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n" * 500,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n" + EMPTY + b"--x--",
        report("postfix", MARK).replace(b"Action: failed", b"Action-: failed"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_none(raw: bytes) -> None:
    assert read_report(raw) is None


def test_what_a_server_says_is_made_fit_to_show_and_keep() -> None:
    raw = report("postfix", MARK).replace(b"User", b"\x00\x1b[31m" + b"x" * 900)
    read = read_report(raw)
    assert read is not None
    assert (len(read.said), "\0" in read.said, "\x1b" in read.said) == (300, False, False)


def test_an_answer_to_our_mail_that_came_back_is_not_our_mail() -> None:
    answer = f"Message-ID: <other@vidu.vn>\nIn-Reply-To: <{MARK}@vidu.vn>".encode()
    raw = report("postfix", "none").replace(b"Message-ID: <none@vidu.vn>", answer)
    assert read_report(raw) == Report((), "failed", REASONS["postfix"])


def sent_mail(store: Session, clock: Clock) -> Mail:
    """One that was taken over."""
    put_down(store, clock)
    (mail,) = take_mails(store, 1, at=clock())
    hand_over(store, mail, "n0@vidu.vn", at=clock())
    sent(store, mail, at=clock())
    return mail


def test_a_mail_that_came_back_is_marked_once(store: Session, clock: Clock) -> None:
    mail = sent_mail(store, clock)
    gone_at = clock()
    failed = Report((postmark(mail, 2023, KEY),), "failed", "5.1.1 No such user")
    clock.forward(hours=2)
    assert take_note(store, [failed, None, failed], KEY, at=clock()) == [
        Told(returned=1), Told(others=1), Told(known=1),
    ]  # fmt: skip
    (mail,) = mails(store)
    assert (mail.done_at, mail.returned_at) == (gone_at, clock())
    assert mail.failure == "5.1.1 No such user"


def test_a_delay_marks_nothing(store: Session, clock: Clock) -> None:
    mail = sent_mail(store, clock)
    late = Report((postmark(mail, 2023, KEY),), "delayed", "4.4.1 Later")
    done = Report((postmark(mail, 2023, KEY),), "relayed", "")
    assert take_note(store, [late, done], KEY, at=clock()) == [Told(late=1), Told(others=1)]
    assert back(store) == []


def test_a_forged_report_marks_nobodys_mail(store: Session, clock: Clock) -> None:
    mail = sent_mail(store, clock)
    right = postmark(mail, 2023, KEY)
    forged = [postmark(mail, 2023, b"other"), f"2023.9{right[6:]}", "2023.99999.0123456789abcdef"]
    told = take_note(store, [Report((mark,), "failed", "") for mark in forged], KEY, at=clock())
    assert told == [Told(others=1)] * 3
    assert mail_of(store, right, KEY) is mail
    assert back(store) == []


def test_the_report_about_an_earlier_sending_is_not_about_the_next(
    store: Session, clock: Clock
) -> None:
    mail = sent_mail(store, clock)
    old = Report((postmark(mail, 2023, KEY),), "failed", "5.1.1")
    take_note(store, [old], KEY, at=clock())
    clock.forward(hours=1)
    try_again(store, mail, at=clock())
    assert (mail.returned_at, mail.failure, mail.done_at) == (None, "", None)
    (mail,) = take_mails(store, 1, at=clock())
    hand_over(store, mail, "other@vidu.vn", at=clock())
    sent(store, mail, at=clock())
    assert take_note(store, [old], KEY, at=clock()) == [Told(others=1)]
    assert back(store) == []


def test_what_waits_or_belongs_to_somebody_erased_is_not_marked(
    store: Session, clock: Clock
) -> None:
    erased = sent_mail(store, clock)
    put_down(store, clock)
    waiting = mails(store)[-1]
    marks = [postmark(mail, 2023, KEY) for mail in (erased, waiting)]
    erase_person(store, store.get_one(Attendee, erased.attendee_id), at=clock(), by="x")
    told = take_note(store, [Report((m,), "failed", "n0@vidu.vn") for m in marks], KEY, at=clock())
    assert (told, back(store)) == ([Told(known=1)] * 2, [])
    assert [mail.failure for mail in mails(store)] == ["", ""]


def test_letters_to_many_count_those_that_came_back(store: Session, clock: Clock) -> None:
    put_down(store, clock, 2)
    letter = write(store, Written(Words("a"), Words("b"), {}), by="x", at=clock())
    send_all(store, letter, by="x", at=clock())
    for mail in take_mails(store, 9, at=clock()):
        hand_over(store, mail, "a@vidu.vn", at=clock())
        sent(store, mail, at=clock())
    one = mails(store)[-1]
    take_note(store, [Report((postmark(one, 2023, KEY),), "failed", "5")], KEY, at=clock())
    now = progress(store, letter.id)
    assert (now.sent, now.returned, now.failed, now.all) == (1, 1, 0, 2)


def test_the_worker_finds_them_in_the_mailbox_and_leaves_all_else_alone(
    app: Flask, session: Session, postbox: PostBox, marks: list[str]
) -> None:
    postbox.put(
        LETTER,
        report("postfix", marks[1]),
        report("exchange", "2023.3.0000000000000000"),
        report("gmail", marks[0], "delayed"),
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x broken",
    )
    bell(app).returned()
    assert back(session) == [2]
    assert mails(session)[1].failure == REASONS["postfix"]
    assert (postbox.unread(), postbox.count()) == ([1, 3, 5], 5)


def test_each_look_goes_on_where_the_last_one_ended(
    session: Session, clock: Clock, postbox: PostBox, marks: list[str]
) -> None:
    postbox.put(report("postfix", marks[0]))
    assert read_returned() == 1
    postbox.put(report("gmail", marks[1]))
    assert read_returned() == 0, "not before it is due"
    clock.forward(minutes=3)
    assert read_returned() == 1
    reading = last_reading()
    assert reading is not None
    assert (reading.last, reading.read_at, reading.failure) == (2, clock(), "")
    assert reading.due_at - clock() == timedelta(minutes=3)


def test_a_mailbox_made_anew_is_read_anew(
    session: Session, clock: Clock, postbox: PostBox, marks: list[str]
) -> None:
    postbox.put(LETTER, LETTER, report("postfix", marks[0]))
    read_returned()
    reading = last_reading()
    assert reading is not None
    reading.validity += 1
    session.merge(reading)
    session.commit()
    postbox.put(report("exim", marks[2]))
    clock.forward(minutes=3)
    assert (read_returned(), back(session)) == (1, [1, 3])


def test_of_a_huge_mail_only_the_beginning_is_fetched(
    session: Session, postbox: PostBox, marks: list[str]
) -> None:
    huge = report("postfix", marks[0]) + b"x" * 70 + (b"\r\n" + b"y" * 70) * 30_000
    postbox.put(b"X: " + b"z" * 3000 + b"\r\n" + LETTER + b"w" * 3_000_000, huge)
    assert (read_returned(), back(session)) == (1, [1])


def test_a_folder_with_a_vietnamese_name_is_opened(
    app: Flask, session: Session, postbox: PostBox, marks: list[str]
) -> None:
    folder = "Th&AbA- tr&HqM- l&HqE-i"
    with postbox.line() as line:
        assert line.create(f'"{folder}"')[0] == "OK"
    postbox.put(report("postfix", marks[2]), folder=f'"{folder}"')
    named = postbox.url.replace("INBOX", "Th%C6%B0%20tr%E1%BA%A3%20l%E1%BA%A1i")
    app.config["MAIL_BOUNCES"] = named
    assert (read_returned(), back(session)) == (1, [3])


def test_a_wrong_password_is_told(app: Flask, postbox: PostBox, marks: list[str]) -> None:
    app.config["MAIL_BOUNCES"] = postbox.url.replace(":m", ":n").replace("=0.5", "=20")
    assert read_returned() == 0
    reading = last_reading()
    assert reading is not None
    assert reading.failure.startswith(f"127.0.0.1:{postbox.port}: ")
    assert "AUTHENTICATIONFAILED" in reading.failure


def test_after_looks_in_vain_the_next_comes_later_and_later(store: Session, clock: Clock) -> None:
    pauses = []
    for _ in range(6):
        looked(store, "box", "timed out", at=clock())
        reading = reading_of(store, "box", at=clock())
        pauses.append((reading.due_at - clock()).total_seconds() / 60)
        clock.time = reading.due_at
    assert (pauses, reading.read_at) == ([3, 6, 12, 24, 48, 60], None)
    looked(store, "box", at=clock())
    again = reading_of(store, "box", at=clock())
    assert (again.failures, again.failure, again.read_at) == (0, "", clock())


@contextmanager
def silent() -> Iterator[int]:
    """A server that says hello and nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept: list[socket.socket] = []

        def greet() -> None:
            line, _ = listener.accept()
            line.sendall(b"* OK hello\r\n")
            kept.append(line)

        threading.Thread(target=greet, daemon=True).start()
        yield listener.getsockname()[1]
        for line in kept:
            line.close()


def test_a_server_that_says_nothing_or_is_not_there_is_told(
    app: Flask, clock: Clock, session: Session
) -> None:
    with silent() as port:
        app.config["MAIL_BOUNCES"] = f"imap://u:p@127.0.0.1:{port}?timeout=0.3"
        assert read_returned() == 0
        reading = last_reading()
        assert reading is not None
        assert reading.failure == f"127.0.0.1:{port}: timed out"
    app.config["MAIL_BOUNCES"] = f"imap://u:p@127.0.0.1:{free_port()}"
    assert read_returned() == 0
    reading = last_reading()
    assert reading is not None
    assert "Connection refused" in reading.failure


def test_without_the_setting_nothing_is_read(app: Flask) -> None:
    assert (read_returned(), last_reading()) == (0, None)


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("imaps://u%40vidu.vn:p%3A1@vidu.vn",
         Account("imaps", "vidu.vn", 993, "u@vidu.vn", "p:1", "INBOX")),
        ("imap://u:p@vidu.vn:1143/Returned%20mail?timeout=5",
         Account("imap", "vidu.vn", 1143, "u", "p", "Returned mail", 5.0)),
    ],
)  # fmt: skip
def test_the_address_of_the_mailbox_is_read(url: str, account: Account) -> None:
    assert read_mailbox_url(url) == account


@pytest.mark.parametrize("url", ["vidu.vn", "smtp://u@vidu.vn", "imaps://vidu.vn", "imap://u@h:x"])
def test_a_wrong_address_of_the_mailbox_is_refused(url: str) -> None:
    with pytest.raises(WrongMailboxUrl):
        read_mailbox_url(url)
