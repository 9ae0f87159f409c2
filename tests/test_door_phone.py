"""The door in real Chromium when things go wrong: double taps, no network, half a screen."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from event.amendments import cancel
from event.attendees import Attendee
from event.keys import load_keys
from tests.doors import badge, put_down
from tests.gates import READY, arrived, forget_the_roster, inside, type_digits
from tests.sites import LiveSite

LATER = 15_000  # milliseconds until a held scan must have been sent again


def open_page(page: Page, site: LiveSite, path: str) -> None:
    """One page of the door, with its scripts."""
    page.goto(f"{site.address}/checkin/{path}")
    page.wait_for_selector(READY)


def put_down_here(site: LiveSite, name: str) -> Attendee:
    """Register somebody at the running site."""
    with inside(site) as session:
        return put_down(session, name)


def cancelled(site: LiveSite, name: str) -> str:
    """The badge of somebody who cancelled."""
    with inside(site) as session:
        guest = put_down(session, name)
        digits = badge(session, load_keys(site.data_dir), guest)
        cancel(session, guest, at=datetime.now(UTC), by="test")
    return digits


def test_the_second_of_a_double_tap_takes_nothing_back(
    laptop: Page, guest: tuple[str, str]
) -> None:
    sent: list[str] = []
    laptop.on("request", lambda request: sent.append(request.url))
    type_digits(laptop, guest[1])
    verdict = laptop.locator("#verdict")
    verdict.get_by_text("Hoàn tác").click()
    reason = verdict.get_by_role("button", name="Nhầm người")
    place = reason.bounding_box()
    assert place
    laptop.mouse.click(place["x"] + 20, place["y"] + 20)
    expect(verdict.get_by_text("Vì sao?")).to_be_visible()
    assert not [url for url in sent if url.endswith("/undo")]
    reason.click()  # as soon as it takes presses
    expect(verdict).to_be_hidden()
    expect(laptop.locator("#recent")).to_contain_text("Đã hoàn tác")


def test_an_undo_without_a_network_says_so(laptop: Page, guest: tuple[str, str]) -> None:
    type_digits(laptop, guest[1])
    verdict = laptop.locator("#verdict")
    verdict.get_by_text("Hoàn tác").click()
    laptop.context.set_offline(True)
    verdict.get_by_role("button", name="Nhầm người").click()
    expect(verdict).to_contain_text("chưa hoàn tác được")
    laptop.context.set_offline(False)


def test_the_answer_to_a_held_scan_replaces_the_dark_screen(
    laptop: Page, guest: tuple[str, str]
) -> None:
    forget_the_roster(laptop)
    laptop.context.set_offline(True)
    type_digits(laptop, guest[1])
    expect(laptop.locator("#verdict")).to_have_class("verdict unsent")
    laptop.context.set_offline(False)
    expect(laptop.locator("#verdict")).to_have_class("verdict in", timeout=LATER)
    expect(laptop.locator("#late")).to_be_hidden()


def test_what_speaks_against_somebody_let_in_here_stays_in_sight_until_dismissed(
    laptop: Page, live_site: LiveSite
) -> None:
    laptop.context.set_offline(True)
    type_digits(laptop, cancelled(live_site, "Cao Đã Hủy"))
    expect(laptop.locator("#verdict")).to_have_class("verdict in")  # as far as the device knows
    laptop.get_by_role("button", name="Quét tiếp").click()
    laptop.context.set_offline(False)
    late = laptop.locator("#late")
    told = "Đã cho vào tại đây, dù: Đăng ký này đã bị hủy."
    expect(late).to_contain_text(told, timeout=LATER)
    expect(late).not_to_contain_text("Cao Đã Hủy")
    expect(laptop.locator("#verdict")).to_be_hidden()
    open_page(laptop, live_site, "walk-in")
    expect(late).to_contain_text(told)
    late.get_by_role("button").click()
    expect(late).to_be_hidden()
    open_page(laptop, live_site, "")
    expect(late).to_be_hidden()


def test_results_stand_above_the_keyboard(phone: Page, live_site: LiveSite) -> None:
    put_down_here(live_site, "Tạ Trên Phím")
    phone.locator("#q").tap()
    phone.keyboard.type("ta tren phim")
    let_in = phone.get_by_role("button", name="Cho vào: Tạ Trên Phím")
    expect(let_in).to_be_in_viewport(ratio=1)
    let_in.tap()
    expect(phone.locator("#verdict")).to_contain_text("Tạ Trên Phím")
    expect(phone.locator("#hand-scanner")).to_be_visible()


def test_the_reason_of_an_override_and_its_button_stand_above_the_keyboard(
    phone: Page, live_site: LiveSite
) -> None:
    someone = put_down_here(live_site, "Tôn Được Cho Vào Sau Khi Hỏi Giám Sát")
    open_page(phone, live_site, "checkpoint")
    phone.locator("details.of-day summary").first.tap()
    phone.locator("button.checkpoint", has_text="Chỉ dành cho người đã đăng ký").first.tap()
    phone.wait_for_url("**/checkin/")
    open_page(phone, live_site, f"people/{someone.id}")
    phone.get_by_role("button", name="Cho vào").first.tap()
    verdict = phone.locator("#verdict")
    expect(verdict).to_have_class("verdict help")
    verdict.get_by_label("Vẫn cho vào, vì").tap()
    phone.keyboard.type("trưởng đoàn")
    expect(verdict.get_by_label("Vẫn cho vào, vì")).to_be_in_viewport(ratio=1)
    expect(verdict.get_by_role("button", name="Cho vào")).to_be_in_viewport(ratio=1)
    verdict.get_by_role("button", name="Cho vào").tap()
    expect(verdict).to_contain_text("Giám sát cho vào: trưởng đoàn")


def fill_walk_in(page: Page, site: LiveSite, name: str) -> None:
    """Everything but the consent."""
    open_page(page, site, "walk-in")
    page.locator("#name").fill(name)
    page.locator("#organisation").fill("Báo VnExpress")


@pytest.mark.parametrize("scripts", [True, False])
def test_without_the_consent_the_tick_box_is_where_the_page_opens(
    scripts: bool, phone: Page, live_site: LiveSite
) -> None:
    fill_walk_in(phone, live_site, "Lý Chưa Hỏi")
    if not scripts:
        phone.evaluate("document.querySelector('.walk-in').removeAttribute('data-walk-in')")
    phone.get_by_role("button", name="Đăng ký và cho vào").tap()
    tick = phone.locator("[name=agreed]").first
    expect(tick).to_have_attribute("aria-invalid", "true")
    expect(tick).to_be_focused()
    expect(tick).to_be_in_viewport()
    expect(phone.locator("#agreed-error")).to_be_in_viewport()
    expect(phone.locator("#name")).to_have_value("Lý Chưa Hỏi")


def test_a_walk_in_without_a_network_keeps_all_that_was_typed(
    laptop: Page, live_site: LiveSite
) -> None:
    before = arrived(live_site)
    fill_walk_in(laptop, live_site, "Lý Mất Mạng")
    laptop.locator("[name=agreed]").first.check()
    laptop.context.set_offline(True)
    laptop.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(laptop.locator("[data-failed]")).to_contain_text("chưa đăng ký được")
    expect(laptop.locator("#name")).to_have_value("Lý Mất Mạng")
    laptop.context.set_offline(False)
    laptop.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(laptop.locator("#verdict")).to_contain_text("Lý Mất Mạng")
    assert arrived(live_site) == before + 1


def test_an_expired_form_is_sent_again_with_a_fresh_token(
    laptop: Page, live_site: LiveSite
) -> None:
    with laptop.expect_response("**/checkin/roster*"):  # it brings a fresh token
        fill_walk_in(laptop, live_site, "Lý Để Lâu")
    laptop.locator("[name=agreed]").first.check()
    laptop.evaluate(
        "document.getElementById('desk').dataset.token = "
        "document.querySelector('.walk-in [name=csrf_token]').value = 'old'"
    )
    laptop.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(laptop.locator("main")).to_contain_text("Trang này đã mở quá lâu")
    laptop.get_by_role("button", name="Đăng ký và cho vào").click()
    expect(laptop.locator("#verdict")).to_contain_text("Lý Để Lâu")


def test_a_search_without_a_network_says_so_and_is_made_again(
    laptop: Page, live_site: LiveSite
) -> None:
    put_down_here(live_site, "Bùi Tìm Lại")
    laptop.context.set_offline(True)
    laptop.locator("#q").fill("bui tim lai")
    expect(laptop.locator("#found")).to_contain_text("Mất kết nối: chưa tìm được")
    laptop.context.set_offline(False)
    expect(laptop.get_by_role("button", name="Cho vào: Bùi Tìm Lại")).to_be_visible(timeout=LATER)


def test_a_session_that_ended_while_the_page_was_open_is_said(
    laptop: Page, live_site: LiveSite
) -> None:
    open_page(laptop, live_site, "checkpoint")
    laptop.locator("details.of-day summary").first.click()
    laptop.locator("details.of-day button.checkpoint").first.click()
    laptop.wait_for_selector(READY)
    expect(laptop.locator(".off-hours:visible")).to_contain_text("Phiên này đã kết thúc lúc")


def test_where_no_camera_can_be_it_is_said_before_any_press(laptop: Page) -> None:
    laptop.add_init_script("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    laptop.reload()
    expect(laptop.locator(".camera-trouble")).to_contain_text("https")
    expect(laptop.get_by_role("button", name="Bật camera")).to_be_hidden()
