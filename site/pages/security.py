"""What every answer carries and every request is asked: headers, CSRF, a log without secrets."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from wtforms import ValidationError

from pages import cookies

csrf = CSRFProtect()
log = logging.getLogger("ghidanh.access")
View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
TOKEN = "X-CSRFToken"  # noqa: S105 — the name of a header
OWN_POLICY = "Content-Security-Policy"
POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; worker-src {workers}; "
    "img-src 'self' data: blob:; "
    "object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def _kept_in(scripts: str, workers: str, camera: str) -> dict[str, str]:
    """Nothing inline, nothing from elsewhere."""
    return {
        OWN_POLICY: POLICY.format(scripts=scripts, workers=workers),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": f"camera={camera}, microphone=(), geolocation=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


PAGE = _kept_in("", "'none'", "()")
SCANNER = _kept_in(" 'wasm-unsafe-eval'", "'self'", "(self)")
"""The scanner alone may compile WebAssembly, see, and have threads of its own."""


def shows_form_again(view: View) -> View:
    """Mark a view whose form answers an expired token itself: shown again, as it was typed."""
    view.shows_form_again = True  # type: ignore[attr-defined]
    return view


def _check_csrf() -> None:
    if request.method in SAFE or request.endpoint is None:
        return
    try:
        _protect()
    except CSRFError:
        g.no_cookie = current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
        view = current_app.view_functions[request.endpoint]
        if not getattr(view, "shows_form_again", False):
            raise


def _protect() -> None:
    """Scripts send the token in a header: then nobody need read the form for it."""
    token = request.headers.get(TOKEN)
    if not token:
        csrf.protect()
        return
    try:
        cookies.check_token(token)
    except ValidationError as wrong:
        raise CSRFError(str(wrong)) from None
    g.csrf_valid = True  # spares the form the same question


def _start_clock() -> None:
    g.started = time.perf_counter()


def _headers(response: Response) -> Response:
    kept = SCANNER if request.path.startswith("/checkin/") else PAGE
    if OWN_POLICY in response.headers:  # of a page that is stricter with what it shows
        kept = {name: value for name, value in kept.items() if name not in response.headers}
    response.headers.extend(kept)
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers.add("Cache-Control", "no-store")
    return response


def _log(response: Response) -> Response:
    """The rule, never the path: no link secret and nothing searched for reaches the log."""
    rule = request.url_rule.rule if request.url_rule else "?"
    spent = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    log.info("%s %s %s %.1f ms", request.method, rule, response.status_code, spent)
    return response


def init_app(app: Flask) -> None:
    """Cookies for this site alone; tokens live half a day, as long as a form may stay open."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="ghidanh",
    )
    cookies.init_app(app)
    csrf.init_app(app)
    app.before_request(_start_clock)
    app.before_request(_check_csrf)
    app.after_request(_headers)
    app.after_request(_log)
