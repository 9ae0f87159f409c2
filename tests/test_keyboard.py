"""Everything that people do is done by keyboard alone: guests, the door, the organisers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.links import key_of, secret_of
from event.own_seats import take_seat
from event.staff import Staff, set_password
from tests.browsers import LAPTOP
from tests.by_keyboard import Hands
from tests.doors import badge, put_down
from tests.house import OPENING
from tests.one_of_each import one_of_each, served

__all__ = ["one_of_each", "served"]
PASSWORD = "mot-mat-khau-du-dai"
LIST = Path(__file__).parent / "lists" / "doan-dong-nai.xlsx"


@pytest.fixture
def page(chromium: Browser, served: str) -> Iterator[Page]:
    """Nobody is signed in there."""
    context = chromium.new_context(**LAPTOP, base_url=served, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def hands(page: Page) -> Hands:
    return Hands(page)


def newcomer(session: Session) -> int:
    """Somebody with a seat and a turn in a queue, who has not come yet."""
    agreed = ("take_part", "exhibitors")
    stated = {"email": "moi@vidu.vn", "phone": "+84912345000", "province": "75"}
    person = put_down(session, "Võ Mới", sessions=("it-2",), agreed=agreed, **stated)
    take_seat(session, person, "energy-1", at=OPENING, by="attendee")
    return person.id


def own(app: Flask, session: Session, number: int) -> str:
    """Somebody's second link."""
    person, keys = session.get_one(Attendee, number), app.config["KEYS"]
    address = f"/me/{secret_of(person, keys)}/change/{key_of(person, keys)}"
    session.rollback()  # holds nothing that the site waits for
    return address


def sign_in(session: Session, hands: Hands, role: str) -> None:
    """With address and password."""
    person = session.scalars(select(Staff).where(Staff.role == role)).first()
    assert person
    set_password(session, person, PASSWORD, at=OPENING)
    session.commit()
    hands.open("/staff/sign-in")
    hands.type("#email", person.email)
    hands.type("#password", PASSWORD)
    hands.follow("main form button.primary")


def test_the_programme_is_filtered(page: Page, hands: Hands) -> None:
    hands.open("/")
    hands.skip()
    hands.press("#track-it")
    expect(page).to_have_url(re.compile(r"track=it"))
    expect(page.locator("#track-it")).to_have_attribute("aria-current", "true")
    expect(page.locator("#track-it")).to_be_focused()
    hands.to("#as-list", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#as-list")).to_have_attribute("aria-current", "true")
    expect(page.locator("#as-list")).to_be_focused()


def test_a_guest_changes_everything(app: Flask, session: Session, page: Page, hands: Hands) -> None:
    hands.open(own(app, session, newcomer(session)))
    hands.skip()
    leave_a_line_and_join_it(page, hands)
    hands.follow("a[href$='/details']")
    hands.type("#position", "Trưởng phòng")
    hands.press("input[value=forum]", "Space")
    hands.follow("form button.call")
    expect(page.locator(".chosen").first).to_contain_text("Phiên forum")
    hands.follow("a[href$='/cancel']")
    hands.follow("form button.danger")
    hands.follow("form button.primary")
    expect(page.locator("#seats")).to_be_visible()
    hands.follow("a[href*='/change/'][href$='/data']")
    take_a_copy_and_a_consent_back(page, hands)


def leave_a_line_and_join_it(page: Page, hands: Hands) -> None:
    """One press each."""
    hands.follow("button[value=leave]")
    expect(page.locator("#waiting")).to_have_count(0)
    hands.follow("button[value=take]")
    expect(page.locator("#waiting")).to_be_visible()


def take_a_copy_and_a_consent_back(page: Page, hands: Hands) -> None:
    """On the page of one's own data."""
    with page.expect_download() as copy:
        hands.press("form[action$='/data.zip'] button")
    assert copy.value.suggested_filename.endswith(".zip")
    hands.follow("form[action$='/withdraw/exhibitors'] button")
    expect(page.locator("form[action$='/withdraw/exhibitors']")).to_have_count(0)


def test_a_guest_hands_over_and_another_is_erased(
    app: Flask, session: Session, page: Page, hands: Hands
) -> None:
    hands.open(own(app, session, newcomer(session)) + "/hand-over")
    hands.follow("main form button.primary")
    expect(page.locator(".summary[role=alert]")).to_be_focused()
    hands.press(".summary a[href='#name']")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Đỗ Người Thay")
    hands.type("#phone", "0912 345 999")
    hands.follow("main form button.primary")
    expect(page.locator("main")).to_contain_text("Đỗ Người Thay")
    hands.open(own(app, session, 2) + "/data")
    hands.follow("a.danger")
    hands.press("[name=sure]", "Space")
    hands.follow("button.danger")
    expect(page.locator(".notice.good h1")).to_be_visible()
    hands.open("/find")
    hands.type("#asked", "an@vidu.vn")
    hands.follow("main form button")
    expect(page.locator(".notice.good[role=status]")).to_be_visible()


def stand_at(page: Page, hands: Hands, gate: str) -> None:
    """Choose where to scan."""
    hands.open("/checkin/checkpoint")
    hands.skip()
    if page.locator(f"button.checkpoint[value={gate}]").is_hidden():
        hands.press("main details.of-day summary")
    hands.follow(f"button.checkpoint[value={gate}]")
    page.wait_for_selector("html[data-scanner=ready]")


def test_the_door_is_kept(app: Flask, session: Session, page: Page, hands: Hands) -> None:
    sign_in(session, hands, "organiser")
    stand_at(page, hands, "gate-b")
    hands.to("#code")
    page.keyboard.type(badge(session, app.config["KEYS"], session.get_one(Attendee, 2)), delay=0)
    page.keyboard.press("Enter")
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text("Trần Bình")
    hands.press("#verdict .undo summary")
    hands.press("#verdict .undo button")
    expect(verdict).to_be_hidden()
    hands.holds()
    hands.type("#q", "ho giang")
    expect(page.locator("#found")).to_contain_text("Hồ Giang")
    hands.holds()
    hands.press("#found form button")
    expect(verdict).to_contain_text("Hồ Giang")
    page.keyboard.press("Escape")
    expect(verdict).to_be_hidden()
    hands.holds()


def test_somebody_without_a_registration_is_put_down(
    session: Session, page: Page, hands: Hands
) -> None:
    sign_in(session, hands, "organiser")
    stand_at(page, hands, "gate-b")
    hands.follow("main a[href='/checkin/walk-in']")
    hands.type("#name", "Lý Vãng Lai")
    hands.type("#organisation", "Báo Quảng Ninh")
    hands.press("[name=agreed]", "Space")
    hands.press("form.walk-in button.primary")
    expect(page.locator("#verdict")).to_contain_text("Lý Vãng Lai")
    expect(page.locator("#verdict [data-print]")).to_be_focused()


def test_a_supervisor_lets_somebody_in_against_the_rule(
    session: Session, page: Page, hands: Hands
) -> None:
    sign_in(session, hands, "organiser")
    stand_at(page, hands, "energy-1")
    hands.type("#q", "ho giang")
    hands.press("#found form button")
    expect(page.locator("#verdict.help")).to_be_visible()
    hands.to("#verdict [name=override]")
    page.keyboard.type("Khách của Ban Tổ chức")
    hands.press("#verdict .override button")
    expect(page.locator("#verdict:not(.help)")).to_contain_text("Hồ Giang")


def test_an_organiser_looks_after_people(session: Session, page: Page, hands: Hands) -> None:
    sign_in(session, hands, "organiser")
    hands.skip()
    hands.follow(".sections a[href='/organiser/people']")
    hands.type("#q", "binh")
    expect(page.locator("#found .who")).to_have_count(1)
    hands.holds()
    hands.press(".narrow-down summary")
    hands.to("#arrived")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found .who")).to_have_count(1)
    hands.holds()
    hands.follow("#found .who a")
    hands.follow("a[href*='/edit']")
    hands.type("#position", "Chuyên viên")
    hands.follow("main form button.primary")
    expect(page.locator("main")).to_contain_text("Chuyên viên")
    hands.open("/organiser/registration")
    hands.follow("form[action$='/closed'] button")
    hands.follow("form[action$='/open'] button")
    expect(page.locator("form[action$='/closed'] button")).to_be_visible()


def test_an_organiser_takes_a_list_in_and_writes_to_many(
    session: Session, page: Page, hands: Hands
) -> None:
    sign_in(session, hands, "organiser")
    hands.open("/organiser/import")
    hands.to("input[type=file]")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(LIST)
    hands.follow("main form button.primary")
    hands.press("main details summary")
    hands.to("#heading")
    hands.press("button[value=refused]")
    expect(page.locator("tr.is-refused").first).to_be_visible()
    hands.open("/organiser/circulars/new")
    hands.type("#subject", "Xe đưa đón")
    hands.type("#body", "Lúc 06:30")
    hands.follow("form .save button")
    expect(page.locator("h1")).to_have_text("Xe đưa đón")
    hands.to("iframe.letter")
    hands.to("form[action$='/trial'] button", "Shift+Tab")
