"""One table of cases for the rule of a door: the server decides each, and so does a browser."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.amendments import cancel, change, replace_badge
from event.attendees import Attendee, Registration
from event.badges import Facts, sign
from event.binding import Wish, bind
from event.blanks import Issue, Pile, issue, token_of_blank, withdraw
from event.keys import Keys
from event.programme import Checkpoint, Event, Slot, the_event
from event.scans import PASSING
from tests.doors import badge, put_down, scan
from tests.house import OPENING

STATIC = Path(__file__).parents[1] / "static"
HERE = "http://localhost:9"


@dataclass(frozen=True)
class Case:
    """`who` scans at `door` after going through each of `earlier`, seen by the same device.

    A step is a door, then perhaps "out" or "the day before". `rule` is what the event file says of
    the door. `others` went through before the device heard of it last, the bearer went through
    `elsewhere` since, seen by another device.
    `phone`: what a device answers where it cannot know what the server knows.
    """

    who: str
    door: str
    verdict: tuple[str, str]
    earlier: tuple[str, ...] = ()
    phone: tuple[str, str] | None = None
    rule: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    direction: str = "in"

    def __str__(self) -> str:
        way = "out of" if self.direction == "out" else "at"
        return " ".join([self.who, way, self.door, *map(str, self.rule.values())])


DELEGATES = {"categories": ["delegate"]}
ONCE, DAILY, IN_OUT = ({"entry": entry} for entry in ("once", "daily", "in_out"))
FOR_ONE = {"capacity": 1}
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
CASES += [
    Case("ordinary", "gate-a", ("in", ""), rule={"days": ["2023-09-29"]}),
    Case("ordinary", "gate-a", ("help", "wrong_day"), rule={"days": ["2023-09-30"]}),
    Case("ordinary", "gate-a", ("help", "wrong_category"), rule=DELEGATES),
    Case("delegate", "gate-a", ("in", ""), rule=DELEGATES),
    Case("delegate by now", "gate-a", ("in", ""), rule=DELEGATES),
    Case("blank", "gate-a", ("in", ""), rule=DELEGATES),
    Case("blank of somebody booked", "gate-a", ("help", "wrong_category"), rule=DELEGATES),
    Case("booked", "it-1", ("help", "wrong_category"), rule=DELEGATES),
    Case("cancelled", "gate-a", ("help", "cancelled"), rule=DELEGATES),
    Case("ordinary", "gate-a", ("in", ""), rule=ONCE),
    Case("ordinary", "gate-a", ("help", "used"), rule=ONCE, earlier=("gate-a",)),
    Case("ordinary", "gate-a", ("help", "used"), rule=ONCE, earlier=("gate-b",)),
    Case("ordinary", "gate-a", ("help", "used"), rule=ONCE, earlier=("gate-a the day before",)),
    Case("ordinary", "gate-a", ("help", "used"), rule=ONCE, elsewhere=("gate-a",),
         phone=("in", "")),
    Case("blank", "gate-a", ("help", "used"), rule=ONCE, earlier=("gate-a",)),
    Case("booked", "it-1", ("in", ""), rule=ONCE, earlier=("gate-a",)),
    Case("booked", "it-1", ("help", "used"), rule=ONCE, earlier=("it-1",)),
    Case("ordinary", "gate-a", ("help", "used_today"), rule=DAILY, earlier=("gate-a",)),
    Case("ordinary", "gate-a", ("in", ""), rule=DAILY, earlier=("gate-a the day before",)),
    Case("ordinary", "gate-a", ("in", ""), rule=DAILY | {"area": "lunch"}, earlier=("gate-b",)),
    Case("ordinary", "gate-a", ("help", "used_today"), rule=DAILY | {"area": "lunch"},
         earlier=("gate-b", "gate-a")),
    Case("ordinary", "gate-a", ("in", ""), rule=IN_OUT),
    Case("ordinary", "gate-a", ("back", "still_inside"), rule=IN_OUT, earlier=("gate-a",)),
    Case("ordinary", "gate-a", ("back", "still_inside"), rule=IN_OUT, earlier=("gate-b",)),
    Case("ordinary", "gate-a", ("back", ""), rule=IN_OUT, earlier=("gate-a", "gate-a out")),
    Case("ordinary", "gate-a", ("out", ""), rule=IN_OUT, earlier=("gate-a",), direction="out"),
    Case("ordinary", "gate-a", ("out", ""), rule=IN_OUT, earlier=("gate-b",), direction="out"),
    Case("ordinary", "gate-a", ("out", ""), rule=IN_OUT, elsewhere=("gate-a",), direction="out"),
    Case("ordinary", "gate-a", ("out", "not_inside"), rule=IN_OUT, direction="out",
         phone=("out", "")),
    Case("ordinary", "gate-a", ("out", "not_inside"), rule=IN_OUT, direction="out",
         earlier=("gate-a", "gate-a out"), phone=("out", "")),
    Case("ordinary", "gate-a", ("help", "no_way_out"), earlier=("gate-a",), direction="out"),
    Case("cancelled", "gate-a", ("help", "cancelled"), rule=IN_OUT, direction="out"),
    Case("blank", "gate-a", ("out", ""), rule=IN_OUT, earlier=("gate-a",), direction="out"),
    Case("booked", "it-1", ("out", ""), rule=IN_OUT, earlier=("it-1",), direction="out"),
    Case("booked", "it-1", ("back", ""), rule=IN_OUT, earlier=("it-1", "it-1 out")),
    Case("ordinary", "gate-a", ("in", ""), rule=FOR_ONE),
    Case("ordinary", "gate-a", ("help", "full"), rule=FOR_ONE, others=("gate-a",)),
    Case("ordinary", "gate-a", ("help", "full"), rule=FOR_ONE, others=("gate-b",)),
    Case("ordinary", "gate-a", ("back", ""), rule=FOR_ONE, earlier=("gate-a",)),
    Case("ordinary", "gate-a", ("in", ""), rule=FOR_ONE, others=("gate-a the day before",)),
    Case("ordinary", "gate-a", ("help", "full"), rule=FOR_ONE | IN_OUT, others=("gate-a",)),
    Case("ordinary", "gate-a", ("in", ""), rule=FOR_ONE | IN_OUT, others=("gate-a", "gate-a out")),
    Case("ordinary", "gate-a", ("back", ""), rule=FOR_ONE | IN_OUT,
         earlier=("gate-a", "gate-a out")),
    Case("ordinary", "energy-2", ("back", "not_registered"), rule=FOR_ONE | IN_OUT,
         earlier=("energy-2", "energy-2 out"), phone=("back", "")),
    Case("ordinary", "energy-2", ("help", "full"), rule=FOR_ONE | IN_OUT, others=("energy-2",)),
]  # fmt: skip


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

    def delegate(self) -> str:
        return self._badge(put_down(self._session, category="delegate"))

    def delegate_by_now(self) -> str:
        return self._changed((), (), category="delegate")

    def guest_of_a_full_session(self) -> str:
        code = self.ordinary()
        self._session.execute(update(Slot).where(Slot.key == "it-1").values(taken=2))
        self._session.commit()
        return code

    def _changed(
        self, before: tuple[str, ...], after: tuple[str, ...], category: str = "visitor"
    ) -> str:
        person = self._put_down(*before)
        code = self._badge(person)
        known = {"organisation": person.organisation, "category": category}
        stated = Registration(person.name, sessions=after, **known)
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


DECIDE = """async ([code, roster, report, day, steps]) => {
  const { readBadge, verifier } = await import("/static/desk/badge.js");
  const { decide, whose } = await import("/static/desk/deciding.js");
  const { known, passage, placeOf } = await import("/static/desk/memory.js");
  const facts = await readBadge(code, await verifier(roster.key));
  const bearer = facts.bearer === undefined ? undefined : whose(facts, roster);
  const seen = {};
  for (const [step, day, kind] of steps) {
    const kept = passage(Object.values(seen), step, { bearer, day, kind }, roster);
    seen[[kept.checkpoint, kept.day]] = kept;
  }
  const past = Object.values(seen);
  const here = past.filter(({ place }) => place === placeOf(report.checkpoint, roster));
  const door = { ...roster.doors[report.checkpoint] };
  if (door.free !== null) door.free -= here.reduce((sum, { net }) => sum + net, 0);
  return decide(facts, door, roster, known(past, report, day, roster));
}"""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_server_and_phone_decide_alike(
    case: Case,
    app: Flask,
    session: Session,
    as_staff: Callable[[str], FlaskClient],
    blank_page: Page,
) -> None:
    cast = Cast(session, app.config["KEYS"])
    state(session, case.door, case.rule)
    code, other = cast.code(case.who), cast.ordinary()
    desk = as_staff("desk")
    went(desk, other, case.others)
    roster = desk.get("/checkin/roster").json
    seen = went(desk, code, case.earlier)
    went(desk, code, case.elsewhere)
    report = {"checkpoint": case.door, "direction": case.direction}
    report["scanned_at"] = OPENING.isoformat()
    told = blank_page.evaluate(DECIDE, [code, roster, report, "2023-09-29", seen])
    answer = scan(desk, code=code, **report).json
    assert (answer["kind"], answer["reason"]) == case.verdict
    kind, reason = case.phone or case.verdict
    assert told == {"kind": kind, "reason": reason.rstrip(": ")}


def state(session: Session, key: str, rule: Mapping[str, Any]) -> None:
    """What the event file says of a gate, or of a session."""
    stated = session.scalars(select(Checkpoint).where(Checkpoint.key == key)).one().stated
    for name, value in rule.items():
        setattr(stated, name, value)
    session.commit()


def went(desk: FlaskClient, code: str, steps: tuple[str, ...]) -> list[tuple[Any, str, str]]:
    """Go through all these doors, in the minutes before; report, day and kind of each."""
    seen = []
    for minutes, step in zip(range(len(steps), 0, -1), steps, strict=True):
        door, _, how = step.partition(" ")
        days = 1 if how == "the day before" else 0
        report = {"checkpoint": door, "direction": "out" if how == "out" else "in"}
        report["scanned_at"] = (OPENING - timedelta(days=days, minutes=minutes)).isoformat()
        kind = scan(desk, code=code, **report).json["kind"]
        assert kind in PASSING
        seen.append((report, f"2023-09-{29 - days}", kind))
    return seen
