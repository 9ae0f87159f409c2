"""A form that comes back loses nothing typed, registers nobody twice, and lets no machine by."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.about import About, as_facts
from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.bookings import held
from event.opening import closed_since, opening, switch
from event.programme import Event, the_event
from pages.crowding import network
from tests.house import OPENING, Clock, post
from tests.registrants import GOOD, Ticks, hidden, words

Later = Callable[..., None]


@pytest.fixture
def later(clock: Clock, ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(minutes=5)`: by the site's clock, and by the computer's, which dates form tokens."""
    real, ahead = time.time, timedelta()

    def go(**by: float) -> None:
        nonlocal ahead
        clock.forward(**by)
        ticks.time += 1
        ahead += timedelta(**by)

    monkeypatch.setattr(time, "time", lambda: real() + ahead.total_seconds())
    return go


def form(client: FlaskClient, **answers: object) -> dict[str, object]:
    """A form as somebody opens it now, filled in well."""
    page = client.get("/register").text
    proofs = {name: hidden(page, name) for name in ("csrf_token", "nonce")}
    return GOOD | proofs | answers


def shown_again(fields: dict[str, object], page: str) -> dict[str, object]:
    """The same, as it came back."""
    return fields | {name: hidden(page, name) for name in ("csrf_token", "nonce", "sure")}


def closes(session: Session, minute: int) -> Event:
    event = the_event(session)
    assert event
    ends = datetime(2023, 9, 29, 7, minute)  # noqa: DTZ001 - at the place of the event
    event.facts = as_facts(About(registration_closes=ends))
    event.version += 1
    session.commit()
    return event


def people(session: Session) -> list[str]:
    return list(session.scalars(select(Attendee.name).order_by(Attendee.id)))


def test_who_was_filling_it_in_when_registration_closed_is_still_taken(
    client: FlaskClient, session: Session, later: Later
) -> None:
    closes(session, 31)
    fields = form(client)
    later(minutes=10)
    assert client.post("/register", data=fields).status_code == 303
    assert people(session) == ["Nguyễn Thị Hương"]


def test_a_mistake_in_it_does_not_cost_the_grace(
    client: FlaskClient, session: Session, later: Later
) -> None:
    closes(session, 31)
    fields = form(client, email="sai")
    later(minutes=5)
    wrong = client.post("/register", data=fields)
    assert wrong.status_code == 422
    later(minutes=5)
    fields = shown_again(fields, wrong.text) | {"email": "huong@vidu.vn"}
    assert client.post("/register", data=fields).status_code == 303


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("", "Đã đóng đăng ký từ 07:31 29/09/2023. Quý khách chưa được đăng ký."),
        ("/en", "Registration has been closed since 07:31 29/09/2023. You are not registered."),
    ],
)
def test_after_that_it_says_since_when_and_keeps_everything(
    language: str, said: str, client: FlaskClient, session: Session, later: Later
) -> None:
    closes(session, 31)
    fields = form(client, position="Phó Giám đốc", sessions=["it-2"])
    later(minutes=17)
    answer = client.post(f"{language}/register", data=fields)
    assert (answer.status_code, people(session)) == (403, [])
    assert said in words(answer.text)
    assert 'value="Phó Giám đốc"' in answer.text
    assert 'name="sessions" value="it-2" checked' in answer.text


def test_a_form_made_after_the_end_has_no_grace(
    client: FlaskClient, session: Session, later: Later
) -> None:
    closes(session, 31)
    later(minutes=2)
    proof = hidden(client.get("/find").text, "csrf_token")
    fields = GOOD | {"csrf_token": proof, "nonce": "n", "sure": f"{int(OPENING.timestamp())}.abc"}
    assert client.post("/register", data=fields).status_code == 403
    assert people(session) == []


def test_a_double_press_after_the_end_leads_to_the_own_page(
    client: FlaskClient, session: Session, later: Later
) -> None:
    closes(session, 31)
    fields = form(client)
    first = client.post("/register", data=fields)
    later(minutes=30)
    again = client.post("/register", data=fields)
    assert (again.status_code, again.location) == (303, first.location)


def test_an_organiser_s_press_is_a_moment_too(store: Session) -> None:
    event = the_event(store)
    assert event
    for minutes, word in enumerate(("closed", "open", "closed")):
        at = OPENING + timedelta(minutes=minutes)
        switch(store, event, word, at=at, by="lan@vidu.vn")
    found = opening(event, OPENING + timedelta(hours=1))
    assert closed_since(store, event, found) == OPENING + timedelta(minutes=2)


def test_other_choices_by_the_back_button_are_not_swallowed(
    client: FlaskClient, session: Session
) -> None:
    fields = form(client, sessions=["it-1"])
    first = client.post("/register", data=fields)
    other = fields | {"sessions": ["it-2"], "organisation": "Sở mới"}
    answer = client.post("/register", data=other)
    assert answer.status_code == 409
    told = words(answer.text)
    assert "Quý khách đã đăng ký rồi, bằng chính mẫu này." in told
    assert f'href="{first.location}/change/' in answer.text
    assert 'value="Sở mới"' in answer.text
    assert 'name="sessions" value="it-2" checked' in answer.text
    assert (people(session), held(session, 1)) == (["Nguyễn Thị Hương"], "it-1")


def test_in_a_browser_that_is_not_theirs_it_leads_to_no_changes(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    fields = form(client)
    first = client.post("/register", data=fields)
    with client.session_transaction() as kept:
        kept.pop("put_down")
    answer = client.post("/register", data=fields | {"position": "Giám đốc"})
    assert answer.status_code == 409
    assert f'href="{first.location}"' in answer.text
    assert "/change/" not in answer.text


def test_after_cancelling_the_same_form_registers_anew(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    fields = form(client, sessions=["it-1"])
    first = client.post("/register", data=fields)
    cancel(session, session.get_one(Attendee, 1), at=clock(), by="attendee")
    new, twice = (client.post("/register", data=fields) for _ in "ab")
    assert (new.status_code, twice.location) == (303, new.location)
    assert new.location != first.location
    assert [held(session, number) for number in (1, 2)] == ["", "it-1"]
    assert len(people(session)) == 2


def test_a_press_belongs_to_who_is_there(store: Session) -> None:
    an = Registration("An")
    first = register(store, an, at=OPENING, nonce="n")
    assert register(store, an, at=OPENING, nonce="n").id == first.id
    cancel(store, first.attendee, at=OPENING, by="attendee")
    second = register(store, an, at=OPENING, nonce="n")
    again = register(store, an, at=OPENING, nonce="n")
    assert (second.first_time, again.first_time, again.id) == (True, False, second.id)
    assert second.id != first.id


@pytest.mark.parametrize("sure", ["1", "yes", "0.00", "99999999999999999999.x", "１.a"])
def test_nobody_says_by_themselves_that_they_were_asked(
    sure: str, client: FlaskClient, session: Session
) -> None:
    fields = form(client, website="http://vidu.vn", sure=sure)
    answer = client.post("/register", data=fields)
    assert (answer.status_code, people(session)) == (422, [])
    assert client.post("/register", data=shown_again(fields, answer.text)).status_code == 303


def test_the_seal_of_one_form_is_none_of_another(client: FlaskClient, session: Session) -> None:
    asked = client.post("/register", data=form(client, website="x"))
    other = form(client, website="x", sure=hidden(asked.text, "sure"))
    assert client.post("/register", data=other).status_code == 422
    assert people(session) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("", "Trình duyệt của Quý khách không gửi lại cookie"),
     ("/en", "Your browser sent no cookie back")],
)  # fmt: skip
def test_without_cookies_it_says_so_and_keeps_everything(
    language: str, said: str, app: Flask
) -> None:
    browser = app.test_client(use_cookies=False)
    for _ in "ab":
        answer = post(browser, f"{language}/register", GOOD)
        assert answer.status_code == 400
        assert said in words(answer.text)
        assert "quá lâu" not in answer.text
        assert 'value="Nguyễn Thị Hương"' in answer.text


def test_an_old_token_is_not_blamed_on_cookies(client: FlaskClient) -> None:
    fields = form(client, csrf_token="too-old")
    page = words(client.post("/register", data=fields).text)
    assert ("cookie" in page, "Trang này đã mở quá lâu." in page) == (False, True)


def test_other_forms_say_it_as_well(app: Flask) -> None:
    browser = app.test_client(use_cookies=False)
    asked = post(browser, "/en/find", {"asked": "huong@vidu.vn"})
    assert "Your browser sent no cookie back" in words(asked.text)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_household_is_one_network_and_our_own_proxy_none(address: str, counted: str) -> None:
    assert network(address) == counted
