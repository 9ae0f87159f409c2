"""The commands of the terminal: no server needed, clear words when something is wrong."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from event.attendees import Attendee, Registration, register
from event.base import Base
from event.staff import Staff, link_holder
from pages.commands import MODULES
from pages.commands.serve import prepare_site, welcome
from pages.database import db
from tests.house import OPENING, Clock

GUESTS = """Họ và tên;Đơn vị;Email;Điện thoại
Nguyễn Văn Á;Sở Công Thương;a@vidu.vn;913456701
;Sở Y tế;b@vidu.vn;0913456702
Trần Thị Bích;Sở Y tế;khong-phai-email;0913456703
"""


def run(app: Flask, *words: object) -> tuple[int, str]:
    """A command's exit code and what it printed; a crash fails the test."""
    result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def count(session: Session) -> int:
    """How many people are put down."""
    return session.scalar(select(func.count(Attendee.id))) or 0


@pytest.mark.parametrize("name", [*MODULES, "db"])
def test_every_command_explains_itself(app: Flask, name: str) -> None:
    code, printed = run(app, name, "--help")
    assert (code, printed.startswith("Usage:")) == (0, True)


def test_an_account_is_opened_with_a_link_that_signs_in(
    app: Flask, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("SITE_URL", raising=False)
    code, printed = run(app, "staff", "add", "Cua@Vidu.vn", "--role", "desk")
    assert code == 0
    assert "Trang web chạy ở cổng khác? Xin đặt PORT=… trước lệnh này." in printed
    link = printed.split()[-1]
    assert link.startswith("http://localhost:8000/staff/sign-in/")
    person = link_holder(session, link.rsplit("/", 1)[1], at=clock())
    assert (person.email, person.role) == ("cua@vidu.vn", "desk")


@pytest.mark.parametrize(("name", "value"), [("PORT", "8000"), ("SITE_URL", "https://vidu.vn")])
def test_whoever_says_where_the_site_is_is_not_asked(
    name: str, value: str, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setitem(app.config, name, value)
    _, printed = run(app, "staff", "add", "cua@vidu.vn", "--role", "desk")
    assert "PORT=…" not in printed


def test_another_link_is_made_for_a_known_account_only(app: Flask) -> None:
    run(app, "staff", "add", "cua@vidu.vn", "--role", "desk")
    assert run(app, "staff", "link", "CUA@vidu.vn")[0] == 0
    code, printed = run(app, "staff", "link", "la@vidu.vn")
    assert (code, printed) == (
        1,
        "Error: Không có tài khoản nào đang mở với địa chỉ la@vidu.vn.\n",
    )


def test_what_is_no_address_gets_no_account(app: Flask, session: Session) -> None:
    code, printed = run(app, "staff", "add", "cua", "--role", "desk")
    assert (code, printed) == (1, "Error: “cua” không phải địa chỉ email.\n")
    assert session.scalars(select(Staff)).all() == []


def test_good_rows_of_a_list_go_in_and_the_others_come_back(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "khách.csv"
    file.write_text(GUESTS, encoding="utf-8")
    code, printed = run(app, "people", "import", file, "--party", "Đoàn Đồng Nai")
    assert code == 0
    assert "2 + Nguyễn Văn Á" in printed
    assert "Nhận 1 (sửa 1), đã có 0, từ chối 2" in printed
    assert [each.name for each in session.scalars(select(Attendee))] == ["Nguyễn Văn Á"]
    corrections = (tmp_path / "khách-can-sua.csv").read_text(encoding="utf-8-sig")
    assert "Trần Thị Bích" in corrections
    assert "Nguyễn Văn Á" not in corrections


def test_the_same_list_again_adds_nobody(app: Flask, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(GUESTS, encoding="utf-8")
    run(app, "people", "import", file)
    assert run(app, "people", "import", file)[0] == 0
    assert count(session) == 1


def test_a_dry_run_writes_nothing(app: Flask, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(GUESTS, encoding="utf-8")
    assert run(app, "people", "import", file, "--dry-run")[0] == 0
    assert count(session) == 0
    assert list(tmp_path.glob("*can-sua*")) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Tệp không có gì"), (b"%PDF-1.7", "CSV"), (b"a;b\n1;2\n", "Họ và tên")],
)
def test_what_is_no_list_is_refused(app: Flask, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    code, printed = run(app, "people", "import", file)
    assert (code, said in printed) == (1, True), printed


def test_people_are_invented_and_arrive(app: Flask, session: Session) -> None:
    code, printed = run(app, "people", "invent", 20, "--arrived", "0.5", "--seed", 2)
    assert (code, printed) == (0, "20 người giả định, 10 người đã đến.\n")
    assert count(session) == 20


@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("name", ["attendees", "sessions"])
def test_a_list_is_exported(
    app: Flask, session: Session, tmp_path: Path, name: str, format: str
) -> None:
    register(session, Registration(name="Nguyễn Văn Á", sessions=("forum",)), at=OPENING)
    out = tmp_path / f"out.{format}"
    assert run(app, "export", name, "--format", format, "--out", out)[0] == 0
    assert out.read_bytes()[:2] in (b"\xef\xbb", b"PK", b"%P")


@pytest.mark.parametrize("layout", ["a6", "4up", "10up"])
def test_badges_are_written(app: Flask, session: Session, tmp_path: Path, layout: str) -> None:
    register(session, Registration(name="Nguyễn Văn Á"), at=OPENING)
    out = tmp_path / "badges.pdf"
    code, printed = run(app, "badges", "--layout", layout, "--out", out)
    assert (code, printed) == (0, f"1 thẻ trong {out}\nLượt in số 1\n")
    assert out.read_bytes().startswith(b"%PDF")


def test_an_export_that_cannot_be_leaves_no_file(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    wish = ["export", "sessions", "--format", "csv", "--session", "tango"]
    assert run(app, *wish, "--out", out)[0] == 1
    assert run(app, "badges", "--out", tmp_path / "no" / "folder.pdf")[0] == 1
    assert list(tmp_path.glob("a.csv*")) == []


def test_an_empty_folder_becomes_a_site_with_an_organiser(
    tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    from_nothing = empty_site(tmp_path, clock)
    with from_nothing.app_context():
        prepare_site()
        welcome("127.0.0.1", 8123)
        links = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
        assert links[0] == "http://localhost:8123/"
        organiser = link_holder(db.session(), links[1].rsplit("/", 1)[1], at=clock())
        assert organiser.role == "organiser"
        prepare_site()
        welcome("127.0.0.1", 8123)
        assert db.session().scalar(select(func.count(Staff.id))) == 1
        db.session.remove()
        db.engine.dispose()


COMMANDS = (
    ("staff", "add", "a@vidu.vn", "--role", "desk"),
    ("staff", "link", "a@vidu.vn"),
    ("people", "invent", "3"),
    ("people", "import", "{file}"),
    ("export", "attendees", "--format", "csv", "--out", "{out}"),
    ("badges", "--out", "{out}"),
    ("backup", "{out}"),
    ("event", "load", "{file}"),
    ("event", "dump"),
    ("worker",),
)
OF_AN_EVENT = [words for words in COMMANDS if words[0] in ("people", "export", "badges")]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_in_an_empty_folder_says_what_to_do(
    words: tuple[str, ...], tmp_path: Path, clock: Clock
) -> None:
    file, out = tmp_path / "a.csv", tmp_path / "out"
    file.write_text(GUESTS, encoding="utf-8")
    site = empty_site(tmp_path, clock)
    code, printed = run(site, *(word.format(file=file, out=out) for word in words))
    said = (
        "Error: Thư mục dữ liệu này chưa có trang nào. Xin khởi động một lần bằng “flask serve” "
        "(hoặc make run), hoặc tạo bảng bằng “flask db upgrade” rồi nạp sự kiện bằng “flask event "
        "load TỆP”.\n"
    )
    assert (code, printed) == (1, said)
    assert not out.exists()


@pytest.mark.parametrize("words", OF_AN_EVENT, ids=" ".join)
def test_a_command_without_an_event_says_what_to_do(
    words: tuple[str, ...], tmp_path: Path, clock: Clock
) -> None:
    file, out = tmp_path / "a.csv", tmp_path / "out"
    file.write_text(GUESTS, encoding="utf-8")
    site = empty_site(tmp_path, clock)
    with site.app_context():
        Base.metadata.create_all(db.engine)
        db.engine.dispose()
    code, printed = run(site, *(word.format(file=file, out=out) for word in words))
    said = "Error: Chưa nạp sự kiện nào. Xin nạp bằng lệnh “flask event load TỆP”.\n"
    assert (code, printed) == (1, said)
    assert not out.exists()


def empty_site(folder: Path, clock: Clock) -> Flask:
    """A site without a single table."""
    return create_app(data_dir=folder / "empty", now=clock)
