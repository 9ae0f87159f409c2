"""The database as pages see it: one session for each request, on an engine that keeps our rules."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from event.database import prepare
from event.everything import Base

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def init_app(app: Flask) -> None:
    """Bind the models to this app's database; a PostgreSQL address gets its driver's name."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            url = "postgresql+psycopg://" + url.removeprefix(short)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
