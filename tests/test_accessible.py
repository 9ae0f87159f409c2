"""What axe finds on every page and on every form sent back with mistakes: nothing (WCAG 2.2 AA).

Each page is tried by all rules twice: in Vietnamese and light, in English and dark.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.browsers import PHONE
from tests.one_of_each import Site, by_harm, one_of_each, served
from tests.sites import ROOT
from tests.spoken import forms_of
from tests.test_roles import token

__all__ = ["one_of_each", "served"]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
START = """(rules) => { window.looked = axe.run(document, {
  runOnly: rules, resultTypes: ["violations"], iframes: false }); }"""
FOUND = """async () => (await window.looked).violations.map((found) =>
  found.id + ": " + found.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | "))"""
SHOWS_NO_PAGE = {
    "nothing_here": "where forms go: leads back to the scanner",
    "nothing_counted": "the same",
    "programme": "a part of the first page: leads there without htmx",
    "take_away": "orders a list: leads to the page of that work",
    "trust_file": "behind plain HTTP there is no certificate to hand out",
    "trust_profile": "the same",
    "print_file": "the run of this site was printed elsewhere and left no file",
    "mail_page": "a mail, in a frame in which no script runs, axe's neither",
    "circular_preview": "the same",
    "inside": "only where a gate counts who goes out: a part of the scanner's page",
}
"""Why an address is not looked at, by the end of its name; what is no HTML is left out besides."""
NOT_TOLD = """() => {
  const points = (id) => document.querySelector(`[aria-invalid][aria-describedby~="${id}"]`);
  const said = (at) => !at.matches("form") && ((at.id && points(at.id)) || said(at.parentElement));
  const errors = document.querySelectorAll("main .error:not(td *)");
  const wrong = [...errors].filter((e) => e.checkVisibility());
  const loose = wrong.filter((e) => !said(e)).map((e) => e.textContent.trim());
  const told = document.querySelectorAll("main :is([role=alert], [role=status])");
  const alerts = !wrong.length || [...told].some((e) => e.checkVisibility());
  return alerts || document.activeElement !== document.body ? loose : [...loose, "nobody hears it"];
}"""
"""Errors that no field points to; and whether a reader is told that something is wrong at all."""


@dataclass(frozen=True)
class Reader:
    """A phone in one language and one theme, of an organiser at the gate and of a stranger."""

    language: str
    pages: dict[str, Page]

    def start(self, who: str, address: str) -> None:
        """Open a page and let axe begin; the other reader's page is opened meanwhile."""
        page = self.pages[who]
        page.goto(address)
        page.evaluate(START, RULES)

    def complaints(self, who: str, address: str) -> list[str]:
        """What it found there."""
        found = self.pages[who].evaluate(FOUND)
        return [f"{self.language} {address}: {each}" for each in found]


@pytest.fixture
def readers(chromium: Browser, served: str, one_of_each: Site) -> Iterator[list[Reader]]:
    """One in Vietnamese by day, one in English by night."""
    told: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}]
    phone = PHONE | {"base_url": served, "reduced_motion": "reduce", "device_scale_factor": 1}
    contexts = [chromium.new_context(**phone | more) for more in told for _ in range(2)]
    for context in contexts:
        context.add_init_script(AXE)
    links = [one_of_each.sign_in_link() for _ in told]
    yield [
        Reader(language, {"organiser": at_the_gate(mine, link, language),
                          "stranger": a_stranger(other, language)})
        for language, mine, other, link in zip(
            ("vi", "en"), contexts[::2], contexts[1::2], links, strict=True
        )
    ]  # fmt: skip
    for context in contexts:
        context.close()


def at_the_gate(context: BrowserContext, link: str, language: str) -> Page:
    """Signed in, the language and the gate chosen."""
    page = context.new_page()
    page.goto(link)
    page.locator("main button").click()
    page.wait_for_url("**/organiser/")
    if language == "en":
        speak_english(page, "/staff/password")
    page.goto("/checkin/checkpoint")
    page.locator("button.checkpoint").first.click()
    page.wait_for_url("**/checkin/")
    return page


def a_stranger(context: BrowserContext, language: str) -> Page:
    """Not signed in."""
    page = context.new_page()
    if language == "en":
        speak_english(page, "/staff/sign-in")
    return page


def speak_english(page: Page, address: str) -> None:
    """As staff do, on a page with that button in sight."""
    page.goto(address)
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")


def name_of(rule: Rule) -> str:
    """Of a page, whatever its blueprint and language."""
    return rule.endpoint.rpartition(".")[2].removesuffix("_en")


def readable(app: Flask) -> list[Rule]:
    """Everything that is read, in Vietnamese."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.rule.startswith("/en/")
        and rule.endpoint != "static"
    ]


def whole_page(answer: TestResponse) -> bool:
    """No file, no part of a page, no frame."""
    framed = "sandbox" in answer.headers.get("Content-Security-Policy", "")
    return answer.mimetype == "text/html" and not framed and "<html" in answer.text


def in_english(app: Flask, rule: Rule, address: str) -> str:
    """The same page there: guests have it under /en, staff chose it for their browser."""
    known = {other.rule for other in app.url_map.iter_rules()}
    return f"/en{address}" if f"/en{rule.rule}" in known else address


def chosen(lan: FlaskClient) -> FlaskClient:
    """Stands at the gate."""
    fields, headers = {"checkpoint": "gate-a"}, {"X-CSRFToken": token(lan)}
    lan.post("/checkin/checkpoint", data=fields, headers=headers)
    return lan


def who_reads(site: Site, rule: Rule) -> str:
    """The organiser, or else a stranger; "" if it shows nobody a page."""
    browsers = {"organiser": site.organiser, "stranger": site.app.test_client()}
    for who, browser in browsers.items():
        answer = browser.get(site.address(rule))
        if answer.status_code == 200:
            return who if whole_page(answer) else "nobody"
    return ""


def test_axe_finds_nothing_on_any_page(
    app: Flask, one_of_each: Site, readers: list[Reader]
) -> None:
    chosen(one_of_each.organiser)
    found, not_seen = [], set()
    for rule in readable(app):
        who = who_reads(one_of_each, rule)
        if who not in readers[0].pages:
            not_seen |= {name_of(rule)} if not who else set()
            continue
        address = one_of_each.address(rule)
        both = [address, in_english(app, rule, address)]
        for reader, page in zip(readers, both, strict=True):
            reader.start(who, page)
        for reader, page in zip(readers, both, strict=True):
            found += reader.complaints(who, page)
    assert not found, "\n".join(found)
    assert not_seen <= set(SHOWS_NO_PAGE)


def sent_back(site: Site) -> dict[str, str]:
    """Forms sent empty, by where to: the pages that say what is wrong."""
    lan = chosen(site.organiser)
    pages = {
        site.address(rule): site.organiser.get(site.address(rule)) for rule in readable(site.app)
    }
    forms = {
        form.action
        for address, answer in pages.items()
        if answer.status_code == 200 and whole_page(answer)
        for form in forms_of(answer.text, address)
    }
    headers = {"X-CSRFToken": token(lan)}
    answers = {action: lan.post(action, headers=headers) for action in sorted(forms, key=by_harm)}
    return {
        action: answer.text
        for action, answer in answers.items()
        if answer.status_code in (400, 409, 422) and "<form" in answer.text
    }


def test_a_form_sent_empty_ties_its_errors_to_fields_and_says_so_aloud(
    one_of_each: Site, readers: list[Reader]
) -> None:
    reader, back = readers[0], sent_back(one_of_each)
    page, wrong = reader.pages["stranger"], []
    shown: dict[str, str] = {}
    page.route(
        "**/sent-back",
        lambda route: route.fulfill(body=shown["now"], content_type="text/html; charset=utf-8"),
    )
    for action, shown["now"] in back.items():
        reader.start("stranger", "/sent-back")
        wrong += reader.complaints("stranger", action)
        wrong += [f"{action}: {each}" for each in page.evaluate(NOT_TOLD)]
    assert not wrong, "\n".join(wrong)
    assert len(back) > 15
