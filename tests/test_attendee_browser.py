"""Attendees' pages in a real browser: the form; that each page fits, stands still and prints."""

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from event.badges import read
from event.keys import load_keys
from tests.browsers import PHONE
from tests.papers import Picture, code_on
from tests.registrants import GOOD
from tests.sites import LiveSite

WIDTHS = (320, 390, 768, 1280)
PAGES = ("/", "/?view=list", "/register", "/find", "/me/none", "/nothing", "/trust")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WATCH = """new PerformanceObserver((seen) => seen.getEntries().forEach((one) => {
  window.moved = (window.moved || 0) + one.value;
})).observe({type: "layout-shift", buffered: true})"""
COLOURS = """[getComputedStyle(document.documentElement).backgroundColor,
  getComputedStyle(document.querySelector(".session h4")).color]"""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone that complains if a page's script or policy fails."""
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
    yield page
    context.close()
    assert complaints == []


def fill_in(page: Page) -> None:
    """Good answers, and consent."""
    for name, answer in GOOD.items():
        field = page.locator(f"#{name}")
        if name in ("province", "category"):
            field.select_option(answer)
        elif name != "agreed":
            field.fill(answer)
    page.locator("[name=agreed]").first.check()


def test_a_field_is_checked_when_it_is_left(phone: Page, live_site: LiveSite) -> None:
    phone.goto(live_site.address + "/register")
    phone.locator("#email").fill("sai-dia-chi")
    phone.locator("#email").press("Tab")
    expect(phone.locator("#email-error")).to_have_text(
        "Địa chỉ email chưa đúng. Ví dụ: hoa.le@vidu.vn"
    )
    expect(phone.locator("#email")).to_have_attribute("aria-invalid", "true")
    expect(phone.locator("#phone")).to_be_focused()
    phone.locator("#email").fill("huong@vidu.vn")
    phone.locator("#email").press("Tab")
    expect(phone.locator("#email-error")).to_be_empty()
    expect(phone.locator("#email")).not_to_have_attribute("aria-invalid", "true")


def test_the_summary_leads_by_thumb_to_a_field_with_its_label(
    phone: Page, live_site: LiveSite
) -> None:
    phone.goto(live_site.address + "/register")
    phone.get_by_role("button", name="Đăng ký").click()
    link = phone.locator(".summary").get_by_role("link", name="Đơn vị")
    box = link.bounding_box()
    assert box
    assert box["height"] >= 44
    link.click()
    expect(phone.locator("#organisation")).to_be_focused()
    expect(phone.locator("label[for=organisation]")).to_be_in_viewport(ratio=1)


def test_overlaps_are_told_while_sessions_are_chosen(phone: Page, live_site: LiveSite) -> None:
    phone.goto(live_site.address + "/en/register")
    for key in ("energy-1", "logistics-1"):
        phone.locator(f"input[value={key}]").check()
    warning = phone.locator("#overlaps .warn")
    expect(warning).to_contain_text("“Offshore wind and solar power” (10:15–11:45) and")
    phone.locator("input[value=it-1]").check()
    expect(phone.locator("#overlaps .bad")).to_contain_text("both have limited seats")
    phone.locator("input[value=energy-1]").uncheck()
    expect(phone.locator("#overlaps .bad")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_form_to_code(scripts: bool, chromium: Browser, live_site: LiveSite) -> None:
    context = chromium.new_context(**PHONE, java_script_enabled=scripts, color_scheme="dark")
    page = context.new_page()
    page.goto(live_site.address + "/")
    page.locator(".bar a").click()
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.locator(".summary")).to_be_focused()
    fill_in(page)
    page.locator("input[value=it-2]").check()
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.locator("#who")).to_contain_text(GOOD["name"])
    expect(page.locator(".qr-card")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".qr")).to_be_in_viewport(ratio=1)
    context.close()


def test_the_badge_is_kept_as_a_picture_that_a_gate_can_read(
    phone: Page, live_site: LiveSite
) -> None:
    phone.goto(live_site.address + "/register")
    fill_in(phone)
    phone.get_by_role("button", name="Đăng ký").click()
    number = phone.locator(".qr-card .number").inner_text()
    phone.get_by_role("link", name="Thẻ dạng ảnh").click()
    expect(phone.locator(".badge-picture")).to_be_in_viewport()
    with phone.expect_download() as kept:
        phone.get_by_role("link", name="Tải ảnh về").click()
    assert kept.value.suggested_filename == f"badge-{number}.png"
    image = Image.open(kept.value.path())
    assert (image.format, image.size) == ("PNG", (1240, 1748))
    grey = image.convert("L")
    public = load_keys(live_site.data_dir).badges.public_key()
    facts = read(code_on(Picture(*grey.size, grey.tobytes())), public)
    assert f"{facts.attendee:05d}" == number


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_public_page_fits_every_screen_and_nothing_moves_while_it_loads(
    language: str, phone: Page, live_site: LiveSite
) -> None:
    phone.add_init_script(WATCH)
    wider, moved = {}, {}
    for path in PAGES:
        phone.set_viewport_size({"width": 390, "height": 844})
        phone.goto(live_site.address + language + path)
        phone.evaluate("document.fonts.ready")
        moved[path] = round(phone.evaluate("window.moved || 0"), 2)
        wider[path] = [wider_than(phone, width) for width in WIDTHS]
    assert moved == dict.fromkeys(PAGES, 0)
    assert wider == dict.fromkeys(PAGES, [0] * len(WIDTHS))


def wider_than(page: Page, width: int) -> int:
    """Pixels by which it could be pushed aside."""
    page.set_viewport_size({"width": width, "height": 800})
    by: int = page.evaluate(WIDER)
    return by


def test_what_is_printed_from_a_dark_screen_is_ink_on_white(
    chromium: Browser, live_site: LiveSite
) -> None:
    page = chromium.new_page(color_scheme="dark")
    page.goto(live_site.address + "/")
    page.emulate_media(media="print")
    assert page.evaluate(COLOURS) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    page.close()


def test_the_language_changes_inside_the_form_without_losing_what_was_typed(
    phone: Page, live_site: LiveSite
) -> None:
    phone.goto(live_site.address + "/register")
    fill_in(phone)
    phone.locator("[name=sessions]:enabled").first.check()
    phone.get_by_role("link", name="English").click()
    expect(phone).to_have_url(live_site.address + "/en/register")
    expect(phone.locator("#name")).to_have_value(GOOD["name"])
    expect(phone.locator("#province")).to_have_value(GOOD["province"])
    expect(phone.locator("[name=sessions]:checked")).to_have_count(1)
    expect(phone.locator("[name=agreed]").first).not_to_be_checked()
    phone.goto(live_site.address + "/register")
    expect(phone.locator("#name")).to_have_value("")
