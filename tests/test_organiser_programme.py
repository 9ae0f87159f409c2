"""The programme on the organiser's pages: changed by the same rules as an event file."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.attendees import Registration, register
from event.eventfile import parse
from event.loading import load
from event.programme import Checkpoint, Slot
from tests.house import OPENING, post

IT_1 = {
    "title": "Phiên it-1",
    "title_en": "Session it-1",
    "kind": "session",
    "track": "it",
    "room": "hall",
    "day": "2023-09-29",
    "starts": "08:00",
    "ends": "09:30",
    "capacity": "2",
    "rule": "registered_first",
}
EDIT = "/organiser/programme/it-1/edit"
FREE = {"starts": "16:00", "ends": "17:00"}


@pytest.fixture
def organiser(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("organiser")


@pytest.fixture
def booked(session: Session) -> list[str]:
    """Two people have a seat in it-1: all there are."""
    names = ["Lê An", "Trần Bình"]
    for name in names:
        register(session, Registration(name=name, sessions=("it-1",)), at=OPENING)
    return names


def slot(session: Session, key: str = "it-1") -> Slot:
    session.expire_all()
    return session.scalars(select(Slot).where(Slot.key == key)).one()


def seen(page: str) -> str:
    return re.findall(r'name="seen"[^>]*value="(\d+)"', page)[0]


def change(browser: FlaskClient, **fields: str) -> TestResponse:
    return post(browser, EDIT, {**IT_1, "seen": seen(browser.get(EDIT).text), **fields})


def errors(answer: TestResponse) -> list[str]:
    return re.findall(r'id="(\w+)-error"', answer.text)


def test_the_form_holds_what_stands_there(organiser: FlaskClient) -> None:
    page = organiser.get(EDIT).text
    values = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    assert {name: values[name] for name in ("title", "title_en", "starts", "ends", "capacity")} == {
        name: IT_1[name] for name in ("title", "title_en", "starts", "ends", "capacity")
    }


def test_a_title_is_changed_at_once(
    organiser: FlaskClient, session: Session, booked: list[str]
) -> None:
    assert change(organiser, **{**FREE, "title": "Trí tuệ nhân tạo"}).status_code == 200
    assert change(organiser, title="Trí tuệ nhân tạo", chair="GS. Lê Hoa").status_code == 303
    it_1 = slot(session)
    assert (it_1.title.vi, it_1.chair.vi, it_1.taken) == ("Trí tuệ nhân tạo", "GS. Lê Hoa", 2)


def test_a_move_first_lists_the_people_affected(
    organiser: FlaskClient, session: Session, booked: list[str]
) -> None:
    asked = change(organiser, **FREE)
    assert asked.status_code == 200
    assert "Số người đã giữ chỗ: 2" in asked.text
    assert all(name in asked.text for name in booked)
    assert f"{slot(session).starts_at:%H:%M}" == "01:00"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    assert hidden["confirmed"] == "yes"
    done = organiser.post(EDIT, data=hidden)
    assert done.status_code == 303
    moved = slot(session)
    assert (f"{moved.starts_at:%H:%M}", f"{moved.ends_at:%H:%M}") == ("09:00", "10:00")
    assert moved.taken == 2


def test_a_session_that_nobody_booked_moves_at_once(
    organiser: FlaskClient, session: Session
) -> None:
    assert change(organiser, **FREE, room="").status_code == 303
    assert slot(session).room_id is None


def test_fewer_seats_than_taken_are_refused_naming_both(
    organiser: FlaskClient, session: Session, booked: list[str]
) -> None:
    answer = change(organiser, capacity="1", **FREE, confirmed="yes")
    assert answer.status_code == 409
    assert errors(answer) == ["capacity"]
    told = re.findall(r'id="capacity-error">([^<]+)<', answer.text)
    assert told == ["“Phiên it-1” đã có 2 chỗ được giữ, nên 1 là quá ít. Hãy ghi từ 2 trở lên."]
    assert (slot(session).capacity, slot(session).taken) == (2, 2)
    assert 'value="16:00"' in answer.text


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [({"capacity": "1"}, 409, "capacity"), ({"ends": "15:00"}, 422, "ends")],
)
def test_nobody_is_asked_to_agree_to_a_move_that_cannot_be(
    organiser: FlaskClient, booked: list[str], fields: dict[str, str], status: int, field: str
) -> None:
    answer = change(organiser, **{**FREE, **fields})
    assert (answer.status_code, errors(answer)) == (status, [field])
    assert 'name="confirmed" value="yes"' not in answer.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts": "8 giờ"}, "starts"),
        ({"starts": "17:00", "ends": "16:00"}, "ends"),
        ({"day": "2023-10-01"}, "day"),
        ({"room": "room-a"}, "room"),
        ({"room": "attic"}, "room"),
        ({"track": "magic"}, "track"),
        ({"capacity": "nhiều"}, "capacity"),
        ({"capacity": "9999999"}, "capacity"),
        ({"rule": "nobody"}, "rule"),
        ({"meetings": "3"}, "meetings"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    organiser: FlaskClient, session: Session, fields: dict[str, str], field: str
) -> None:
    answer = change(organiser, **fields)
    assert (answer.status_code, errors(answer)) == (422, [field])
    assert slot(session).title.vi == "Phiên it-1"


def test_of_two_who_change_a_session_the_second_sees_both(
    organiser: FlaskClient, session: Session
) -> None:
    old = seen(organiser.get(EDIT).text)
    assert change(organiser, title="Một", **FREE).status_code == 303
    late = post(organiser, EDIT, {**IT_1, **FREE, "title": "Hai", "seen": old})
    assert late.status_code == 409
    assert 'value="Hai"' in late.text
    assert "<strong>Một</strong>" in late.text
    assert slot(session).title.vi == "Một"


def test_a_session_is_added_with_a_key_and_a_door(organiser: FlaskClient, session: Session) -> None:
    fields = {**IT_1, **FREE, "title": "Phiên mới"}
    assert post(organiser, "/organiser/programme/new", fields).status_code == 303
    new = slot(session, "it-3")
    assert new.title.vi == "Phiên mới"
    assert (
        session.scalars(select(Checkpoint.slot_id).where(Checkpoint.key == "it-3")).one() == new.id
    )


def test_a_booked_session_stays_and_its_people_are_named(
    organiser: FlaskClient, session: Session, booked: list[str]
) -> None:
    page = organiser.get("/organiser/programme/it-1/remove").text
    assert all(name in page for name in booked)
    answer = post(organiser, "/organiser/programme/it-1/remove", {})
    assert answer.status_code == 409
    assert "Phiên it-1" in answer.text
    assert slot(session).taken == 2


def test_a_session_without_bookings_is_taken_out(organiser: FlaskClient, session: Session) -> None:
    assert post(organiser, "/organiser/programme/it-2/remove", {}).status_code == 303
    assert session.scalars(select(Slot.key).where(Slot.key == "it-2")).all() == []
    assert organiser.get("/organiser/programme/it-2/edit").status_code == 404


@pytest.fixture
def event_file(session: Session) -> str:
    """The default event, loaded in place of the small one."""
    session.query(Checkpoint).delete()
    for table in reversed(Slot.metadata.sorted_tables):
        if table.name != "staff":
            session.execute(table.delete())
    session.commit()
    text = Path("site/event.toml").read_text()
    load(session, parse(text.encode(), "event.toml"), at=OPENING, by="test")
    return text


def bring(browser: FlaskClient, text: str) -> TestResponse:
    page = browser.get("/organiser/programme").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    file = (io.BytesIO(text.encode()), "event.toml")
    return browser.post("/organiser/programme/file", data={"csrf_token": token, "file": file})


def test_the_event_file_taken_along_and_brought_back_changes_nothing(
    organiser: FlaskClient, event_file: str
) -> None:
    taken = organiser.get("/organiser/programme/event.toml")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="techconnect-2023.toml"'
    assert bring(organiser, taken.text).status_code == 303
    assert "Không có gì thay đổi." in organiser.get("/organiser/programme").text


def test_an_event_file_brought_back_names_what_came_with_it(
    organiser: FlaskClient, event_file: str
) -> None:
    bring(organiser, event_file + '\n[rooms.cellar]\nname = "Tầng hầm"\n')
    said = "Đã nạp: thêm 1, sửa 0, bỏ 0. + rooms.cellar"
    assert said in organiser.get("/organiser/programme").text


def test_a_wrong_event_file_is_refused_with_the_path_of_each_mistake(
    organiser: FlaskClient, session: Session, event_file: str
) -> None:
    wrong = event_file.replace('room = "hall"', 'room = "attic"', 1)
    answer = bring(organiser, wrong)
    assert answer.status_code == 422
    assert "<code>forums.opening.room</code>" in answer.text
    assert bring(organiser, "").status_code == 422
    assert bring(organiser, "# " * 300_000).status_code == 413


def test_a_file_that_moves_a_booked_session_lists_its_people_first(
    organiser: FlaskClient, session: Session, event_file: str
) -> None:
    register(session, Registration(name="Lê An", sessions=("it-1",)), at=OPENING)
    before = slot(session).ends_at
    start = event_file.index("[sessions.it-1]")
    ends = "ends = 2023-09-29 11:%d:00"
    moved = event_file[:start] + event_file[start:].replace(ends % 45, ends % 50, 1)
    asked = bring(organiser, moved)
    assert asked.status_code == 200
    assert "Lê An" in asked.text
    assert slot(session).ends_at == before
    form = asked.text.split('action="/organiser/programme/file"')[1]
    token = re.findall(r'name="csrf_token" value="([^"]+)"', form)[0]
    done = organiser.post("/organiser/programme/file", data={"csrf_token": token, "text": moved})
    assert done.status_code == 303
    assert f"{slot(session).ends_at:%H:%M}" == "04:50"


def test_a_session_tells_who_changed_it_and_what_stood_there(organiser: FlaskClient) -> None:
    change(organiser, **FREE, room="", rule="open")
    page = organiser.get(EDIT).text
    assert "organiser@vidu.vn" in page
    assert "<del>08:00 29/09/2023</del> → <ins>16:00 29/09/2023</ins>" in page
    assert "<del>Hội trường lớn</del> → <ins>–</ins>" in page
