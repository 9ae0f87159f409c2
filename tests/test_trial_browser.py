"""A scanner tries in a real Chromium whether it works without a connection, and tells the board."""

from playwright.sync_api import Page, Route
from sqlalchemy import select

from event.readiness import DeviceReport
from tests.gates import complaints, inside, laptop
from tests.sites import LiveSite, eventually

__all__ = ["complaints", "laptop"]
WORKS = "#trial[data-ok=true]"


def heard(site: LiveSite) -> list[DeviceReport]:
    """What scanners told of themselves, the last one first."""
    with inside(site) as session:
        newest = select(DeviceReport).order_by(DeviceReport.reported_at.desc())
        return list(session.scalars(newest))


def try_out(page: Page) -> None:
    """By the button in the menu."""
    page.evaluate("delete document.getElementById('trial').dataset.ok")
    page.locator("details.more > summary").click()
    page.get_by_role("button", name="Thử khi không có mạng").click()
    page.wait_for_selector("#trial[data-ok]")


def test_a_scanner_tries_itself_when_its_page_opens_and_tells_the_board(
    laptop: Page, live_site: LiveSite
) -> None:
    laptop.wait_for_selector(WORKS)
    assert laptop.locator("#trial").inner_text().endswith(": hoạt động được khi mất mạng.")
    eventually(lambda: bool(heard(live_site)) and heard(live_site)[0].test_ok)
    told = heard(live_site)[0]
    version = laptop.locator("#desk").get_attribute("data-version")
    assert (told.checkpoint, told.version, told.unsent, told.test_why) == ("gate-a", version, 0, "")
    assert abs(told.clock_ms) < 2000
    assert told.roster_at is not None
    laptop.goto(f"{live_site.address}/organiser/readiness")
    assert laptop.locator(".board .who .tag").first.inner_text() == "sẵn sàng"


def test_without_a_connection_the_trial_passes_too(laptop: Page) -> None:
    laptop.wait_for_selector(WORKS)
    laptop.context.set_offline(True)
    try_out(laptop)
    assert laptop.locator(WORKS).is_visible()
    laptop.reload()
    laptop.wait_for_selector(WORKS)


def test_a_browser_that_keeps_nothing_says_so_and_is_not_ready(
    laptop: Page, live_site: LiveSite
) -> None:
    laptop.wait_for_selector(WORKS)
    laptop.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new Error('full'); }; }")
    try_out(laptop)
    said = "Không hoạt động được khi mất mạng: trình duyệt này không lưu được gì."
    assert laptop.locator("#trial").inner_text().startswith(said)
    eventually(lambda: heard(live_site)[0].test_why == "storage")
    board = laptop.context.new_page()
    board.goto(f"{live_site.address}/organiser/readiness")
    assert "chưa sẵn sàng" in board.locator(".headline h2").inner_text()


def damaged(route: Route) -> None:
    """The roster with a specimen that lost its signature's last digit to another."""
    told = route.fetch()
    facts = told.json()
    last = (int(facts["specimen"][-1]) + 1) % 10
    route.fulfill(response=told, json={**facts, "specimen": f"{facts['specimen'][:-1]}{last}"})


def test_a_badge_whose_signature_does_not_hold_fails_the_trial(laptop: Page) -> None:
    laptop.wait_for_selector(WORKS)
    laptop.route("**/checkin/roster*", damaged)
    with laptop.expect_response("**/checkin/roster*"):
        laptop.evaluate("dispatchEvent(new Event('online'))")
    said = "Không hoạt động được khi mất mạng: thiết bị không kiểm tra được thẻ."

    def fails() -> bool:
        try_out(laptop)
        return laptop.locator("#trial").inner_text().startswith(said)

    eventually(fails)
