"""The one door to the site: the server, the commands and the worker all come in through
`create_app`.
"""

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).with_name("site")))

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from event.keys import load_keys
from pages import (
    access,
    attendee,
    commands,
    crowding,
    database,
    delivery,
    desk,
    errors,
    health,
    languages,
    limits,
    organiser,
    robots,
    security,
    staff,
    style,
    trust,
    wording,
)
from pages.clock import computer_clock

HERE = Path(__file__).parent
MEGABYTE = 1024 * 1024
PARTS = (
    *(database, languages, wording, limits, security, delivery, style),
    *(access, errors, health, robots, trust, commands, crowding),
)
"""What every page stands on, in this order."""


def create_app(**settings: Any) -> Flask:
    """A site ready to answer.

    Settings, each also read from the environment by its name in capitals: `data_dir` (default
    `instance/`), `database_url` (default SQLite in the data folder). `now`, a function that gives
    the current moment, is only for tests and rehearsals.
    """
    os.umask(0o077)  # what is written down here is about people, and their owner's alone
    app = Flask("ghidanh", root_path=str(HERE))
    data_dir = Path(_setting(settings, "data_dir", str(HERE / "instance"))).resolve()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app.config.update(_configuration(settings, data_dir))
    app.config.update({name.upper(): value for name, value in settings.items()})
    for part in PARTS:
        part.init_app(app)
    for audience in (attendee, staff, desk, organiser):
        audience.register(app)
    _believe_proxies(app)
    return app


def _believe_proxies(app: Flask) -> None:
    """Whose address a request comes from, where proxies that we know stand before us.

    Nobody else's word counts: a visitor could write any address into these headers.
    """
    count = app.config["TRUSTED_PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0
        )


def _configuration(settings: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    keys = load_keys(data_dir)
    site_url = _setting(settings, "site_url", "")
    database = f"sqlite:///{data_dir / 'ghidanh.db'}"
    return {
        "SECRET_KEY": keys.cookies,
        "KEYS": keys,
        "DATA_DIR": data_dir,
        "NOW": settings.pop("now", computer_clock),
        "SQLALCHEMY_DATABASE_URI": _setting(settings, "database_url", database),
        "MAX_CONTENT_LENGTH": 6 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "SMTP_URL": _setting(settings, "smtp_url", ""),
        "MAIL_FROM": _setting(settings, "mail_from", ""),
        "MAIL_BOUNCES": _setting(settings, "mail_bounces", ""),
        "MAIL_PER_MINUTE": int(_setting(settings, "mail_per_minute", "0")),
        "SITE_URL": site_url,
        "FORM_SECONDS": float(_setting(settings, "form_seconds", _unhurried(settings))),
        "TRUSTED_PROXIES": int(_setting(settings, "trusted_proxies", "0")),
        **_reached(settings, site_url),
    }


def _unhurried(settings: dict[str, Any]) -> str:
    """How long it takes to fill in the form, at the very least; tests are quicker than people."""
    return "0" if settings.get("testing") else "3"


def _reached(settings: dict[str, Any], site_url: str) -> dict[str, Any]:
    """Where the site listens, and how phones come to trust it."""
    https = _setting(settings, "https", "0") != "0"
    return {
        "HOST": _setting(settings, "host", "127.0.0.1"),
        "PORT": int(_setting(settings, "port", "8000")),
        "HTTPS": https,
        "HTTPS_CERT": _setting(settings, "https_cert", ""),
        "HTTPS_KEY": _setting(settings, "https_key", ""),
        "HTTP_PORT": int(_setting(settings, "http_port", "0")),
        "TRUST_URL": _setting(settings, "trust_url", ""),
        "SESSION_COOKIE_SECURE": https or site_url.startswith("https://"),
    }


def _setting(settings: dict[str, Any], name: str, default: str) -> str:
    """What was passed, else the environment's word, else the default."""
    return str(settings.pop(name, None) or os.environ.get(name.upper()) or default)
