"""The page of an offline pack in a real browser: from a file, with no network at all."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsers import LAPTOP, PHONE
from tests.sites import LiveSite

PEOPLE = """Họ và tên;Đơn vị
Nguyễn Thị Hương;Sở Công Thương
Nguyễn Thị Hường;Viện <b>A</b>
Đặng Văn Đức;Sở Y tế
"""


@pytest.fixture(scope="module")
def opened(live_site: LiveSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, unpacked somewhere."""
    folder = tmp_path_factory.mktemp("pack")
    (folder / "ds.csv").write_text(PEOPLE, encoding="utf-8")
    live_site.flask("people", "import", str(folder / "ds.csv"))
    live_site.flask("pack", "--out", str(folder / "goi.zip"))
    with zipfile.ZipFile(folder / "goi.zip") as archive:
        return Path(archive.extract("mo-trang-nay.html", folder))


@pytest.fixture
def offline(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone without network."""
    context = chromium.new_context(**PHONE, offline=True)
    yield context
    context.close()


@pytest.fixture
def page(offline: BrowserContext, opened: Path) -> Page:
    """The page as it opens; nothing may go wrong in it, and nothing may be fetched."""
    page = offline.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text))
    page.on("request", lambda asked: None if asked.url.startswith(("file:", "blob:")) else
            pytest.fail(asked.url))  # fmt: skip
    page.goto(opened.as_uri())
    return page


def names(page: Page) -> list[str]:
    return page.locator("#people strong").all_inner_texts()


def saved(page: Page, folder: Path) -> dict[str, object]:
    """What the file holds that it saves."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="Lưu các lượt đánh dấu").click()
    coming.value.save_as(folder / coming.value.suggested_filename)
    return dict(json.loads((folder / coming.value.suggested_filename).read_text()))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen thi huong", ["Nguyễn Thị Hương", "Nguyễn Thị Hường"]),
        ("HUONG thi", ["Nguyễn Thị Hương", "Nguyễn Thị Hường"]),
        ("so y te", ["Đặng Văn Đức"]),
        ("đức", ["Đặng Văn Đức"]),
        ("00003", ["Đặng Văn Đức"]),
        ("3", ["Đặng Văn Đức"]),
        ("khong ai", []),
    ],
)
def test_people_are_found_without_accents(typed: str, found: list[str], page: Page) -> None:
    page.get_by_role("searchbox").fill(typed)
    assert names(page)[: len(found) or None] == found


def test_what_stands_in_a_name_is_text(page: Page) -> None:
    page.get_by_role("searchbox").fill("huong")
    expect(page.get_by_text("Viện <b>A</b>")).to_be_visible()


def test_a_tick_counts_stays_and_comes_home(
    page: Page, opened: Path, live_site: LiveSite, tmp_path: Path
) -> None:
    expect(page.locator("#count")).to_have_text("Đã vào hôm nay: 0 / 3")
    page.get_by_role("searchbox").fill("duc")
    page.keyboard.press("Enter")
    page.get_by_role("searchbox").fill("huong")
    page.get_by_role("button", name="Cho vào: Nguyễn Thị Hương").click()
    page.get_by_role("button", name="Cho vào: Nguyễn Thị Hường").click()
    page.get_by_role("button", name="Hoàn tác: Nguyễn Thị Hường").click()
    expect(page.locator("#count")).to_have_text("Đã vào hôm nay: 2 / 3")
    page.reload()
    expect(page.locator("#count")).to_have_text("Đã vào hôm nay: 2 / 3")
    assert names(page) == ["Nguyễn Thị Hương", "Đặng Văn Đức"]
    expect(page.locator("#unsaved")).to_have_text("Thay đổi chưa lưu ra tệp: 4")
    file = saved(page, tmp_path)
    expect(page.locator("#unsaved")).to_have_text("Đã lưu tất cả ra tệp.")
    ticks = [(t["attendee"], t["place"], t.get("undone", False)) for t in file["ticks"]]  # type: ignore[attr-defined]
    assert ticks == [(3, "gate-a", False), (1, "gate-a", False), (2, "gate-a", True)]
    path = next(tmp_path.glob("*.json"))
    told = live_site.flask("ticks", str(path))
    assert told == "2 người đã vào, 0 lượt đã có, 1 lượt bị bỏ, 0 việc cần xem.\n"


def test_each_place_counts_for_itself(page: Page) -> None:
    page.get_by_role("searchbox").fill("duc")
    page.keyboard.press("Enter")
    page.get_by_label("Nơi vào").select_option(index=1)
    expect(page.locator("#count")).to_have_text("Đã vào hôm nay: 0 / 3")
    page.reload()
    expect(page.get_by_label("Nơi vào")).to_have_value("gate-b")
    page.get_by_label("Nơi vào").select_option(index=0)
    expect(page.locator("#count")).to_have_text("Đã vào hôm nay: 1 / 3")


def test_a_session_shows_who_has_not_booked_it(page: Page) -> None:
    page.get_by_label("Nơi vào").select_option(index=3)
    page.get_by_role("searchbox").fill("duc")
    expect(page.get_by_text("Chưa đăng ký phiên này")).to_be_visible()
    expect(page.locator("#count")).to_have_text("Đã vào hôm nay: 0 / 0")


@pytest.mark.parametrize("screen", [PHONE, LAPTOP])
def test_it_fits_the_screen_and_fingers(
    screen: dict[str, object], chromium: Browser, opened: Path
) -> None:
    page = chromium.new_context(**screen, offline=True).new_page()  # type: ignore[arg-type]
    page.goto(opened.as_uri())
    page.get_by_role("searchbox").fill("huong")
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] == width[1]
    for box in [each.bounding_box() for each in page.locator("button, input, select").all()]:
        assert box
        assert box["height"] >= 44
