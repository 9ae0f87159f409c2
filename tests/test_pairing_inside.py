"""A phone pairs inside the app on its home screen: it reads the code with its own camera there."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from event.devices import open_place
from tests.browsers import PHONE, Launch
from tests.filming import film_of, picture
from tests.gates import READY, inside, listen
from tests.sites import LiveSite

AsStaff = Callable[[str], FlaskClient]


def test_what_the_home_screen_opens_stays_inside_the_app(client: FlaskClient) -> None:
    assert client.get("/checkin/?app").location == "/checkin/pair"
    assert client.get("/checkin/").location == "/staff/sign-in?then=/checkin/"
    assert client.get("/checkin/app.webmanifest").json["start_url"] == "/checkin/?app"


@pytest.mark.parametrize(
    "code",
    ["https://a.vn/checkin/pair/ab-c_9", " ab-c_9 ", "http://10.0.0.1:8000/checkin/pair/ab-c_9/"],
)
def test_the_address_of_a_code_leads_to_its_page(code: str, client: FlaskClient) -> None:
    answer = client.get("/checkin/pair", query_string={"code": code})
    assert answer.location == "/checkin/pair/ab-c_9"
    assert client.get(answer.location).status_code == 404  # nobody shows such a code


@pytest.mark.parametrize(
    "code", ["/", "//", "?", "..", "/checkin/pair/", "%00", "https://evil.vn//"]
)
def test_anything_else_leads_nowhere_else(code: str, client: FlaskClient) -> None:
    answer = client.get("/checkin/pair", query_string={"code": code}, follow_redirects=True)
    assert answer.status_code in (200, 404)
    assert answer.request.path.startswith("/checkin/pair")


def test_who_is_known_already_scans(as_staff: AsStaff) -> None:
    assert as_staff("desk").get("/checkin/pair").location == "/checkin/"


def test_the_devices_page_shows_phones_the_way(as_staff: AsStaff, app: Flask) -> None:
    organiser = as_staff("organiser")
    assert "HTTPS=1" in organiser.get("/organiser/devices").text
    app.config.update(
        SITE_URL="https://192.168.1.20:8000", TRUST_URL="http://192.168.1.20:8080/trust"
    )
    page = organiser.get("/organiser/devices").text
    assert "http://192.168.1.20:8080/trust" in page
    assert "https://192.168.1.20:8000/checkin/pair" in page
    assert page.count('class="qr"') == 2


def test_a_phone_reads_the_code_and_is_paired(
    launch_chromium: Launch, live_site: LiveSite, tmp_path: Path, complaints: list[str]
) -> None:
    with inside(live_site) as session:
        _, secret = open_place(session, "Cổng A", ["gate-a"], by="test", at=datetime.now(UTC))
    address = f"{live_site.address}/checkin/pair/{secret}"
    seen = film_of(tmp_path / "code.mjpeg", [picture(address)], each=30)
    browser = launch_chromium(
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    )  # fmt: skip
    page = listen(browser.new_context(**PHONE, permissions=["camera"]).new_page(), complaints)
    page.goto(f"{live_site.address}/checkin/?app")
    page.get_by_role("button", name="Bật camera").click()
    page.wait_for_url(address, timeout=30_000)
    page.get_by_role("button", name="Ghép thiết bị này").click()
    page.wait_for_selector(READY)
    expect(page.locator(".place")).to_contain_text("Cổng A")
    browser.close()
