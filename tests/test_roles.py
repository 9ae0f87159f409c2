"""Who may open what: every address of the site, asked by every role and by strangers."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from event.staff import LEVELS, ROLES

PUBLIC = {
    "static",
    "healthz",
    "robots",
    "style",
    *("trust", "trust_en", "trust_file", "trust_profile"),
    *(
        f"{blueprint}.{name}"
        for blueprint in ("attendee", "attendee_en")
        for name in (
            *("home", "programme", "seats_now", "form", "put_down", "check"),
            *("mine", "agree", "agree_oneself", "badge_pdf", "badge_svg", "calendar"),
            *("badge_png", "picture", "find", "look_for"),
            *("data", "own_data", "own_copy", "withdraw_consent", "erase_me"),
            *(
                "change",
                "seat",
                "undo_cancelling",
                "correct",
                "cancel_own",
                "hand_on",
                "give_place_back",
            ),
            *("agenda_pdf", "feed", "claim", "take"),
        )
    ),
    *(
        f"staff.{name}"
        for name in (
            *("sign_in", "sign_in_with_password", "link", "sign_in_with_link"),
            *("sign_out", "choose_language"),
        )
    ),
    *("desk.service_worker", "desk.manifest"),
    "desk.pairing",
    "desk.pair_here",
    "desk.reading",
    "desk.pair_device",
}
"""What strangers may open. Whoever adds a page either declares its role or puts it here."""
LOOKS_CLOSER = {"organiser.take_away": "organiser"}
"""Pages that give a lower role some addresses only, and not the one asked here."""
FILLED = {
    "number": 1,
    "key": "it-1",
    "token": "none",
    "secret": "none",
    "list": "attendees",
    "format": "csv",
    "name": "cancel",
    "which": 0,
    "what": "done",
    "word": "closed",
    "answer": "no",
    "purpose": "take_part",
}


@pytest.fixture
def guarded(app: Flask) -> list[tuple[str, str, str]]:
    """Method, address and the least role of every page that is not public."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in PUBLIC]
    return [
        (*call, LOOKS_CLOSER.get(rule.endpoint) or role_of(app, rule))
        for rule in rules
        for call in calls(app, rule)
    ]


def role_of(app: Flask, rule: Rule) -> str:
    return getattr(app.view_functions[rule.endpoint], "role", "")


def calls(app: Flask, rule: Rule) -> Iterator[tuple[str, str]]:
    wanted = {name: FILLED[name] for name in rule.arguments}
    with app.test_request_context():
        address = app.url_for(rule.endpoint, **wanted)
    for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
        yield method, address


def token(browser: FlaskClient) -> str:
    page = browser.get("/staff/password").text
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def ask(browser: FlaskClient, method: str, address: str, proof: str) -> TestResponse:
    return browser.open(address, method=method, headers={"X-CSRFToken": proof})


def refused(answer: TestResponse) -> bool:
    """Turned away for who one is, not for what one asked."""
    sent_to_sign_in = answer.location and "/staff/sign-in" in answer.location
    return answer.status_code in (401, 403) or bool(sent_to_sign_in)


def test_every_page_that_is_not_public_declares_its_role(app: Flask) -> None:
    silent = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC and role_of(app, rule) not in LEVELS
    }
    assert silent == set()


def test_no_page_is_called_public_that_does_not_exist(app: Flask) -> None:
    assert set(app.view_functions) >= PUBLIC


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_it_may_and_is_refused_the_rest(
    role: str, guarded: list[tuple[str, str, str]], as_staff: Callable[[str], FlaskClient]
) -> None:
    browser = as_staff(role)
    proof = token(browser)
    wrong = {}
    for method, address, least in guarded:
        answer = ask(browser, method, address, proof)
        may = LEVELS.index(role) >= LEVELS.index(least)
        if may == refused(answer) or (not may and answer.status_code != 403):
            wrong[f"{method} {address}"] = (least, answer.status_code)
    assert wrong == {}


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(
    guarded: list[tuple[str, str, str]], client: FlaskClient
) -> None:
    gets = [address for method, address, _ in guarded if method == "GET"]
    sent = {address: client.get(address).location for address in gets}
    assert sent == {address: f"/staff/sign-in?then={address}" for address in gets}


def test_a_stranger_changes_nothing(
    guarded: list[tuple[str, str, str]], client: FlaskClient
) -> None:
    posts = {address for method, address, _ in guarded if method == "POST"}
    answered = {address: client.post(address).status_code for address in posts}
    assert {a: status for a, status in answered.items() if status not in (400, 401)} == {}


def test_an_account_that_was_closed_is_a_stranger(
    as_staff: Callable[[str], FlaskClient],
) -> None:
    lan, organiser = as_staff("desk"), as_staff("organiser")
    assert lan.get("/checkin/people").status_code == 200
    closed = organiser.post("/organiser/staff/1/close", headers={"X-CSRFToken": token(organiser)})
    assert closed.status_code == 303
    assert lan.get("/checkin/people").location == "/staff/sign-in?then=/checkin/people"
