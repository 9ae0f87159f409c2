"""The organiser's pages in a real browser: numbers that move by themselves, search while typing."""

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from event.attendees import Registration, register
from event.staff import add_staff, make_link
from tests.browsers import LAPTOP
from tests.house import OPENING
from tests.test_review_presses import a_pair


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The small event, served to a browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def laptop(chromium: Browser, address: str, session: Session) -> Iterator[Page]:
    """An organiser who is signed in, and complains if a page's script or policy fails."""
    context = chromium.new_context(**LAPTOP, base_url=address)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
    person = add_staff(session, "organiser@vidu.vn", "organiser", at=OPENING, by="test")
    page.goto(f"/staff/sign-in/{make_link(session, person, at=OPENING)}")
    page.locator("main button").click()
    expect(page).to_have_url(re.compile("/organiser/$"))
    yield page
    context.close()
    assert complaints == []


def put_down(session: Session, *names: str) -> None:
    for name in names:
        register(session, Registration(name=name), at=OPENING)


def test_the_numbers_move_by_themselves(laptop: Page, session: Session) -> None:
    registered = laptop.locator(".figures div").nth(1).locator("dd").first
    expect(registered).to_have_text("0")
    put_down(session, "Lê An")
    expect(registered).to_have_text("1", timeout=15_000)


def test_people_are_found_while_one_types_and_the_address_follows(
    laptop: Page, session: Session
) -> None:
    put_down(session, "Lê An", "Đỗ Thị Bình")
    laptop.goto("/organiser/people")
    expect(laptop.locator(".people .who a")).to_have_text(["Lê An", "Đỗ Thị Bình"])
    laptop.locator("#q").press_sequentially("do thi")
    expect(laptop.locator(".people .who a")).to_have_text(["Đỗ Thị Bình"])
    expect(laptop.locator("#q")).to_be_focused()
    expect(laptop).to_have_url(re.compile(r"/organiser/people\?q=do\+thi$"))
    laptop.reload()
    expect(laptop.locator(".people .who a")).to_have_text(["Đỗ Thị Bình"])
    laptop.locator("summary", has_text="Lọc").click()
    laptop.locator("#category").select_option("delegate")
    expect(laptop.locator("#found")).to_contain_text("Không tìm thấy ai.")
    expect(laptop).to_have_url(re.compile(r"\?q=do\+thi&category=delegate$"))


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(laptop: Page, session: Session, width: int) -> None:
    put_down(session, "Nguyễn Trần Hoàng Công Tằng Tôn Nữ Minh Khuê", "A" * 120)
    laptop.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for path in ("", "people", "people/1", "people/1/edit", "people/2", "people/2/cancel",
                 "delegations", "programme", "programme/it-1/edit", "staff"):  # fmt: skip
        laptop.goto(f"/organiser/{path}")
        wide[path] = laptop.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {path: over for path, over in wide.items() if over > 0} == {}


def test_the_counts_of_what_waits_change_with_the_press(laptop: Page, session: Session) -> None:
    a_pair(session)
    laptop.goto("/organiser/review")
    section, tab = laptop.locator(".sections a[aria-current]"), laptop.locator("#waiting")
    expect(section).to_have_text("Cần xem lại\xa01")
    laptop.get_by_role("button", name="Không sao").click()
    expect(tab).to_have_text("0")
    expect(section).to_have_text("Cần xem lại")
    laptop.get_by_role("button", name="Chưa đúng: xem lại").click()
    expect(tab).to_have_text("1")
    expect(section).to_have_text("Cần xem lại\xa01")
