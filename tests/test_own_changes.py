"""People change their own registration: by the second link alone, in one step, and logged."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.bookings import held
from event.journal import Change, history
from event.mail import Mail
from event.programme import Event, Slot
from event.waiting import Wait
from tests.house import Clock, post
from tests.registrants import GOOD, hidden, register, words

OwnPage = Callable[..., str]


def someone(session: Session, number: int = 1) -> Attendee:
    return session.get_one(Attendee, number, populate_existing=True)


def seats(session: Session, number: int = 1) -> str:
    session.expire_all()
    return held(session, number)


def deeds(session: Session, number: int = 1) -> list[tuple[str, str, object]]:
    """What the journal says, oldest first."""
    rows = session.scalars(history("attendee", number).order_by(None).order_by(Change.id))
    return [(row.verb, row.actor, row.details) for row in rows]


def details(browser: FlaskClient, address: str, **answers: object) -> object:
    page = browser.get(f"{address}/details").text
    typed = GOOD | {"seen": hidden(page, "seen")} | answers
    typed.pop("agreed")
    typed.pop("category")
    return post(browser, f"{address}/details", typed)


def test_the_page_that_is_sent_on_never_leads_to_changes(
    app: Flask, client: FlaskClient, own_page: OwnPage
) -> None:
    address = own_page(sessions=["it-2"])
    stranger = app.test_client().get(address).text
    assert "/change/" not in stranger
    assert "trang chỉ để xem" in words(stranger)


def test_whoever_registered_finds_the_way_for_an_hour(
    client: FlaskClient, clock: Clock, change_page: OwnPage
) -> None:
    address = change_page()
    mine = address.partition("/change/")[0]
    assert f'href="{address}"' in client.get(mine).text
    assert client.get(address).status_code == 200
    clock.forward(minutes=61)
    assert "/change/" not in client.get(mine).text


@pytest.mark.parametrize("below", ["", "/details", "/cancel", "/hand-over"])
def test_without_the_second_part_nothing_opens(
    below: str, client: FlaskClient, change_page: OwnPage
) -> None:
    first, second = change_page(), change_page(name="Trần Văn Ánh")
    mixed = first.rpartition("/")[0] + "/" + second.rpartition("/")[2]
    assert client.get(first + below).status_code == 200
    assert client.get(mixed + below).status_code == 404
    assert client.get(first[:-1] + below).status_code == 404


def test_guessing_has_to_wait_but_a_right_link_opens(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, own_page: OwnPage
) -> None:
    monkeypatch.setattr("pages.attendee.mine.GUESSES", 3)
    address = own_page()
    wrong = [client.get(f"/me/{'a' * 26}{number}").status_code for number in range(1, 6)]
    assert wrong == [404, 404, 404, 429, 429]
    assert client.get(address).status_code == 200


def test_details_and_sessions_change_in_one_step_and_the_code_stays(
    app: Flask, client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page(sessions=["it-1", "forum"])
    answer = details(client, address, sessions=["energy-1"], position="Phó Giám đốc")
    assert (answer.status_code, answer.location) == (303, address)
    assert seats(session) == "energy-1"
    assert session.execute(select(Slot.key, Slot.taken).order_by(Slot.id)).all() == [
        ("it-1", 0), ("it-2", 0), ("energy-1", 1), ("energy-2", 0), ("forum", 0),
    ]  # fmt: skip
    person = someone(session)
    assert (person.position, person.revision, person.cancelled_at) == ("Phó Giám đốc", 0, None)
    assert deeds(session)[-1] == (
        "changed", "attendee",
        {"position": ["", "Phó Giám đốc"], "sessions": ["it-1 forum", "energy-1"]},
    )  # fmt: skip


def test_a_full_session_refuses_the_whole_step_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page(sessions=["it-1"])
    seen = hidden(client.get(f"{address}/details").text, "seen")
    register(app.test_client(), name="Trần Văn Ánh", sessions=["energy-1"])
    typed = {k: v for k, v in GOOD.items() if k not in ("agreed", "category")}
    typed |= {"seen": seen, "sessions": ["energy-1"], "position": "Phó Giám đốc"}
    answer = post(client, f"{address}/details", typed)
    assert answer.status_code == 422
    assert "“Phiên energy-1” đã hết chỗ" in words(answer.text)
    assert 'value="Phó Giám đốc"' in answer.text
    assert (seats(session), someone(session).position) == ("it-1", "")


def test_a_stale_page_overwrites_nothing(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page(sessions=["it-1"])
    seen = hidden(client.get(f"{address}/details").text, "seen")
    details(client, address, sessions=["it-2"])
    typed = {k: v for k, v in GOOD.items() if k not in ("agreed", "category")}
    stale = typed | {"seen": seen, "sessions": ["forum"], "name": "Nguyễn Hương"}
    answer = post(client, f"{address}/details", stale)
    assert answer.status_code == 409
    assert "trong lúc đó đăng ký đã thay đổi" in words(answer.text).lower()
    assert 'value="Nguyễn Hương"' in answer.text
    assert seats(session) == "it-2"
    again = stale | {"seen": hidden(answer.text, "seen")}
    assert post(client, f"{address}/details", again).status_code == 303
    assert (seats(session), someone(session).name) == ("forum", "Nguyễn Hương")


def test_another_address_is_written_to(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page()
    details(client, address, email="huong.moi@vidu.vn")
    assert session.scalars(select(Mail.kind)).all() == ["registered", "registered"]


def press(browser: FlaskClient, address: str, do: str, slot: str) -> int:
    """One of the buttons."""
    page = browser.get(address).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    fields = {"do": do, "slot": slot, "csrf_token": token[1]}
    return browser.post(f"{address}/seat", data=fields).status_code


def test_a_seat_given_back_is_the_next_ones_at_once_who_is_told(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    first = change_page(sessions=["energy-1"])
    second = change_page(name="Trần Văn Ánh", email="anh@vidu.vn")
    third = change_page(name="Lê Cường", email="cuong@vidu.vn")
    assert [press(client, page, "take", "energy-1") for page in (second, third)] == [303, 303]
    assert "Thứ tự chờ của Quý khách: 2" in words(client.get(third).text)
    assert press(client, first, "give", "energy-1") == 303
    assert [seats(session, number) for number in (1, 2, 3)] == ["", "energy-1", ""]
    assert session.scalars(select(Mail.kind).where(Mail.attendee_id == 2)).all() == [
        "registered", "seated 3",
    ]  # fmt: skip
    assert deeds(session, 2)[-1] == ("seated", "waiting", {"sessions": ["", "energy-1"]})
    assert "Thứ tự chờ của Quý khách: 1" in words(client.get(third).text)
    assert press(client, second, "give", "energy-1") == 303
    assert [seats(session, number) for number in (2, 3)] == ["", "energy-1"]
    assert session.scalars(select(Wait)).all() == []


def test_whoever_sits_elsewhere_at_that_time_is_passed_over_until_they_give_it_back(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    first = change_page(sessions=["energy-1"])
    busy = change_page(name="Trần Văn Ánh", sessions=["it-1"])
    free = change_page(name="Lê Cường")
    for page in (busy, free):
        press(client, page, "take", "energy-1")
    press(client, first, "give", "energy-1")
    assert [seats(session, number) for number in (1, 2, 3)] == ["", "it-1", "energy-1"]
    press(client, free, "give", "energy-1")
    assert session.scalars(select(Slot.taken).where(Slot.key == "energy-1")).one() == 0
    press(client, busy, "give", "it-1")
    assert seats(session, 2) == "energy-1"


def test_a_queue_is_left_by_one_press(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    change_page(sessions=["energy-1"])
    second = change_page(name="Trần Văn Ánh")
    press(client, second, "take", "energy-1")
    assert press(client, second, "leave", "energy-1") == 303
    assert session.scalars(select(Wait)).all() == []
    assert [verb for verb, _, _ in deeds(session, 2)] == ["registered", "queued", "unqueued"]


def test_cancelling_asks_once_frees_the_seats_and_can_be_undone_until_they_are_gone(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page(sessions=["it-1", "forum"])
    question = client.get(f"{address}/cancel").text
    assert "Chỗ của Quý khách ở “Phiên it-1” sẽ dành cho người kế tiếp." in words(question)
    assert someone(session).cancelled_at is None
    answer = post(client, f"{address}/cancel", {"seen": hidden(question, "seen")})
    assert (answer.status_code, answer.location) == (303, address)
    assert (someone(session).cancelled_at is not None, seats(session)) == (True, "")
    for name in ("Trần Văn Ánh", "Lê Cường"):
        register(client, name=name, sessions=["it-1"])
    page = client.get(address).text
    token = hidden(page, "csrf_token")
    assert client.post(f"{address}/take-back", data={"csrf_token": token}).status_code == 303
    assert (someone(session).cancelled_at, seats(session)) == (None, "forum")
    assert [verb for verb, actor, _ in deeds(session) if actor == "attendee"] == [
        "registered", "cancelled", "reinstated",
    ]  # fmt: skip


def test_what_an_organiser_cancelled_is_not_taken_back(
    client: FlaskClient, session: Session, clock: Clock, change_page: OwnPage
) -> None:
    address = change_page()
    proof = hidden(client.get(f"{address}/cancel").text, "csrf_token")
    person = someone(session)
    person.cancelled_at = clock()
    session.commit()
    assert "Hoàn tác" not in client.get(address).text
    assert client.post(f"{address}/take-back", data={"csrf_token": proof}).status_code == 409
    assert someone(session).cancelled_at == clock()


def test_after_the_time_of_the_event_file_only_giving_back_goes_on(
    client: FlaskClient, session: Session, clock: Clock, change_page: OwnPage
) -> None:
    address = change_page(sessions=["energy-1"])
    event = session.scalars(select(Event)).one()
    event.facts = event.facts | {"changes_until": "2023-09-29T08:00:00"}
    session.commit()
    assert "Có thể thực hiện đến 08:00 29/09/2023" in words(client.get(address).text)
    clock.time += timedelta(minutes=31)
    page = words(client.get(address).text)
    assert "Quý khách tự thay đổi được đến 08:00 29/09/2023" in page
    for below in ("/details", "/cancel", "/hand-over"):
        assert client.get(address + below).status_code == 409
    assert press(client, address, "take", "forum") == 403
    assert press(client, address, "give", "energy-1") == 303
    assert seats(session) == ""


def test_all_of_it_speaks_english_too(client: FlaskClient, change_page: OwnPage) -> None:
    address = "/en" + change_page(sessions=["it-1"])
    shown = {
        "": "Give this seat back", "/details": "Keep these changes",
        "/cancel": "Cancelling erases no data.", "/hand-over": "Hand the place over",
    }  # fmt: skip
    for below, said in shown.items():
        assert said in words(client.get(address + below).text)


def test_each_press_is_answered_once_and_a_seat_given_back_can_be_taken_again(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page(sessions=["it-1"])
    press(client, address, "give", "it-1")
    page = client.get(address).text
    said, token = words(page), hidden(page, "csrf_token")
    assert "Quý khách đã trả lại chỗ ở “Phiên it-1”. Hoàn tác: lấy lại chỗ này" in said
    assert "Quý khách đã trả lại chỗ" not in words(client.get(address).text)
    again = {"do": "take", "slot": "it-1", "csrf_token": token}
    assert client.post(f"{address}/seat", data=again).status_code == 303
    assert "Quý khách đã có chỗ ở “Phiên it-1”." in words(client.get(address).text)
    assert seats(session) == "it-1"
    details(client, address, organisation="Viện Đo lường", sessions=["it-1"])
    assert "Đã lưu thay đổi của Quý khách." in words(client.get(address).text)


def test_a_turn_in_a_line_is_confirmed_and_a_seat_that_went_on_offers_no_undo(
    client: FlaskClient, change_page: OwnPage
) -> None:
    first, second = change_page(sessions=["energy-1"]), change_page(name="Trần Văn Ánh")
    press(client, second, "take", "energy-1")
    assert "đã vào danh sách chờ của “Phiên energy-1”." in words(client.get(second).text)
    press(client, first, "give", "energy-1")
    said = words(client.get(first).text)
    assert "Quý khách đã trả lại chỗ ở “Phiên energy-1”." in said
    assert "Hoàn tác" not in said
