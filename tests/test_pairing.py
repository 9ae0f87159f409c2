"""A phone is paired by a code and scans at its doors, without an account and nothing more."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.devices import Device, withdraw
from event.scans import Scan
from tests.doors import badge, csrf, put_down, scan
from tests.house import Clock, post
from tests.registrants import words

AsStaff = Callable[[str], FlaskClient]


@pytest.fixture
def organiser(as_staff: AsStaff) -> FlaskClient:
    """Signed in, with every page open."""
    return as_staff("organiser")


def code_of(page: str) -> str:
    """The path that a code leads to."""
    found = re.search(r'value="http://[^/"]+(/checkin/pair/[\w-]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def phone(app: Flask, organiser: FlaskClient) -> FlaskClient:
    """Paired as "Cổng A · 1", for gate a alone."""
    shown = post(organiser, "/organiser/devices", {"name": "Cổng A · 1", "doors": ["gate-a"]})
    browser = app.test_client()
    post(browser, code_of(shown.text), {})
    return browser


def test_a_phone_that_read_the_code_scans_under_its_name(
    app: Flask, session: Session, phone: FlaskClient
) -> None:
    huong = put_down(session)
    assert "Cổng A" in phone.get("/checkin/").text
    answer = scan(phone, code=badge(session, app.config["KEYS"], huong))
    assert (answer.status_code, answer.json["kind"], answer.json["name"]) == (
        200, "in", "Nguyễn Thị Hương",
    )  # fmt: skip
    assert answer.json["attendee"] is None
    row = session.scalars(select(Scan)).one()
    assert (row.device, row.staff_id) == ("device:1", None)


@pytest.mark.parametrize("number", ["00001", "B0002"])
def test_a_number_typed_on_a_phone_is_no_forgery(phone: FlaskClient, number: str) -> None:
    answer = scan(phone, code=number, method="scanner").json
    assert (answer["kind"], answer["reason"]) == ("again", "number_only")
    assert answer["why"] == "Đây là số in dưới mã; xin quét mã QR hoặc hỏi bàn hỗ trợ."


def test_the_advice_for_an_iphone_names_it_once(organiser: FlaskClient) -> None:
    page = post(organiser, "/organiser/devices", {"name": "Một"}).text
    advice = words(page.split("</ol>")[1].split("</p>")[0])
    assert advice.startswith("iPhone có thể lưu dữ liệu của ứng dụng trên màn hình chính")


def test_looking_at_the_link_does_not_use_it_up(app: Flask, organiser: FlaskClient) -> None:
    code = code_of(post(organiser, "/organiser/devices", {"name": "Một"}).text)
    for _ in range(2):
        assert "Ghép thiết bị này" in app.test_client().get(code).text
    assert post(app.test_client(), code, {}).location == "/checkin/"
    assert app.test_client().get(code).status_code == 404


def test_a_code_that_ran_out_says_what_to_do(
    app: Flask, organiser: FlaskClient, clock: Clock
) -> None:
    code = code_of(post(organiser, "/organiser/devices", {"name": "Một"}).text)
    clock.forward(minutes=10)
    answer = app.test_client().get(code)
    assert (answer.status_code, "Mã này không mở được gì" in answer.text) == (404, True)


def test_it_scans_nowhere_but_at_its_doors(
    app: Flask, session: Session, phone: FlaskClient
) -> None:
    code = badge(session, app.config["KEYS"], put_down(session))
    assert scan(phone, code=code, checkpoint="it-1").status_code == 403
    page = phone.get("/checkin/checkpoint").text
    assert re.findall(r'value="([\w-]+)" class="checkpoint"', page) == ["gate-a"]
    assert post(phone, "/checkin/checkpoint", {"checkpoint": "it-1"}).status_code == 422
    assert session.scalars(select(Scan)).all() == []


def test_it_lets_nobody_in_by_number_and_overrides_nothing(
    session: Session, phone: FlaskClient
) -> None:
    huong = put_down(session)
    for told in ({"attendee": huong.id}, {"attendee": huong.id, "override": "VIP"}):
        assert scan(phone, method="search", **told).status_code == 403


@pytest.mark.parametrize(
    "address", ["/checkin/people", "/checkin/people/1", "/checkin/walk-in", "/checkin/badge/1.pdf"]
)
def test_it_sees_no_list_of_people(phone: FlaskClient, session: Session, address: str) -> None:
    put_down(session)
    assert phone.get(address).status_code == 403


def test_its_pages_lead_nowhere_that_it_may_not_go(
    app: Flask, session: Session, phone: FlaskClient
) -> None:
    scan(phone, code=badge(session, app.config["KEYS"], put_down(session)))
    page = phone.get("/checkin/").text
    links = set(re.findall(r'(?:href|action|hx-get)="(/[^"]*)"', page))
    assert {link for link in links if phone.get(link).status_code in (401, 403)} == set()
    assert "/checkin/people" not in page.replace('href="/checkin/people/"', "")


def test_its_key_opens_no_page_outside_the_door(phone: FlaskClient) -> None:
    assert phone.get("/organiser/").location == "/staff/sign-in?then=/organiser/"


def test_withdrawn_it_is_refused_from_the_next_scan_on(
    app: Flask, session: Session, organiser: FlaskClient, phone: FlaskClient
) -> None:
    code = badge(session, app.config["KEYS"], put_down(session))
    token = csrf(phone)
    page = organiser.get("/organiser/devices").text
    proof = {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}
    answer = organiser.post("/organiser/devices/1/withdraw", data=proof)
    assert answer.location == "/organiser/devices"
    report = {"nonce": "n1", "method": "camera", "checkpoint": "gate-a", "code": code}
    refused = phone.post("/checkin/scan", json=report, headers={"X-CSRFToken": token})
    assert refused.status_code == 401
    assert session.scalars(select(Scan)).all() == []


@pytest.mark.parametrize(
    "cookie", ["", "1", "1.", ".x", "x.y", "-1.x", "99999999999.x", "1.wrong", "²." + "a" * 43]
)
def test_a_made_up_key_is_a_stranger(app: Flask, phone: FlaskClient, cookie: str) -> None:
    browser = app.test_client()
    browser.set_cookie("ghidanh_device", cookie, path="/checkin")
    assert browser.get("/checkin/").status_code == 403
    assert browser.post("/checkin/scan", json={}).status_code in (400, 401)


def test_the_cookie_is_kept_for_the_door_alone_and_from_scripts(
    app: Flask, organiser: FlaskClient
) -> None:
    code = code_of(post(organiser, "/organiser/devices", {"name": "Một"}).text)
    answer = post(app.test_client(), code, {})
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("ghidanh_device")]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/checkin", "Max-Age=2592000"):
        assert word in cookie


def test_the_page_of_the_code_tells_when_it_was_read(app: Flask, organiser: FlaskClient) -> None:
    code = code_of(post(organiser, "/organiser/devices", {"name": "Một"}).text)
    assert "Đang chờ điện thoại" in organiser.get("/organiser/devices/1/state").text
    post(app.test_client(), code, {})
    assert "Đã ghép: Một" in organiser.get("/organiser/devices/1/state").text


def test_doors_are_changed_from_the_list(
    organiser: FlaskClient, phone: FlaskClient, session: Session
) -> None:
    page = organiser.get("/organiser/devices/1").text
    assert re.findall(r'value="([\w-]+)" checked', page) == ["gate-a"]
    fields = {"name": "Cổng B", "doors": ["gate-b", "made-up"]}
    assert post(organiser, "/organiser/devices/1", fields).status_code == 303
    device = session.get_one(Device, 1)
    assert (device.name, device.doors) == ("Cổng B", ["gate-b"])
    assert phone.get("/checkin/").location == "/checkin/checkpoint"


def test_a_device_without_a_name_is_refused_at_its_field(
    organiser: FlaskClient, session: Session
) -> None:
    answer = post(organiser, "/organiser/devices", {"name": "  ", "doors": ["gate-a"]})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert 'value="gate-a" checked' in answer.text
    assert session.scalars(select(Device)).all() == []


def test_doors_that_are_gone_do_not_become_every_door(
    organiser: FlaskClient, phone: FlaskClient, session: Session
) -> None:
    answer = post(organiser, "/organiser/devices/1", {"name": "Cổng A", "doors": ["closed"]})
    assert answer.status_code == 422
    assert "Các cửa này không còn trong chương trình" in answer.text
    assert session.get_one(Device, 1).doors == ["gate-a"]


def test_opened_again_a_withdrawn_phone_says_so(
    session: Session, phone: FlaskClient, clock: Clock
) -> None:
    withdraw(session, session.get_one(Device, 1), by="test", at=clock())
    answer = phone.get("/checkin/")
    assert (answer.status_code, "Máy này không còn được phép quét" in answer.text) == (403, True)


def test_nobody_has_this_number(organiser: FlaskClient) -> None:
    for number in (1, 2**40):
        assert organiser.get(f"/organiser/devices/{number}").status_code == 404
