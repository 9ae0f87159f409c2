"""A gate in real Chromium: `laptop` with a hand scanner, `phone`, and a `guest` with a badge.

`complaints` fails a test whose scripts or whose policy complained.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.database import make_engine
from event.keys import load_keys
from event.scans import Presence
from event.staff import add_staff, make_link
from tests.browsers import LAPTOP, PHONE
from tests.doors import badge, put_down
from tests.sites import LiveSite

READY = "html[data-scanner=ready]"
FORGET = """async () => {
  const { write } = await import("/static/desk/store.js");
  await write(["facts", "passages"], ({ facts, passages }) => { facts.clear(); passages.clear(); });
}"""


@contextmanager
def inside(site: LiveSite) -> Iterator[Session]:
    """The site's own database, from within."""
    engine = make_engine(f"sqlite:///{site.data_dir / 'ghidanh.db'}")
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def sign_in(page: Page, site: LiveSite, role: str = "desk") -> None:
    """By a one-time link, by every page that a person would see, and on to the first gate."""
    with inside(site) as session:
        person = add_staff(session, f"{role}@vidu.vn", role, at=datetime.now(UTC), by="test")
        secret = make_link(session, person, at=datetime.now(UTC))
    page.goto(f"{site.address}/staff/sign-in/{secret}")
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(site.address + "/checkin/checkpoint")
    page.locator("button.checkpoint").first.click()
    page.wait_for_selector(READY)


def stand_at_the_gate(page: Page, site: LiveSite, role: str) -> None:
    """The same without drawing the pages on the way: most tests are about what comes after."""
    with inside(site) as session:
        person = add_staff(session, f"{role}@vidu.vn", role, at=datetime.now(UTC), by="test")
        secret = make_link(session, person, at=datetime.now(UTC))
    _press(page, f"{site.address}/staff/sign-in/{secret}")
    _press(page, f"{site.address}/checkin/checkpoint")
    page.goto(f"{site.address}/checkin/")
    page.wait_for_selector(READY)


def _press(page: Page, address: str) -> None:
    """The first button of a page, with what its form holds."""
    shown = page.context.request.get(address).text()
    fields = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', shown)[-1]}
    for key in re.findall(r'name="checkpoint" value="([^"]+)"', shown)[:1]:
        fields["checkpoint"] = key
    assert page.context.request.post(address, form=fields).ok


def arrived(site: LiveSite) -> int:
    """How many people are present, as the organiser counts them."""
    with inside(site) as session:
        return session.scalar(select(func.count(Presence.attendee_id.distinct()))) or 0


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What scripts and the page's policy complained of: nothing."""
    heard: list[str] = []
    yield heard
    assert heard == []


def listen(page: Page, complaints: list[str]) -> Page:
    """Write complaints down."""
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
    return page


@pytest.fixture
def laptop(chromium: Browser, live_site: LiveSite, complaints: list[str]) -> Iterator[Page]:
    """At the gate, with a hand scanner plugged in."""
    context = chromium.new_context(**LAPTOP)
    page = listen(context.new_page(), complaints)
    stand_at_the_gate(page, live_site, "supervisor")
    yield page
    context.close()


@pytest.fixture
def guest(request: pytest.FixtureRequest, live_site: LiveSite) -> tuple[str, str]:
    """Somebody of this test's own: name and the digits of the badge."""
    words = [word for word in request.node.name.split("_") if word not in ("test", "a", "the")]
    name = " ".join(["Lê", *words[:4]]).title()
    with inside(live_site) as session:
        return name, badge(session, load_keys(live_site.data_dir), put_down(session, name))


def type_digits(page: Page, digits: str) -> None:
    """As a hand scanner does: key by key, then Enter."""
    page.keyboard.type(digits)
    page.keyboard.press("Enter")


@pytest.fixture
def phone(chromium: Browser, live_site: LiveSite, complaints: list[str]) -> Iterator[Page]:
    """At the gate, with its keyboard up: little of the screen is left."""
    context = chromium.new_context(**{**PHONE, "viewport": {"width": 390, "height": 500}})
    page = listen(context.new_page(), complaints)
    stand_at_the_gate(page, live_site, "supervisor")
    yield page
    context.close()


def forget_the_roster(page: Page) -> None:
    """As a device that never heard what it needs to decide by itself."""
    page.route("**/checkin/roster*", lambda route: route.abort())
    page.evaluate(FORGET)
    page.reload()
    page.wait_for_selector(READY)


def later(page: Page) -> None:
    """So much later that the same badge is no second trigger of the same scan."""
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 4000; }")
