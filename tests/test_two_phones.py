"""Two phones on their own at two gates: both let the badge in, and the organiser hears of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from event.review import Review
from tests.apps import LATER, guest, install, pair, scans
from tests.browsers import PHONE
from tests.gates import inside, listen, sign_in, type_digits
from tests.sites import LiveSite


@pytest.fixture
def phones(
    chromium: Browser, live_site: LiveSite, complaints: list[str]
) -> Iterator[tuple[Page, Page]]:
    """At Cổng A and at Cổng B, each opened once with a network, which is gone now."""
    pages = []
    for name, gate in (("Cổng A · 1", "gate-a"), ("Cổng B · 1", "gate-b")):
        page = listen(chromium.new_context(**PHONE).new_page(), complaints)
        pair(page, live_site, name, gate)
        install(page)
        page.context.set_offline(True)
        pages.append(page)
    yield pages[0], pages[1]
    for page in pages:
        page.context.close()


def test_one_badge_at_two_gates_is_let_in_twice_and_stands_in_review_once(
    phones: tuple[Page, Page], chromium: Browser, live_site: LiveSite
) -> None:
    digits = guest(live_site, "Trần Thị Đi Hai Cổng")
    for phone in phones:
        type_digits(phone, digits)
        expect(phone.locator("#verdict")).to_have_class("verdict in")
    for phone in reversed(phones):
        phone.context.set_offline(False)
        expect(phone.locator("#unsent")).to_be_hidden(timeout=LATER)
    assert [(scan.verdict, scan.provisional) for scan in scans(live_site)] == [("in", True)] * 2
    with inside(live_site) as session:
        assert len(session.scalars(select(Review)).all()) == 1
    organiser = chromium.new_context().new_page()
    sign_in(organiser, live_site, "organiser")
    organiser.goto(f"{live_site.address}/organiser/review")
    shown = organiser.locator("main")
    for words in ("Trần Thị Đi Hai Cổng", "Cổng A · 1", "Cổng B · 1"):
        expect(shown).to_contain_text(words)
    organiser.context.close()
