"""Who is signed in, and which roles a page is for."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from event.staff import Account, Staff, open_account
from pages.database import db
from pages.htmx import asked_by_htmx, go_to

P = ParamSpec("P")
R = TypeVar("R")


def signed_in() -> Account | None:
    """The account behind the cookie, if it is still open and was not signed out elsewhere."""
    if "staff" not in g:
        person = open_account(db.session(), session["staff"]) if "staff" in session else None
        g.staff = person if person and person.stamp == session.get("stamp") else None
    return cast(Account | None, g.staff)


def me() -> Account:
    """The signed-in account, on pages that `needs` guards."""
    person = signed_in()
    if person is None:
        abort(401)
    return person


def device() -> str:
    """The name of this browser in the scan log, given at sign-in."""
    return str(session.get("device", ""))


def remember(person: Staff | Account) -> None:
    """Sign a browser in. It keeps its device name, so that its scans stay its own."""
    device = session.get("device") or secrets.token_hex(8)
    language = session.get("language", "vi")
    session.clear()
    session.update(staff=person.id, stamp=person.stamp, device=device, language=language)
    g.pop("staff", None)


def forget() -> None:
    """Sign a browser out."""
    for word in ("staff", "stamp"):
        session.pop(word, None)
    g.pop("staff", None)


def needs(role: str) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only `role` and those above it see a page: others get 403, strangers the sign-in page."""

    def guard(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            person = signed_in()
            if person is None:
                if request.method != "GET":
                    abort(401)
                address = url_for("staff.sign_in", then=request.full_path.rstrip("?"))
                return go_to(address) if asked_by_htmx() else redirect(address)
            if not person.may(role):
                abort(403)
            return view(*args, **kwargs)

        guarded.role = role  # type: ignore[attr-defined]
        return guarded

    return guard


def init_app(app: Flask) -> None:
    """Let templates ask who is signed in."""
    app.jinja_env.globals["signed_in"] = signed_in
