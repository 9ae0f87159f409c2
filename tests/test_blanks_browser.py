"""Blank badges in real Chromium: bound by one scan of a hand scanner, on a phone's screen."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.blanks import Blank, Issue, issue, token_of_blank
from event.keys import load_keys
from event.programme import Category, the_event
from tests.doors import put_down
from tests.gates import READY, arrived, inside, later, type_digits
from tests.sites import LiveSite


@pytest.fixture
def blank(live_site: LiveSite) -> tuple[int, str]:
    """The number and the digits of one that nobody has."""
    with inside(live_site) as session:
        event = the_event(session)
        assert event
        key = session.scalars(select(Category.key).order_by(Category.position)).first() or ""
        batch = issue(session, event, Issue(1, key, "a6"), by="test", at=datetime.now(UTC))
        kind = session.get_one(Category, batch.category_id).number
        badges = load_keys(live_site.data_dir).badges
        return batch.first, token_of_blank(event, batch.first, kind, badges)


def put_down_here(site: LiveSite, name: str) -> Attendee:
    """Register somebody at the running site."""
    with inside(site) as session:
        return put_down(session, name)


def owner(session: Session, number: int) -> int | None:
    """Whose a blank is."""
    return session.get_one(Blank, number).attendee_id


def open_page(page: Page, site: LiveSite, path: str) -> None:
    """One page of the door, with its scripts."""
    page.goto(f"{site.address}/checkin/{path}")
    page.wait_for_selector(READY)


def test_one_scan_on_a_persons_page_gives_them_the_blank_and_lets_nobody_in(
    phone: Page, live_site: LiveSite, blank: tuple[int, str]
) -> None:
    number, digits = blank
    huong, before = put_down_here(live_site, "Nguyễn Thị Trắng"), arrived(live_site)
    open_page(phone, live_site, f"people/{huong.id}")
    phone.get_by_role("link", name="Gắn thẻ trắng").click()
    phone.wait_for_url("**/blank")
    phone.wait_for_selector(READY)
    type_digits(phone, digits)
    phone.wait_for_url(f"**/people/{huong.id}")
    expect(phone.locator(".notice.good")).to_contain_text("nay là thẻ của Nguyễn Thị Trắng")
    with inside(live_site) as session:
        assert owner(session, number) == huong.id
    assert arrived(live_site) == before
    phone.wait_for_selector(READY)
    type_digits(phone, digits)
    expect(phone.locator("#verdict")).to_have_class("verdict in")
    expect(phone.locator("#verdict")).to_contain_text("Nguyễn Thị Trắng")
    assert arrived(live_site) == before + 1


def test_the_number_typed_by_hand_will_do_and_the_lost_badge_is_ticked(
    laptop: Page, live_site: LiveSite, blank: tuple[int, str]
) -> None:
    huong = put_down_here(live_site, "Nguyễn Thị Tay")
    open_page(laptop, live_site, f"people/{huong.id}/blank")
    laptop.get_by_label("Thẻ cũ đã mất").check()
    laptop.locator("#code").fill(f"b{blank[0]}")
    laptop.keyboard.press("Enter")
    laptop.wait_for_url(f"**/people/{huong.id}")
    with inside(live_site) as session:
        assert owner(session, blank[0]) == huong.id
        assert session.get_one(Attendee, huong.id).revision == 1


def test_the_number_typed_at_the_door_finds_the_blank(
    laptop: Page, live_site: LiveSite, blank: tuple[int, str]
) -> None:
    open_page(laptop, live_site, "")
    laptop.locator("#code").fill(f"b{blank[0]:04d}")
    laptop.keyboard.press("Enter")
    laptop.get_by_role("link", name=f"Thẻ trắng B{blank[0]:04d}").click()
    laptop.wait_for_url(f"**/blanks/{blank[0]}")


def test_somebody_elses_badge_is_said_at_the_field_and_the_next_scan_works(
    laptop: Page, live_site: LiveSite, blank: tuple[int, str], guest: tuple[str, str]
) -> None:
    huong = put_down_here(live_site, "Nguyễn Thị Nhầm")
    open_page(laptop, live_site, f"people/{huong.id}/blank")
    type_digits(laptop, guest[1])
    expect(laptop.locator("#code-error")).to_contain_text("Đây không phải thẻ trắng")
    expect(laptop.locator("#code")).to_be_focused()
    laptop.wait_for_selector(READY)
    type_digits(laptop, blank[1])
    laptop.wait_for_url(f"**/people/{huong.id}")


def test_from_the_verdict_the_person_is_found_and_has_arrived(
    phone: Page, live_site: LiveSite, blank: tuple[int, str]
) -> None:
    number, digits = blank
    huong, before = put_down_here(live_site, "Nguyễn Thị Đến Rồi"), arrived(live_site)
    open_page(phone, live_site, "")
    type_digits(phone, digits)
    expect(phone.locator("#verdict")).to_have_class("verdict in")
    expect(phone.locator("#verdict")).to_contain_text(f"Thẻ trắng B{number:04d}")
    phone.get_by_role("link", name="Thẻ của ai?").click()
    phone.wait_for_url(f"**/blanks/{number}")
    phone.wait_for_selector(READY)
    phone.locator("#q").fill("nguyen thi den roi")
    phone.get_by_role("button", name="Đúng người: Nguyễn Thị Đến Rồi").click()
    phone.wait_for_url(f"**/people/{huong.id}")
    assert arrived(live_site) == before + 1
    phone.get_by_role("button", name="Nhầm người: gỡ thẻ").click()
    phone.wait_for_url(f"**/blanks/{number}")
    assert arrived(live_site) == before


def test_the_verdict_of_an_ordinary_badge_asks_nothing(
    laptop: Page, live_site: LiveSite, blank: tuple[int, str], guest: tuple[str, str]
) -> None:
    open_page(laptop, live_site, "")
    ask = laptop.get_by_role("link", name="Thẻ của ai?")
    type_digits(laptop, blank[1])
    expect(ask).to_be_visible()
    later(laptop)
    type_digits(laptop, guest[1])
    expect(laptop.locator("#verdict")).to_contain_text(re.compile(guest[0]))
    expect(ask).to_be_hidden()
