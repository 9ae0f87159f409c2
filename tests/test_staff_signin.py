"""Signing in and out: links that work once, passwords, the way back, and limits on guessing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.staff import Staff, add_staff, make_link, set_password
from tests.house import Clock, post

EMAIL, PASSWORD = "lan@vidu.vn", "bốn con voi trắng"


@pytest.fixture
def lan(session: Session, clock: Clock) -> Staff:
    """A desk account with a password."""
    person = add_staff(session, EMAIL, "desk", at=clock(), by="test")
    set_password(session, person, PASSWORD, at=clock())
    return person


def sign_in(browser: FlaskClient, password: str = PASSWORD, **fields: str):  # type: ignore[no-untyped-def]
    """Fill in the form as Lan does."""
    return post(browser, "/staff/sign-in", {"email": EMAIL, "password": password, **fields})


def test_looking_at_a_link_does_not_use_it_up_and_pressing_does(
    client: FlaskClient, session: Session, clock: Clock, lan: Staff
) -> None:
    secret = make_link(session, lan, at=clock())
    for _ in range(3):
        assert EMAIL in client.get(f"/staff/sign-in/{secret}").text
    answer = post(client, f"/staff/sign-in/{secret}", {})
    assert (answer.status_code, answer.location) == (303, "/checkin/")
    assert client.get(f"/staff/sign-in/{secret}").status_code == 404


def test_a_link_is_refused_a_day_later(
    client: FlaskClient, session: Session, clock: Clock, lan: Staff
) -> None:
    secret = make_link(session, lan, at=clock())
    clock.time += timedelta(hours=24)
    assert client.get(f"/staff/sign-in/{secret}").status_code == 404
    assert client.get("/staff/sign-in/made-up").status_code == 404


@pytest.mark.parametrize(
    ("role", "place"),
    [("desk", "/checkin/"), ("supervisor", "/checkin/"), ("organiser", "/organiser/")],
)
def test_each_role_comes_to_its_own_place(
    role: str, place: str, client: FlaskClient, session: Session, clock: Clock
) -> None:
    person = add_staff(session, f"{role}@vidu.vn", role, at=clock(), by="test")
    answer = post(client, f"/staff/sign-in/{make_link(session, person, at=clock())}", {})
    assert answer.location == place


def test_a_password_signs_in_and_comes_back_to_the_page_asked_for(
    client: FlaskClient, lan: Staff
) -> None:
    asked = client.get("/staff/password")
    assert asked.location == "/staff/sign-in?then=/staff/password"
    answer = sign_in(client, then="/staff/password")
    assert (answer.status_code, answer.location) == (303, "/staff/password")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.vn/",
        "//evil.vn",
        "/\\evil.vn",
        "javascript:alert(1)",
        "/a\r\nb",
        "checkin",
        "",
    ],
)
def test_signing_in_leads_to_this_site_alone(
    elsewhere: str, client: FlaskClient, lan: Staff
) -> None:
    assert sign_in(client, then=elsewhere).location == "/checkin/"
    assert client.get("/staff/sign-in", query_string={"then": elsewhere}).location == "/checkin/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: FlaskClient, lan: Staff
) -> None:
    wrong = sign_in(client, "không đúng đâu")
    fields = {"email": "khong@vidu.vn", "password": PASSWORD}
    unknown = post(client, "/staff/sign-in", fields)
    message = "Địa chỉ email hoặc mật khẩu không đúng."
    assert [a.status_code for a in (wrong, unknown)] == [422, 422]
    assert message in wrong.text
    assert message in unknown.text
    assert 'value="lan@vidu.vn"' in wrong.text
    assert "không đúng đâu" not in wrong.text


def test_guessing_has_to_wait_even_with_the_right_password(
    client: FlaskClient, clock: Clock, lan: Staff
) -> None:
    for _ in range(10):
        assert sign_in(client, "đoán mò mãi").status_code == 422
    assert sign_in(client).status_code == 429
    clock.forward(minutes=11)
    assert sign_in(client).status_code == 303


def test_an_expired_token_shows_the_form_again_filled(client: FlaskClient, lan: Staff) -> None:
    fields = {"email": EMAIL, "password": PASSWORD, "csrf_token": "old"}
    answer = client.post("/staff/sign-in", data=fields)
    assert answer.status_code == 422
    assert "Trang này đã mở quá lâu" in answer.text
    assert f'value="{EMAIL}"' in answer.text


def test_a_new_password_ends_other_browsers_but_not_this_one(
    app: Flask, client: FlaskClient, lan: Staff
) -> None:
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    fields = {"password": "năm con voi xám", "again": "năm con voi xám"}
    assert post(client, "/staff/password", fields).status_code == 303
    assert client.get("/staff/password").status_code == 200
    assert other.get("/staff/password").status_code == 302


def test_a_new_password_voids_the_links_of_that_account_alone(
    client: FlaskClient, session: Session, clock: Clock, lan: Staff
) -> None:
    other = add_staff(session, "hoa@vidu.vn", "desk", at=clock(), by="test")
    hers, theirs = (make_link(session, person, at=clock()) for person in (lan, other))
    sign_in(client)
    assert client.get(f"/staff/sign-in/{hers}").status_code == 200
    fields = {"password": "năm con voi xám", "again": "năm con voi xám"}
    assert post(client, "/staff/password", fields).status_code == 303
    assert client.get(f"/staff/sign-in/{hers}").status_code == 404
    assert client.get(f"/staff/sign-in/{theirs}").status_code == 200
    clock.forward(hours=1)
    fresh = make_link(session, lan, at=clock())
    assert client.get(f"/staff/sign-in/{fresh}").status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        ("ngắn", "ngắn", "Mật khẩu dài từ 10 đến 200 ký tự."),
        ("dài" * 67, "dài" * 67, "Mật khẩu dài từ 10 đến 200 ký tự."),
        ("mười hai chữ", "mười hai chu", "Hai mật khẩu không giống nhau."),
        ("", "", "Vui lòng nhập mật khẩu."),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_at_its_field(
    password: str, again: str, message: str, client: FlaskClient, lan: Staff
) -> None:
    sign_in(client)
    answer = post(client, "/staff/password", {"password": password, "again": again})
    assert answer.status_code == 422
    assert message in answer.text


def test_signing_out_takes_a_press(as_staff: Callable[[str], FlaskClient]) -> None:
    browser = as_staff("desk")
    assert browser.get("/staff/sign-out").status_code == 405
    assert browser.post("/staff/sign-out").status_code == 400
    token = post(browser, "/staff/password", {}).text.split('name="csrf_token"')[1]
    token = token.split('value="')[1].split('"')[0]
    answer = browser.post("/staff/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/staff/sign-in?out")
    assert browser.get("/staff/password").status_code == 302


def test_the_language_is_chosen_for_this_browser(client: FlaskClient) -> None:
    assert "Đăng nhập" in client.get("/staff/sign-in").text
    token = client.get("/staff/sign-in").text.split('name="csrf_token"')[1]
    token = token.split('value="')[1].split('"')[0]
    fields = {"language": "en", "then": "/staff/sign-in", "csrf_token": token}
    assert client.post("/staff/language", data=fields).location == "/staff/sign-in"
    assert "Sign in for staff" in client.get("/staff/sign-in").text
    assert client.post("/staff/language", data={**fields, "language": "fr"}).status_code == 400


def test_a_closed_account_is_out_at_once(
    as_staff: Callable[[str], FlaskClient], session: Session, clock: Clock
) -> None:
    browser = as_staff("desk")
    person = session.query(Staff).filter_by(email="desk@vidu.vn").one()
    person.closed_at = clock()
    session.commit()
    assert browser.get("/staff/password").status_code == 302
