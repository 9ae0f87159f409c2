"""The style sheets of attendees' pages as one file: on a slow network each request counts."""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, url_for

from pages.delivery import FOREVER, same_for_all

SHEETS = ("vendor/fonts.css", "tokens.css", "base.css", "attendee.css")
BESIDE = re.compile(r"url\((?!/|data:)([^)]+)\)")
"""An address that is told from where its own sheet stands."""


@same_for_all
def style() -> Response:
    """As it was when this process first sent it; its address says so."""
    answer = Response(_joined(), mimetype="text/css")
    answer.headers["Cache-Control"] = FOREVER
    return answer


@cache
def _joined() -> str:
    folder = Path(str(current_app.static_folder))
    return "\n".join(_moved(name, (folder / name).read_text(encoding="utf-8")) for name in SHEETS)


def _moved(name: str, sheet: str) -> str:
    folder = Path("/static", name).parent.as_posix()
    return BESIDE.sub(rf"url({folder}/\1)", sheet)


@cache
def _version() -> str:
    return hashlib.sha256(_joined().encode()).hexdigest()[:10]


def style_sheet() -> str:
    """Its address."""
    return url_for("style", v=_version())


def init_app(app: Flask) -> None:
    """For templates too."""
    app.add_url_rule("/style.css", "style", style)
    app.jinja_env.globals["style_sheet"] = style_sheet
