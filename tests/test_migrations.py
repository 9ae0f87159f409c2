"""Migrations make exactly the tables that the code expects, and can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, inspect, text

from app import create_app
from event.database import make_engine
from event.everything import Base
from pages.database import db
from pages.migrating import downgrade, upgrade


@pytest.fixture
def migrated(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A site whose tables were made by the migrations, inside its app context."""
    app = create_app(data_dir=tmp_path, database_url=empty_database_url)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def checks(engine: Engine) -> dict[str, set[str | None]]:
    """The names of CHECK constraints by table: comparing metadata passes over them."""
    inspector = inspect(engine)
    return {
        table: {check["name"] for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_the_migrations_and_the_models_say_the_same(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_keep_every_check(migrated: Flask, database_url: str) -> None:
    modelled = make_engine(database_url)
    assert checks(db.engine) == checks(modelled)
    modelled.dispose()


def test_everything_can_be_taken_back_and_made_again(migrated: Flask) -> None:
    downgrade("base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()
    assert set(Base.metadata.tables) < set(inspect(db.engine).get_table_names())


def test_migrating_twice_changes_nothing(migrated: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            text("insert into notices (purpose, version, words) values ('take_part', 1, '{}')")
        )
    upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from notices")) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_foreign_keys_hold_again_after_a_migration(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        assert connection.scalar(text("pragma foreign_keys")) == 1
