"""Hands without a mouse: Tab, Enter, Space and arrows; each stop is seen and follows the page."""

import pytest
from playwright.sync_api import Page

STOPS = 150
"""Tabs after which a page is said to hold its reader."""
HERE = """([wanted, first]) => {
  const at = document.activeElement, before = first ? null : window.stood;
  window.stood = at;
  const ringed = (look) => (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) ||
    look.boxShadow !== "none";
  const ring = [at, at.closest("label")].some((e) => e && ringed(getComputedStyle(e)));
  const follows = !before?.isConnected || before === at || at === document.body ||
    before === document.body || Boolean(
      before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING);
  return { there: at.matches(wanted), what: at.outerHTML.slice(0, 140), body: at === document.body,
    seen: ring || at.matches("body, iframe"), follows };
}"""
"""Where the focus is, whether one sees it, and whether it went on in the order of the page."""
LOST = "() => document.activeElement === document.body"


class Hands:
    """On the keyboard of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> None:
        """A page, by its address."""
        self.page.goto(address, wait_until="domcontentloaded")

    def to(self, wanted: str, key: str = "Tab") -> None:
        """Press Tab until the focus is there."""
        for stop in range(STOPS):
            here = self.page.evaluate(HERE, [wanted, stop == 0])
            assert here["seen"], f"nobody sees where the focus is: {here['what']}"
            assert here["follows"] or key != "Tab", f"out of order: {here['what']}"
            if here["there"]:
                return
            self.page.keyboard.press(key)
        pytest.fail(f"{key} never comes to {wanted}")

    def press(self, wanted: str, key: str = "Enter") -> None:
        """Go there and press."""
        self.to(wanted)
        self.page.keyboard.press(key)

    def follow(self, wanted: str) -> None:
        """Press what leads to another page, or back to this one."""
        self.to(wanted)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press("Enter")

    def type(self, wanted: str, text: str) -> None:
        """Go to a field and replace what stands in it."""
        self.to(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def skip(self) -> None:
        """The first stop of a page leads past its navigation."""
        self.page.keyboard.press("Tab")
        self.to(".skip")
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Tab")
        inside = "() => Boolean(document.activeElement.closest('main'))"
        assert self.page.evaluate(inside), "the skip link leads nowhere"

    def holds(self) -> None:
        """What changed in the page left the focus somewhere."""
        assert not self.page.evaluate(LOST), "the focus was lost"
