"""A group's adult is scanned, and those who come along are said at once, to be counted."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.binding import Wish, bind
from event.blanks import Issue, issue, token_of_blank
from event.keys import load_keys
from event.programme import the_event
from tests.doors import badge, put_down, scan
from tests.gates import READY, inside, later, type_digits
from tests.house import OPENING
from tests.sites import LiveSite, eventually
from tests.test_door_headcount import counted
from tests.test_kiosk import kiosk, organiser, send

__all__ = ["kiosk", "organiser"]  # fixtures
SignIn = Callable[[str], FlaskClient]


def test_the_verdict_says_how_many_come_along(
    app: Flask, session: Session, as_staff: SignIn
) -> None:
    desk, keys = as_staff("desk"), app.config["KEYS"]
    teacher, alone = put_down(session, companions=1040), put_down(session)
    told = scan(desk, code=badge(session, keys, teacher)).json
    assert (told["companions"], told["along"]) == (1040, "+1.040 người đi cùng")
    assert "along" not in scan(desk, code=badge(session, keys, alone)).json
    assert scan(desk, code=badge(session, keys, teacher)).json["along"] == "+1.040 người đi cùng"


def test_a_blank_badge_of_the_adult_says_it_too(
    app: Flask, session: Session, as_staff: SignIn
) -> None:
    event = the_event(session)
    assert event
    teacher = put_down(session, companions=40)
    issue(session, event, Issue(1, "visitor", "a6"), by="test", at=OPENING)
    bind(session, event, Wish(1, teacher.id), by="test", at=OPENING)
    code = token_of_blank(event, 1, 1, app.config["KEYS"].badges)
    assert scan(as_staff("desk"), code=code).json["along"] == "+40 người đi cùng"


def test_devices_keep_the_few_who_bring_others_and_nobody_else(
    session: Session, as_staff: SignIn
) -> None:
    desk = as_staff("desk")
    assert desk.get("/checkin/roster").json["groups"] == {}
    teacher, gone = put_down(session, companions=40), put_down(session, companions=3)
    put_down(session)
    cancel(session, gone, at=OPENING, by="test")
    for since in (0, desk.get("/checkin/roster").json["version"]):
        told = desk.get(f"/checkin/roster?since={since}").json
        assert told["groups"] == {str(teacher.id): 40}


def test_search_and_the_persons_page_say_it(session: Session, as_staff: SignIn) -> None:
    put_down(session, "Trần Thị Cô Giáo", companions=40)
    desk = as_staff("desk")
    for page in ("/checkin/people?q=giáo", "/checkin/people/1"):
        assert "+40 người đi cùng" in desk.get(page).text
    put_down(session, "Lê Một Mình")
    assert "0 người đi cùng" not in desk.get("/checkin/people/2").text


def test_a_kiosk_welcomes_all_of_them(app: Flask, session: Session, kiosk: FlaskClient) -> None:
    teacher = put_down(session, "Cô Giáo", companions=40)
    assert send(kiosk, code=badge(session, app.config["KEYS"], teacher)).json == {
        "kind": "in", "name": "Cô Giáo", "printer": "", "companions": 40,
    }  # fmt: skip
    assert "và tất cả người đi cùng" in kiosk.get("/checkin/kiosk").text


@pytest.fixture
def groups(laptop: Page, live_site: LiveSite) -> list[str]:
    """The badges of two who bring 35 and 20; the laptop has heard of them."""
    with inside(live_site) as session:
        keys = load_keys(live_site.data_dir)
        codes = [badge(session, keys, put_down(session, companions=n)) for n in (35, 20)]
    with laptop.expect_response("**/checkin/roster*"):
        laptop.reload()
    laptop.wait_for_selector(READY)
    return codes


def test_one_press_counts_them(laptop: Page, live_site: LiveSite, groups: list[str]) -> None:
    before = counted(live_site)
    type_digits(laptop, groups[0])
    expect(laptop.locator("#verdict")).to_contain_text("+35 người đi cùng")
    press = laptop.get_by_role("button", name="Đếm số người +35")
    press.click()
    expect(press).to_be_disabled()
    eventually(lambda: counted(live_site) == before + 35)


def test_so_it_does_without_a_network(laptop: Page, live_site: LiveSite, groups: list[str]) -> None:
    before = counted(live_site)
    laptop.context.set_offline(True)
    type_digits(laptop, groups[1])
    expect(laptop.locator("#verdict")).to_contain_text("+20 người đi cùng")
    laptop.get_by_role("button", name="Đếm số người +20").click()
    later(laptop)
    type_digits(laptop, groups[1])
    expect(laptop.locator("#verdict")).to_have_class("verdict back")
    expect(laptop.locator("#verdict")).to_contain_text("+20 người đi cùng")
    expect(laptop.get_by_role("button", name="Đếm số người")).to_be_hidden()
    laptop.context.set_offline(False)
    eventually(lambda: counted(live_site) == before + 20)
