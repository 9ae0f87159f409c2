"""`HTTPS=1`: a site that phones trust once they were told, and its guide on plain HTTP."""

import http.client
import os
import plistlib
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Error, Page, Playwright, expect

from app import create_app
from pages.certificates import Paper, authority_of, papers
from pages.commands.secure import secured
from pages.front_door import FrontDoor
from tests.browsers import FLAGS, PHONE, chromium_program
from tests.gates import READY, sign_in
from tests.sites import ROOT, LiveSite, StartSite, free_port


@pytest.fixture(scope="module")
def plain_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def safe_site(start_site: StartSite, plain_port: int) -> LiveSite:
    """On this computer alone, by HTTPS."""
    return start_site(HTTPS="1", HTTP_PORT=str(plain_port))


def authority(site: LiveSite) -> Path:
    return site.data_dir / "keys" / "https" / "authority.crt"


def plain(port: int, path: str, host: str = "localhost") -> http.client.HTTPResponse:
    """What the plain port answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    return connection.getresponse()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_who_trusts_the_authority_reaches_it_by_name_and_by_address(
    name: str, safe_site: LiveSite
) -> None:
    port = int(safe_site.address.rpartition(":")[2])
    known = ssl.create_default_context(cafile=authority(safe_site))
    with (
        socket.create_connection((name, port)) as wire,
        known.wrap_socket(wire, server_hostname=name) as safe,
    ):
        assert safe.version() in ("TLSv1.2", "TLSv1.3")


def test_who_does_not_trust_it_refuses(safe_site: LiveSite) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{safe_site.address}/healthz", timeout=10)


def test_cookies_travel_by_https_alone(safe_site: LiveSite) -> None:
    known = ssl.create_default_context(cafile=authority(safe_site))
    address = f"{safe_site.address}/staff/sign-in"
    with urllib.request.urlopen(address, context=known, timeout=10) as answer:
        assert "; Secure;" in answer.headers["Set-Cookie"]


def test_the_start_tells_the_guide_s_address_and_draws_it(
    safe_site: LiveSite, plain_port: int
) -> None:
    said = (safe_site.data_dir / "printed.txt").read_text()
    port = safe_site.address.rpartition(":")[2]
    assert f"Trang của sự kiện: https://localhost:{port}/\n" in said
    assert f"Làm một lần trên mỗi điện thoại, máy tính: http://localhost:{plain_port}/trust" in said
    assert "▄▄▄▄▄" in said


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/trust", "text/html; charset=utf-8"),
        ("/en/trust", "text/html; charset=utf-8"),
        ("/trust/ghi-danh.crt", "application/x-x509-ca-cert"),
        ("/trust/ghi-danh.mobileconfig", "application/x-apple-aspen-config"),
        ("/static/trust.css", "text/css"),
    ],
)
def test_plain_http_serves_the_guide(
    path: str, kind: str, safe_site: LiveSite, plain_port: int
) -> None:
    answer = plain(plain_port, path)
    assert (answer.status, answer.getheader("Content-Type")) == (200, kind)
    assert answer.getheader("Set-Cookie") is None


def test_the_guide_leads_on_to_the_site(safe_site: LiveSite, plain_port: int) -> None:
    there = f"https://localhost:{safe_site.address.rpartition(':')[2]}"
    guide = plain(plain_port, "/trust").read().decode()
    assert f'<a href="{there}/">{there}</a>' in guide


def test_it_hands_out_the_authority_and_never_its_key(safe_site: LiveSite, plain_port: int) -> None:
    made = x509.load_pem_x509_certificate(authority(safe_site).read_bytes())
    handed = plain(plain_port, "/trust/ghi-danh.crt").read()
    assert x509.load_der_x509_certificate(handed) == made
    profile = plistlib.loads(plain(plain_port, "/trust/ghi-danh.mobileconfig").read())
    (root,) = profile["PayloadContent"]
    assert (profile["PayloadType"], root["PayloadType"]) == (
        "Configuration",
        "com.apple.security.root",
    )
    assert x509.load_der_x509_certificate(root["PayloadContent"]) == made


@pytest.mark.parametrize(
    "path", ["/", "/register?x=1", "/staff/sign-in", "/keys/https/authority.key"]
)
def test_anything_else_goes_to_https(path: str, safe_site: LiveSite, plain_port: int) -> None:
    port = safe_site.address.rpartition(":")[2]
    answer = plain(plain_port, path, host=f"127.0.0.1:{plain_port}")
    assert (answer.status, answer.getheader("Location")) == (307, f"https://127.0.0.1:{port}{path}")


@pytest.mark.parametrize("host", ["evil.vn", "evil.vn:80", "", "[", "[::1", "a b", "@evil.vn"])
def test_a_made_up_host_leads_nowhere(host: str) -> None:
    door = FrontDoor({}, ["192.168.1.20", "localhost"], 8000)
    assert door.elsewhere(host, "//evil.vn") == "https://192.168.1.20:8000//evil.vn"
    assert FrontDoor({}, ["a.local"], 443).elsewhere(host, "x\r\ny") == "https://a.local/"


@pytest.fixture
def phone(playwright: Playwright, safe_site: LiveSite, tmp_path: Path) -> Iterator[Page]:
    """A browser that was told to trust the authority, and nothing else: no flag helps it."""
    known = tmp_path / ".pki" / "nssdb"
    known.mkdir(parents=True)
    certutil = ["certutil", "-d", f"sql:{known}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    add = ["-A", "-t", "C,,", "-n", "Ghi Danh", "-i", str(authority(safe_site))]
    subprocess.run([*certutil, *add], check=True)
    browser = playwright.chromium.launch(
        executable_path=chromium_program(), args=FLAGS, env={"HOME": str(tmp_path)}
    )
    yield browser.new_context(**PHONE).new_page()
    browser.close()


def test_a_phone_that_trusts_it_may_use_its_camera_and_work_offline(
    phone: Page, safe_site: LiveSite
) -> None:
    sign_in(phone, safe_site)
    assert phone.url == f"{safe_site.address}/checkin/"
    assert phone.wait_for_selector(READY)
    assert phone.evaluate("isSecureContext && 'mediaDevices' in navigator")
    expect(phone.get_by_role("button", name="Bật camera")).to_be_visible()


def test_a_phone_that_was_not_told_sees_a_warning(chromium: Browser, safe_site: LiveSite) -> None:
    page = chromium.new_page()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(f"{safe_site.address}/checkin/")
    page.context.close()


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paper:
    """A certificate that somebody else vouches for."""
    made = papers(tmp_path, ["10.0.0.1"], at=datetime.now(UTC))
    monkeypatch.setenv("HTTPS", "1")
    monkeypatch.setenv("HTTPS_CERT", str(made.certificate))
    monkeypatch.setenv("HTTPS_KEY", str(made.key))
    return made


def test_a_certificate_that_was_given_is_served_and_asks_nothing_of_phones(
    given: Paper, tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    app = create_app(data_dir=str(folder))
    with app.app_context():
        found = secured("0.0.0.0", 443)  # noqa: S104
    assert found is not None
    assert (found.paper, found.guide, found.plain_port) == (given, "", 80)
    assert not authority_of(folder).certificate.exists()
    client = app.test_client()
    assert "nothing is to be done on phones" in client.get("/en/trust").text
    assert client.get("/trust/ghi-danh.crt").status_code == 404


def test_a_certificate_that_is_none_is_told_before_anything_starts(
    given: Paper, tmp_path: Path
) -> None:
    given.key.write_text("not a key")
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    said = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"DATA_DIR": str(tmp_path)}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert "HTTPS_CERT và HTTPS_KEY không phải chứng chỉ và khóa của nó" in said.stderr


def test_without_https_the_guide_says_what_would_help(client: FlaskClient) -> None:
    assert "HTTPS=1" in client.get("/trust").text
    assert "ghi-danh.crt" not in client.get("/trust").text
    assert client.get("/trust/ghi-danh.mobileconfig").status_code == 404
