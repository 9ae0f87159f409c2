"""The organiser's pages about print runs: ordered, fetched again, cancelled, removed."""

import hashlib
import re
import signal
import stat
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.jobs import Job, report, take
from event.journal import Change
from event.printing import PrintRun
from pages import chores
from pages.chores import clear_away, everything_due, file_of_run
from pages.database import db
from pages.organiser import printing
from tests.house import Clock
from tests.papers import said
from tests.registrants import queries, words
from tests.sites import eventually
from tests.test_worker import asked, crowded, print_job, start_worker

__all__ = ["crowded", "start_worker"]
AsStaff = Callable[[str], FlaskClient]
ORDER = "/organiser/exports/badges.pdf"


@pytest.fixture
def lan(as_staff: AsStaff) -> FlaskClient:
    """An organiser's browser."""
    return as_staff("organiser")


@pytest.fixture
def people(session: Session, clock: Clock) -> list[Attendee]:
    """Hương, a visitor; Ưng, a delegate."""
    stated = (
        Registration(name="Nguyễn Thị Hương", organisation="Viện A"),
        Registration(name="Đỗ Ngọc Ưng", organisation="Viện B", category="delegate"),
    )
    return [register(session, each, at=clock()).attendee for each in stated]


def work() -> None:
    """What the worker does when it is woken."""
    everything_due(lambda: False)


def press(browser: FlaskClient, address: str) -> Any:
    """A button, with the token of the page of print runs or of one's work."""
    page = browser.get("/staff/password").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    assert token is not None
    return browser.post(address, data={"csrf_token": token[1]})


def test_a_run_is_listed_with_its_number_who_when_how_many_and_which_layout(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    lan.get(f"{ORDER}?category=delegate&layout=4up")
    work()
    lan.get(f"{ORDER}?ids=00001, 00002")
    page = words(lan.get("/organiser/prints").text)
    work()
    assert "chờ" in page
    page = words(lan.get("/organiser/prints").text)
    when = "07:30 29/09/2023 organiser@vidu.vn"
    assert (
        f"2 Chọn tay: 2 người A6, mỗi trang một thẻ 2 Chưa in: 1 In lại, không đổi: 1 {when}"
        in page
    )
    assert f"1 Đối tượng: Đại biểu A4, bốn thẻ một trang, có vạch cắt 1 Chưa in: 1 {when}" in page
    assert page.index("Chọn tay") < page.index("Đối tượng")


def test_a_file_is_fetched_again_byte_for_byte_by_every_organiser(
    lan: FlaskClient, people: list[Attendee], session: Session, clock: Clock
) -> None:
    order = lan.get(ORDER).location
    work()
    once = lan.get(f"{order}/file").data
    clock.time += timedelta(days=3)
    clear_away()
    people[0].name = "Tên Khác"
    session.commit()
    again = lan.get("/organiser/prints/1/file")
    assert again.data == once
    run = session.get_one(PrintRun, 1)
    assert (run.sha256, run.size) == (hashlib.sha256(once).hexdigest(), len(once))
    assert again.headers["Cache-Control"] == "no-store"
    change = session.scalars(select(Change).where(Change.subject == "run")).one()
    assert (change.verb, change.subject_id, change.actor) == ("exported", 1, "organiser@vidu.vn")


def test_the_file_is_for_its_owner_alone(lan: FlaskClient, people: list[Attendee]) -> None:
    lan.get(ORDER)
    work()
    assert stat.S_IMODE(file_of_run(1).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_of_run(1).parent.stat().st_mode) == 0o700


def test_a_damaged_file_is_not_handed_out(lan: FlaskClient, people: list[Attendee]) -> None:
    lan.get(ORDER)
    work()
    file_of_run(1).write_bytes(b"%PDF-1.7 something else")
    answer = lan.get("/organiser/prints/1/file", follow_redirects=True)
    assert "Tệp của lượt in số 1 bị hỏng. Xin in lại." in words(answer.text)


def test_only_what_changed_is_printed(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    lan.get(ORDER)
    work()
    nothing = lan.get(f"{ORDER}?changed=yes")
    assert nothing.status_code == 422
    assert "Không có gì thay đổi từ lần in trước." in words(nothing.text)
    people[1].organisation = "Viện C"
    session.commit()
    order = lan.get(f"{ORDER}?changed=yes").location
    work()
    text = said(lan.get(f"{order}/file").data)
    assert "Viện C" in text
    assert "Hương" not in text
    assert lan.get(f"{ORDER}?changed=yes").status_code == 422


def test_a_removed_file_is_gone_and_its_people_stay_printed(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    lan.get(ORDER)
    work()
    assert press(lan, "/organiser/prints/1/drop").status_code == 303
    assert not file_of_run(1).exists()
    assert lan.get("/organiser/prints/1/file").status_code == 404
    assert "đã xóa tệp" in words(lan.get("/organiser/prints").text)
    assert lan.get(f"{ORDER}?changed=yes").status_code == 422


def test_a_run_that_was_a_trial_leaves_nobody_printed(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    lan.get(ORDER)
    work()
    assert press(lan, "/organiser/prints/1/trial").status_code == 303
    shown = words(lan.get("/organiser/prints").text)
    assert "Không ai được tính là đã in thẻ ở lần in 1 nữa." in shown
    assert "đã hủy" in shown
    assert not file_of_run(1).exists()
    assert lan.get(f"{ORDER}?changed=yes").status_code == 303


def test_a_cancelled_run_prints_nothing_and_marks_nobody(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    order = lan.get(ORDER).location
    assert press(lan, f"{order}/cancel").status_code == 303
    work()
    assert "Việc này đã được hủy." in words(lan.get(order).text)
    assert "đã hủy" in words(lan.get("/organiser/prints").text)
    assert not file_of_run(1).exists()
    assert lan.get(f"{ORDER}?changed=yes").status_code == 303


def test_a_run_is_cancelled_while_it_goes_on(
    lan: FlaskClient,
    people: list[Attendee],
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The button is pressed after the first badge: the next word of progress ends the work."""
    lan.get(ORDER)
    monkeypatch.setattr(chores, "TELLING", -1)
    told = chores.report

    def press_then_report(*args: Any, **more: Any) -> bool:
        page = lan.get("/organiser/prints").text
        if "prints/1/cancel" in page:
            press(lan, "/organiser/prints/1/cancel")
        return told(*args, **more)

    monkeypatch.setattr(chores, "report", press_then_report)
    work()
    session.rollback()
    run = session.get_one(PrintRun, 1)
    session.refresh(run)
    assert (run.done_at, run.cancelled_at is not None) == (None, True)
    assert list(file_of_run(1).parent.iterdir()) == []


def test_somebody_elses_run_can_be_cancelled_by_an_organiser_only(
    as_staff: AsStaff, lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    order = lan.get(ORDER).location
    supervisor = as_staff("supervisor")
    assert press(supervisor, f"{order}/cancel").status_code == 404
    assert press(supervisor, "/organiser/prints/1/cancel").status_code == 403
    assert press(lan, "/organiser/prints/1/cancel").status_code == 303
    assert session.scalars(select(Job.failure)).one() == "job.cancelled"


def test_progress_and_time_to_go_are_shown(
    lan: FlaskClient, people: list[Attendee], session: Session, clock: Clock
) -> None:
    order = lan.get(ORDER).location
    job = take(session, at=clock())
    assert job
    report(session, job.id, 4000, 10_000, at=clock())
    clock.forward(seconds=4)
    for address in (order, "/organiser/prints"):
        page = words(lan.get(address).text)
        assert "4.000" in page
        assert "còn khoảng 6 giây" in page
    part = lan.get("/organiser/prints", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<section")


def test_a_failed_run_says_so_and_another_try_has_a_number_of_its_own(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    order = lan.get(ORDER).location
    job = session.scalars(select(Job)).one()
    job.wish = job.wish | {"layout": "a0"}
    session.commit()
    work()
    assert "không được Không ai được ghi là đã in." in words(lan.get("/organiser/prints").text)
    assert not file_of_run(1).exists()
    assert press(lan, f"{order}/again").location == "/organiser/work/2"
    second = session.get_one(Job, 2)
    assert second.wish["run"] == 2


def test_two_orders_of_what_changed_print_it_once(
    lan: FlaskClient, people: list[Attendee], session: Session
) -> None:
    lan.get(f"{ORDER}?changed=yes")
    second = lan.get(f"{ORDER}?changed=yes").location
    work()
    assert "Không có ai như vậy nên không có thẻ nào." in words(lan.get(second).text)
    session.rollback()
    assert session.scalars(select(PrintRun.count).order_by(PrintRun.id)).all() == [2, 0]
    assert not file_of_run(2).exists()


def test_the_page_asks_as_little_for_many_runs_as_for_one(
    lan: FlaskClient, people: list[Attendee]
) -> None:
    lan.get(ORDER)
    lan.get("/organiser/prints")
    with queries() as one:
        lan.get("/organiser/prints")
    for _ in range(3):
        lan.get(ORDER)
    with queries() as four:
        lan.get("/organiser/prints")
    assert len(four) == len(one)


def test_older_runs_are_on_further_pages(
    lan: FlaskClient, people: list[Attendee], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        lan.get(ORDER)
    monkeypatch.setattr(printing, "ON_A_PAGE", 2)
    page = lan.get("/organiser/prints").text
    assert re.findall(r"<strong>(\d)</strong>", page) == ["3", "2"]
    assert 'href="/organiser/prints?before=2"' in page
    page = lan.get("/organiser/prints?before=2").text
    assert re.findall(r"<strong>(\d)</strong>", page) == ["1"]
    assert "Các lượt cũ hơn" not in words(page)


def test_a_killed_worker_leaves_the_run_to_the_next_one(
    crowded: Path,
    start_worker: Callable[[], "subprocess.Popen[bytes]"],
    clock: Clock,
) -> None:
    print_job(db.session(), clock())
    first = start_worker()
    eventually(lambda: asked(crowded, "select attempts from jobs") == [(1,)])
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert asked(crowded, "select count(*) from printed") == [(0,)]
    assert asked(crowded, "select done_at from print_runs") == [(None,)], "it was killed too late"
    start_worker()
    eventually(lambda: asked(crowded, "select done_at is null from print_runs") == [(0,)])
    assert asked(crowded, "select count(*) from printed") == [(600,)]
    ((digest, size),) = asked(crowded, "select sha256, size from print_runs")
    data = (crowded / "files" / "prints" / "000001.pdf").read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (digest, size)


@pytest.mark.parametrize("path", ["prints", "prints/check", "prints/1/file"])
def test_print_runs_are_for_organisers(path: str, as_staff: AsStaff) -> None:
    assert as_staff("supervisor").get(f"/organiser/{path}").status_code == 403


def test_the_command_is_a_print_run_too(
    app: Flask, lan: FlaskClient, people: list[Attendee], tmp_path: Path, session: Session
) -> None:
    out, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    command = app.test_cli_runner().invoke
    assert command(args=["badges", "--out", str(out)]).output.endswith("Lượt in số 1\n")
    assert lan.get("/organiser/prints/1/file").data == out.read_bytes()
    assert "bằng dòng lệnh" in words(lan.get("/organiser/prints").text)
    none = command(args=["badges", "--changed", "--out", str(second)])
    assert (none.exit_code, none.output) == (0, "Không có gì thay đổi từ lần in trước.\n")
    assert not second.exists()
    session.get_one(Attendee, people[0].id).name = "Nguyễn Thị Hường"
    session.commit()
    some = command(args=["badges", "--changed", "--out", str(second)])
    assert some.output == f"1 thẻ trong {second}\nLượt in số 2\n"
    assert "Hường" in said(second.read_bytes())


def test_a_command_that_cannot_write_takes_no_number(
    app: Flask, people: list[Attendee], tmp_path: Path, session: Session
) -> None:
    out = tmp_path / "no" / "a.pdf"
    assert app.test_cli_runner().invoke(args=["badges", "--out", str(out)]).exit_code == 1
    assert session.scalars(select(PrintRun)).all() == []
