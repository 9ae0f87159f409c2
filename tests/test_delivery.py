"""How pages travel: compressed where nobody's own is in them, kept where a version is named."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/programme?track=it", "/static/base.css", "/style.css"]
)
def test_what_is_the_same_for_all_travels_compressed(path: str, client: FlaskClient) -> None:
    headers = {"HX-Request": "true"} if "programme" in path else {}
    plain, packed = client.get(path, headers=headers), client.get(path, headers=headers | PACKED)
    assert (plain.content_encoding, packed.content_encoding) == (None, "gzip")
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert len(packed.data) < len(plain.data) / 2


@pytest.mark.parametrize("path", ["/register", "/staff/sign-in", "/find"])
def test_a_page_with_a_token_is_never_compressed(path: str, client: FlaskClient) -> None:
    assert client.get(path, headers=PACKED).content_encoding is None


def test_a_browser_that_has_the_file_is_told_so(client: FlaskClient) -> None:
    first = client.get("/static/base.css", headers=PACKED)
    etag = first.headers["ETag"]
    assert etag.startswith("W/")
    again = client.get("/static/base.css", headers=PACKED | {"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_asked_for_by_version_is_kept_for_good(client: FlaskClient) -> None:
    page = client.get("/").text
    for kind in (r"/style\.css", r"/static/attendee\.js"):
        (address,) = re.findall(rf'"({kind}\?v=[^"]+)"', page)
        kept = client.get(address).headers["Cache-Control"]
        assert kept == "public, max-age=31536000, immutable"
    assert client.get("/static/attendee.css").headers["Cache-Control"] == "no-cache"
    font = "/static/vendor/fonts/be-vietnam-pro-400.ttf"
    assert client.get(font).headers["Cache-Control"] == "public, max-age=2592000"


def test_the_one_style_sheet_finds_what_its_parts_named(client: FlaskClient) -> None:
    named = set(re.findall(r"url\(([^)]+)\)", client.get("/style.css").text))
    assert "/static/drum.svg" in named
    assert {name: client.get(name).status_code for name in named} == dict.fromkeys(named, 200)


def test_the_door_asks_for_files_as_its_service_worker_keeps_them(client: FlaskClient) -> None:
    assert "?v=" not in client.get("/staff/sign-in").text


def test_robots_are_kept_from_the_staff_alone(client: FlaskClient) -> None:
    assert client.get("/robots.txt").text.splitlines() == [
        "User-agent: *", "Disallow: /checkin/", "Disallow: /organiser/", "Disallow: /staff/",
    ]  # fmt: skip


def test_search_engines_are_told_what_it_is_and_where_the_other_language_is(
    app: Flask, client: FlaskClient
) -> None:
    app.config["SITE_URL"] = "https://sukien.vn"
    page = client.get("/en/register").text
    (description,) = re.findall(r'<meta name="description" content="([^"]+)"', page)
    assert description.startswith("Register for Small event, 29–30/09/2023, Quang Ninh, and get ")
    assert re.findall(r'<link rel="(?:canonical|alternate)" ([^>]+)>', page) == [
        'href="https://sukien.vn/en/register"',
        'hreflang="vi" href="https://sukien.vn/register"',
        'hreflang="en" href="https://sukien.vn/en/register"',
        'hreflang="x-default" href="https://sukien.vn/register"',
    ]
