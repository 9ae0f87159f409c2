"""Signed cookies and form tokens, verified once a minute: a scanner sends the same each time."""

import time
from functools import lru_cache
from typing import Any, cast

from flask import Flask, Request, current_app, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

REMEMBERED = 1024
"""As many as there may be devices, with room to spare."""

MINUTE = 60


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions; a cookie that was verified within this minute is believed again."""

    def __init__(self, app: Flask) -> None:
        self._verified = lru_cache(REMEMBERED)(self._verify)
        self._app = app

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie says, or an empty session where it is missing, forged or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        try:
            facts = self._verified(cookie, _minute()) if cookie else {}
        except BadSignature:
            facts = {}
        return self.session_class({name: _own(value) for name, value in facts.items()})

    def _verify(self, cookie: str, _: int) -> dict[str, Any]:
        serializer = cast(URLSafeTimedSerializer, self.get_signing_serializer(self._app))
        life = self._app.permanent_session_lifetime
        return cast(dict[str, Any], serializer.loads(cookie, max_age=int(life.total_seconds())))


def _own(value: Any) -> Any:
    """Flask writes into the list of messages that it finds; the remembered one stays as it was."""
    return list(value) if isinstance(value, list) else value


def check_token(token: str) -> None:
    """See that a form token is this session's. Raises WTForms' ValidationError."""
    name = current_app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token")
    _token_holds(token, session.get(name), current_app.secret_key, _minute())


@lru_cache(REMEMBERED)
def _token_holds(token: str, _secret: object, _key: object, _now: int) -> None:
    """A refusal raises, so it is not remembered. What is not used here makes the answer what it
    is.
    """
    validate_csrf(token)


def _minute() -> int:
    return int(time.time()) // MINUTE


def init_app(app: Flask) -> None:
    """Take the place of Flask's own sessions."""
    app.session_interface = CookieSessions(app)
