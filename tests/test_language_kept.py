"""Who began in English goes on in English: through forms, errors, papers, and after signing in."""

import re

import pytest
from flask.testing import FlaskClient

from tests.house import post
from tests.one_of_each import Site, by_harm, one_of_each
from tests.papers import said
from tests.spoken import forms_of
from tests.test_languages import readable
from tests.test_roles import token

__all__ = ["one_of_each"]
SPOKEN = re.compile(r'<html lang="(\w\w)"')


def test_forms_of_guests_lead_to_pages_in_english(one_of_each: Site) -> None:
    lan, app = one_of_each.organiser, one_of_each.app
    pages = {one_of_each.address(rule) for rule in readable(app, english=True)
             if rule.rule.startswith("/en/")}  # fmt: skip
    answers = {page: lan.get(page) for page in sorted(pages)}
    forms = {
        form
        for page, answer in answers.items()
        if answer.mimetype == "text/html"
        for form in forms_of(answer.text, page)
    }
    assert len(forms) > 7
    wrong = {}
    for form in sorted(forms, key=lambda form: by_harm(form.action)):
        for fields in ({}, dict.fromkeys(form.names, "x")):
            answer = lan.post(form.action, data=fields, headers={"X-CSRFToken": token(lan)})
            if answer.mimetype != "text/html":  # a copy of one's data
                continue
            there = answer.location or "".join(SPOKEN.findall(answer.text))
            if not there.startswith(("/en/", "en")):
                wrong[form.action] = there
    assert wrong == {}


@pytest.mark.parametrize(
    ("address", "language"),
    [
        ("/en/nothing", "en"),
        ("/en/me/none", "en"),
        ("/en/me/none/change/none", "en"),
        ("/nothing", "vi"),
        ("/me/none", "vi"),
    ],
)
def test_errors_speak_the_language_of_the_address(
    address: str, language: str, client: FlaskClient
) -> None:
    answer = client.get(address)
    assert (answer.status_code, SPOKEN.findall(answer.text)) == (404, [language])


def test_a_page_that_was_open_for_too_long_comes_back_in_english(client: FlaskClient) -> None:
    for address in ("/en/register", "/en/find"):
        answer = client.post(address, data={"csrf_token": "old"})
        assert (answer.status_code, SPOKEN.findall(answer.text)) == (400, ["en"])


def test_staff_keep_their_language_when_they_sign_in_and_out(
    client: FlaskClient, one_of_each: Site
) -> None:
    post(client, "/staff/sign-in", {})
    headers = {"X-CSRFToken": hidden_token(client)}
    client.post("/staff/language", data={"language": "en"}, headers=headers)
    post(client, one_of_each.sign_in_link(), {})
    assert SPOKEN.findall(client.get("/organiser/people").text) == ["en"]
    assert SPOKEN.findall(client.get("/organiser/nothing").text) == ["en"]
    client.post("/staff/sign-out", headers={"X-CSRFToken": token(client)})
    assert SPOKEN.findall(client.get("/staff/sign-in").text) == ["en"]


def hidden_token(client: FlaskClient) -> str:
    """Of the page for strangers."""
    page = client.get("/staff/sign-in").text
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_papers_of_an_english_page_are_in_english(one_of_each: Site) -> None:
    rules = {rule.endpoint: rule for rule in one_of_each.app.url_map.iter_rules()}
    agenda = one_of_each.address(rules["attendee_en.agenda_pdf"])
    assert "Session it-1" in said(one_of_each.organiser.get(agenda).data)
    calendar = one_of_each.address(rules["attendee_en.calendar"])
    assert "SUMMARY:Session it-1" in one_of_each.organiser.get(calendar).text
