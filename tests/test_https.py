"""`HTTPS=1`: a site that phones trust once they were told, and its guide on plain HTTP."""

import http.client
import os
import plistlib
import socket
import ssl
import stat
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
from pages import front_door
from pages.certificates import Paper, authority_of, papers
from pages.commands.secure import secured
from pages.front_door import FrontDoor, open_front_door
from tests.browsers import FLAGS, PHONE, chromium_program
from tests.gates import READY, sign_in
from tests.sites import ROOT, LiveSite, StartSite, eventually, free_port


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


@pytest.mark.parametrize("host", ["evil.vn", "evil.vn:80", "", "[::2]", "a b", "@evil.vn", "a\x01"])
def test_a_made_up_host_leads_nowhere(host: str) -> None:
    door = FrontDoor({}, ["192.168.1.20", "localhost"], 8000)
    assert door.elsewhere(host, "//evil.vn") == "https://192.168.1.20:8000//evil.vn"
    assert FrontDoor({}, ["a.local"], 443).elsewhere(host, "x\r\ny") == "https://a.local/"


def test_an_address_of_many_numbers_stands_in_brackets() -> None:
    door = FrontDoor({}, ["fd00::1", "::1"], 8000)
    assert door.elsewhere("[::1]:80", "/a") == "https://[::1]:8000/a"
    assert door.elsewhere("evil.vn", "/a") == "https://[fd00::1]:8000/a"


def said_to(port: int, request: str) -> bytes:
    """The first line of the answer."""
    with socket.create_connection(("127.0.0.1", port), 10) as wire:
        wire.sendall(request.encode())
        return wire.makefile("rb").readline()


def test_what_cannot_be_an_address_is_refused_in_silence(
    safe_site: LiveSite, plain_port: int
) -> None:
    for host in ("]", "a]b", "[", "[::1"):
        for path in ("/x", "/trust"):
            told = said_to(plain_port, f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")
            assert told == b"HTTP/1.0 400 Bad Request\r\n"
    told = said_to(plain_port, "GET http://[x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert told == b"HTTP/1.0 400 Bad Request\r\n"
    said = (safe_site.data_dir / "printed.txt").read_text()
    assert "Traceback" not in said
    assert "Exception" not in said


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A door for two at once, each for half a second; its port."""
    monkeypatch.setattr(front_door, "MOST", 2)
    monkeypatch.setattr(front_door, "PATIENCE", 0.5)
    port = free_port()
    server = open_front_door(FrontDoor({}, ["localhost"], 8000), "127.0.0.1", port)
    yield port
    server.shutdown()
    server.server_close()


def test_who_dictates_slowly_holds_the_door_for_a_moment_alone(narrow: int) -> None:
    where, asked = ("127.0.0.1", narrow), "GET /a HTTP/1.0\r\n\r\n"
    with socket.create_connection(where, 10) as one, socket.create_connection(where, 10) as two:
        for slow in (one, two):
            slow.sendall(b"GET /a HTTP/1.0\r\nHost: local")
        assert said_to(narrow, asked) == b""
        for slow in (one, two):
            assert slow.makefile("rb").readline() == b"HTTP/1.0 307 Temporary Redirect\r\n"
    eventually(lambda: said_to(narrow, asked) == b"HTTP/1.0 307 Temporary Redirect\r\n")


def test_what_the_site_keeps_is_its_owner_s_alone(safe_site: LiveSite) -> None:
    folder = safe_site.data_dir
    kept = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.*")}
    modes = {name: stat.S_IMODE(path.stat().st_mode) for name, path in kept.items()}
    del modes["printed.txt"]  # by this test
    assert modes == dict.fromkeys(modes, 0o600)
    assert {"ghidanh.db", "ghidanh.db-wal", "queue.db", "keys/https/authority.key"} <= set(modes)


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
