"""From the first page to the code with nothing but a keyboard, one mistake on the way included."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import LAPTOP
from tests.registrants import GOOD
from tests.sites import LiveSite


@pytest.fixture
def page(chromium: Browser, live_site: LiveSite) -> Iterator[Page]:
    context = chromium.new_context(**LAPTOP, base_url=live_site.address)
    yield context.new_page()
    context.close()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {wanted}")


def fill_in(page: Page, *left_out: str) -> None:
    for name in ("name", "email", "phone", "organisation"):
        tab_to(page, f"#{name}")
        if name not in left_out:
            page.keyboard.type(GOOD[name])
    tab_to(page, "#province")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#category")
    page.keyboard.press("ArrowDown")


def press(page: Page, wanted: str, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def test_a_guest_registers_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    press(page, ".hero a.call")
    expect(page).to_have_url("/register")
    fill_in(page, "organisation")
    press(page, "input[value=it-2]", "Space")
    press(page, "[name=agreed]", "Space")
    press(page, "form button.call")
    expect(page.locator(".summary[role=alert]")).to_be_focused()
    press(page, ".summary a[href='#organisation']")
    expect(page.locator("#organisation")).to_be_focused()
    page.keyboard.type(GOOD["organisation"])
    expect(page.locator("input[value=it-2]")).to_be_checked()
    press(page, "form button.call")
    expect(page.locator("#who")).to_contain_text(GOOD["name"])
