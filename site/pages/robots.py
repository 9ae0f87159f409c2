"""What search engines are told: the event may be found, the rooms of the staff not."""

from flask import Flask

CLOSED = ("/checkin/", "/organiser/", "/staff/")
"""Personal pages are not listed here: an engine that may not read one cannot see its noindex."""


def robots() -> tuple[str, int, dict[str, str]]:
    """For every robot alike."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    return "\n".join(lines) + "\n", 200, {"Content-Type": "text/plain"}


def init_app(app: Flask) -> None:
    """It is nobody's page, so it belongs to no blueprint."""
    app.add_url_rule("/robots.txt", "robots", robots)
