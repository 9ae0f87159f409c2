"""Why each badge of a print run is printed, and whether a command is still at its run."""

import os
import subprocess
import sys
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.links import secret_of
from event.printing import Printed, start_run
from event.programme import Category, the_event
from pages import current
from pages.chores import clear_away, draft_of_run
from tests.house import Clock
from tests.registrants import words
from tests.sites import ROOT
from tests.test_printing_pages import ORDER, lan, people, work

__all__ = ["lan", "people"]
AsStaff = Callable[[str], FlaskClient]
WRITER = """
import sys
from pages.being_written import hold
with open(sys.argv[1], "wb") as file:
    hold(file)
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_command_that_never_came_to_an_end_is_told_to_have_failed(
    lan: FlaskClient, session: Session, clock: Clock
) -> None:
    event = the_event(session)
    assert event
    start_run(session, event, {"layout": "a6", "people": {}}, by="command", at=clock())
    assert "đang làm" in words(lan.get("/organiser/prints").text)
    clock.forward(seconds=6)
    page = words(lan.get("/organiser/prints").text)
    assert "không được Không ai được ghi là đã in." in page


def test_a_command_is_at_work_as_long_as_its_process_lives(
    lan: FlaskClient, session: Session, clock: Clock
) -> None:
    event = the_event(session)
    assert event
    run = start_run(session, event, {"layout": "a6", "people": {}}, by="command", at=clock())
    draft = draft_of_run(run.id)
    draft.parent.mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(draft)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "site")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        clock.forward(minutes=20)
        assert "đang làm" in words(lan.get("/organiser/prints").text)
        writer.kill()
        writer.wait()
    assert "không được" in words(lan.get("/organiser/prints").text)
    clock.forward(days=2)
    clear_away()
    assert not draft.exists()


def test_why_each_is_printed_stands_before_printing_and_with_the_run(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    lan.get(ORDER)
    work()
    assert "Chưa in: 2" in words(lan.get("/organiser/prints").text)
    people[1].organisation, people[1].position = "Viện C", "Viện trưởng"
    session.execute(update(Category).where(Category.key == "visitor").values(colour="#112233"))
    session.commit()
    page = words(lan.get("/organiser/prints/check?changed=yes").text)
    assert "Nguyễn Thị Hương 00001 Đối tượng đổi tên hoặc màu" in page
    assert "Đỗ Ngọc Ưng 00002 Đổi đơn vị · Đổi chức vụ" in page
    assert "Vì sao in" not in words(lan.get("/organiser/prints/check").text)
    lan.get(f"{ORDER}?changed=yes")
    work()
    page = words(lan.get("/organiser/prints").text)
    assert "Đổi đơn vị: 1 Đổi chức vụ: 1 Đối tượng đổi tên hoặc màu: 1" in page
    assert lan.get(f"{ORDER}?changed=yes").status_code == 422


def test_a_badge_printed_for_one_person_counts_and_one_that_they_fetch_does_not(
    lan: FlaskClient, as_staff: AsStaff, people: list[Attendee], session: Session
) -> None:
    as_staff("supervisor").get(f"{ORDER}?ids=00001")
    work()
    secret = secret_of(people[1], current.keys())
    assert lan.get(f"/me/{secret}/badge.pdf").status_code == 200
    session.rollback()
    assert session.scalars(select(Printed.attendee_id)).all() == [1]
    page = words(lan.get("/organiser/prints/check?changed=yes").text)
    assert "Đỗ Ngọc Ưng 00002 Chưa in" in page
    assert "Hương" not in page
