"""A device decides by itself while the server cannot be reached; each scan counts once there."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from event.amendments import cancel
from event.attendees import Attendee
from event.blanks import Issue, issue, token_of_blank
from event.keys import load_keys
from event.programme import Category, the_event
from event.scans import Scan
from tests.gates import READY, arrived, inside, later, type_digits
from tests.house import OPENING
from tests.sites import LiveSite

LATER = 15_000
Guest = tuple[str, str]


@pytest.fixture
def ready(laptop: Page) -> Page:
    """A laptop at the gate that has heard what it needs."""
    expect(laptop.locator("#roster-age")).to_be_visible()
    return laptop


def scans(site: LiveSite) -> int:
    with inside(site) as session:
        return session.scalar(select(func.count(Scan.id))) or 0


def test_a_badge_is_let_in_at_once_and_back_in_later(
    ready: Page, guest: Guest, live_site: LiveSite
) -> None:
    before = arrived(live_site)
    verdict = ready.locator("#verdict")
    ready.context.set_offline(True)
    type_digits(ready, guest[1])
    expect(verdict).to_have_class("verdict in")
    for words in ("Mời vào", "Số 000", "Quyết định tại máy, không có kết nối", "Khách tham quan"):
        expect(verdict).to_contain_text(words)
    expect(verdict.get_by_text("Hoàn tác")).to_be_hidden()
    later(ready)
    type_digits(ready, guest[1])
    expect(verdict).to_have_class("verdict back")
    expect(verdict).to_contain_text("Vào lần đầu, trên máy này, lúc")
    assert arrived(live_site) == before
    ready.context.set_offline(False)
    expect(ready.locator("#unsent")).to_be_hidden(timeout=LATER)
    assert arrived(live_site) == before + 1


def test_a_forgery_is_refused_without_the_server(ready: Page, guest: Guest) -> None:
    ready.context.set_offline(True)
    digits = guest[1]
    type_digits(ready, digits[:-1] + str((int(digits[-1]) + 1) % 10))
    expect(ready.locator("#verdict")).to_have_class("verdict help")
    expect(ready.locator("#verdict")).to_contain_text("Mã này không phải thẻ của sự kiện")


def test_who_was_cancelled_before_the_cut_is_refused(
    laptop: Page, guest: Guest, live_site: LiveSite
) -> None:
    with inside(live_site) as session:
        person = session.scalars(select(Attendee).where(Attendee.name == guest[0])).one()
        cancel(session, person, at=OPENING, by="test")
    with laptop.expect_response("**/checkin/roster*"):
        laptop.reload()
    laptop.wait_for_selector(READY)
    laptop.context.set_offline(True)
    type_digits(laptop, guest[1])
    expect(laptop.locator("#verdict")).to_have_class("verdict help")
    expect(laptop.locator("#verdict")).to_contain_text("Đăng ký này đã bị hủy")


def test_a_blank_badge_is_let_in_too(laptop: Page, live_site: LiveSite) -> None:
    with inside(live_site) as session:
        event = the_event(session)
        assert event
        kind = session.scalars(select(Category).order_by(Category.id)).first()
        assert kind
        batch = issue(session, event, Issue(1, kind.key, "a6"), by="test", at=OPENING)
        key = load_keys(live_site.data_dir).badges
        digits = token_of_blank(event, batch.first, kind.number, key)
    with laptop.expect_response("**/checkin/roster*"):
        laptop.reload()
    laptop.wait_for_selector(READY)
    laptop.context.set_offline(True)
    type_digits(laptop, digits)
    expect(laptop.locator("#verdict")).to_have_class("verdict in")


def test_an_answer_that_got_lost_makes_no_second_entry(
    ready: Page, guest: Guest, live_site: LiveSite
) -> None:
    taken = []

    def lose(route: Route) -> None:
        taken.append(route.fetch().json()["kind"])
        route.abort()

    before = scans(live_site)
    ready.route("**/checkin/scan", lose, times=1)
    type_digits(ready, guest[1])
    expect(ready.locator("#verdict")).to_have_class("verdict in")
    expect(ready.locator("#verdict")).to_contain_text("Quyết định tại máy")
    expect(ready.locator("#unsent")).to_be_hidden(timeout=LATER)
    assert taken == ["in"]
    assert scans(live_site) == before + 1


def test_what_it_knows_outlives_the_page(ready: Page, guest: Guest) -> None:
    ready.route("**/checkin/roster*", lambda route: route.abort())
    ready.reload()
    ready.wait_for_selector(READY)
    expect(ready.locator("#roster-age time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    ready.context.set_offline(True)
    type_digits(ready, guest[1])
    expect(ready.locator("#verdict")).to_have_class("verdict in")
