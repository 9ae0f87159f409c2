"""No sentence is shown untranslated: in text or attributes, on paper, by mail or as an error."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from event.approving import DECLINED
from event.attendees import Attendee
from event.consents import Notice
from event.designs import design_of
from event.handing_over import MAIL
from event.mail import Mail
from event.sheets import read_sheet
from event.waiting import SEATED
from pages.letters import letter
from tests.house import OPENING
from tests.one_of_each import Site, by_harm, one_of_each
from tests.papers import said
from tests.pseudo import Data, pseudo, unmarked
from tests.spoken import Form, Said, forms_of, spoken
from tests.test_import_page import DONG_NAI
from tests.test_roles import token

__all__ = ["one_of_each", "pseudo"]
VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.I
)
DRAWN = ("text", "svg[aria-label]")
SPECIMEN = ("badges_page", "badge_sheet", "test_sheet", "exports_page")
"""Draw a badge of somebody invented."""
IN_THEIR_OWN = ("badge_pdf", "badge_svg", "badge", "mail_file", "job_file")
"""Are in the language of whom they are for, whoever reads them."""
SAID_IN_CALENDARS = re.compile(
    r"^(?:SUMMARY|LOCATION|DESCRIPTION|NAME|X-WR-CALNAME)[^:]*:(.*)", re.M
)
OFFICIAL = ("TM. BAN TỔ CHỨC",)
KINDS = ("registered", "link", "circular", MAIL, f"{SEATED}1", DECLINED, "received")


@pytest.fixture
def data(session: Session, one_of_each: Site) -> Data:
    """What the filled site keeps, and the list that an office sent, cut or whole."""
    return Data(session, "vi", *cells(), *design_of(session).names("vi").values())


def cells() -> set[str]:
    """The list that an office sent, whole cells and their words: some are shown cut."""
    texts = {text for line in read_sheet(DONG_NAI).lines for text in line.cells}
    return texts | {word for text in texts for word in text.split()} | {"nội bộ"}


def at_the_gate(browser: FlaskClient) -> FlaskClient:
    """Chooses where it scans, else half of the pages of the door are not shown."""
    fields = {"checkpoint": "gate-a"}
    browser.post("/checkin/checkpoint", data=fields, headers={"X-CSRFToken": token(browser)})
    return browser


def readable(app: Flask, english: bool) -> list[Rule]:
    """What can be read in this language."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    both = {rule.rule for rule in rules if f"/en{rule.rule}" in {other.rule for other in rules}}
    return [
        rule
        for rule in rules
        if rule.endpoint != "static"
        and (rule.rule not in both if english else not rule.rule.startswith("/en/"))
    ]


def read(site: Site, english: bool = False) -> Iterator[tuple[str, str, TestResponse]]:
    """Every page, part of a page, picture and paper; some are for strangers alone."""
    browsers = [at_the_gate(site.organiser), site.app.test_client()]
    for rule in readable(site.app, english):
        for browser in browsers:
            address = site.address(rule)
            answer = browser.get(address)
            if answer.status_code not in (302, 303):
                yield rule.endpoint.rpartition(".")[2], address, answer
                break


def told(page: str, answer: TestResponse) -> list[Said]:
    """What one of them says."""
    if answer.mimetype == "application/pdf" and page not in SPECIMEN:
        return [Said(said(answer.data), "paper", "")]
    if answer.mimetype == "text/calendar":
        lines = SAID_IN_CALENDARS.findall(answer.text.replace("\r\n ", ""))
        return [Said(line.replace("\\n", " "), "calendar", "") for line in lines]
    if answer.mimetype == "text/csv":
        rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
        return [Said(cell, "cell", "") for row in rows for cell in row]
    if answer.mimetype not in ("text/html", "image/svg+xml"):
        return []
    return [one for one in spoken(answer.text) if page not in SPECIMEN or one.where not in DRAWN]


def untranslated(page: str, everything: Iterable[Said], data: Data) -> list[tuple[str, str, str]]:
    """What stands outside of the catalogue, but for what is said to be in another language."""
    return [
        (page, each.where, left)
        for each in everything
        if each.language in ("", "vi") and (left := data.left_in(unmarked(each.words)))
    ]


def listed(wrong: list[tuple[str, str, str]]) -> str:
    """One to a line."""
    return "\n".join(" | ".join(each) for each in dict.fromkeys(wrong))


def test_pages_papers_mails_and_answers_say_only_what_was_translated(
    session: Session, pseudo: None, one_of_each: Site, data: Data
) -> None:
    wrong, forms = [], set()
    for page, address, answer in read(one_of_each):
        wrong += untranslated(page, told(page, answer), data)
        if answer.mimetype == "text/html":
            forms |= set(forms_of(answer.text, address))
    for mail in mails(session):
        wrong += untranslated(mail.kind, in_a_mail(mail), data)
    for form, answer in sent(one_of_each, forms):
        wrong += untranslated(form.action, told(SPECIMEN[0], answer), data)
    assert not wrong, listed(wrong)


def sent(site: Site, forms: set[Form]) -> Iterator[tuple[Form, TestResponse]]:
    """Each form once empty and once with nonsense in every field, and the page that follows."""
    lan = site.organiser
    headers = {"X-CSRFToken": token(lan)}
    for form in sorted(forms, key=lambda form: by_harm(form.action)):
        for fields in ({}, dict.fromkeys(form.names, "x")):
            answer = lan.post(form.action, data=fields, headers=headers, follow_redirects=True)
            assert answer.status_code < 500, form
            yield form, answer


def mails(session: Session) -> Iterator[Mail]:
    """One of each kind, to the first guest."""
    an = session.get_one(Attendee, 1)
    for kind in KINDS:
        an.waits = kind in (DECLINED, "received")
        letter = 1 if kind == "circular" else None
        yield Mail(
            id=0, attendee_id=1, kind=kind, address="", queued_at=OPENING, circular_id=letter
        )
        session.commit()
    an.waits = False
    session.commit()


def test_mails_to_somebody_who_reads_english_are_in_english(
    session: Session, one_of_each: Site
) -> None:
    session.get_one(Attendee, 1).language = "en"
    data = Data(session, "en")
    wrong = [
        (mail.kind, each.where, left)
        for mail in mails(session)
        for each in in_a_mail(mail)
        if VIETNAMESE.search(left := data.left_in(each.words))
    ]
    assert not wrong, listed(wrong)


def in_a_mail(mail: Mail) -> list[Said]:
    """Subject, both texts, and the papers that hang on it."""
    message = letter(mail)
    assert message
    parts = {part.get_content_type(): part for part in message.walk()}
    written = [Said(str(message["Subject"]), "subject", "")]
    written += [Said(parts["text/plain"].get_content(), "text", "")]
    written += spoken(parts["text/html"].get_content())
    if "application/pdf" in parts:
        written.append(Said(said(parts["application/pdf"].get_content()), "badge", ""))
    return written


def test_in_english_only_data_is_vietnamese(session: Session, one_of_each: Site) -> None:
    lan = one_of_each.organiser
    lan.post("/staff/language", data={"language": "en"}, headers={"X-CSRFToken": token(lan)})
    shown_in_vietnamese = [notice.words.vi for notice in session.scalars(select(Notice))]
    data = Data(session, "en", *OFFICIAL, *cells(), *shown_in_vietnamese)
    wrong = [
        (page, each.where, left)
        for page, _, answer in read(one_of_each, english=True)
        if page not in IN_THEIR_OWN
        for each in told(page, answer)
        if each.language in ("", "en") and VIETNAMESE.search(left := data.left_in(each.words))
    ]
    assert not wrong, listed(wrong)
