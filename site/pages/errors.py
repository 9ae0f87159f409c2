"""One page for everything that goes wrong: what happened, and what to do now, in the reader's
language.
"""

from urllib.parse import quote

from flask import Flask, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from event.person import Erased

ADVICE = {
    400: (_l("This request could not be understood"), _l("Please go back and try again.")),
    401: (_l("Please sign in again"),
          _l("Your session has ended. Go back: what you typed is still in the form.")),
    403: (_l("This page is not for your role"), _l("Ask an organiser if you need it.")),
    404: (_l("There is no page here"), _l("Check the address, or start from the first page.")),
    405: (_l("This address works another way"), _l("Please go back and use the form.")),
    409: (_l("Somebody else changed this at the same time"),
          _l("Please look at it again and repeat your change.")),
    410: (_l("These data were erased"),
          _l("Only a number is left: nothing can be changed any more.")),
    413: (_l("Too much was sent at once"),
          _l("Please go back and send less. A file may have at most 5 MB.")),
    429: (_l("Too many attempts"), _l("Please wait ten minutes and try again.")),
    500: (_l("Something went wrong on our side"),
          _l("Nothing that was confirmed is lost. Please try again in a moment.")),
    503: (_l("The event is not open yet"), _l("Please come back a little later.")),
}  # fmt: skip

TOO_MUCH_SCANNED = _l("Too much was sent at once"), _l("Please scan again.")
OF_STAFF = ("/staff", "/organiser", "/checkin")


Answer = tuple[str | dict[str, str], int]


def _answer(code: int, title: object, advice: object) -> Answer:
    """A page; for a scanner, which asks in JSON, the same words in JSON."""
    if request.is_json:
        return {"error": f"{title}. {advice}"}, code
    facts = {"code": code, "title": title, "advice": advice}
    if request.path.startswith(OF_STAFF):
        return render_template("shared/error.html", **facts), code
    other = _in_other_language(request.path)
    return render_template("attendee/error.html", other_language=other, **facts), code


def _in_other_language(path: str) -> str:
    """The same address under the other language; always one of this site."""
    english = path == "/en" or path.startswith("/en/")
    same = (path.removeprefix("/en") if english else path).lstrip("/")
    return quote(f"/{same}" if english else f"/en/{same}")


def show(error: HTTPException) -> Answer:
    """The page for an error, for those who answer one themselves."""
    code = error.code or 500
    if code == 413 and request.is_json:
        return _answer(code, *TOO_MUCH_SCANNED)
    return _answer(code, *ADVICE.get(code, ADVICE[500 if code >= 500 else 400]))


def _stale(_: CSRFError) -> Answer:
    title = _l("This page was open for too long")
    advice = _l("Please go back, reload the page and send it again.")
    return _answer(400, title, advice)


def _erased(_: Erased) -> Answer:
    return _answer(410, *ADVICE[410])


def init_app(app: Flask) -> None:
    """Answer every HTTP error, and every crash, with the same calm page."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(Erased, _erased)
