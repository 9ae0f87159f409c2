"""`flask event load` and `dump`: what an organiser reads in the terminal."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app
from event.attendees import Attendee, Registration, register
from event.base import Base
from event.eventfile import parse
from event.programme import Event, sessions
from event.sittings import Problem
from event.words import Words
from pages.database import db
from pages.problems import RIGHT, SENTENCES, lines, sentence
from tests.event_files import DEFAULT, ONE_DAY, document

EVENT = Path(__file__).parents[1] / "site" / "event"
AT = datetime(2023, 9, 1, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """A site with every table and no event yet."""
    app = create_app(data_dir=tmp_path / "data", now=lambda: AT, testing=True)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def flask(site: Flask, *arguments: object) -> Result:
    return site.test_cli_runner().invoke(args=["event", *map(str, arguments)])


def test_loading_says_how_much_was_new(site: Flask) -> None:
    first = flask(site, "load", DEFAULT)
    assert (first.exit_code, first.stdout) == (0, "Đã nạp: thêm 74, sửa 0, bỏ 0.\n")
    again = flask(site, "load", DEFAULT)
    assert (again.exit_code, again.stdout) == (0, "Không có gì thay đổi.\n")


def test_loading_names_what_it_changed_and_what_came(site: Flask, tmp_path: Path) -> None:
    flask(site, "load", ONE_DAY)
    file = tmp_path / "event.toml"
    new = '[rooms.cellar]\nname = "Tầng hầm"\n'
    file.write_text(ONE_DAY.read_text().replace("capacity = 40", "capacity = 50") + new)
    said = "Đã nạp: thêm 1, sửa 1, bỏ 0.\n  + rooms.cellar\n  ~ sessions.panel\n"
    assert flask(site, "load", file).stdout == said
    file.write_text(ONE_DAY.read_text())
    said = "Đã nạp: thêm 0, sửa 1, bỏ 1.\n  ~ sessions.panel\n  - rooms.cellar\n"
    assert flask(site, "load", file).stdout == said


def test_a_dump_can_be_loaded_again(site: Flask, tmp_path: Path) -> None:
    flask(site, "load", DEFAULT)
    file = tmp_path / "dump.toml"
    file.write_bytes(flask(site, "dump").stdout_bytes)
    assert parse(file.read_bytes(), "dump") == document()
    assert flask(site, "load", file).stdout == "Không có gì thay đổi.\n"


def test_a_rehearsal_stands_on_other_days(site: Flask) -> None:
    assert flask(site, "load", DEFAULT, "--shift-to", "2026-11-28").exit_code == 0
    assert db.session().scalar(select(Event.first_day)) == date(2026, 11, 28)
    first = db.session().scalars(sessions()).first()
    assert first
    assert first.starts_at == datetime(2026, 11, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", ["28/11/2026", "tomorrow", "9999-12-31"])
def test_a_day_that_cannot_be_is_refused(site: Flask, day: str) -> None:
    result = flask(site, "load", DEFAULT, "--shift-to", day)
    assert (result.exit_code, "--shift-to" in result.stderr) == (2, True)
    assert db.session().scalar(select(Event)) is None


def test_a_wrong_file_is_refused_with_a_line_for_each_problem(site: Flask, tmp_path: Path) -> None:
    file = tmp_path / "event.toml"
    text = ONE_DAY.read_text().replace('colour = "#006A6A"', 'colour = "teal"')
    file.write_text(text.replace("capacity = 40", "seats = 40"))
    result = flask(site, "load", file)
    assert (result.exit_code, result.stdout) == (1, "")
    head, *problems = result.stderr.splitlines()
    assert head == f"Error: Tệp {file} không được nhận; dữ liệu không thay đổi."
    colour, seats = problems
    assert colour == (
        "  categories.visitor.colour: “teal” chưa đúng, cần là mã màu gồm sáu chữ số hệ 16, "
        'ví dụ "#0B5FA5".'
    )
    assert seats == (
        "  sessions.panel.seats: Ở đây không có mục nào tên như vậy. Các tên được dùng: starts, "
        "assumed, capacity, categories, chair, chair_en, ends, entry, meetings, room, rule, title, "
        "title_en, track."
    )
    assert db.session().scalar(select(Event)) is None


def test_a_syntax_error_says_its_line(site: Flask, tmp_path: Path) -> None:
    file = tmp_path / "event.toml"
    file.write_text("[event]\nkey =\n")
    said = flask(site, "load", file).stderr
    assert "Dòng 2, cột 6 không đúng cú pháp TOML: Invalid value." in said


def test_a_booked_session_is_named_when_a_file_would_remove_it(site: Flask, tmp_path: Path) -> None:
    flask(site, "load", ONE_DAY)
    register(db.session(), Registration("Lý A Sử", sessions=("panel",)), at=AT)
    file = tmp_path / "event.toml"
    file.write_text(ONE_DAY.read_text().replace("[sessions.panel]", "[sessions.talk]"))
    result = flask(site, "load", file)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[1] == (
        "  sessions.panel: 1 người đã giữ chỗ trong “Tọa đàm: tìm đối tác và thị trường”. "
        "Hãy giữ phiên này, hoặc đổi phiên cho họ trước."
    )
    assert len(list(db.session().scalars(select(Attendee)))) == 1


def test_a_dump_of_nothing_is_refused(site: Flask) -> None:
    result = flask(site, "dump")
    said = "Error: Chưa nạp sự kiện nào. Xin nạp bằng lệnh “flask event load TỆP”.\n"
    assert (result.exit_code, result.stderr) == (1, said)


def test_every_problem_of_the_domain_has_its_sentence() -> None:
    code = "".join(path.read_text() for path in EVENT.glob("*.py"))
    raised = re.findall(r"Problem\(\s*[^,]+,\s*\"(\w+)\"", code)
    exports = EVENT.parents[1] / "exports"
    drawing = "".join(path.read_text() for path in exports.glob("logo*.py"))
    raised += re.findall(r"WrongLogo\(\s*\"(\w+)\"", code + drawing)
    assert set(raised) == set(SENTENCES)
    described = set(re.findall(r"description=\"(\w+)\"", code)) | {"table"}
    assert described == set(RIGHT)


def test_a_sentence_is_written_in_the_language_of_the_reader(site: Flask) -> None:
    values = {"name": Words("Hội thảo", "Seminar"), "found": 2, "taken": 3}
    with site.test_request_context("/en/"):
        assert sentence(Problem("capacity", "capacity_below_taken", values)) == (
            "Seats taken in “Seminar”: 3, so 2 are too few. Write 3 or more."
        )


def test_a_huge_wrong_value_is_shown_in_part(site: Flask) -> None:
    problem = Problem("event.key", "not_a", {"right": "key", "found": "a" * 5000})
    assert len(lines([problem])[0]) < 250
