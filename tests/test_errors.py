"""The page for what goes wrong: too much at once, no such address, in the reader's language."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.registrants import words

LIMIT = 1024 * 1024
AsStaff = Callable[[str], FlaskClient]


@pytest.mark.parametrize("size", [LIMIT + 1, 7 * LIMIT])
@pytest.mark.parametrize(
    ("address", "multipart"),
    [("/register", False), ("/en/register", False), ("/staff/sign-in", False), ("/register", True)],
)
def test_a_form_that_is_too_long_is_told_so(
    address: str, size: int, client: FlaskClient, *, multipart: bool
) -> None:
    kind = "multipart/form-data" if multipart else "application/x-www-form-urlencoded"
    answer = client.post(address, data={"name": "x" * size}, content_type=kind)
    assert answer.status_code == 413
    title = "Too much was sent at once" if "/en/" in address else "Nội dung gửi lên quá lớn"
    assert f"<h1>{title}</h1>" in answer.text


def test_a_long_form_within_the_limit_is_read(client: FlaskClient) -> None:
    answer = client.post("/register", data={"name": "x" * (LIMIT - 100)})
    assert answer.status_code == 400
    assert "Tối đa 120 ký tự." in answer.text


@pytest.mark.parametrize("size", [30_000, 2 * LIMIT, 7 * LIMIT])
def test_a_report_of_a_scan_that_is_too_long_is_told_in_words_of_the_door(
    size: int, as_staff: AsStaff
) -> None:
    desk = as_staff("desk")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', desk.get("/staff/password").text)[0]
    headers = {"X-CSRFToken": token}
    answer = desk.post("/checkin/scan", json={"code": "9" * size}, headers=headers)
    assert answer.status_code == 413
    assert answer.json == {"error": "Nội dung gửi lên quá lớn. Xin quét lại."}


@pytest.mark.parametrize(
    ("here", "there", "home", "said"),
    [
        ("/khong-co", "/en/khong-co", "/", "Không có trang nào ở đây"),
        ("/en/khong-co", "/khong-co", "/en/", "There is no page here"),
        ("/en//evil.vn", "/evil.vn", "/en/", "There is no page here"),
        ("/en/%5Cevil.vn", "/%5Cevil.vn", "/en/", "There is no page here"),
        ('/"><script>', "/en/%22%3E%3Cscript%3E", "/", "Không có trang nào ở đây"),
    ],
)
def test_an_address_without_a_page_shows_the_way_home_and_the_other_language(
    here: str, there: str, home: str, said: str, client: FlaskClient
) -> None:
    answer = client.get(here)
    assert answer.status_code == 404
    top = answer.text[answer.text.index("<header") : answer.text.index("</header>")]
    assert re.findall(r'href="([^"]+)"', re.sub(r"<use [^>]*>", "", top)) == [home, there]
    assert f"<h1>{said}</h1>" in answer.text
    assert f'class="button" href="{home}"' in answer.text


def test_an_error_needs_no_event(app: Flask, client: FlaskClient) -> None:
    def broken() -> str:
        raise RuntimeError("broken")

    app.add_url_rule("/broken", "broken", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/broken")
    assert (answer.status_code, "Ghi Danh English" in words(answer.text)) == (500, True)


def test_staff_see_no_attendees_frame(as_staff: AsStaff) -> None:
    answer = as_staff("desk").get("/organiser/")
    assert (answer.status_code, "<header" in answer.text) == (403, False)
