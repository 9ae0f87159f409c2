"""The scanner as an app: after one visit it opens and decides without a network."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from event.devices import Device, withdraw
from tests.apps import HELD, LATER, guest, install, pair, scans
from tests.browsers import LAPTOP, PHONE
from tests.gates import READY, inside, listen, stand_at_the_gate, type_digits
from tests.sites import LiveSite


@pytest.fixture
def app(laptop: Page) -> Page:
    """A scanner that was opened once with a network."""
    install(laptop)
    return laptop


def test_it_opens_in_flight_mode_and_decides(app: Page, live_site: LiveSite) -> None:
    digits = guest(live_site)
    context = app.context
    app.close()
    context.set_offline(True)
    page = context.new_page()
    page.goto(f"{live_site.address}/checkin/")
    page.wait_for_selector(READY)
    expect(page.locator(".where")).to_contain_text("Cổng A")
    type_digits(page, digits)
    expect(page.locator("#verdict")).to_have_class("verdict in")
    expect(page.locator("#verdict")).to_contain_text("Quyết định tại máy")


def test_a_page_that_needs_the_server_leads_back_to_the_scanner(app: Page) -> None:
    app.context.set_offline(True)
    app.get_by_role("link", name="Tìm kiếm", exact=True).click()
    app.wait_for_selector(READY)
    expect(app.locator("#needs-server")).to_have_text(
        "Trang đó cần kết nối. Việc quét vẫn chạy khi không có mạng."
    )
    expect(app.locator(".where")).to_contain_text("Cổng A")


def test_what_was_kept_outlives_a_closed_tab(app: Page, live_site: LiveSite) -> None:
    digits, before = guest(live_site), len(scans(live_site))
    context = app.context
    context.set_offline(True)
    type_digits(app, digits)
    expect(app.locator("#verdict")).to_have_class("verdict in")
    app.close()
    page = context.new_page()
    page.goto(f"{live_site.address}/checkin/")
    expect(page.locator("#unsent")).to_contain_text("Lượt quét chưa gửi: 1")
    type_digits(page, digits)
    expect(page.locator("#verdict")).to_have_class("verdict back")
    context.set_offline(False)
    expect(page.locator("#unsent")).to_be_hidden(timeout=LATER)
    new = scans(live_site)[before:]
    assert [(scan.verdict, scan.provisional) for scan in new] == [("in", True), ("back", True)]


def test_nothing_that_it_holds_is_of_anybody(app: Page, live_site: LiveSite) -> None:
    type_digits(app, guest(live_site, "Hồ Không Ai Biết"))
    expect(app.locator("#verdict")).to_contain_text("Hồ Không Ai Biết")
    app.reload()
    app.wait_for_selector(READY)
    expect(app.locator("#recent")).to_contain_text("Hồ Không Ai Biết")
    install(app)
    held = app.evaluate(HELD)
    assert '"version"' in held
    assert "Cổng A" in held
    assert "Hồ Không Ai Biết" not in held


def test_a_page_that_became_too_old_gets_a_new_token_by_itself(
    app: Page, live_site: LiveSite
) -> None:
    app.evaluate("document.getElementById('desk').dataset.token = 'of yesterday'")
    type_digits(app, guest(live_site))
    expect(app.locator("#verdict")).to_have_class("verdict in")
    expect(app.locator("#verdict")).to_contain_text("Lê Thị Mai")


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_clock_that_is_off_is_corrected_and_both_times_are_kept(
    minutes: int, chromium: Browser, live_site: LiveSite, complaints: list[str]
) -> None:
    context = chromium.new_context(**LAPTOP)
    context.add_init_script(
        f"const now = Date.now; const D = Date; "
        f"globalThis.Date = class extends D {{ constructor(...a) {{"
        f" a.length ? super(...a) : super(now() + {minutes * 60_000}); }}"
        f" static now() {{ return now() + {minutes * 60_000}; }} }};"
    )
    page = listen(context.new_page(), complaints)
    stand_at_the_gate(page, live_site, "desk")
    install(page)
    digits, before = guest(live_site), len(scans(live_site))
    context.set_offline(True)
    page.reload()
    page.wait_for_selector(READY)
    at = datetime.now(UTC)
    type_digits(page, digits)
    expect(page.locator("#verdict")).to_have_class("verdict in")
    context.set_offline(False)
    expect(page.locator("#unsent")).to_be_hidden(timeout=LATER)
    context.close()
    (scan,) = scans(live_site)[before:]
    assert abs(scan.scanned_at - at) < timedelta(minutes=1)
    assert scan.device_at is not None
    assert abs(scan.device_at - at - timedelta(minutes=minutes)) < timedelta(minutes=1)


def test_a_withdrawn_device_decides_nothing_any_more(
    chromium: Browser, live_site: LiveSite
) -> None:
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    number = pair(page, live_site, "Cổng A · 1")
    install(page)
    with inside(live_site) as session:
        withdraw(session, session.get_one(Device, number), by="test", at=datetime.now(UTC))
    with page.expect_response("**/checkin/roster*"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_function("caches.has('ghidanh-door-page').then((held) => !held)")
    context.set_offline(True)
    type_digits(page, guest(live_site))
    expect(page.locator("#verdict")).to_have_class("verdict unsent")
    assert '"exceptions"' not in page.evaluate(HELD)
    context.close()


def test_what_was_decided_here_is_listed_and_taken_back_without_a_network(
    app: Page, live_site: LiveSite
) -> None:
    digits, before = guest(live_site), len(scans(live_site))
    app.context.set_offline(True)
    expect(app.locator("#line-down")).to_contain_text("Không có kết nối: máy này tự quyết định")
    type_digits(app, digits)
    expect(app.locator("#verdict")).to_have_class("verdict in")
    app.reload()
    app.wait_for_selector(READY)
    kept = app.locator("#kept li")
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text("Mời vào")
    kept.get_by_role("button", name="Hoàn tác").click()
    expect(kept).to_contain_text("Khách không vào")
    type_digits(app, digits)
    expect(app.locator("#verdict")).to_have_class("verdict in")  # and not back in
    app.context.set_offline(False)
    expect(app.locator("#unsent")).to_be_hidden(timeout=LATER)
    expect(app.locator("#line-down")).to_be_hidden()
    told = [(scan.verdict, scan.reason) for scan in scans(live_site)[before:]]
    assert told == [("help", "turned_back"), ("in", "")]


def test_guests_without_a_badge_are_counted_on_after_the_page_was_opened_anew(
    app: Page, live_site: LiveSite
) -> None:
    count = app.locator("#headcount output")
    before = int(count.inner_text())
    app.context.set_offline(True)
    app.get_by_role("button", name="+5").click()
    app.get_by_role("button", name="+1", exact=True).click()
    expect(count).to_have_text(str(before + 6))
    app.reload()
    app.wait_for_selector(READY)
    expect(count).to_have_text(str(before + 6))
    app.get_by_role("button", name="Hoàn tác +1").click()
    expect(count).to_have_text(str(before + 5))
    app.context.set_offline(False)
    expect(app.locator("#unsent")).to_be_hidden(timeout=LATER)
    expect(count).to_have_text(str(before + 5))


def test_an_answer_that_breaks_off_is_none(app: Page, live_site: LiveSite) -> None:
    page, before = app, len(scans(live_site))
    page.route(
        "**/checkin/scan", lambda route: route.fulfill(body="<html>Đăng nhập Wi-Fi"), times=1
    )
    type_digits(page, guest(live_site))
    expect(page.locator("#verdict")).to_have_class("verdict in")
    expect(page.locator("#verdict")).to_contain_text("Quyết định tại máy")
    expect(page.locator("#unsent")).to_be_hidden(timeout=LATER)
    assert [scan.provisional for scan in scans(live_site)[before:]] == [True]


def test_nothing_of_the_door_stays_after_signing_out(app: Page) -> None:
    app.locator("details.more > summary").click()
    app.locator(".way-out summary").click()
    app.locator(".way-out").get_by_role("button", name="Vẫn đăng xuất").click()
    app.wait_for_url("**/staff/sign-in?out")
    app.wait_for_function("caches.has('ghidanh-door-page').then((held) => !held)")
    held = app.evaluate(HELD)
    assert '"exceptions"' not in held
    assert "Cổng A" not in held
