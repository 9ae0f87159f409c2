"""The database as pages see it: one session for each request, on an engine that keeps our rules."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from werkzeug.routing import IntegerConverter, Map

from event.database import QUIET, prepare
from event.everything import Base

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False}, engine_options=QUIET)

LARGEST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """A number in an address; no row has one that its column cannot hold, so that is a 404."""

    def __init__(self, rules: Map, *fixed: int, **options: int) -> None:
        super().__init__(rules, *fixed, **{"max": LARGEST_NUMBER, **options})  # type: ignore[arg-type]


def init_app(app: Flask) -> None:
    """Bind the models to this app's database; a PostgreSQL address gets its driver's name."""
    app.url_map.converters["int"] = RowNumber
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            url = "postgresql+psycopg://" + url.removeprefix(short)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
