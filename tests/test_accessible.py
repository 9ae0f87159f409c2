"""What axe finds on every page, in both languages, in light and in dark: nothing (WCAG 2.2 AA)."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from event.attendees import Registration, register
from event.keys import Keys
from event.links import secret_of
from event.staff import add_staff, make_link
from tests.browsers import PHONE
from tests.house import OPENING
from tests.sites import ROOT
from tests.test_roles import FILLED

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
NO_PAGES = {"static", "healthz", "robots"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async (options) => (await axe.run(document, options)).violations.map((found) =>
  found.id + ": " + found.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | "))"""


@pytest.fixture
def guest(session: Session, app: Flask) -> str:
    """The secret of somebody with seats, among others."""
    keys: Keys = app.config["KEYS"]
    asked = Registration(name="Lê Thị An", email="an@vidu.vn", category="delegate",
                         sessions=("it-1", "it-2"))  # fmt: skip
    first = register(session, asked, at=OPENING)
    register(session, Registration(name="Trần Bình", organisation="Sở Công Thương"), at=OPENING)
    return secret_of(first, keys)


@pytest.fixture
def context(
    app: Flask, chromium: Browser, session: Session, guest: str
) -> Iterator[BrowserContext]:
    """A phone on which an organiser is signed in."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    phone = chromium.new_context(**PHONE, base_url=f"http://127.0.0.1:{server.port}")
    person = add_staff(session, "organiser@vidu.vn", "organiser", at=OPENING, by="test")
    page = phone.new_page()
    page.goto(f"/staff/sign-in/{make_link(session, person, at=OPENING)}")
    page.locator("main button").click()
    page.wait_for_url("**/organiser/")
    page.close()
    yield phone
    phone.close()
    server.shutdown()
    thread.join()


def addresses(app: Flask, guest: str) -> list[str]:
    """Every page that can be read, of every audience."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
            continue
        of_guest = rule.rule.removeprefix("/en").startswith("/me/")
        words: dict[str, Any] = {name: FILLED[name] for name in rule.arguments}
        with app.test_request_context():
            found.append(
                app.url_for(rule.endpoint, **words | ({"secret": guest} if of_guest else {}))
            )
    return found


def pages_among(context: BrowserContext, found: list[str]) -> list[str]:
    """Without files, parts of pages and shown mails; each error page only once."""
    answers = {address: context.request.get(address, max_redirects=0) for address in found}
    assert [(a, b.status) for a, b in answers.items() if b.status >= 500] == []
    kept, seen = [], {302, 303}
    for address, answer in answers.items():
        if whole_page(answer) and answer.status not in seen:
            kept.append(address)
            seen |= set() if answer.ok else {answer.status}
    return kept


def whole_page(answer: APIResponse) -> bool:
    """A mail is shown in a frame in which no script runs, axe's neither."""
    told = answer.headers
    shown = "sandbox" not in told.get("content-security-policy", "")
    return shown and "text/html" in told.get("content-type", "") and "<html" in answer.text()


def complaints(page: Page, address: str) -> Iterator[str]:
    """What axe finds in light, and which contrast fails in dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(address, wait_until="domcontentloaded")
    page.evaluate(AXE)
    for found in page.evaluate(LOOK, {"runOnly": RULES}):
        yield f"{address}: {found}"
    page.emulate_media(color_scheme="dark")
    for found in page.evaluate(LOOK, {"runOnly": {"type": "rule", "values": ["color-contrast"]}}):
        yield f"{address} in dark: {found}"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_on_any_page(
    language: str, app: Flask, context: BrowserContext, guest: str
) -> None:
    page = context.new_page()
    if language == "en":
        page.goto("/staff/password")
        page.get_by_role("button", name="English").click()
    found = [a for a in addresses(app, guest) if a.startswith("/en/") == (language == "en")
             or a.startswith(("/organiser", "/checkin", "/staff"))]  # fmt: skip
    pages = pages_among(context, found)
    assert len(pages) > 30
    assert [wrong for address in pages for wrong in complaints(page, address)] == []
