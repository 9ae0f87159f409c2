"""One file brings a whole site back, on either database; a damaged one touches nothing."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from event.attendees import Attendee, Registration, register
from event.badges import public_key, read, token_of
from event.keys import load_keys
from event.links import holder, secret_of
from event.rehearsal import invent
from pages import current
from pages.database import db
from pages.migrating import upgrade
from pages.worker import alone
from tests.house import OPENING, furnish


@pytest.fixture
def site(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A site with people, made by migrations, on either database."""
    app = create_app(data_dir=tmp_path / "data", database_url=empty_database_url)
    with app.app_context():
        upgrade()
        furnish(db.session())
        invent(db.session(), 30, seed=1, at=OPENING)
        yield app
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *words: str) -> tuple[int, str]:
    """A command's exit code and what it printed."""
    db.session.remove()
    result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def rows() -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    return {
        table.name: [
            tuple(row)
            for row in db.session().execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in db.metadata.sorted_tables
    }


def person() -> Attendee:
    """One of the people, with what a badge needs."""
    found = db.session().get_one(Attendee, 7)
    db.session().refresh(found, ["category"])
    return found


def test_a_lost_site_comes_back_and_takes_the_same_badges(site: Flask, tmp_path: Path) -> None:
    token = token_of(db.session(), current.event(), person(), current.keys().badges)
    secret = secret_of(person(), current.keys())
    before = rows()
    assert run(site, "backup", tmp_path / "site.zip")[0] == 0

    for key in (tmp_path / "data" / "keys").iterdir():
        key.unlink()
    fresh = create_app(
        data_dir=tmp_path / "fresh", database_url=f"sqlite:///{tmp_path / 'fresh.db'}"
    )
    with fresh.app_context():
        code, printed = run(fresh, "restore", tmp_path / "site.zip")
        assert code == 0, printed
        assert rows() == before
        keys = load_keys(tmp_path / "fresh")
        assert read(token, public_key(keys.badges)).attendee == 7
        assert holder(db.session(), secret, keys).id == 7
        db.session.remove()
        db.engine.dispose()


def test_people_who_come_after_a_restore_get_numbers_of_their_own(
    site: Flask, tmp_path: Path
) -> None:
    run(site, "backup", tmp_path / "site.zip")
    code, printed = run(site, "restore", tmp_path / "site.zip", "--force")
    assert code == 0, printed
    added = register(db.session(), Registration(name="Người mới"), at=OPENING)
    assert added.attendee.id == 31


def test_a_site_that_holds_something_is_not_overwritten(site: Flask, tmp_path: Path) -> None:
    run(site, "backup", tmp_path / "site.zip")
    before = rows()
    code, printed = run(site, "restore", tmp_path / "site.zip")
    assert (code, "--force" in printed) == (1, True)
    assert rows() == before


def test_what_was_overwritten_is_kept(site: Flask, tmp_path: Path) -> None:
    run(site, "backup", tmp_path / "early.zip")
    register(db.session(), Registration(name="Người mới"), at=OPENING)
    assert run(site, "restore", tmp_path / "early.zip", "--force")[0] == 0
    assert db.session().scalar(select(func.count(Attendee.id))) == 30
    (kept,) = (tmp_path / "data").glob("before-restore-*.zip")
    assert run(site, "restore", kept, "--force")[0] == 0
    assert db.session().scalar(select(func.count(Attendee.id))) == 31


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_damaged_file_touches_nothing(site: Flask, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.zip", tmp_path / "damaged.zip"
    run(site, "backup", whole)
    with zipfile.ZipFile(whole) as pack, zipfile.ZipFile(damaged, "w") as copy:
        for name in pack.namelist():
            data = pack.read(name)
            copy.writestr(name, data.replace(b"Nguy", b"Xguy", 1) if "attendees" in name else data)
    before = rows()
    for path in (damaged, _cut(whole), _text(tmp_path)):
        code, printed = run(site, "restore", path, "--force")
        assert (code, "Traceback" in printed) == (1, False)
    assert rows() == before


def _cut(whole: Path) -> Path:
    path = whole.with_name("cut.zip")
    path.write_bytes(whole.read_bytes()[:-200])
    return path


def _text(folder: Path) -> Path:
    path = folder / "text.zip"
    path.write_text("no backup")
    return path


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_running_site_is_not_restored_over(site: Flask, tmp_path: Path) -> None:
    run(site, "backup", tmp_path / "site.zip")
    with alone(tmp_path / "data"):
        code, _ = run(site, "restore", tmp_path / "site.zip", "--force")
    assert code == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_keys_and_files_are_for_their_owner_alone(site: Flask, tmp_path: Path) -> None:
    picture = tmp_path / "data" / "files" / "logo.png"
    picture.parent.mkdir()
    picture.write_bytes(b"logo")
    run(site, "backup", tmp_path / "site.zip")
    assert (tmp_path / "site.zip").stat().st_mode & 0o777 == 0o600
    picture.unlink()
    run(site, "restore", tmp_path / "site.zip", "--force")
    assert picture.read_bytes() == b"logo"
    for path in (picture, tmp_path / "data" / "keys" / "badges"):
        assert path.stat().st_mode & 0o777 == 0o600
