"""Brings the tables of a site to the version that the code expects; pages do without it."""

from pathlib import Path

import flask_migrate
from alembic.migration import MigrationContext
from flask import Flask, current_app
from flask_migrate.cli import db as commands  # type: ignore[import-not-found]
from sqlalchemy import inspect

from pages.database import db

__all__ = ["commands", "downgrade", "prepare", "revision", "upgrade"]


def prepare(app: Flask) -> None:
    """Tell Flask-Migrate where the migrations of this app are."""
    if "migrate" not in app.extensions:
        folder = str(Path(app.root_path) / "migrations")
        flask_migrate.Migrate().init_app(app, db, directory=folder)


def upgrade(revision: str = "head") -> None:
    """Forward to a revision."""
    prepare(_app())
    flask_migrate.upgrade(revision=revision)


def downgrade(revision: str) -> None:
    """Back to a revision; "base" leaves no table."""
    prepare(_app())
    flask_migrate.downgrade(revision=revision)


def revision() -> str:
    """How far the migrations of this database are; "" for one without tables."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return MigrationContext.configure(connection).get_current_revision() or ""


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
