"""A lost link is sent to the address on file, and nobody learns whether there is one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.erasing import erase_person
from event.finding import (
    FOR_AN_ORIGIN,
    FOR_ONE,
    Lookup,
    answer_lookups,
    ask_for_link,
    forget_attempts,
)
from event.mail import Mail
from event.programme import Category
from event.questions import WrongAnswer
from event.rehearsal import invent
from event.staff import Attempt, TooManyAttempts
from pages.chores import everything_due
from pages.letters import change_page_of, page_of
from pages.postman import deliver
from tests.house import Clock, post
from tests.post_offices import Office, opened

HERE = "203.0.113.7"


def put_down(session: Session, clock: Clock, name: str, **more: Any) -> Attendee:
    """Somebody to whom nothing was written yet."""
    stated = {"email": "vp@vidu.vn", "phone": "+84912345678", "mail": False} | more
    return register(session, Registration(name, **stated), at=clock()).attendee


def links(session: Session) -> list[int | None]:
    """Whose mails with links were queued."""
    return list(session.scalars(select(Mail.attendee_id).where(Mail.kind == "link")))


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield asked
    event.remove(session.get_bind(), "before_cursor_execute", note)


def ask(session: Session, clock: Clock, asked: str) -> None:
    ask_for_link(session, asked, origin=HERE, at=clock())
    answer_lookups(session, at=clock())


@pytest.mark.parametrize("asked", ["vp@vidu.vn", " VP@Vidu.vn ", "0912 345 678", "+84912345678"])
def test_address_and_phone_lead_to_one_mail_for_all_who_share_the_address(
    store: Session, clock: Clock, asked: str
) -> None:
    first = put_down(store, clock, "An")
    put_down(store, clock, "Bình")
    ask(store, clock, asked)
    assert links(store) == [first.id]
    assert store.scalars(select(Lookup)).all() == []


def test_a_phone_with_two_addresses_leads_to_both(store: Session, clock: Clock) -> None:
    one, other = put_down(store, clock, "An"), put_down(store, clock, "Bình", email="b@vidu.vn")
    put_down(store, clock, "Chi", email="")
    ask(store, clock, "0912345678")
    assert sorted(links(store), key=str) == [one.id, other.id]


def test_nobody_is_written_to_who_is_not_there(store: Session, clock: Clock) -> None:
    gone = put_down(store, clock, "An")
    erase_person(store, gone, at=clock(), by="x")
    invent(store, 2, seed=1, at=clock())
    invented = store.scalars(select(Attendee.email).where(Attendee.email != "")).all()
    for asked in ("vp@vidu.vn", "khong@vidu.vn", *invented):
        if asked:
            ask(store, clock, asked)
    assert links(store) == []


@pytest.mark.parametrize("asked", ["", "x", "@", "123", "hoa lê@vidu.vn"])
def test_what_is_neither_is_refused_before_anything_is_kept(
    store: Session, clock: Clock, asked: str
) -> None:
    with pytest.raises(WrongAnswer):
        ask_for_link(store, asked, origin=HERE, at=clock())
    assert store.scalar(select(func.count()).select_from(Attempt)) == 0


def test_one_address_is_written_to_three_times_in_ten_minutes(store: Session, clock: Clock) -> None:
    put_down(store, clock, "An")
    for _ in range(FOR_ONE + 2):
        ask(store, clock, "vp@vidu.vn")
    assert len(links(store)) == FOR_ONE
    clock.forward(minutes=11)
    ask(store, clock, "vp@vidu.vn")
    assert len(links(store)) == FOR_ONE + 1


def test_a_ministry_behind_one_address_is_not_stopped_but_a_flood_is(
    store: Session, clock: Clock
) -> None:
    for number in range(FOR_AN_ORIGIN):
        ask_for_link(store, f"n{number}@vidu.vn", origin=HERE, at=clock())
    with pytest.raises(TooManyAttempts):
        ask_for_link(store, "one.more@vidu.vn", origin=HERE, at=clock())
    ask_for_link(store, "one.more@vidu.vn", origin="203.0.113.8", at=clock())
    clock.forward(minutes=11)
    forget_attempts(store, at=clock())
    assert store.scalar(select(func.count()).select_from(Attempt)) == 0


def test_what_is_kept_of_a_try_names_nobody(store: Session, clock: Clock) -> None:
    ask(store, clock, "vp@vidu.vn")
    kept = [attempt.what for attempt in store.scalars(select(Attempt))]
    assert len(kept) == 2
    assert all(len(what) == 64 and set(what) <= set("0123456789abcdef") for what in kept)


def test_the_page_answers_alike_with_the_same_work_for_known_and_unknown(
    app: Flask, client: FlaskClient, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "An")
    client.get("/find")
    answers, work = [], []
    for asked in ("vp@vidu.vn", "khong@vidu.vn", "0912345678", "0913456789"):
        with statements(session) as asked_of_it:
            answers.append(post(client, "/find", {"asked": asked}))
        work.append(asked_of_it)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert work[1:] == work[:-1]


def test_the_mail_brings_code_and_links_for_one_and_both_links_for_each_of_several(
    app: Flask, client: FlaskClient, session: Session, clock: Clock
) -> None:
    people = [put_down(session, clock, name) for name in ("Lê An", "Lê Bình")]
    alone = put_down(session, clock, "Ann Lee", email="ann@vidu.vn", language="en", phone="")
    for asked in ("vp@vidu.vn", "ann@vidu.vn"):
        assert post(client, "/en/find", {"asked": asked}).status_code == 200
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        everything_due(lambda: False)
    together, one = office.taken
    text = together.get_body(("plain",)).get_content().splitlines()  # type: ignore[union-attr]
    links = [f"Trang có thẻ: {page_of(person)}" for person in people]
    keys = [f"Thay đổi đăng ký này: {change_page_of(person)}" for person in people]
    assert [line in text for line in (*links, *keys)] == [True] * 4
    shown = together.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert all(f'href="{change_page_of(person)}"' in shown for person in people)
    assert [part.get_content_type() for part in together.iter_attachments()] == []
    assert one["Subject"] == "Your page for Small event"
    assert change_page_of(alone) in one.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [p.get_filename() for p in one.iter_attachments()] == ["badge-00003.pdf", "calendar.ics"]


def test_who_waits_is_among_those_who_share_an_address_and_hides_nobody(
    app: Flask, session: Session, clock: Clock
) -> None:
    asked = session.scalars(select(Category).where(Category.key == "delegate")).one()
    asked.approval = True
    session.commit()
    waiting = put_down(session, clock, "Lê Chờ", category="delegate")
    placed = put_down(session, clock, "Lê An")
    office = Office()
    with opened(office) as app.config["SMTP_URL"]:
        deliver()
        ask(session, clock, "vp@vidu.vn")
        deliver()
    text = office.taken[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert waiting.waits
    assert f"Lê Chờ ({waiting.code}) · Chờ duyệt" in text
    assert change_page_of(placed) in text


def test_what_is_wrong_stands_at_the_field_and_what_was_typed_stays(client: FlaskClient) -> None:
    answer = post(client, "/find", {"asked": "hoa.le"})
    assert answer.status_code == 422
    assert "Đây chưa phải là địa chỉ email hay số điện thoại đúng." in answer.text
    assert 'value="hoa.le"' in answer.text


def test_a_wrong_link_and_the_first_page_lead_there(client: FlaskClient) -> None:
    for page, address in (("/me/wrong", "/find"), ("/en/me/wrong", "/en/find"), ("/", "/find")):
        assert f'href="{address}"' in client.get(page).text


def test_the_log_names_nobody(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, session: Session, clock: Clock
) -> None:
    put_down(session, clock, "An")
    with caplog.at_level("DEBUG"):
        post(client, "/find", {"asked": "vp@vidu.vn"})
        everything_due(lambda: False)
    assert "vp@" not in caplog.text


def test_behind_a_proxy_that_nobody_declared_one_visitor_does_not_lock_the_others_out(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("event.finding.FOR_AN_ORIGIN", 2)

    def asked(origin: str) -> list[int]:
        here = {"environ_overrides": {"REMOTE_ADDR": origin}}
        numbers = range(3)
        return [post(client, "/find", {"asked": f"n{n}@vidu.vn"}, **here).status_code
                for n in numbers]  # fmt: skip

    assert asked("127.0.0.1") == [200] * 3
    assert asked("2001:db8:1:2::1") == [200, 200, 429]
    assert asked("2001:db8:1:2::7") == [429] * 3
    assert asked("2001:db8:1:3::1") == [200, 200, 429]
