"""The door in real Chromium: a badge before a camera, a hand scanner's keys, a cut connection."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import PHONE, Launch
from tests.gates import arrived, later, listen, sign_in, type_digits
from tests.registrants import GOOD
from tests.sites import LiveSite

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
WIDTH, HEIGHT = 640, 480  # pixels of the camera


def register(page: Page, site: LiveSite, name: str) -> None:
    """Through the form, as a guest does; ends on their own page."""
    page.goto(site.address + "/register")
    for key, answer in {**GOOD, "name": name}.items():
        field = page.locator(f"#{key}")
        if key in ("province", "category"):
            field.select_option(answer)
        elif key != "agreed":
            field.fill(answer)
    page.locator("[name=agreed]").first.check()
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.locator("#who")).to_contain_text(name)


def film(page: Page, path: Path) -> Path:
    """What a camera before this screen sees: the code as the guest's own page shows it."""
    box = page.locator(".qr").bounding_box()
    assert box
    left = max(0, box["x"] + box["width"] / 2 - WIDTH / 2)
    top = max(0, box["y"] + box["height"] / 2 - HEIGHT / 2)
    seen = {"x": int(left), "y": int(top), "width": WIDTH, "height": HEIGHT}
    path.write_bytes(page.screenshot(type="jpeg", quality=80, full_page=True, clip=seen))  # type: ignore[arg-type]
    return path


@pytest.fixture
def held_up(
    chromium: Browser,
    launch_chromium: Launch,
    live_site: LiveSite,
    tmp_path: Path,
    complaints: list[str],
) -> Iterator[Page]:
    """A phone at the gate, before whose camera a guest holds the badge that is on their screen."""
    guest = chromium.new_context(locale="vi-VN").new_page()
    register(guest, live_site, "Trần Thị Ngọc Ánh")
    seen = film(guest, tmp_path / "badge.mjpeg")
    guest.context.close()
    door = launch_chromium(*CAMERA, f"--use-file-for-fake-video-capture={seen}")
    phone = listen(door.new_context(**PHONE, permissions=["camera"]).new_page(), complaints)
    sign_in(phone, live_site)
    yield phone
    door.close()


def test_from_the_form_to_the_gate(held_up: Page, live_site: LiveSite) -> None:
    verdict = held_up.locator("#verdict")
    before = arrived(live_site)
    held_up.get_by_role("button", name="Bật camera").click()
    expect(verdict).to_have_class("verdict in", timeout=30_000)
    for words in ("Mời vào", "TS. Trần Thị Ngọc Ánh", "Sở KH&CN Đồng Nai"):
        expect(verdict).to_contain_text(words)
    assert arrived(live_site) == before + 1

    expect(verdict).to_be_hidden(timeout=10_000)  # still held up, and not read again
    assert held_up.locator("#recent .scan").count() == 1
    held_up.reload()  # a camera that was on starts with the page
    expect(verdict).to_have_class("verdict back", timeout=30_000)
    expect(verdict).to_contain_text("Vào lại")
    first = re.compile(r"Vào lần đầu lúc \d\d:\d\d, .+")
    expect(verdict.locator("[data-slot=first]")).to_have_text(first)
    assert arrived(live_site) == before + 1


def test_a_hand_scanner_types_two_hundred_digits_and_enter(
    laptop: Page, guest: tuple[str, str]
) -> None:
    name, digits = guest
    assert len(digits) == 200
    expect(laptop.locator("#code")).to_be_focused()
    type_digits(laptop, digits)
    expect(laptop.locator("#verdict")).to_have_class("verdict in")
    expect(laptop.locator("#verdict")).to_contain_text(name)
    expect(laptop.locator("#code")).to_be_focused()
    expect(laptop.locator("#code")).to_have_value("")
    later(laptop)
    type_digits(laptop, digits)
    expect(laptop.locator("#verdict")).to_have_class("verdict back")
    type_digits(laptop, digits[:150])
    expect(laptop.locator("#verdict")).to_contain_text("Đọc thiếu, quét lại")


def test_enter_presses_no_other_button_wherever_the_focus_is(
    laptop: Page, guest: tuple[str, str]
) -> None:
    _, digits = guest
    laptop.evaluate("addEventListener('click', (e) => { window.pressed = e.target.outerHTML; })")
    laptop.get_by_role("button", name="Bật camera").focus()
    type_digits(laptop, digits)
    expect(laptop.locator("#verdict")).to_have_class("verdict in")
    laptop.locator("#q").focus()
    later(laptop)
    type_digits(laptop, digits)
    expect(laptop.locator("#verdict")).to_have_class("verdict back")
    expect(laptop.locator("#q")).to_have_value("")
    assert laptop.evaluate("window.pressed") is None
    assert laptop.url.endswith("/checkin/")


def test_letters_of_a_typing_program_between_the_digits_do_no_harm(
    laptop: Page, guest: tuple[str, str]
) -> None:
    _, digits = guest
    laptop.locator("#code").focus()
    laptop.keyboard.insert_text(f"ă{digits[:120]}ơ {digits[120:]}w")
    laptop.keyboard.press("Enter")
    expect(laptop.locator("#verdict")).to_have_class("verdict in")


def test_a_press_elsewhere_gives_the_focus_back_to_the_scanner(laptop: Page) -> None:
    laptop.locator(".place .where").click()
    expect(laptop.locator("#code")).to_be_focused()
    laptop.locator("#q").click()
    expect(laptop.locator("#q")).to_be_focused()


def test_a_scan_made_while_the_network_is_cut_is_kept_and_sent_later(
    laptop: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    name, digits = guest
    before = arrived(live_site)
    laptop.context.set_offline(True)
    type_digits(laptop, digits)
    expect(laptop.locator("#verdict")).to_contain_text("Quyết định tại máy, không có kết nối")
    expect(laptop.locator("#unsent")).to_contain_text("Lượt quét chưa gửi: 1")
    assert arrived(live_site) == before
    laptop.context.set_offline(False)
    expect(laptop.locator("#unsent")).to_be_hidden(timeout=15_000)
    expect(laptop.locator("#recent")).to_contain_text(name)
    assert arrived(live_site) == before + 1


def test_a_search_lets_somebody_in_and_the_screen_takes_it_back(
    laptop: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    name, _ = guest
    before = arrived(live_site)
    laptop.locator("#q").press_sequentially(name.lower().replace("ê", "e"))
    laptop.get_by_role("button", name=f"Cho vào: {name}").click()
    verdict = laptop.locator("#verdict")
    expect(verdict).to_have_class("verdict in")
    assert arrived(live_site) == before + 1
    verdict.get_by_text("Hoàn tác").click()
    verdict.get_by_role("button", name="Nhầm người").click()
    expect(laptop.locator("#recent")).to_contain_text("Đã hoàn tác")
    assert arrived(live_site) == before


def test_a_walk_in_takes_no_mouse(laptop: Page, live_site: LiveSite) -> None:
    laptop.goto(live_site.address + "/checkin/walk-in")
    keys = laptop.keyboard
    keys.type("Phạm Khách Lạ")
    keys.press("Tab")
    keys.type("Báo VnExpress")
    for _ in range(4):  # phone, e-mail, category, consent
        keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    expect(laptop.locator("#verdict")).to_contain_text("Phạm Khách Lạ")
    expect(laptop.get_by_role("link", name="In thẻ")).to_be_focused()
    with laptop.expect_popup() as paper:
        keys.press("Enter")
    assert re.search(r"/checkin/badge/\d+\.pdf$", paper.value.url)
