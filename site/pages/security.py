"""What every answer carries and every request is asked: headers, CSRF, a log without secrets."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

csrf = CSRFProtect()
log = logging.getLogger("ghidanh.access")
View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; img-src 'self' data: blob:; "
    "object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def shows_form_again(view: View) -> View:
    """Mark a view whose form answers an expired token itself: shown again, as it was typed."""
    view.shows_form_again = True  # type: ignore[attr-defined]
    return view


def _check_csrf() -> None:
    if request.method in SAFE or request.endpoint is None:
        return
    try:
        csrf.protect()
    except CSRFError:
        view = current_app.view_functions[request.endpoint]
        if not getattr(view, "shows_form_again", False):
            raise


def _start_clock() -> None:
    g.started = time.perf_counter()


def _headers(response: Response) -> Response:
    """Nothing inline, nothing from elsewhere; the scanner alone may compile WebAssembly."""
    scanner = request.path.startswith("/checkin/")
    scripts = " 'wasm-unsafe-eval'" if scanner else ""
    response.headers.setdefault("Content-Security-Policy", POLICY.format(scripts=scripts))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    camera = "(self)" if scanner else "()"
    response.headers["Permissions-Policy"] = f"camera={camera}, microphone=(), geolocation=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
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
    csrf.init_app(app)
    app.before_request(_start_clock)
    app.before_request(_check_csrf)
    app.after_request(_headers)
    app.after_request(_log)
