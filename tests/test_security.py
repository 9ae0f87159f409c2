"""What strangers and careless hands send: answered calmly, with nothing given away."""

import io
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from event.attendees import Attendee, Registration, matching, register
from event.badges import SIGNED, Facts, Forged, read, sign
from event.eventfile import WrongFile, parse
from event.jobs import Job
from event.links import secret_of
from event.questions import an_email
from event.staff import add_staff, close_staff, make_link
from pages import current
from pages.staff import local_path
from tests.house import Clock, post

AsStaff = Callable[[str], FlaskClient]
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}'
MEGABYTE = 1024 * 1024


@pytest.fixture
def lan(app: Flask, session: Session, clock: Clock) -> Attendee:
    """Somebody who typed HTML into every field."""
    stated = Registration(
        name=f"Lan {HOSTILE}", organisation=HOSTILE, position=HOSTILE, remark=HOSTILE,
        email="lan@vidu.vn", agreed=("take_part",), sessions=("it-1",),
    )  # fmt: skip
    return register(session, stated, at=clock()).attendee


@pytest.fixture
def own_page(lan: Attendee) -> str:
    return f"/me/{secret_of(lan, current.keys())}"


@pytest.mark.parametrize("address", ["//[", "http://[::1", "/\\evil.vn", "///evil.vn", "/\t/evil"])
def test_an_address_elsewhere_or_none_at_all_leads_nowhere(address: str) -> None:
    assert local_path(address) == ""


def test_a_broken_address_to_return_to_is_no_crash(as_staff: AsStaff) -> None:
    answer = as_staff("organiser").get("/staff/sign-in", query_string={"then": "//["})
    assert (answer.status_code, answer.location) == (302, "/organiser/")


def test_a_number_that_no_row_can_have_is_not_found(as_staff: AsStaff) -> None:
    browser = as_staff("organiser")
    rules = (
        *("people/{}", "people/{}/edit", "people/{}/cancel", "delegations/{}"),
        *("work/{}", "work/{}/file", "imports/{}", "staff/{}/close"),
    )
    addresses = [f"/organiser/{rule}" for rule in rules] + ["/checkin/people/{}"]
    numbers = (2**31, 2**63, 10**30)
    answered = {a: {browser.get(a.format(n)).status_code for n in numbers} for a in addresses}
    assert set().union(*answered.values()) == {404}, answered


def test_a_search_for_anything_is_answered(as_staff: AsStaff) -> None:
    browser = as_staff("organiser")
    texts = ("²²²", "①②③", "\ud7ff", "%_", "'; --", "9" * 400, "\u202e", "\0")
    pages = ("/checkin/people", "/organiser/people")
    answers = [browser.get(page, query_string={"q": text}) for page in pages for text in texts]
    assert {answer.status_code for answer in answers} == {200}


def test_digits_of_any_script_find_a_code(session: Session, lan: Attendee) -> None:
    assert session.scalars(matching(select(Attendee), "٠٠٠٠١")).all() == [lan]


@pytest.mark.parametrize("tail", ["", "/badge.pdf", "/badge.svg", "/calendar.ics"])
def test_no_page_of_one_person_opens_by_a_secret_that_was_changed(
    tail: str, own_page: str, client: FlaskClient
) -> None:
    secret = own_page.removeprefix("/me/")
    proof, number = secret[:26], secret[26:]
    changed = [
        f"{proof}{int(number) + 1}", f"{proof}0{number}", secret.upper(), secret[:-1], proof,
        f"{'b' if proof[0] == 'a' else 'a'}{proof[1:]}{number}", f"{proof}٣", "a" * 5000, "%00",
    ]  # fmt: skip
    assert client.get(own_page + tail).status_code == 200
    assert {client.get(f"/me/{each}{tail}").status_code for each in changed} == {404}


@pytest.mark.parametrize("tail", ["", "/badge.pdf", "/badge.svg", "/calendar.ics"])
def test_a_personal_page_is_kept_by_no_cache_and_named_to_no_other_site(
    tail: str, own_page: str, client: FlaskClient
) -> None:
    headers = client.get(own_page + tail).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_the_log_holds_no_secret(
    own_page: str, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client.get(own_page)
    assert "GET /me/<secret> 200" in caplog.text
    assert own_page.removeprefix("/me/") not in caplog.text


def test_html_in_every_field_stays_text_on_every_page(
    own_page: str, lan: Attendee, client: FlaskClient, as_staff: AsStaff
) -> None:
    staff = as_staff("organiser")
    pages = [client.get(own_page), client.get(f"{own_page}/badge.svg")]
    addresses = ("organiser/people/{}", "organiser/people/{}/edit", "checkin/people/{}")
    pages += [staff.get("/" + address.format(lan.id)) for address in addresses]
    pages += [staff.get(f"/{door}/people?q=lan") for door in ("organiser", "checkin")]
    assert {page.status_code for page in pages} == {200}
    written = [page.text for page in pages]
    assert [text for text in written if "<script>alert" in text or "<img src=x" in text] == []
    assert [text for text in written if "Lan" not in text] == []


def test_a_badge_with_any_one_bit_turned_is_none_of_ours() -> None:
    key = Ed25519PrivateKey.generate()
    number = int(sign(Facts(2023, 1, 0, 1), key))
    for bit in random.Random(1).sample(range(SIGNED * 8 - 4), 100):
        with pytest.raises(Forged):
            read(str(number ^ (1 << bit)).zfill(200), key.public_key())


def test_a_badge_signed_by_another_key_is_none_of_ours(app: Flask) -> None:
    token = sign(Facts(2023, 1, 0, 1), Ed25519PrivateKey.generate())
    with pytest.raises(Forged):
        read(token, current.keys().badges.public_key())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("heading", "9" * 5000),
        ("also", "9" * 5000),
        ("also", str(2**70)),
        (f"column-{'9' * 5000}", "name"),
    ],
)
def test_numbers_without_end_in_an_import_are_no_crash(
    field: str, value: str, as_staff: AsStaff, session: Session
) -> None:
    browser = as_staff("organiser")
    file = (io.BytesIO("Họ và tên;Đơn vị\nLê An;Viện A\n".encode()), "khach.csv")
    preview = post(browser, "/organiser/import", {"file": file}).location
    answer = post(browser, preview, {"do": "look", "category": "delegate", field: value})
    assert answer.status_code in (303, 422)
    assert session.scalar(select(func.count()).select_from(Attendee)) == 0


def test_a_workbook_that_unpacks_to_far_too_much_is_refused_at_once(
    as_staff: AsStaff, session: Session
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"\0" * 100 * MEGABYTE)
    packed.seek(0)
    sent = {"file": (packed, "bom.xlsx")}
    answer = post(as_staff("organiser"), "/organiser/import", sent)
    assert answer.status_code == 422
    assert "50 MB" in answer.text
    assert session.scalar(select(func.count()).select_from(Job)) == 0


@pytest.mark.parametrize(
    "text", [".".join(["a"] * 20_000) + " = 1", "x = { " + "a." * 300 + "a = 1 }"]
)
def test_an_event_file_of_dots_is_refused_before_it_is_read(text: str) -> None:
    with pytest.raises(WrongFile) as refused:
        parse(text.encode(), "event.toml")
    assert [problem.what for problem in refused.value.problems] == ["nested_too_deeply"]


def test_an_address_of_an_accented_domain_is_kept_as_mail_carries_it() -> None:
    assert an_email("a@thử.vn") == "a@xn--th-yct.vn"


def test_a_sign_in_link_names_the_public_address_whatever_the_request_says(
    app: Flask, as_staff: AsStaff
) -> None:
    browser = as_staff("organiser")
    app.config["SITE_URL"] = "https://vidu.vn"
    page = browser.get("/organiser/staff").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    cookie = browser.get_cookie("ghidanh")
    assert cookie is not None
    answer = app.test_client(use_cookies=False).post(
        "/organiser/staff/1/link",
        data={"csrf_token": token},
        headers={"Host": "evil.vn", "Cookie": f"ghidanh={cookie.value}"},
    )
    assert "https://vidu.vn/staff/sign-in/" in answer.text
    assert "evil.vn" not in answer.text


def test_a_link_of_a_closed_account_opens_nothing(
    session: Session, client: FlaskClient, clock: Clock
) -> None:
    person = add_staff(session, "lan@vidu.vn", "desk", at=clock(), by="test")
    secret = make_link(session, person, at=clock())
    assert client.get(f"/staff/sign-in/{secret}").status_code == 200
    close_staff(session, person, at=clock(), by="test")
    assert client.get(f"/staff/sign-in/{secret}").status_code == 404


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    create_app(data_dir=tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
