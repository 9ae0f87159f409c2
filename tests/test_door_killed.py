"""Nothing is lost, whoever is killed: the phone, the server, or the version of the app."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from tests.apps import copy_of_the_sources, guest, install, kill, opened, pair, scans, start_phone
from tests.gates import READY, later, type_digits
from tests.sites import LiveSite, StartSite, eventually


@pytest.fixture
def diary(playwright: Playwright, tmp_path: Path) -> Iterator[list[BrowserContext]]:
    """Browsers of one phone, one after the other, on the same disk."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened[-1:]:
        context.close()


def the_day_before(playwright: Playwright, folder: Path, site: LiveSite) -> None:
    """Paired and installed. Chromium writes a cookie down within half a minute, or as it ends."""
    context = start_phone(playwright, folder)
    page = context.new_page()
    pair(page, site, "Cổng A · 2")
    install(page)
    context.close()


def test_an_empty_battery_loses_no_scan(
    playwright: Playwright, tmp_path: Path, live_site: LiveSite, diary: list[BrowserContext]
) -> None:
    folder = tmp_path / "phone"
    the_day_before(playwright, folder, live_site)
    page = start_phone(playwright, folder).new_page()
    page.goto(f"{live_site.address}/checkin/")
    page.wait_for_selector(READY)
    digits, before = guest(live_site), len(scans(live_site))
    page.context.set_offline(True)
    type_digits(page, digits)
    expect(page.locator("#verdict")).to_have_class("verdict in")
    kill(str(folder), "cmdline")
    diary.append(start_phone(playwright, folder))
    page = diary[-1].new_page()
    page.goto(f"{live_site.address}/checkin/")
    eventually(lambda: len(scans(live_site)) > before)
    (scan,) = scans(live_site)[before:]
    assert (scan.verdict, scan.provisional, scan.method) == ("in", True, "scanner")


def test_a_server_killed_in_the_middle_gets_every_scan_once(
    chromium: Browser, start_site: StartSite, complaints: list[str]
) -> None:
    site = start_site()
    page = opened(chromium, site, complaints)
    people = [guest(site, f"Người {number}") for number in range(6)]
    type_digits(page, people[0])
    expect(page.locator("#verdict")).to_contain_text("Người 0")
    kill(f"DATA_DIR={site.data_dir}", "environ")
    for digits in people[1:]:
        later(page)
        type_digits(page, digits)
        expect(page.locator("#verdict")).to_contain_text("Quyết định tại máy")
    start_site(PORT=site.environment["PORT"], DATA_DIR=str(site.data_dir))
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    assert [scan.verdict for scan in scans(site)] == ["in"] * 6
    assert len({scan.nonce for scan in scans(site)}) == 6
    page.context.close()


def test_an_update_in_the_middle_of_the_day_is_taken_over_and_loses_nothing(
    chromium: Browser, start_site: StartSite, tmp_path: Path, complaints: list[str]
) -> None:
    root = copy_of_the_sources(tmp_path)
    site = start_site(root=root)
    page = opened(chromium, site, complaints)
    old, digits = page.get_attribute("#desk", "data-version") or "", guest(site)
    site.stop()
    type_digits(page, digits)
    expect(page.locator("#verdict")).to_contain_text("Quyết định tại máy")
    with (root / "static" / "desk" / "late.js").open("a") as script:
        script.write("globalThis.newer = true;\n")
    start_site(root=root, PORT=site.environment["PORT"], DATA_DIR=str(site.data_dir))
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    expect(page.locator("#desk")).not_to_have_attribute("data-version", old, timeout=120_000)
    page.wait_for_function("globalThis.newer")
    expect(page.locator(".where")).to_contain_text("Cổng A")
    assert [scan.verdict for scan in scans(site)] == ["in"]
    page.context.set_offline(True)
    page.reload()
    page.wait_for_function("globalThis.newer")
    page.context.close()
