"""The scanner as an app of a device in real Chromium: installed, killed, started again."""

import os
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy import select

from event.devices import open_place
from event.keys import load_keys
from event.scans import Scan
from tests.browsers import FLAGS, LAPTOP, chromium_program
from tests.doors import badge, put_down
from tests.gates import READY, inside, listen, stand_at_the_gate
from tests.sites import ROOT, LiveSite

SOURCES = ("app.py", "site", "forms", "exports", "templates", "static", "migrations")
LATER = 30_000
INSTALLED = "() => navigator.serviceWorker.ready.then((known) => Boolean(known.active))"
HELD = """async () => {
  const { read } = await import("/static/desk/store.js");
  const stores = ["reports", "strays", "passages", "facts"];
  const rows = await Promise.all(stores.map((name) => read(name, (store) => store.getAll())));
  const pages = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.includes("/static/")) pages.push(await (await cache.match(request)).text());
    }
  }
  return JSON.stringify([rows, pages, { ...localStorage }]);
}"""
"""All that a device keeps, as text."""


def scans(site: LiveSite) -> list[Scan]:
    """The log, oldest first."""
    with inside(site) as session:
        return list(session.scalars(select(Scan).order_by(Scan.id)))


def guest(site: LiveSite, name: str = "Lê Thị Mai") -> str:
    """The digits of somebody's badge."""
    with inside(site) as session:
        return badge(session, load_keys(site.data_dir), put_down(session, name))


def install(page: Page) -> None:
    """Once everything is held, and the page is drawn by what is held."""
    assert page.evaluate(INSTALLED)
    page.reload()
    page.wait_for_selector(READY)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    expect(page.locator("#roster-age")).to_be_visible()


def pair(page: Page, site: LiveSite, name: str, gate: str = "gate-a") -> int:
    """As a phone that read the code of its place."""
    with inside(site) as session:
        place, secret = open_place(session, name, [gate], by="test", at=datetime.now(UTC))
    page.goto(f"{site.address}/checkin/pair/{secret}")
    page.get_by_role("button", name="Ghép thiết bị này").click()
    page.wait_for_selector(READY)
    return place.id


def opened(browser: Browser, site: LiveSite, complaints: list[str]) -> Page:
    """At the gate, installed, in a browser profile of its own."""
    page = listen(browser.new_context(**LAPTOP).new_page(), complaints)
    stand_at_the_gate(page, site, "desk")
    install(page)
    return page


def start_phone(playwright: Playwright, folder: Path) -> BrowserContext:
    """A browser that keeps what it holds in this folder."""
    return playwright.chromium.launch_persistent_context(
        str(folder), executable_path=chromium_program(), args=[*FLAGS, "--remote-debugging-port=0"],
        **LAPTOP,
    )  # fmt: skip


def kill(words: str, part: str) -> None:
    """Every process with these words in its command line or its environment, at once."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and words.encode() in _said(process / part):
            os.kill(int(process.name), signal.SIGKILL)


def _said(part: Path) -> bytes:
    try:
        return part.read_bytes()
    except OSError:
        return b""


def copy_of_the_sources(folder: Path) -> Path:
    """To be changed under a running scanner; what is only read is linked."""
    for name in SOURCES:
        source = ROOT / name
        if source.is_file():
            shutil.copy(source, folder / name)
        else:
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("vendor", "*.pyc"))
    (folder / "static" / "vendor").symlink_to(ROOT / "static" / "vendor")
    return folder
