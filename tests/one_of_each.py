"""A site that holds one of everything, so that each of its pages has something to show.

`one_of_each` fills the small event and says by which address every page is asked for.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from event.amendments import cancel
from event.attendees import Attendee
from event.blanks import Issue, issue
from event.checkin import Scanned, check_in
from event.choices import save
from event.circulars import Written, send_all, write
from event.consents import Notice
from event.data_requests import Asked, write_down
from event.delegations import DelegationFacts, found, join
from event.devices import open_place, pair
from event.handing_over import Successor, hand_over
from event.headcounts import Counted, count_people
from event.links import claim_of, feed_of, key_of, secret_of
from event.own_seats import take_seat
from event.packing import proof_of
from event.printqueue import open_printer
from event.programme import Category, Event, the_event
from event.staff import Staff, add_staff, make_link
from event.strays import keep_strays
from event.words import Words
from pages.chores import everything_due
from pages.database import db
from tests.doors import put_down
from tests.house import OPENING, post
from tests.prints import printed
from tests.test_import_page import DONG_NAI, press, preview_of
from tests.test_pack_ticks import PACK, file_of, tick
from tests.test_review import A, B, entry, upload

NAMES = ("Lê Thị An", "Trần Bình", "Phạm Cúc", "Vũ Dung", "Hồ Giang")
BY = "organiser@vidu.vn"
USUAL: dict[str, Any] = {
    "number": 1, "key": "it-1", "list": "attendees", "format": "csv", "name": "cancel", "which": 0,
    "what": "done", "word": "closed", "answer": "no", "purpose": "take_part",
}  # fmt: skip
"""What stands in an address unless its page needs something else."""


OWN = "/me/"
"""Stands in the address of every page of one guest."""
LAST = re.compile(r"^/(checkin/pair|staff)/|/(close|erase|forget|discard|withdraw)(/|$)")
"""Addresses whose forms sign somebody out, or take away what other forms need."""


def by_harm(action: str) -> tuple[bool, str]:
    """The order in which all forms of the site are sent by one browser."""
    return bool(LAST.search(action)), action


@dataclass(frozen=True)
class Site:
    """The filled site: the organiser's browser, their account, and the words of its addresses."""

    app: Flask
    session: Session
    organiser: FlaskClient
    words: dict[str, dict[str, Any]]
    """By the name of a page without its blueprint, or by `OWN`; what is missing is `USUAL`."""

    def address(self, rule: Rule) -> str:
        """Where a page of this rule is found."""
        name = rule.endpoint.rpartition(".")[2]
        special = self.words.get(OWN if OWN in rule.rule and name not in self.words else name, {})
        with self.app.test_request_context():
            wanted = {name: (USUAL | special)[name] for name in rule.arguments}
            query = {name: value for name, value in special.items() if name.startswith("?")}
            asked = {name[1:]: value for name, value in query.items()}
            return self.app.url_for(rule.endpoint, **wanted, **asked)

    def sign_in_link(self) -> str:
        """Another browser of the organiser's."""
        lan = self.session.scalars(select(Staff).where(Staff.email == BY)).one()
        return f"/staff/sign-in/{make_link(self.session, lan, at=OPENING)}"


@pytest.fixture
def one_of_each(app: Flask, session: Session, as_staff: Callable[[str], FlaskClient]) -> Site:
    """Filled by the verbs and the forms that people use."""
    event = the_event(session)
    assert event
    lan = as_staff("organiser")
    _offer_more(session)
    people = _people(session)
    _at_the_desk(app, session, event, people)
    _in_the_office(session, event, lan)
    printed(session)
    site = Site(app, session, lan, _own_words(app, people[0]))
    site.words.update(_work(app, session, event, lan))
    _at_the_doors(app, session, event, people)
    return site


@pytest.fixture
def served(app: Flask, one_of_each: Site) -> Iterator[str]:
    """The address at which a browser finds it."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # each style sheet is asked for once
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def _offer_more(session: Session) -> None:
    """A category that waits for a yes, one that comes in groups, and a second consent."""
    session.add_all([
        Category(key="exhibitor", number=4, name=Words("Đơn vị trưng bày", "Exhibitor"),
                 colour="#6a3d9a", approval=True, position=4),
        Category(key="school", number=5, name=Words("Trường học", "School"), colour="#146c43",
                 group=True, position=5),
        Notice(purpose="exhibitors", version=1, words=Words("Cho liên hệ", "May be contacted")),
    ])  # fmt: skip
    session.commit()


def _people(session: Session) -> list[Attendee]:
    """One with seats and a turn in a queue, one who sits there, cancelled, waiting, put in."""
    an, binh, cuc, dung, giang = (
        put_down(session, name, **stated)
        for name, stated in zip(
            NAMES,
            (
                {"email": "an@vidu.vn", "phone": "+84912345678", "category": "delegate",
                 "sessions": ("it-1", "it-2"), "degree": "TS.", "position": "Giám đốc",
                 "province": "75", "agreed": ("take_part", "exhibitors")},
                {"sessions": ("energy-1",)}, {}, {"category": "exhibitor"}, {"remark": "Ăn chay"},
            ),
            strict=True,
        )
    )  # fmt: skip
    take_seat(session, an, "energy-1", at=OPENING, by="attendee")
    cancel(session, cuc, at=OPENING, by=BY)
    party = found(session, DelegationFacts("Đoàn Đồng Nai", 12), at=OPENING, by=BY)
    join(session, an, party, head=True, at=OPENING, by=BY)
    join(session, binh, party, at=OPENING, by=BY)
    return [an, binh, cuc, dung, giang]


def _at_the_desk(app: Flask, session: Session, event: Event, people: list[Attendee]) -> None:
    """Somebody came in through a kiosk, a badge waits for the printer, a blank lies there."""
    issue(session, event, Issue(3, "delegate", "a6"), by=BY, at=OPENING)
    open_printer(session, "another", "Bàn 2", at=OPENING)
    seal = app.config["KEYS"].badges.public_key()
    for number, person in enumerate(people[:2]):
        scan = Scanned("device:1", f"one-of-each-{number}", "gate-a", "kiosk", OPENING, "",
                       person.id)  # fmt: skip
        check_in(session, event, scan, seal, at=OPENING)
    counted = Counted("device:1", "counted-1", "gate-a", OPENING, people=7)
    count_people(session, event, counted, at=OPENING)


def _in_the_office(session: Session, event: Event, lan: FlaskClient) -> None:
    """A letter as a draft and one that went out, a wish, devices, a saved choice, accounts."""
    letter = Written(Words("Xe đưa đón", "Buses"), Words("Lúc 06:30", "At 06:30"), {})
    write(session, letter, by=BY, at=OPENING)
    send_all(session, write(session, letter, by=BY, at=OPENING), by=BY, at=OPENING)
    wish = Asked("access", "phone", OPENING, attendee_id=1, who="Mẹ", words="Xin bản sao")
    write_down(session, event, wish, at=OPENING, by=BY)
    _, secret = open_place(session, "Máy 1", ["gate-a"], by=BY, at=OPENING)
    pair(session, secret, at=OPENING)
    chosen = {"listing": "attendees", "format": "xlsx", "columns": ["name"]}
    save(session, "Để in", chosen, by=BY, at=OPENING)
    add_staff(session, "ban1@vidu.vn", "desk", at=OPENING, by=BY)


def _own_words(app: Flask, an: Attendee) -> dict[str, dict[str, Any]]:
    """The links of the first guest: the page with all that can be done about it, the calendar; and
    of somebody to whom a place was handed, who has not taken it yet.
    """
    keys, session = app.config["KEYS"], db.session()
    both = {"secret": secret_of(an, keys), "key": key_of(an, keys)}
    given = put_down(session, "Đinh Nhường")
    heir = hand_over(session, given, Successor("Cao Nhận"), at=OPENING, by="attendee").attendee
    theirs = {"secret": claim_of(heir, keys)}
    to_come = put_down(session, "Võ Sắp Đến")  # who has come in hands nothing over
    hands_on = {"secret": secret_of(to_come, keys), "key": key_of(to_come, keys)}
    return {
        OWN: both,
        "hand_on": hands_on,
        "feed": {"secret": feed_of(an, keys)},
        "claim": theirs,
        "take": theirs,
        "ask_before_declining": {"number": 4},
    }


def _work(app: Flask, session: Session, event: Event, lan: FlaskClient) -> dict[str, Any]:
    """What organisers ordered: an import taken in and one to look at, a list, ticks of a pack."""
    press(lan, preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx"), "take")
    token = preview_of(lan, DONG_NAI, "doan-dong-nai.xlsx").rpartition("/")[2]
    proof = proof_of(app.config["KEYS"].links, event.key, PACK)
    ticks = file_of(tick(1, 1), tick(2, 99), proof=proof)
    report = post(lan, "/organiser/ticks", {"file": (io.BytesIO(ticks), "ticks.json")}).location
    ordered = lan.get("/organiser/exports/attendees.csv").location
    everything_due(lambda: False)
    _, secret = open_place(session, "Máy 2", [], by=BY, at=OPENING, kiosk=True)
    link = make_link(session, add_staff(session, "moi@vidu.vn", "desk", at=OPENING, by=BY),
                     at=OPENING)  # fmt: skip
    return {
        "preview": {"token": token}, "rest_of_preview": {"token": token},
        "forget_upload": {"token": token}, "decide": {"token": token},
        "ticks_report": {"number": int(report.rpartition("/")[2])},
        "job": {"number": int(ordered.rpartition("/")[2]), "?start": 1},
        "job_file": {"number": int(ordered.rpartition("/")[2])},
        "pairing": {"secret": secret}, "pair_device": {"secret": secret},
        "device_code": {"number": 2}, "change_device": {"number": 2},
        "link": {"secret": link}, "sign_in_with_link": {"secret": link},
    }  # fmt: skip


def _at_the_doors(app: Flask, session: Session, event: Event, people: list[Attendee]) -> None:
    """Two entries to judge, and a report that nobody understands."""
    first = entry(session, people[4].id, *A)
    second = entry(session, people[4].id, *B, seconds=40)
    upload(session, first, second)
    keep_strays(session, "d1", {"n1": ({"nonce": "n1"}, "method")}, at=OPENING)
    session.commit()
