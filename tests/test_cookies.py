"""Cookies and form tokens that were verified a moment ago: believed again, and only as they are."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.doors import csrf

AsStaff = Callable[[str], FlaskClient]
SAID = "Đã đăng xuất."


def cookie(browser: FlaskClient) -> str:
    """What the browser holds."""
    held = browser.get_cookie("ghidanh")
    assert held
    return held.value


def signed_out(browser: FlaskClient, held: str, token: str) -> str:
    """Sign out with this cookie; the cookie that comes of it."""
    browser.set_cookie("ghidanh", held)
    assert browser.post("/staff/sign-out", headers={"X-CSRFToken": token}).status_code == 303
    return cookie(browser)


def test_a_remembered_cookie_keeps_no_message_of_an_earlier_request(as_staff: AsStaff) -> None:
    browser = as_staff("desk")
    token = csrf(browser)
    held = signed_out(browser, cookie(browser), token)
    for _ in range(3):
        again = signed_out(browser, held, token)
    browser.set_cookie("ghidanh", again)
    assert browser.get("/staff/sign-in").text.count(SAID) == 2


@pytest.mark.parametrize("of_whom", ["nobody", "another"])
def test_a_token_that_was_good_for_its_owner_is_good_for_nobody_else(
    as_staff: AsStaff, of_whom: str
) -> None:
    owner, other = as_staff("desk"), as_staff("supervisor")
    token = csrf(owner)
    sent = {"X-CSRFToken": token if of_whom == "another" else "made-up"}
    for _ in range(2):
        assert (
            owner.post("/checkin/scan", json={}, headers={"X-CSRFToken": token}).status_code == 422
        )
        csrf(other)
        assert other.post("/checkin/scan", json={}, headers=sent).status_code == 400


def test_a_cookie_with_one_letter_changed_signs_nobody_in(as_staff: AsStaff) -> None:
    browser = as_staff("desk")
    held = cookie(browser)
    assert browser.get("/checkin/checkpoint").status_code == 200
    for at in (0, len(held) // 2, len(held) - 2):
        changed = held[:at] + ("A" if held[at] != "A" else "B") + held[at + 1 :]
        browser.set_cookie("ghidanh", changed)
        assert browser.get("/checkin/checkpoint").status_code == 302
