"""How many are inside now, as the scanner and the organiser's page of numbers tell it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from event.crowds import crowds
from event.programme import Checkpoint
from tests.doors import put_down, scan, send
from tests.house import OPENING, Clock


@pytest.fixture
def desk(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    """Signed in at the door, at Cổng A."""
    browser = as_staff("desk")
    send(browser, "/checkin/checkpoint", checkpoint="gate-a")
    return browser


def state(session: Session, *keys: str, **rule: object) -> None:
    """What the event file says of gates, or of sessions."""
    for place in session.scalars(select(Checkpoint).where(Checkpoint.key.in_(keys))):
        for name, value in rule.items():
            setattr(place.stated, name, value)
    session.commit()


def let_in(desk: FlaskClient, session: Session, place: str, people: int = 1) -> None:
    for _ in range(people):
        guest = put_down(session).id
        answer = scan(desk, attendee=guest, checkpoint=place, method="search").json
        assert answer["kind"] in ("in", "extra")


def told(session: Session) -> list[tuple[list[str], int, int | None]]:
    """Doors, people inside and limit of each place."""
    found = crowds(session, OPENING.date())
    return [([door.key for door in crowd.doors], crowd.inside, crowd.capacity) for crowd in found]


def test_gates_of_one_area_are_one_place_and_sessions_only_if_they_are_scanned_out(
    desk: FlaskClient, session: Session
) -> None:
    assert told(session) == []
    state(session, "gate-a", capacity=500)
    state(session, "forum", entry="in_out")
    let_in(desk, session, "gate-a", 2)
    let_in(desk, session, "gate-b")
    let_in(desk, session, "forum")
    assert told(session) == [(["gate-a", "gate-b"], 3, 500), (["forum"], 1, None)]
    state(session, "gate-b", area="yard")
    assert told(session) == [(["gate-a"], 2, 500), (["forum"], 1, None)]


def test_it_asks_as_often_however_many_are_inside(desk: FlaskClient, session: Session) -> None:
    state(session, "gate-a", "gate-b", entry="in_out")
    let_in(desk, session, "gate-a", 3)
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    session.expire_all()
    crowds(session, OPENING.date())
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2


def test_the_scanner_says_how_many_are_inside_where_it_is_counted(
    desk: FlaskClient, session: Session
) -> None:
    assert "Đang ở trong" not in desk.get("/checkin/").text
    assert desk.get("/checkin/inside").status_code == 204
    state(session, "gate-a", entry="in_out", capacity=10)
    let_in(desk, session, "gate-a", 8)
    shown = " ".join(desk.get("/checkin/inside").text.split())
    assert "Đang ở trong: <strong>8</strong> trên 10" in shown
    assert "Còn" not in shown
    let_in(desk, session, "gate-a")
    assert "trên 10 · Còn 1 chỗ" in " ".join(desk.get("/checkin/inside").text.split())
    page = desk.get("/checkin/").text
    assert 'id="inside"' in page
    assert page.count('name="direction"') == 2


def test_the_way_is_chosen_only_where_both_are_scanned(desk: FlaskClient, session: Session) -> None:
    assert 'name="direction"' not in desk.get("/checkin/").text
    state(session, "gate-a", capacity=10)
    page = desk.get("/checkin/").text
    assert 'name="direction"' not in page
    assert "Đang ở trong" in page


def test_a_plain_form_scans_the_way_out_too(desk: FlaskClient, session: Session) -> None:
    state(session, "gate-a", entry="in_out")
    guest = put_down(session).id
    report = {"checkpoint": "gate-a", "method": "search", "attendee": guest, "direction": "out"}
    page = send(desk, "/checkin/scan", nonce="nonce-way-out", **report).text
    assert "Tạm biệt" in page
    assert "Hôm nay chưa quét thẻ lúc vào." in page
    assert "Hoàn tác" in page


@pytest.mark.parametrize("direction", ["up", "IN", "in out", 3])
def test_a_made_up_direction_is_refused(desk: FlaskClient, direction: object) -> None:
    answer = scan(desk, code="x", direction=direction)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["direction"])


def test_the_verdict_says_quietly_when_a_place_fills_up(
    desk: FlaskClient, session: Session
) -> None:
    state(session, "gate-a", capacity=2)
    said = [
        scan(desk, attendee=put_down(session).id, method="search").json.get("left")
        for _ in range(2)
    ]
    assert said == [None, "Đã đủ chỗ"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"days": ["2023-09-30"]}, "Hôm nay cửa này không đón khách."),
        ({"categories": ["delegate"]}, "Cửa này không đón nhóm khách này."),
        ({"capacity": 0}, "Đã đủ chỗ: chỗ nào cũng có người, hoặc giữ cho người đã đăng ký."),
    ],
)
def test_a_refusal_is_said_in_words_and_a_supervisor_may_set_it_aside(
    rule: dict[str, object],
    why: str,
    session: Session,
    as_staff: Callable[[str], FlaskClient],
) -> None:
    state(session, "gate-a", **rule)
    answer = scan(as_staff("supervisor"), attendee=put_down(session).id, method="search").json
    assert (answer["kind"], answer["why"], answer["may_override"]) == ("help", why, True)


def test_a_badge_used_on_an_earlier_day_is_told_with_the_day(
    desk: FlaskClient, session: Session, clock: Clock
) -> None:
    state(session, "gate-a", entry="once")
    guest = put_down(session).id
    scan(desk, attendee=guest, method="search")
    clock.forward(days=1)
    answer = scan(desk, attendee=guest, method="search").json
    assert answer["why"] == "Thẻ này đã vào rồi; mỗi thẻ chỉ vào đây một lần."
    assert answer["first"] == "Vào lần đầu lúc 07:30 29/09/2023, Cổng A"


def test_where_a_checkpoint_is_chosen_its_rule_is_said_in_words(
    desk: FlaskClient, session: Session
) -> None:
    rule = {"days": ["2023-09-29"], "categories": ["staff", "delegate"], "entry": "once"}
    state(session, "gate-a", **rule, capacity=1200)
    state(session, "gate-b", entry="in_out", capacity=1200)
    state(session, "it-1", entry="daily", categories=["delegate"])
    page = desk.get("/checkin/checkpoint").text
    for words in (
        "Mỗi thẻ một lần trong cả sự kiện · Chỉ đón: Đại biểu, Ban tổ chức",
        "Ban tổ chức · Chỉ ngày 29/09/2023 · Tối đa 1.200 người mỗi ngày",
        "Quét thẻ cả lúc vào lẫn lúc ra · Tối đa 1.200 người ở trong",
        "Mỗi thẻ một lần mỗi ngày · Chỉ đón: Đại biểu",
    ):
        assert words in page


def test_the_page_of_numbers_shows_who_is_inside_now(
    desk: FlaskClient, session: Session, as_staff: Callable[[str], FlaskClient]
) -> None:
    organiser = as_staff("organiser")
    assert 'id="inside"' not in organiser.get("/organiser/").text
    state(session, "gate-a", "gate-b", entry="in_out", capacity=3)
    let_in(desk, session, "gate-a", 3)
    page = organiser.get("/organiser/").text
    shown = " ".join(page[page.index('id="inside"') :].split("</section>")[0].split())
    assert "Cổng A · Cổng B" in shown
    assert "hết chỗ" in shown
    assert shown.count('<td class="number">3</td>') == 2
    assert 'class="part" width="100.0"' in shown
