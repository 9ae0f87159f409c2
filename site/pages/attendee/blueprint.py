"""The attendees' pages as one blueprint: bare in Vietnamese, and under /en in English."""

from typing import Any

from flask import Blueprint, Flask, request, url_for

from pages.current import language

VIETNAMESE, ENGLISH = "attendee", "attendee_en"

page = Blueprint(VIETNAMESE, __name__)


@page.context_processor
def _other_language() -> dict[str, str]:
    """The address of the same page in the other language."""
    return {"other_language": in_other_language(**(request.view_args or {}))}


def in_other_language(**words: Any) -> str:
    """The same page there, with these words in its address."""
    other = VIETNAMESE if language() == "en" else ENGLISH
    name = (request.endpoint or "").rpartition(".")[2]
    return url_for(f"{other}.{name}", **words)


def register(app: Flask) -> None:
    """Add these pages to the site, in both languages."""
    app.register_blueprint(page)
    app.register_blueprint(page, name=ENGLISH, url_prefix="/en")
