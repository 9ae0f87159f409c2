"""What a press in the queue leads to: what is offered next, where the case stands, what counts."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.corrections import Undo, undo
from event.judging import open_again, settle, settled, waiting
from event.programme import Checkpoint, the_event
from event.review import Review
from event.scans import Scan
from tests.doors import put_down
from tests.house import Clock, post
from tests.registrants import words
from tests.test_review import LATER, SUPERVISOR, A, B, entry, found, upload

SHOWN = "/organiser/review"
OFFERED = ("Dùng chung thẻ", "Nhầm lẫn: thu hồi", "Không sao", "Thu hồi lượt", "Chưa đúng: xem lại")


@pytest.fixture
def lan(as_staff: Callable[[str], FlaskClient], clock: Clock) -> FlaskClient:
    clock.time = LATER
    return as_staff("supervisor")


def a_pair(store: Session) -> Review:
    huong = put_down(store).id
    upload(store, entry(store, huong, *A), entry(store, huong, *B, seconds=40))
    return store.scalars(waiting()).one()


def offered(page: str) -> list[str]:
    return [label for label in OFFERED if label in words(page)]


def token(browser: FlaskClient) -> str:
    return browser.get("/staff/password").text.split('name="csrf_token"')[1].split('"')[1]


def press(browser: FlaskClient, address: str, **fields: object) -> str:
    """What htmx gets."""
    sent = {**fields, "csrf_token": token(browser)}
    return browser.post(address, data=sent, headers={"HX-Request": "true"}).text


def test_a_mistake_says_that_a_second_press_follows_and_ends_with_it(
    lan: FlaskClient, session: Session
) -> None:
    pair = a_pair(session)
    address = f"{SHOWN}/{pair.id}"
    assert "Nhầm lẫn: thu hồi một lượt…" in words(lan.get(address).text)
    assert offered(lan.get(address).text) == ["Dùng chung thẻ", "Nhầm lẫn: thu hồi", "Không sao"]
    said = press(lan, address, outcome="mistake")
    assert "Lượt nào không tính? Bấm nút để thu hồi lượt đó." in words(said)
    assert offered(said) == ["Thu hồi lượt", "Chưa đúng: xem lại"]
    said = press(lan, f"{address}/take-back", scan=pair.second_id)
    assert "Nhầm lẫn · đã thu hồi lượt Cổng B, 07:30:40 supervisor@vidu.vn" in words(said)
    assert offered(said) == []


def test_only_one_of_the_two_is_taken_back_and_the_case_stays_settled(
    lan: FlaskClient, session: Session
) -> None:
    pair = a_pair(session)
    address = f"{SHOWN}/{pair.id}"
    press(lan, address, outcome="mistake")
    press(lan, f"{address}/take-back", scan=pair.second_id)
    press(lan, f"{address}/take-back", scan=pair.first_id)
    press(lan, f"{address}/open")
    gone = select(Scan.undoes_id).where(Scan.undoes_id.is_not(None))
    assert session.scalars(gone).all() == [pair.second_id]
    assert "Nhầm lẫn · đã thu hồi lượt Cổng B" in words(lan.get(f"{SHOWN}?show=settled").text)


def test_on_a_page_that_somebody_else_opened_again_taking_back_settles_too(
    lan: FlaskClient, session: Session
) -> None:
    pair = a_pair(session)
    post(lan, f"{SHOWN}/{pair.id}", {"outcome": "mistake"})
    open_again(session, pair.id, by="mai@vidu.vn", at=LATER)
    press(lan, f"{SHOWN}/{pair.id}/take-back", scan=pair.first_id)
    session.expire_all()
    assert [(r.id, r.outcome) for r in session.scalars(settled())] == [(pair.id, "mistake")]


def test_what_was_judged_otherwise_meanwhile_is_not_taken_back(
    lan: FlaskClient, session: Session
) -> None:
    pair = a_pair(session)
    settle(session, pair.id, "fine", by="mai@vidu.vn", at=LATER)
    press(lan, f"{SHOWN}/{pair.id}/take-back", scan=pair.first_id)
    assert session.scalars(select(Scan).where(Scan.verdict == "undone")).all() == []


def test_a_case_with_an_entry_taken_back_is_not_opened_again(store: Session) -> None:
    pair = a_pair(store)
    settle(store, pair.id, "mistake", by="lan@vidu.vn", at=LATER)
    event = the_event(store)
    assert event
    undo(store, event, Undo(pair.first_id, "d9", "u1", "by_mistake"), SUPERVISOR, at=LATER)
    assert open_again(store, pair.id, by="lan@vidu.vn", at=LATER).outcome == "mistake"
    assert [review.id for review in store.scalars(settled())] == [pair.id]


def test_the_counts_of_what_waits_come_with_the_press(lan: FlaskClient, session: Session) -> None:
    pair = a_pair(session)
    tran = put_down(session, "Trần Văn Bình").id
    upload(session, entry(session, tran, *A), entry(session, tran, *B))
    page = lan.get(SHOWN).text
    tab, menu = '<span class="tag" id="waiting"', '<span id="waits-organiser-review"'
    assert f"{tab}>2</span>" in page
    assert f'{menu}>Cần xem lại&nbsp;<span class="tag bad">2</span></span>' in page
    said = press(lan, f"{SHOWN}/{pair.id}", outcome="fine")
    now = ' hx-swap-oob="true">'
    assert f"{tab}{now}1</span>" in said
    assert f'{menu}{now}Cần xem lại&nbsp;<span class="tag bad">1</span></span>' in said
    said = press(lan, f"{SHOWN}/{pair.id + 1}", outcome="fine")
    assert (f"{tab}{now}0</span>" in said, f"{menu}{now}Cần xem lại</span>" in said) == (True, True)


def test_one_entry_alone_is_no_shared_badge(lan: FlaskClient, session: Session) -> None:
    upload(session, entry(session, put_down(session).id, *A, objection="cancelled"))
    number = session.scalars(waiting()).one().id
    page = lan.get(f"{SHOWN}/{number}").text
    assert offered(page) == ["Nhầm lẫn: thu hồi", "Không sao"]
    assert "Nhầm lẫn: thu hồi lượt này…" in words(page)


@pytest.mark.parametrize(("seconds", "kind"), [(60, "two_gates"), (61, "twice")])
def test_two_gates_within_a_minute_are_the_reason_before_a_rule_of_one_of_them(
    store: Session, seconds: int, kind: str
) -> None:
    store.execute(update(Checkpoint).where(Checkpoint.key == "gate-b").values(entry="once"))
    huong = put_down(store).id
    upload(store, entry(store, huong, *A), entry(store, huong, *B, seconds=seconds))
    assert found(store) == [(kind, ["d1", "d2"])]


def test_a_persons_page_says_in_words_why_an_entry_was_taken_back(
    lan: FlaskClient, session: Session
) -> None:
    pair = a_pair(session)
    press(lan, f"{SHOWN}/{pair.id}", outcome="mistake")
    press(lan, f"{SHOWN}/{pair.id}/take-back", scan=pair.second_id)
    person = session.get_one(Scan, pair.first_id).attendee_id
    page = lan.get(f"/organiser/people/{person}").text
    assert ("by_mistake" in page, "Quét nhầm" in words(page)) == (False, True)
