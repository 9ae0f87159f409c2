"""What a request is about: the event, the keys, the language, and who is asking."""

from typing import cast

from flask import abort, current_app, g, request, session

from event.keys import Keys
from event.programme import Event, the_event
from pages.database import db

LANGUAGES = ("vi", "en")


def keys() -> Keys:
    """The site's own secrets."""
    return cast(Keys, current_app.config["KEYS"])


def event() -> Event:
    """The site's event; answers 503 where none has been loaded yet."""
    if "event" not in g:
        found = the_event(db.session())
        if found is None:
            abort(503, "no event")
        g.event = found
    return cast(Event, g.event)


def language() -> str:
    """The reader's language: from the address for attendees, from their own choice for staff."""
    blueprint = request.blueprint or ""
    if blueprint.startswith("attendee"):
        return "en" if blueprint.endswith("_en") else "vi"
    if request.path == "/en" or request.path.startswith("/en/"):
        return "en"
    chosen = session.get("language", "vi")
    return chosen if chosen in LANGUAGES else "vi"
