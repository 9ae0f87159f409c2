"""Fixtures for a real Chromium, the system's own, steered by Playwright.

`chromium` is one browser for the whole run; open a page in a context of its own:
`page = chromium.new_context(**PHONE).new_page()`. `launch_chromium(*flags)` starts another browser,
for flags that count from the start only, such as a fake camera.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
}
"""What a phone says of itself, for `Browser.new_context`."""

LAPTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
}
"""What a laptop says of itself."""

Launch = Callable[..., Browser]

expect.set_options(timeout=20_000)  # milliseconds: what is right comes at once, unless all are busy


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver, once for the whole run."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def launch_chromium(playwright: Playwright) -> Iterator[Launch]:
    """Start a browser with further flags; each is closed when the run ends, if not before."""
    browsers: list[Browser] = []

    def launch(*flags: str) -> Browser:
        program = chromium_program()
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])
        browsers.append(browser)
        return browser

    yield launch
    for browser in browsers:
        browser.close()


@pytest.fixture(scope="session")
def chromium(launch_chromium: Launch) -> Browser:
    """The browser that tests share."""
    return launch_chromium()


def chromium_program() -> str:
    """Where it is installed; a test without it fails, it does not skip."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not found:
        pytest.fail("no Chromium here: `make test` installs it, or says how")
    return found
