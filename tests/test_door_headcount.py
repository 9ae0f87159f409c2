"""Counting guests without a badge in a real browser, with and without a network."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from event.headcounts import Headcount
from tests.gates import inside
from tests.sites import LiveSite, eventually


def counted(site: LiveSite) -> int:
    with inside(site) as session:
        return session.scalar(select(func.sum(Headcount.people))) or 0


def test_presses_count_and_the_last_is_taken_back(laptop: Page, live_site: LiveSite) -> None:
    before = counted(live_site)
    now = laptop.locator("#headcount output")
    for label in ("+1", "+10"):
        laptop.get_by_role("button", name=label, exact=True).click()
    expect(now).to_have_text(str(before + 11))
    eventually(lambda: counted(live_site) == before + 11)
    laptop.get_by_role("button", name="Hoàn tác +10").click()
    expect(now).to_have_text(str(before + 1))
    eventually(lambda: counted(live_site) == before + 1)
    laptop.reload()
    laptop.get_by_role("button", name="Hoàn tác +1").click()  # it outlives the page
    expect(now).to_have_text(str(before))
    eventually(lambda: counted(live_site) == before)


def test_a_page_closed_before_an_answer_leaves_its_presses_to_the_next(
    laptop: Page, live_site: LiveSite
) -> None:
    before = counted(live_site)
    laptop.route("**/checkin/count", lambda _: None)  # a line on which nothing comes back
    for label in ("+5", "+10"):
        laptop.get_by_role("button", name=label, exact=True).click()
    laptop.get_by_role("button", name="Hoàn tác +10").click()
    expect(laptop.locator("#headcount output")).to_have_text(str(before + 5))
    laptop.unroute_all()
    laptop.reload()
    eventually(lambda: counted(live_site) == before + 5)
    expect(laptop.locator("#headcount output")).to_have_text(str(before + 5))


def test_a_coach_is_counted_at_once_and_too_many_are_refused_in_words(
    laptop: Page, live_site: LiveSite
) -> None:
    before = counted(live_site)
    laptop.locator(".headcount-more summary").click()
    laptop.get_by_label("Bao nhiêu khách").fill("501")
    laptop.get_by_role("button", name="Đếm", exact=True).click()
    expect(laptop.locator("#headcount .error")).to_have_text("Nhập số khách từ 1 đến 500.")
    laptop.get_by_label("Bao nhiêu khách").fill("45")
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#headcount output")).to_have_text(str(before + 45))
    eventually(lambda: counted(live_site) == before + 45)


def test_without_a_network_it_counts_all_the_same_and_is_sent_later(
    laptop: Page, live_site: LiveSite
) -> None:
    before = counted(live_site)
    laptop.context.set_offline(True)
    laptop.get_by_role("button", name="+5", exact=True).click()
    laptop.get_by_role("button", name="+1", exact=True).click()
    laptop.get_by_role("button", name="Hoàn tác +1").click()
    expect(laptop.locator("#headcount output")).to_have_text(str(before + 5))
    expect(laptop.locator("#unsent span")).to_contain_text("3")
    assert counted(live_site) == before
    laptop.context.set_offline(False)
    expect(laptop.locator("#unsent")).to_be_hidden()
    assert counted(live_site) == before + 5
