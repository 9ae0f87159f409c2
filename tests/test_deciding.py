"""One table of cases for the rule of a door: the server decides each, and so does a browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import update
from sqlalchemy.orm import Session

from event.amendments import cancel, change, replace_badge
from event.attendees import Attendee, Registration
from event.badges import Facts, sign
from event.binding import Wish, bind
from event.blanks import Issue, Pile, issue, token_of_blank, withdraw
from event.keys import Keys
from event.programme import Event, Slot, the_event
from tests.doors import badge, put_down, scan
from tests.house import OPENING

STATIC = Path(__file__).parents[1] / "static"
HERE = "http://localhost:9"


@dataclass(frozen=True)
class Case:
    """`who` scans at `door` after being let in at each of `earlier`, by the same device.

    `phone`: what a device answers where it cannot know what the server knows.
    """

    who: str
    door: str
    verdict: tuple[str, str]
    earlier: tuple[str, ...] = ()
    phone: tuple[str, str] | None = None


CASES = [
    Case("ordinary", "gate-a", ("in", "")),
    Case("ordinary", "gate-a", ("back", ""), earlier=("gate-a",)),
    Case("ordinary", "gate-b", ("back", ""), earlier=("gate-a",)),
    Case("ordinary", "forum", ("extra", "not_registered"), phone=("in", "")),
    Case("ordinary", "energy-1", ("help", "registered_only")),
    Case("ordinary", "it-1", ("extra", "not_registered")),
    Case("booked", "it-1", ("in", "")),
    Case("booked", "it-1", ("in", ""), earlier=("gate-a",)),
    Case("booked", "it-1", ("back", ""), earlier=("it-1",)),
    Case("booked", "energy-1", ("help", "registered_only")),
    Case("booked", "forum", ("in", "")),
    Case("guest of a full session", "it-1", ("help", "full")),
    Case("booked later", "energy-1", ("in", "")),
    Case("gave the seat back", "it-1", ("extra", "not_registered")),
    Case("cancelled", "gate-a", ("help", "cancelled")),
    Case("with the old badge", "gate-a", ("help", "replaced")),
    Case("with the new badge", "gate-a", ("in", "")),
    Case("blank", "gate-a", ("in", "")),
    Case("blank", "gate-a", ("back", ""), earlier=("gate-a",)),
    Case("blank", "it-1", ("extra", "not_registered")),
    Case("blank", "energy-1", ("help", "registered_only")),
    Case("withdrawn blank", "gate-a", ("help", "withdrawn: ")),
    Case("blank never printed", "gate-a", ("help", "not_ours")),
    Case("blank of somebody booked", "it-1", ("in", "")),
    Case("blank of somebody cancelled", "gate-a", ("help", "cancelled")),
    Case("of another event", "gate-a", ("help", "other_event")),
    Case("forged", "gate-a", ("help", "not_ours")),
    Case("one digit off", "gate-a", ("help", "not_ours")),
    Case("some digits lost", "gate-a", ("again", "incomplete")),
    Case("two at once", "gate-a", ("again", "two_badges")),
    Case("a barcode", "gate-a", ("help", "not_ours")),
    Case("a number", "gate-a", ("again", "number_only")),
    Case("number of a blank", "gate-a", ("again", "number_only")),
    Case("letters", "gate-a", ("help", "not_ours")),
    Case("typed with letters between", "gate-a", ("in", "")),
    Case("zeros", "gate-a", ("help", "not_ours")),
    Case("nines", "gate-a", ("help", "not_ours")),
]


class Cast:
    """Who scans: each method gives the digits of one badge."""

    def __init__(self, session: Session, keys: Keys) -> None:
        self._session, self._keys = session, keys
        event = the_event(session)
        assert event
        self._event: Event = event

    def code(self, who: str) -> str:
        """By the words of a case."""
        made: Callable[[], str] = getattr(self, who.replace(" ", "_"))
        return made()

    def _put_down(self, *sessions: str) -> Attendee:
        return put_down(self._session, sessions=sessions)

    def _badge(self, attendee: Attendee) -> str:
        return badge(self._session, self._keys, attendee)

    def ordinary(self) -> str:
        return self._badge(self._put_down())

    def booked(self) -> str:
        return self._badge(self._put_down("it-1", "forum"))

    def guest_of_a_full_session(self) -> str:
        code = self.ordinary()
        self._session.execute(update(Slot).where(Slot.key == "it-1").values(taken=2))
        self._session.commit()
        return code

    def _changed(self, before: tuple[str, ...], after: tuple[str, ...]) -> str:
        person = self._put_down(*before)
        code = self._badge(person)
        stated = Registration(person.name, organisation=person.organisation, sessions=after)
        change(self._session, person, stated, at=OPENING, by="test")
        return code

    def booked_later(self) -> str:
        return self._changed((), ("energy-1",))

    def gave_the_seat_back(self) -> str:
        return self._changed(("it-1",), ())

    def cancelled(self) -> str:
        person = self._put_down()
        code = self._badge(person)
        cancel(self._session, person, at=OPENING, by="test")
        return code

    def with_the_old_badge(self) -> str:
        person = self._put_down()
        code = self._badge(person)
        replace_badge(self._session, person, at=OPENING, by="test")
        return code

    def with_the_new_badge(self) -> str:
        person = self._put_down()
        replace_badge(self._session, person, at=OPENING, by="test")
        return self._badge(person)

    def _blank(self) -> str:
        issue(self._session, self._event, Issue(2, "delegate", "a6"), by="test", at=OPENING)
        return token_of_blank(self._event, 1, 2, self._keys.badges)

    blank = _blank

    def withdrawn_blank(self) -> str:
        code = self._blank()
        withdraw(self._session, self._event, Pile(1, 1, ""), by="test", at=OPENING)
        return code

    def blank_never_printed(self) -> str:
        self._blank()
        return token_of_blank(self._event, 3, 2, self._keys.badges)

    def _bound(self, person: Attendee) -> str:
        code = self._blank()
        bind(self._session, self._event, Wish(1, person.id), by="test", at=OPENING)
        return code

    def blank_of_somebody_booked(self) -> str:
        return self._bound(self._put_down("it-1"))

    def blank_of_somebody_cancelled(self) -> str:
        person = self._put_down()
        code = self._bound(person)
        cancel(self._session, person, at=OPENING, by="test")
        return code

    def of_another_event(self) -> str:
        return sign(Facts(7, self._put_down().id, 0, 1), self._keys.badges)

    def forged(self) -> str:
        other = Ed25519PrivateKey.from_private_bytes(bytes(32))
        return sign(Facts(self._event.number, self._put_down().id, 0, 1), other)

    def one_digit_off(self) -> str:
        code = self.ordinary()
        return code[:-1] + str((int(code[-1]) + 1) % 10)

    def some_digits_lost(self) -> str:
        return self.ordinary()[:-3]

    def two_at_once(self) -> str:
        return 2 * self.ordinary()

    def a_barcode(self) -> str:
        return "8934563138165"

    def a_number(self) -> str:
        return "00012"

    def number_of_a_blank(self) -> str:
        return "B0002"

    def letters(self) -> str:
        return "https://vidu.vn/abc"

    def typed_with_letters_between(self) -> str:
        code = self.ordinary()
        return code[:50] + "Á" + code[50:120] + " ê" + code[120:]

    def zeros(self) -> str:
        return "0" * 200

    def nines(self) -> str:
        return "9" * 200


@pytest.fixture(scope="module", params=["Ed25519 of the browser", "of the library"])
def blank_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that is empty but can load the door's scripts; once in a browser without Ed25519."""

    def serve(route: Route) -> None:
        path = STATIC / route.request.url.removeprefix(f"{HERE}/static/")
        if path.suffix == ".js":
            route.fulfill(path=path, content_type="text/javascript")
        else:
            route.fulfill(body="<title>-</title>", content_type="text/html")

    page = chromium.new_context().new_page()
    page.route(f"{HERE}/**", serve)
    if request.param == "of the library":
        page.add_init_script("SubtleCrypto.prototype.importKey = () => Promise.reject(Error())")
    page.goto(f"{HERE}/")
    yield page
    page.context.close()


DECIDE = """async ([code, roster, door, first]) => {
  const { readBadge, verifier } = await import("/static/desk/badge.js");
  const { decide } = await import("/static/desk/deciding.js");
  const facts = await readBadge(code, await verifier(roster.key));
  return decide(facts, roster.doors[door], roster, first);
}"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.who} at {case.door}")
def test_server_and_phone_decide_alike(
    case: Case,
    app: Flask,
    session: Session,
    as_staff: Callable[[str], FlaskClient],
    blank_page: Page,
) -> None:
    code = Cast(session, app.config["KEYS"]).code(case.who)
    desk = as_staff("desk")
    for door in case.earlier:
        assert scan(desk, code=code, checkpoint=door).json["kind"] in ("in", "extra")
    roster = desk.get("/checkin/roster").json
    first = known(case, roster)
    told = blank_page.evaluate(DECIDE, [code, roster, case.door, first])
    answer = scan(desk, code=code, checkpoint=case.door).json
    assert (answer["kind"], answer["reason"]) == case.verdict
    kind, reason = case.phone or case.verdict
    assert told == {"kind": kind, "reason": reason.rstrip(": ")}


def known(case: Case, roster: dict[str, Any]) -> str | None:
    """When the device itself let somebody in before: gates are one place."""
    places = {"gate" if roster["doors"][door]["gate"] else door for door in case.earlier}
    here = "gate" if roster["doors"][case.door]["gate"] else case.door
    return OPENING.isoformat() if here in places else None
