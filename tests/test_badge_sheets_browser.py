"""The picture of a sheet in a real browser: it follows what is chosen, and the logo shows."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browsers import PHONE
from tests.sites import LiveSite
from tests.test_downloads_browser import organiser
from tests.test_logos import DRAWN


def test_the_picture_follows_what_is_chosen(live_site: LiveSite, chromium: Browser) -> None:
    page = chromium.new_context(**PHONE).new_page()
    organiser(live_site, page)
    page.goto(f"{live_site.address}/organiser/lists")
    expect(page.locator("#sheet use")).to_have_count(1)
    page.get_by_label("A4, mười thẻ một trang").check()
    expect(page.locator("#sheet use")).to_have_count(10)
    page.get_by_label("In trên").select_option("both")
    expect(page.locator("#sheet svg")).to_have_count(2)
    expect(page.get_by_text("lật theo cạnh dài")).to_be_visible()
    page.get_by_text("Máy in kéo lệch giấy").click()
    page.get_by_label("Dời sang phải (mm)").fill("xa")
    page.get_by_label("Dời sang phải (mm)").blur()
    expect(page.locator("#sheet .bad")).to_contain_text("Số milimét từ -20 đến 20")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]


def test_a_logo_is_drawn_on_the_page(
    live_site: LiveSite, chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "logo.svg").write_bytes(DRAWN)
    page = chromium.new_context(**PHONE).new_page()
    refused: list[str] = []
    page.on("console", lambda told: refused.append(told.text))
    organiser(live_site, page)
    page.goto(f"{live_site.address}/organiser/badges")
    page.set_input_files("input[type=file]", tmp_path / "logo.svg")
    page.get_by_role("button", name="Đưa lên thẻ").click()
    expect(page.get_by_text("Từ nay logo có trên mọi thẻ được in.")).to_be_visible()
    expect(page.locator("image")).to_have_count(4)
    assert page.locator("image").first.bounding_box()
    assert refused == []
