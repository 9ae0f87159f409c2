"""The scanner opened on a phone in flight mode, by a browser that was just started."""

import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from benchmarks.camera import stand_at_the_gate
from benchmarks.figures import Figure
from benchmarks.sites import serving, site
from event.staff import add_staff, make_link
from pages.clock import computer_clock
from pages.database import db
from tests.browsers import FLAGS, PHONE, chromium_program

TRIES = 5
READY = "html[data-scanner=ready]"
PLAIN = "data:text/html,<html data-scanner=ready><title>x</title>"


def cold_start() -> list[Figure]:
    """From the address to a page that takes scans; the floor is a page of one line."""
    with site() as app, TemporaryDirectory(prefix="ghi-danh-bench-") as folder:
        at = computer_clock()
        person = add_staff(db.session(), "quay@vidu.vn", "desk", at=at, by="bench")
        secret = make_link(db.session(), person, at=at)
        with serving(app.config["DATA_DIR"]) as server, sync_playwright() as driver:
            address = f"http://localhost:{server.port}"
            context = _start(driver, Path(folder))
            _install(context, address, secret)
            context.close()
            spent = [_open(driver, Path(folder), f"{address}/checkin/") for _ in range(TRIES)]
            least = [_open(driver, Path(folder), PLAIN) for _ in range(TRIES)]
    return [Figure("the scanner opened cold, offline", median(spent), "s", 1, median(least))]


def _start(driver: Playwright, folder: Path) -> BrowserContext:
    return driver.chromium.launch_persistent_context(
        str(folder), executable_path=chromium_program(), args=[*FLAGS], **PHONE
    )


def _install(context: BrowserContext, address: str, secret: str) -> None:
    page = context.new_page()
    stand_at_the_gate(page, address, secret)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_selector(READY)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.locator("#roster-age").wait_for()


def _open(driver: Playwright, folder: Path, address: str) -> float:
    """Seconds, in a browser that has only just come up."""
    context = _start(driver, folder)
    context.set_offline(True)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(READY)
    spent = time.perf_counter() - began
    context.close()
    return spent
