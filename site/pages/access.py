"""Who is there, an account or a paired device, and which roles a page is for."""

import secrets
from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar, cast

from flask import (
    Flask,
    abort,
    after_this_request,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from event.devices import Scanner, open_device, seen
from event.staff import Account, Staff, open_account
from pages.clock import now
from pages.database import db
from pages.htmx import asked_by_htmx, go_to

PAIRED = "ghidanh_device"
NAMED = "ghidanh_browser"
KEPT = 30 * 24 * 3600  # seconds: through the days before the event too
LONGEST = 10  # digits of a device's number

P = ParamSpec("P")
R = TypeVar("R")


def whoever() -> Account | Scanner | None:
    """The account behind the cookie, if it is still open and was not signed out elsewhere; else
    the device that was paired, if it was not withdrawn.
    """
    if "whoever" not in g:
        g.whoever = _account() or _scanner()
    return cast(Account | Scanner | None, g.whoever)


def _account() -> Account | None:
    person = open_account(db.session(), session["staff"]) if "staff" in session else None
    return person if person and person.stamp == session.get("stamp") else None


def _scanner() -> Scanner | None:
    number, _, key = request.cookies.get(PAIRED, "").partition(".")
    if not (key and number.isascii() and number.isdigit() and len(number) < LONGEST):
        return None
    scanner = open_device(db.session(), int(number), key)
    if scanner:
        seen(db.session(), scanner, at=now())
    return scanner


def signed_in() -> Account | None:
    """The account, for pages that a device alone never opens."""
    person = whoever()
    return person if isinstance(person, Account) else None


def me() -> Account:
    """The signed-in account, on pages that `needs` guards."""
    person = signed_in()
    if person is None:
        abort(401)
    return person


def at_door() -> Account | Scanner:
    """Whoever scans, on pages that are for the gate too."""
    person = whoever()
    if person is None:
        abort(401)
    return person


def device() -> str:
    """The name of this browser in the scan log, given when it signed in or was paired."""
    person = whoever()
    return f"device:{person.device}" if isinstance(person, Scanner) else session.get("device", "")


def remember(person: Staff | Account) -> None:
    """Sign a browser in. It keeps its device name, so that its scans stay its own: one that was
    sent before an empty battery, and once more after it, is one scan.
    """
    device = session.get("device") or _named_before() or secrets.token_hex(8)
    after_this_request(partial(_name, device))
    language = session.get("language", "vi")
    session.clear()
    session.update(staff=person.id, stamp=person.stamp, device=device, language=language)
    g.pop("whoever", None)


def _names() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="browser")


def _named_before() -> str | None:
    try:
        return cast(str, _names().loads(request.cookies.get(NAMED, "")))
    except BadSignature:
        return None


def _name(device: str, response: Response) -> Response:
    """Outlives the session; it opens nothing."""
    response.set_cookie(
        NAMED, _names().dumps(device), max_age=KEPT, path="/staff", samesite="Lax", httponly=True,
        secure=request.is_secure,
    )  # fmt: skip
    return response


def forget() -> None:
    """Sign a browser out."""
    for word in ("staff", "stamp"):
        session.pop(word, None)
    g.pop("whoever", None)


def keep_key(response: Response, number: int, key: str) -> Response:
    """Make this browser the paired device; its key is for the door's pages alone."""
    response.set_cookie(
        PAIRED, f"{number}.{key}", max_age=KEPT, path="/checkin", samesite="Strict", httponly=True,
        secure=request.is_secure,
    )  # fmt: skip
    return response


def needs(role: str) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only `role` and those above it see a page: others get 403, strangers the sign-in page."""

    def guard(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            person = whoever()
            if person is None:
                if request.method != "GET":
                    abort(401)
                if PAIRED in request.cookies:
                    return Response(render_template("desk/withdrawn.html"), 403)
                if "app" in request.args:  # what the home screen opens stays inside the app
                    return redirect("/checkin/pair")
                address = url_for("staff.sign_in", then=request.full_path.rstrip("?"))
                return go_to(address) if asked_by_htmx() else redirect(address)
            if not person.may(role):
                return _turned_away(person)
            return view(*args, **kwargs)

        guarded.role = role  # type: ignore[attr-defined]
        return guarded

    return guard


def _turned_away(person: Account | Scanner) -> Response:
    """Refused; a kiosk that was led astray goes back to its own page."""
    if isinstance(person, Scanner) and person.kiosk and request.method == "GET":
        return redirect("/checkin/kiosk")
    return abort(403)


def init_app(app: Flask) -> None:
    """Let templates ask who is signed in."""
    app.jinja_env.globals["signed_in"] = whoever
