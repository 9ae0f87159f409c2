"""What is told before badges are printed: on the page at once, or by the worker."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.layouts import CardPart, usual_design
from exports.badge_card import card_of
from exports.preflight import KINDS, Report, code_side, look
from pages.chores import everything_due
from pages.organiser import printing
from tests.house import Clock
from tests.registrants import words

LONG = "Công Tằng Tôn Nữ Thị Thanh Xuân Hoàng Hạnh Nguyên Bảo Ngọc Diễm Quỳnh Phương Anh"
PLAIN = Registration(name="Nguyễn Thị Hương", organisation="Viện A", phone="+84912345678")
AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def lan(as_staff: AsStaff) -> FlaskClient:
    """An organiser's browser."""
    return as_staff("organiser")


def put(session: Session, clock: Clock, *stated: Registration) -> None:
    for each in stated:
        register(session, each, at=clock())


def found(report: Report) -> dict[str, list[tuple[str, str]]]:
    """Names with details, by kind, without the kinds of which there is nothing."""
    lists = {kind: [(each.name, each.detail) for each in getattr(report, kind)] for kind in KINDS}
    return {kind: findings for kind, findings in lists.items() if findings}


def test_ordinary_people_raise_nothing(store: Session, clock: Clock) -> None:
    put(store, clock, PLAIN)
    report = look(store, {}, "a6")
    assert (report.people, found(report), report.code_is_small) == (1, {}, False)


def test_each_kind_of_trouble_is_told_with_its_person(store: Session, clock: Clock) -> None:
    put(
        store,
        clock,
        Registration(name="Lê Không Đơn Vị"),
        Registration(name="Trần \U0001f642", organisation="Viện \U00012000"),
        Registration(name="Hoàng Anh", organisation="A", phone="+84912345678"),
        Registration(name="HOANG ANH", organisation="B", phone="+84912345678"),
        Registration(name="Hoàng Ánh", organisation="C"),
        Registration(name=LONG, organisation="D"),
    )
    told = found(look(store, {}, "10up"))
    assert told["organisation"] == [("Lê Không Đơn Vị", "")]
    assert told["glyphs"] == [("Trần \U0001f642", "\U0001f642\U00012000")]
    assert sorted(told["twins"]) == [("HOANG ANH", "B"), ("Hoàng Anh", "A")]
    assert [name for name, _ in told["small"]] == [LONG]
    assert 2 < float(told["small"][0][1]) < 14
    assert [name for name, _ in told["lines"]] == [LONG]


def test_who_cancelled_is_nobodys_twin(store: Session, clock: Clock) -> None:
    put(store, clock, PLAIN, PLAIN)
    assert len(look(store, {}, "a6").twins) == 2
    store.get_one(Attendee, 2).cancelled_at = clock()
    store.commit()
    assert look(store, {}, "a6").twins == []


def test_a_twin_that_is_not_printed_now_is_told_all_the_same(store: Session, clock: Clock) -> None:
    put(store, clock, PLAIN, PLAIN)
    assert [each.number for each in look(store, {"ids": "1"}, "a6").twins] == [1]


def test_the_size_of_the_code_is_told() -> None:
    sides = {
        key: code_side(card_of(layout.card, logo=False))
        for key, layout in usual_design().layouts.items()
    }
    assert sides == {"a6": 31.3, "card": 25.1, "4up": 31.3, "8up": 31.3, "10up": 25.1}
    small = CardPart(size=(86, 54), parts=("code",), code=(2, 2, 24))
    assert code_side(card_of(small, logo=False)) == 18.8
    assert Report(people=0, code=24.9).code_is_small
    assert not Report(people=0, code=0).code_is_small, "there is none"
    assert not Report(people=0, code=25.0).code_is_small


def test_the_page_tells_and_lets_print(lan: FlaskClient, session: Session, clock: Clock) -> None:
    put(session, clock, PLAIN, Registration(name="Lê Không Đơn Vị", category="delegate"))
    page = lan.get("/organiser/prints/check?layout=4up&q=").text
    assert "Thiếu đơn vị: 1" in words(page)
    assert '<a href="/organiser/people/2">Lê Không Đơn Vị</a>' in page
    assert 'action="/organiser/exports/badges.pdf"' in page
    assert '<input type="hidden" name="layout" value="4up">' in page
    page = words(lan.get("/organiser/prints/check?category=visitor").text)
    assert "Đối tượng: Khách tham quan" in page
    assert "Không có gì cần xem lại" in page


def test_a_long_list_is_shown_whole_when_asked(
    lan: FlaskClient, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, clock, *(Registration(name=f"Lê {each}") for each in ("An", "Bình", "Chi")))
    monkeypatch.setattr(printing, "FIRST", 2)
    page = lan.get("/organiser/prints/check?layout=a6").text
    assert page.count('href="/organiser/people/') == 2
    more = re.search(r'href="(/organiser/prints/check\?[^"]+)#organisation"', page)
    assert more
    whole = lan.get(more[1].replace("&amp;", "&")).text
    assert whole.count('href="/organiser/people/') == 3


def test_many_badges_are_looked_through_by_the_worker(
    lan: FlaskClient, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, clock, PLAIN, Registration(name="Lê Không Đơn Vị"))
    monkeypatch.setattr(printing, "LOOKED_AT_ONCE", 1)
    address = "/organiser/prints/check?layout=10up"
    page = lan.get(address).text
    assert "Thiếu đơn vị" not in words(page)
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert token
    order = lan.post(address, data={"csrf_token": token[1]})
    assert order.status_code == 303
    everything_due(lambda: False)
    result = lan.get(order.location)
    assert result.location == "/organiser/prints/check?layout=10up&job=1"
    assert "Thiếu đơn vị: 1" in words(lan.get(result.location).text)
    assert lan.get("/organiser/prints/check?job=77").status_code == 404


def test_a_wrong_choice_goes_back_to_where_it_was_made(lan: FlaskClient) -> None:
    answer = lan.get("/organiser/prints/check?category=king&endpoint=x&_external=1")
    assert answer.location.startswith("/organiser/lists?category=king")
    assert "Xin chọn trong danh sách." in words(lan.get(answer.location).text)


def test_there_may_be_nobody_to_print(lan: FlaskClient) -> None:
    page = words(lan.get("/organiser/prints/check?changed=yes").text)
    assert "Không có gì thay đổi từ lần in trước." in page
    assert "Tạo thẻ" not in page
