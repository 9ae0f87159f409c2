"""The site behind a proxy and under https: whose address counts, and how its cookie travels."""

import re
from pathlib import Path

import pytest
from flask import request

from app import create_app
from event.base import Base
from event.staff import ORIGIN_ATTEMPTS, attempt
from pages.database import db
from tests.house import Clock, furnish

SPOOFED = {"X-Forwarded-For": "6.6.6.6, 1.2.3.4, 10.0.0.7", "X-Forwarded-Host": "evil.vn"}


@pytest.mark.parametrize(
    ("proxies", "origin"), [("0", "127.0.0.1"), ("1", "10.0.0.7"), ("2", "1.2.3.4")]
)
def test_only_known_proxies_are_believed_about_an_address(
    proxies: str, origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    app = create_app(data_dir=tmp_path)
    app.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.host}")
    assert app.test_client().get("/who", headers=SPOOFED).text == f"{origin} localhost"


def test_behind_a_proxy_one_guesser_does_not_lock_the_others_out(
    tmp_path: Path, clock: Clock
) -> None:
    app = create_app(data_dir=tmp_path, now=clock, trusted_proxies=1)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        furnish(db.session())

        for _ in range(ORIGIN_ATTEMPTS):
            attempt(db.session(), "origin:1.2.3.4", at=clock(), limit=ORIGIN_ATTEMPTS)
        browser = app.test_client()
        page = browser.get("/staff/sign-in").text
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
        typed = {"email": "nobody@vidu.vn", "password": "x", "csrf_token": token}
        answers = {
            address: browser.post(
                "/staff/sign-in", data=typed, headers={"X-Forwarded-For": address}
            ).status_code
            for address in ("1.2.3.4", "5.6.7.8")
        }
        assert answers == {"1.2.3.4": 429, "5.6.7.8": 422}
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("address", "secure"), [("https://dangky.vidu.vn", True), ("http://localhost:8000", False)]
)
def test_the_cookie_of_a_site_under_https_travels_on_https_alone(
    address: str, secure: bool, tmp_path: Path
) -> None:
    app = create_app(data_dir=tmp_path, site_url=address)
    cookie = app.test_client().get("/staff/sign-in").headers["Set-Cookie"]
    assert ("; Secure" in cookie, "; HttpOnly" in cookie) == (secure, True)
