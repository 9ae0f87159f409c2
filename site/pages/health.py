"""Whether this process can answer: asked by those who keep the site running."""

from flask import Flask
from sqlalchemy import text

from pages.database import db


def healthz() -> tuple[str, int, dict[str, str]]:
    """Well, while the database answers; an error of the database becomes a 500 by itself."""
    db.session().execute(text("SELECT 1"))
    return "ok\n", 200, {"Content-Type": "text/plain"}


def init_app(app: Flask) -> None:
    """It is nobody's page, so it belongs to no blueprint."""
    app.add_url_rule("/healthz", "healthz", healthz)
