"""A kiosk, a printer and a delegation in real Chromium: camera, paper, no network, a long press."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from event.delegations import Delegation
from event.devices import open_place
from event.keys import load_keys
from event.printqueue import Printer, PrintJob
from event.scans import Scan
from tests.browsers import LAPTOP, PHONE, Launch
from tests.doors import badge, put_down
from tests.gates import READY, inside, later, listen, stand_at_the_gate, type_digits
from tests.papers import code_on, draw, said, size
from tests.sites import LiveSite, eventually
from tests.test_door_chromium import CAMERA, film, register

TABLET = {**LAPTOP, "viewport": {"width": 1024, "height": 768}}
Guest = tuple[str, str]
PRINTS_NOTHING = """window.print = () => {
  const sheet = document.getElementById("sheet");
  window.kept = sheet.innerHTML;
  const told = document.documentElement.dataset;
  told.sheets = Number(told.sheets ?? 0) + 1;
}"""


def pair(page: Page, site: LiveSite) -> Page:
    """Make it the kiosk of gate A."""
    with inside(site) as session:
        _, secret = open_place(
            session, "Máy tự đón", ["gate-a"], by="test", at=datetime.now(UTC), kiosk=True
        )
    page.goto(f"{site.address}/checkin/pair/{secret}")
    page.get_by_role("button", name="Ghép thiết bị này").click()
    page.wait_for_selector(READY)
    assert page.url == f"{site.address}/checkin/kiosk"
    return page


@pytest.fixture
def kiosk(chromium: Browser, live_site: LiveSite, complaints: list[str]) -> Iterator[Page]:
    """A tablet with a hand scanner plugged in."""
    context = chromium.new_context(**TABLET)
    yield pair(listen(context.new_page(), complaints), live_site)
    context.close()


@pytest.fixture
def printer(chromium: Browser, live_site: LiveSite, complaints: list[str]) -> Iterator[Page]:
    """The page at the desk that prints, called Bàn 7."""
    context = chromium.new_context(**LAPTOP)
    page = listen(context.new_page(), complaints)
    page.add_init_script(PRINTS_NOTHING)
    stand_at_the_gate(page, live_site, "desk")
    page.goto(f"{live_site.address}/checkin/printer")
    page.locator("#name").fill("Bàn 7")
    page.get_by_role("button", name="In tại đây").click()
    expect(page.locator("[data-state]")).to_have_text("Đang mở: chờ thẻ tiếp theo.")
    yield page
    context.close()
    with inside(live_site) as session:
        for known in session.scalars(select(Printer)):
            known.heard_at = None
        session.commit()


def test_a_guest_holds_the_phone_before_the_front_camera(
    chromium: Browser,
    launch_chromium: Launch,
    live_site: LiveSite,
    tmp_path: Path,
    complaints: list[str],
) -> None:
    guest = chromium.new_context(locale="vi-VN").new_page()
    register(guest, live_site, "Đỗ Tự Đón")
    seen = film(guest, tmp_path / "badge.mjpeg")
    guest.context.close()
    door = launch_chromium(*CAMERA, f"--use-file-for-fake-video-capture={seen}")
    context = door.new_context(**TABLET, permissions=["camera"])
    page = pair(listen(context.new_page(), complaints), live_site)
    page.get_by_role("button", name="Bật camera").click()
    welcome = page.locator("#verdict")
    expect(welcome).to_have_class("welcome welcome", timeout=30_000)
    for words in ("Đỗ Tự Đón", "Kính mời Quý khách vào", "Welcome. Please come in"):
        expect(welcome).to_contain_text(words)
    expect(page.locator("[data-printer]")).to_be_hidden()
    expect(welcome).to_be_hidden(timeout=10_000)  # by itself, though the phone is still there
    expect(page.locator("video")).to_be_visible()
    door.close()


def test_a_refusal_sends_to_the_help_desk_without_a_reason(kiosk: Page, guest: Guest) -> None:
    digits = guest[1]
    type_digits(kiosk, digits[:-1] + str((int(digits[-1]) + 1) % 10))
    welcome = kiosk.locator("#verdict")
    expect(welcome).to_have_class("welcome help")
    expect(welcome).to_contain_text("Mời Quý khách đến bàn hỗ trợ")
    assert "thẻ" not in welcome.inner_text().lower()
    type_digits(kiosk, digits[:150])
    expect(welcome).to_have_class("welcome again")


def test_without_a_connection_it_lets_in_and_names_nobody(
    kiosk: Page, guest: Guest, live_site: LiveSite
) -> None:
    kiosk.locator(".corner summary").click()
    expect(kiosk.locator("#roster-age")).to_be_visible()
    kiosk.locator(".corner summary").click()
    kiosk.context.set_offline(True)
    type_digits(kiosk, guest[1])
    welcome = kiosk.locator("#verdict")
    expect(welcome).to_have_class("welcome welcome")
    expect(welcome).to_contain_text("Kính mời Quý khách vào")
    expect(kiosk.locator("[data-name]")).to_be_hidden()
    kiosk.context.set_offline(False)
    kiosk.locator("#verdict").click()
    kiosk.locator(".corner summary").click()
    expect(kiosk.locator("#unsent")).to_be_hidden(timeout=20_000)
    with inside(live_site) as session:
        row = session.scalars(select(Scan).order_by(Scan.id.desc())).first()
        assert row is not None
        assert (row.method, row.verdict, row.provisional) == ("kiosk", "in", True)


def test_it_opens_cold_without_a_connection_as_a_kiosk_and_nothing_else(
    kiosk: Page, guest: Guest
) -> None:
    held = "caches.match('/checkin/shell').then((page) => Boolean(page))"
    eventually(lambda: bool(kiosk.evaluate(held)))
    kiosk.context.set_offline(True)
    again = kiosk.context.new_page()
    kiosk.close()
    again.goto(kiosk.url)
    again.wait_for_selector(READY)
    expect(again.locator("h1")).to_contain_text("Đưa mã QR trên điện thoại vào khung")
    assert again.locator("header.top").count() == 0
    type_digits(again, guest[1])
    expect(again.locator("#verdict")).to_have_class("welcome welcome")
    expect(again.locator("[data-name]")).to_be_hidden()


def test_a_short_tap_on_the_way_out_leads_nowhere_and_two_seconds_do(
    kiosk: Page, live_site: LiveSite
) -> None:
    kiosk.locator(".corner summary").click()
    way_out = kiosk.get_by_role("link", name="Đăng nhập: giữ hai giây")
    way_out.click()
    expect(way_out).to_be_visible()
    assert kiosk.url == f"{live_site.address}/checkin/kiosk"
    way_out.hover()
    kiosk.mouse.down()
    kiosk.wait_for_url("**/staff/sign-in?then=/checkin/")
    kiosk.mouse.up()


def test_a_badge_comes_out_at_the_desk_while_the_guest_walks_there(
    kiosk: Page, printer: Page, guest: Guest, live_site: LiveSite, tmp_path: Path
) -> None:
    name, digits = guest
    type_digits(kiosk, digits)
    expect(kiosk.locator("#verdict")).to_contain_text("Thẻ của Quý khách đang in ở")
    expect(kiosk.locator("[data-printer]")).to_have_text("Bàn 7")
    printed = printer.locator(".queue li.done", has_text=name)
    expect(printed).to_be_visible(timeout=15_000)
    expect(printer.locator("html")).to_have_attribute("data-sheets", "1")
    later(kiosk)
    type_digits(kiosk, digits)
    expect(kiosk.locator("[data-printer]")).to_be_hidden()
    printer.evaluate("document.getElementById('sheet').innerHTML = window.kept")
    paper = printer.pdf(prefer_css_page_size=True, print_background=True)
    assert [round(side / 72 * 25.4) for side in size(paper)] == [105, 148]
    (page,) = draw(paper, tmp_path)
    assert code_on(page) == digits
    assert name.split()[-1] in said(paper)
    with inside(live_site) as session:
        assert session.scalars(select(PrintJob.over)).all() == ["done"]


def test_once_printed_it_is_printed_again_by_a_press(
    kiosk: Page, printer: Page, guest: Guest
) -> None:
    name, digits = guest
    type_digits(kiosk, digits)
    expect(printer.locator(".queue li.done", has_text=name)).to_be_visible(timeout=15_000)
    printer.get_by_role("button", name=f"In lại: {name}").click()
    # The page was loaded anew, and printed once since.
    expect(printer.locator("html")).to_have_attribute("data-sheets", "1", timeout=15_000)
    expect(printer.locator(".queue li.done", has_text=name)).to_be_visible(timeout=15_000)


def a_delegation(site: LiveSite, people: int) -> str:
    """The digits of its head."""
    with inside(site) as session:
        name = f"Đoàn {people} người"
        party = Delegation(name=name, folded_name=name, created_at=datetime.now(UTC))
        session.add(party)
        session.flush()
        members = [put_down(session, f"Đoàn Viên {number}") for number in range(people)]
        for member in members:
            member.party_id = party.id
        members[0].heads_party = True
        session.commit()
        return badge(session, load_keys(site.data_dir), members[0])


def came_along(site: LiveSite) -> int:
    with inside(site) as session:
        return session.scalar(select(func.count()).where(Scan.because_id.is_not(None))) or 0


def test_a_delegation_is_ticked_and_comes_in_by_one_tap(laptop: Page, live_site: LiveSite) -> None:
    before = came_along(live_site)
    type_digits(laptop, a_delegation(live_site, 12))
    laptop.get_by_role("link", name="Đoàn 12 người · 11 người đi cùng").click()
    press = laptop.locator("[data-let-in]")
    expect(press).to_have_text("Chưa chọn ai")
    expect(press).to_be_disabled()
    laptop.get_by_role("button", name="Chọn cả 11").click()
    for row in (0, 3):
        laptop.locator(".members label").nth(row).click()
    expect(press).to_have_text("Cho vào 9 người")
    press.click()
    expect(laptop.locator(".party-head")).to_contain_text("10/12 đã vào")
    assert came_along(live_site) == before + 9
    laptop.get_by_role("button", name="Hoàn tác cả 9").click()
    expect(laptop.locator(".party-head")).to_contain_text("1/12 đã vào")


def test_without_a_connection_the_tap_says_so_and_counts_nobody_twice(
    laptop: Page, live_site: LiveSite
) -> None:
    before = came_along(live_site)
    type_digits(laptop, a_delegation(live_site, 3))
    laptop.get_by_role("link", name="Đoàn 3 người").click()
    laptop.get_by_role("button", name="Chọn cả 2").click()
    laptop.context.set_offline(True)
    press = laptop.get_by_role("button", name="Cho vào 2 người")
    press.click()
    expect(laptop.get_by_text("Mất kết nối: chỉ trưởng đoàn đã được cho vào.")).to_be_visible()
    laptop.context.set_offline(False)
    press.click()
    expect(laptop.locator(".party-head")).to_contain_text("3/3 đã vào")
    assert came_along(live_site) == before + 2


@pytest.mark.parametrize(
    "screen", [{"width": 390, "height": 844}, {"width": 768, "height": 1024}, LAPTOP["viewport"]]
)
def test_nothing_of_the_page_lies_outside_the_screen(
    chromium: Browser, live_site: LiveSite, screen: dict[str, int], complaints: list[str]
) -> None:
    context = chromium.new_context(**{**PHONE, "viewport": screen})
    page = pair(listen(context.new_page(), complaints), live_site)
    for part in (".ask h1", ".view", ".corner summary"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= screen["width"]
        assert box["y"] + box["height"] <= screen["height"]
    assert re.search(r"Đưa mã QR trên điện thoại vào khung", page.inner_text("h1"))
    context.close()
