"""The attendees' pages as one blueprint: bare in Vietnamese, and under /en in English."""

from flask import Blueprint, Flask, request, url_for

from pages.current import language

VIETNAMESE, ENGLISH = "attendee", "attendee_en"

page = Blueprint(VIETNAMESE, __name__)


@page.context_processor
def _other_language() -> dict[str, str]:
    """The address of the same page in the other language."""
    other = VIETNAMESE if language() == "en" else ENGLISH
    name = (request.endpoint or "").rpartition(".")[2]
    return {"other_language": url_for(f"{other}.{name}", **(request.view_args or {}))}


def register(app: Flask) -> None:
    """Add these pages to the site, in both languages."""
    app.register_blueprint(page)
    app.register_blueprint(page, name=ENGLISH, url_prefix="/en")
