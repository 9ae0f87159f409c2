"""The page of a list in a real browser: ticks change it at once, columns move by keyboard."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browsers import PHONE
from tests.sites import LiveSite
from tests.test_downloads_browser import organiser


def opened(site: LiveSite, chromium: Browser, *, scripts: bool = True) -> Page:
    """The page of everybody, on a phone."""
    page = chromium.new_context(**PHONE, java_script_enabled=scripts).new_page()
    organiser(site, page)
    page.goto(f"{site.address}/organiser/lists/attendees?column=name&column=phone&column=email")
    return page


def headings(page: Page) -> list[str]:
    return page.locator(".sample th").all_inner_texts()


def test_ticks_and_moves_change_what_is_seen_at_once(
    live_site: LiveSite, chromium: Browser
) -> None:
    live_site.flask("people", "invent", "30")
    page = opened(live_site, chromium)
    expect(page.locator("#rows")).to_have_text(re.compile("^30 hàng$"))
    expect(page.locator(".sample tbody tr")).to_have_count(20)
    page.locator("#column-organisation").check()
    expect(page.locator(".sample th").nth(4)).to_have_text("Đơn vị")
    page.locator("#earlier-organisation").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sample th").nth(3)).to_have_text("Đơn vị")
    page.keyboard.press("Enter")
    expect(page.locator(".sample th").nth(2)).to_have_text("Đơn vị")
    expect(page.locator("#earlier-organisation")).to_be_focused()
    assert headings(page) == ["STT", "Họ và tên", "Đơn vị", "Điện thoại", "Email"]
    page.locator("#format-pdf").check()
    expect(page.locator(".drawn svg")).to_contain_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Lập tệp PDF").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")


def test_without_javascript_a_list_is_changed_saved_and_undone(
    live_site: LiveSite, chromium: Browser
) -> None:
    live_site.flask("people", "invent", "3")
    page = opened(live_site, chromium, scripts=False)
    page.locator("#column-email").uncheck()
    page.locator("#later-name").click()
    assert headings(page) == ["STT", "Điện thoại", "Họ và tên"]
    page.get_by_label("Lưu cách chọn này với tên").fill("Gọi điện")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("h1")).to_have_text("Gọi điện")
    page.goto(f"{live_site.address}/organiser/lists")
    page.get_by_text("Đổi tên hoặc xóa").click()
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.get_by_role("link", name="Gọi điện", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Khôi phục").click()
    page.get_by_role("link", name="Gọi điện", exact=True).click()
    assert headings(page) == ["STT", "Điện thoại", "Họ và tên"]
