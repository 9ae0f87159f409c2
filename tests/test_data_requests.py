"""The register of wishes about personal data: the deadlines of the law, and what organisers do."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.about import About, as_facts
from event.attendees import Attendee, Registration, register
from event.data_requests import (
    Asked,
    DataRequest,
    answer,
    overdue,
    settle,
    working_day,
    write_down,
)
from event.programme import Event
from event.retention import ErasureYes
from tests.house import OPENING, Clock, post
from tests.registrants import words


@pytest.mark.parametrize(
    ("start", "holidays", "expected"),
    [
        (date(2023, 9, 25), [], date(2023, 9, 27)),  # Monday: Wednesday
        (date(2023, 9, 28), [], date(2023, 10, 2)),  # Thursday: Friday, then Monday
        (date(2023, 9, 30), [], date(2023, 10, 3)),  # Saturday: Monday and Tuesday
        (date(2023, 9, 28), [date(2023, 9, 29)], date(2023, 10, 3)),
    ],
)
def test_two_working_days_pass_over_weekends_and_holidays(
    start: date, holidays: list[date], expected: date
) -> None:
    assert working_day(start, 2, holidays) == expected


@pytest.mark.parametrize(
    ("kind", "days"), [("access", 10), ("correction", 10), ("withdrawal", 15), ("deletion", 20)]
)
def test_each_kind_has_its_deadline(kind: str, days: int, store: Session) -> None:
    event = store.scalars(select(Event)).one()
    number = write_down(store, event, Asked(kind, "phone", OPENING), at=OPENING, by="lan@vidu.vn")
    wish = store.get_one(DataRequest, number)
    assert wish.settle_by - date(2023, 9, 29) == timedelta(days=days)
    assert wish.answer_by == date(2023, 10, 3)  # a Friday: Monday, Tuesday


def test_what_is_late_is_said_until_it_is_seen_to(store: Session) -> None:
    event = store.scalars(select(Event)).one()
    number = write_down(store, event, Asked("access", "letter", OPENING), at=OPENING, by="a")
    wish = store.get_one(DataRequest, number)
    days = [date(2023, 10, 3), date(2023, 10, 4), date(2023, 10, 10)]
    assert [wish.late(day) for day in days] == ["", "answer", "settle"]
    assert [store.scalar(overdue(day)) for day in days] == [0, 1, 1]
    answer(store, wish, at=OPENING, by="a")
    assert [wish.late(day) for day in days] == ["", "", "settle"]
    settle(store, wish, "refused", at=OPENING, by="b")
    assert [store.scalar(overdue(day)) for day in days] == [0, 0, 0]
    settle(store, wish, "done", at=OPENING, by="c")
    assert (wish.outcome, wish.settled_by, wish.answered_by) == ("refused", "b", "a")


@pytest.fixture
def organiser(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("organiser")


WISH = {
    "kind": "deletion", "channel": "phone", "received": "2023-09-28", "who": "Mẹ của An",
    "contact": "0912 345 678", "code": "00001", "words": "Xin xóa",
}  # fmt: skip


def test_a_wish_by_phone_is_entered_and_settled_by_erasing(
    organiser: FlaskClient, session: Session
) -> None:
    register(session, Registration("Nguyễn Văn An", email="an@vidu.vn"), at=OPENING)
    kept = post(organiser, "/organiser/data/new", WISH)
    assert (kept.status_code, kept.location) == (303, "/organiser/data/1")
    page = words(organiser.get("/organiser/data").text)
    assert "Nguyễn Văn An 28/09/2023 02/10/2023 18/10/2023 chưa giải quyết" in page
    assert post_to(organiser, "/organiser/data/1", "/organiser/data/1/erase").status_code == 303
    person = session.scalars(select(Attendee)).one()
    session.refresh(person)
    wish = session.scalars(select(DataRequest)).one()
    session.refresh(wish)
    assert (person.name, wish.outcome, wish.who, wish.contact) == ("", "done", "", "")
    assert wish.settled_by == "organiser@vidu.vn"
    listed = organiser.get("/organiser/data/requests.csv").text
    assert "Xóa,qua điện thoại,00001,28/09/2023,02/10/2023,18/10/2023" in listed


def post_to(browser: FlaskClient, shown: str, address: str) -> TestResponse:
    """Press a button of a page."""
    token = browser.get(shown).text.split('name="csrf_token" value="')[1].split('"')[0]
    return browser.post(address, data={"csrf_token": token})


def test_a_late_wish_is_red_and_counted_in_the_navigation(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    event = session.scalars(select(Event)).one()
    write_down(session, event, Asked("access", "mail", OPENING, who="Ai"), at=OPENING, by="a")
    clock.forward(days=30)
    page = organiser.get("/organiser/data").text
    assert '<span class="tag bad">quá hạn</span>' in page
    assert 'Dữ liệu cá nhân&nbsp;<span class="tag bad">1</span>' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"who": ""}, "Xin điền mục này."),
        ({"received": "2023-10-05"}, "Ngày này chưa tới."),
        ({"code": "777"}, "Không ai có số này."),
    ],
)
def test_a_wrong_entry_comes_back_filled(
    wrong: dict[str, str], said: str, organiser: FlaskClient, session: Session
) -> None:
    register(session, Registration("Nguyễn Văn An"), at=OPENING)
    answered = post(organiser, "/organiser/data/new", WISH | wrong)
    assert (answered.status_code, said in answered.text) == (422, True)
    assert "Xin xóa" in answered.text


def test_an_organiser_says_yes_to_the_erasure_and_takes_it_back(
    organiser: FlaskClient, session: Session
) -> None:
    event = session.scalars(select(Event)).one()
    event.facts = as_facts(About(keep_until=date(2024, 3, 30)))
    session.commit()
    post_to(organiser, "/organiser/data", "/organiser/data/yes")
    yes = session.scalars(select(ErasureYes)).one()
    assert (yes.after, yes.by) == (date(2024, 3, 30), "organiser@vidu.vn")
    assert (
        "organiser@vidu.vn đã đồng ý lúc 07:30 29/09/2023" in organiser.get("/organiser/data").text
    )
    post_to(organiser, "/organiser/data", "/organiser/data/no")
    session.refresh(yes)
    assert yes.taken_back_at == OPENING
