"""A list ordered in a real browser: its file comes by itself, and the page stays where it is."""

from playwright.sync_api import Browser, Page, expect

from tests.browsers import PHONE
from tests.sites import LiveSite


def organiser(site: LiveSite, page: Page) -> None:
    """Sign in by a one-time link, as an organiser does."""
    site.flask("staff", "add", "lan@vidu.vn", "--role", "organiser")
    link = site.flask("staff", "link", "lan@vidu.vn")
    page.goto(f"{site.address}/staff/sign-in/{link.split('/staff/sign-in/')[1].split()[0]}")
    page.locator("main button").click()


def test_a_file_comes_by_itself_as_soon_as_it_is_made(
    live_site: LiveSite, chromium: Browser
) -> None:
    live_site.flask("people", "invent", "3")
    page = chromium.new_context(**PHONE).new_page()
    organiser(live_site, page)
    page.goto(f"{live_site.address}/organiser/lists")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Tất cả người đăng ký, CSV").click()
    assert coming.value.suggested_filename.startswith("Tất cả người đăng ký")
    lines = coming.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert (len(lines), lines[0].split(",")[:2]) == (4, ["STT", "Mã số"])
    expect(page.get_by_text("Tệp đã sẵn sàng")).to_be_visible()


def test_without_javascript_it_comes_as_well(live_site: LiveSite, chromium: Browser) -> None:
    page = chromium.new_context(**PHONE, java_script_enabled=False).new_page()
    organiser(live_site, page)
    page.goto(f"{live_site.address}/organiser/lists")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Lập thẻ (PDF)").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
