"""A hand scanner in real Chromium, on every page of the door and with the focus anywhere."""

import pytest
from playwright.sync_api import Locator, Page, expect

from event.keys import load_keys
from tests.doors import badge, put_down
from tests.gates import READY, arrived, inside, later, type_digits
from tests.sites import LiveSite

BARCODE = "8934588012345"  # of a bottle


def verdict(page: Page) -> Locator:
    """What stands over the whole screen."""
    return page.locator("#verdict")


def open_page(page: Page, site: LiveSite, path: str) -> None:
    """One page of the door, ready for scans."""
    page.goto(f"{site.address}/checkin/{path}")
    page.wait_for_selector(READY)


def let_in(page: Page, name: str) -> None:
    """The verdict is green, and it is this guest's."""
    expect(verdict(page)).to_have_class("verdict in")
    expect(verdict(page)).to_contain_text(name)


def walk_in(page: Page, site: LiveSite, name: str) -> None:
    """Register somebody at the door."""
    open_page(page, site, "walk-in")
    page.locator("#name").fill(name)
    page.locator("#organisation").fill("Báo VnExpress")
    page.locator("[name=agreed]").first.check()
    page.get_by_role("button", name="Đăng ký và cho vào").click()


def number(site: LiveSite, name: str) -> int:
    """Of somebody new."""
    with inside(site) as session:
        return put_down(session, name).id


def test_after_a_walk_in_the_next_badge_is_scanned_and_nothing_is_printed(
    laptop: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    name, digits = guest
    walk_in(laptop, live_site, "Phạm Đến Trước")
    let_in(laptop, "Phạm Đến Trước")
    expect(laptop.get_by_role("link", name="In thẻ")).to_be_focused()
    before = arrived(live_site)
    type_digits(laptop, digits)
    let_in(laptop, name)
    assert arrived(live_site) == before + 1
    assert len(laptop.context.pages) == 1


def test_a_walk_in_leaves_an_empty_form_for_the_next(laptop: Page, live_site: LiveSite) -> None:
    walk_in(laptop, live_site, "Phạm Thứ Nhất")
    let_in(laptop, "Phạm Thứ Nhất")
    laptop.get_by_role("button", name="Khách tiếp theo").click()
    expect(laptop.locator("#name")).to_have_value("")
    expect(laptop.locator("#name")).to_be_focused()


def test_enter_in_the_search_stays_on_the_page_and_a_let_in_clears_it(
    laptop: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    _, digits = guest
    number(live_site, "Đinh Tìm Thấy")
    laptop.locator("#q").fill("dinh tim thay")
    laptop.keyboard.press("Enter")
    laptop.get_by_role("button", name="Cho vào: Đinh Tìm Thấy").click()
    let_in(laptop, "Đinh Tìm Thấy")
    assert laptop.url.endswith("/checkin/")
    expect(laptop.locator("#q")).to_have_value("")
    expect(laptop.locator("#found")).to_be_empty()
    before = arrived(live_site)
    type_digits(laptop, digits)
    expect(verdict(laptop)).to_contain_text(guest[0])
    assert arrived(live_site) == before + 1


def test_a_verdict_on_the_page_of_the_search_goes_by_itself(
    laptop: Page, live_site: LiveSite
) -> None:
    number(live_site, "Đinh Trang Tìm")
    open_page(laptop, live_site, "people?q=dinh+trang+tim")
    laptop.get_by_role("button", name="Cho vào: Đinh Trang Tìm").click()
    let_in(laptop, "Đinh Trang Tìm")
    expect(verdict(laptop)).to_be_hidden()
    assert "/checkin/people" in laptop.url


def test_on_somebody_s_card_a_scan_is_decided_and_the_list_follows(
    laptop: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    name, digits = guest
    open_page(laptop, live_site, f"people/{number(live_site, 'Hồ Đang Xem')}")
    laptop.get_by_role("button", name="Cho vào").click()
    let_in(laptop, "Hồ Đang Xem")
    expect(laptop.locator("#at-the-door")).to_contain_text("Mời vào")
    laptop.get_by_role("link", name="In thẻ").first.focus()
    type_digits(laptop, digits)
    let_in(laptop, name)
    assert len(laptop.context.pages) == 1


@pytest.mark.parametrize(
    ("path", "field"),
    [("walk-in", "#name"), ("walk-in", "#category"), ("walk-in", "[name=agreed]"),
     ("people", "#q"), ("checkpoint", "button.checkpoint >> nth=1"), ("walk-in", "summary")],
)  # fmt: skip
def test_a_badge_is_taken_out_of_any_field_and_presses_nothing(
    path: str, field: str, laptop: Page, live_site: LiveSite
) -> None:
    name = f"Vũ {path} {field}".replace("#", "").replace("[", "").replace("=", "")
    with inside(live_site) as session:
        digits = badge(session, load_keys(live_site.data_dir), put_down(session, name[:20]))
    open_page(laptop, live_site, path)
    focused = laptop.locator(field).first
    if field in ("#name", "#q"):
        focused.fill("Ngô")
    before = arrived(live_site), focused.evaluate("(field) => field.value")
    focused.focus()
    type_digits(laptop, digits)
    let_in(laptop, name[:20])
    assert (arrived(live_site) - 1, focused.evaluate("(field) => field.value")) == before
    assert laptop.url.endswith(path)


@pytest.mark.parametrize(("path", "field"), [("walk-in", "#name"), ("people", "#q")])
def test_a_foreign_barcode_is_refused_and_does_not_stay_in_the_field(
    path: str, field: str, laptop: Page, live_site: LiveSite
) -> None:
    open_page(laptop, live_site, path)
    laptop.locator(field).focus()
    type_digits(laptop, BARCODE)
    expect(verdict(laptop)).to_contain_text("Mã này không phải thẻ của sự kiện")
    expect(laptop.locator(field)).to_have_value("")
    laptop.keyboard.press("Enter")  # a scanner's line feed
    expect(verdict(laptop)).to_be_visible()


def test_without_a_checkpoint_a_scan_is_refused_and_chooses_none(
    laptop: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    before = arrived(live_site)
    laptop.context.clear_cookies(name="checkpoint")
    open_page(laptop, live_site, "checkpoint")
    laptop.locator("button.checkpoint").first.focus()
    type_digits(laptop, guest[1])
    expect(verdict(laptop)).to_contain_text("Chọn nơi quét trước đã")
    assert laptop.url.endswith("/checkin/checkpoint")
    assert arrived(live_site) == before
    assert not [c for c in laptop.context.cookies() if c.get("name") == "checkpoint"]


def test_triggered_twice_a_guest_is_welcomed_once(
    laptop: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    name, digits = guest
    laptop.evaluate("() => { const now = Date.now(); Date.now = () => now; }")
    type_digits(laptop, digits)
    let_in(laptop, name)
    type_digits(laptop, digits)
    let_in(laptop, name)
    expect(laptop.locator("#recent .scan")).to_have_count(1)
    later(laptop)
    type_digits(laptop, digits)
    expect(verdict(laptop)).to_have_class("verdict back")
    expect(verdict(laptop).locator("[data-slot=first]")).to_contain_text("Vào lần đầu lúc")


def test_coming_back_looks_other_than_coming_in(laptop: Page, guest: tuple[str, str]) -> None:
    colour = "(section) => getComputedStyle(section).backgroundColor"
    type_digits(laptop, guest[1])
    expect(verdict(laptop)).to_have_class("verdict in")
    first = verdict(laptop).evaluate(colour)
    later(laptop)
    type_digits(laptop, guest[1])
    expect(verdict(laptop)).to_have_class("verdict back")
    assert verdict(laptop).evaluate(colour) != first


def test_the_number_below_a_badge_finds_the_person_and_lets_nobody_in(
    laptop: Page, live_site: LiveSite
) -> None:
    someone = number(live_site, "Hà Có Số")
    before = arrived(live_site)
    laptop.locator("#code").focus()
    type_digits(laptop, f"{someone:05}")
    expect(laptop.get_by_role("button", name="Cho vào: Hà Có Số")).to_be_visible()
    assert arrived(live_site) == before


def test_a_short_barcode_on_somebody_s_card_is_refused_where_it_is(
    laptop: Page, live_site: LiveSite
) -> None:
    path = f"people/{number(live_site, 'Hà Có Thẻ')}"
    open_page(laptop, live_site, path)
    laptop.get_by_role("link", name="In thẻ").first.focus()
    type_digits(laptop, "89345880")
    expect(verdict(laptop)).to_contain_text("Mã này không phải thẻ của sự kiện")
    assert laptop.url.endswith(path)
    assert len(laptop.context.pages) == 1


@pytest.mark.parametrize("pause", [1, 15])
def test_two_hundred_digits_come_through_at_any_speed_of_the_scanner(
    pause: int, laptop: Page, guest: tuple[str, str]
) -> None:
    name, digits = guest
    laptop.keyboard.type(digits, delay=pause)
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#verdict")).to_have_class("verdict in")
    expect(laptop.locator("#verdict")).to_contain_text(name)


COMPOSING = """([digits]) => {
  const field = document.activeElement;
  for (const digit of digits) {
    const key = { key: "Process", code: `Digit${digit}`, keyCode: 229, isComposing: true };
    field.dispatchEvent(new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true }));
    field.setRangeText(digit, field.value.length, field.value.length, "end");
    field.dispatchEvent(new InputEvent("input", { data: digit, bubbles: true, isComposing: true }));
  }
}"""


def test_a_typing_program_that_composes_each_digit_does_no_harm(
    laptop: Page, guest: tuple[str, str]
) -> None:
    """Telex and VNI as an input method: keys have no letter of their own, the field alone grows."""
    name, digits = guest
    laptop.locator("#code").focus()
    laptop.evaluate(COMPOSING, [digits])
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#verdict")).to_have_class("verdict in")
    expect(laptop.locator("#verdict")).to_contain_text(name)
    expect(laptop.locator("#code")).to_have_value("")
