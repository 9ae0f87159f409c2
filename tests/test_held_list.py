"""GET /checkin/people/list: names and organisations for a supervisor's device; who took it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Registration, register
from event.devices import open_place, pair
from event.held_list import Over, list_to_hold
from event.journal import Change
from event.names import fold
from event.programme import the_event
from tests.doors import put_down
from tests.house import OPENING
from tests.test_deciding import HERE, STATIC

LIST = "/checkin/people/list"
AsStaff = Callable[[str], FlaskClient]


def taken(session: Session) -> list[tuple[str, dict[str, object]]]:
    query = select(Change.actor, Change.details).where(Change.verb == "list_taken")
    return [(actor, details) for actor, details in session.execute(query)]


def test_it_holds_name_organisation_number_and_category_by_given_name(
    as_staff: AsStaff, session: Session
) -> None:
    stated = Registration(
        "Lê Yến", degree="TS.", organisation="Báo VnExpress", phone="0912345678",
        email="yen@vidu.vn", position="Phóng viên",
    )  # fmt: skip
    yen = register(session, stated, at=OPENING).attendee
    an = put_down(session, "Đỗ An")
    gone = put_down(session, "Đã Hủy")
    cancel(session, gone, at=OPENING, by="test")
    answer = as_staff("supervisor").get(LIST)
    assert answer.json["people"] == [
        [an.id, "Đỗ An", "Sở KH&CN", 1],
        [yen.id, "TS. Lê Yến", "Báo VnExpress", 1],
    ]
    assert answer.headers["Cache-Control"] == "no-store"
    for word in ("0912345678", "yen@vidu.vn", "Phóng viên"):
        assert word not in answer.get_data(as_text=True)


def test_the_journal_says_who_took_it_and_nothing_when_nothing_came(
    as_staff: AsStaff, session: Session
) -> None:
    put_down(session)
    browser = as_staff("supervisor")
    version = browser.get(LIST).json["version"]
    assert taken(session) == [("supervisor@vidu.vn", {"people": 1})]
    again = browser.get(f"{LIST}?known={version}")
    assert (again.status_code, again.data) == (204, b"")
    assert len(taken(session)) == 1
    put_down(session, "Người Mới")
    assert len(browser.get(f"{LIST}?known={version}").json["people"]) == 2
    assert len(taken(session)) == 2


def test_neither_the_desk_nor_a_paired_device_gets_it(
    app: Flask, as_staff: AsStaff, session: Session
) -> None:
    assert as_staff("desk").get(LIST).status_code == 403
    _, secret = open_place(session, "Cổng A", ["gate-a"], by="test", at=OPENING)
    device, key = pair(session, secret, at=OPENING)
    phone = app.test_client()
    phone.set_cookie("ghidanh_device", f"{device.id}.{key}", path="/checkin")
    assert phone.get(LIST).status_code == 403
    assert taken(session) == []


def test_after_the_last_day_nobody_gets_it(store: Session) -> None:
    event = the_event(store)
    assert event
    until = datetime(
        event.last_day.year, event.last_day.month, event.last_day.day, 17, tzinfo=UTC
    )  # midnight in Vietnam
    held = list_to_hold(store, event, by="test", at=OPENING)
    assert held is not None
    assert held.until == until
    with pytest.raises(Over):
        list_to_hold(store, event, by="test", at=until)


NAMES = [
    *("Nguyễn Thị Hương", "ĐẶNG  Hoàng-Yến", "Trần Văn Ánh", "Tra\u0302\u0300n Đức", ""),
    *("Ø. Łukasz Þór", "Straße GROẞ", "ΟΔΥΣΣΕΥΣ Σ", "İstanbul ILICA ı", "O’Connor, Jr."),
    *("ﬁn Æther Œuvre", "김민준", "王伟", "สมชาย ใจดี", "ສົມພອນ ວົງສາ", "José\u00a0María"),
    *("a\u200db\ufeffc\u202ed", "x\x1cy\x85z", "Sở KH&CN (Đồng Nai) 2", "Ðông\tÁ", "số ²½ ٣"),
    *("Ngày… 12/5", "Ａ　Ｂ", "र्\u200dक क्ष"),
]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Empty, but it can load the door's scripts."""

    def serve(route: Route) -> None:
        path = STATIC / route.request.url.removeprefix(f"{HERE}/static/")
        if path.suffix == ".js":
            route.fulfill(path=path, content_type="text/javascript")
        else:
            route.fulfill(body="<title>-</title>", content_type="text/html")

    blank = chromium.new_context().new_page()
    blank.route(f"{HERE}/**", serve)
    blank.goto(f"{HERE}/")
    yield blank
    blank.context.close()


def test_a_device_folds_names_as_the_server_does(page: Page) -> None:
    script = "async (names) => { const { fold } = await import('/static/desk/folding.js');"
    told = page.evaluate(script + " return names.map(fold); }", NAMES)
    assert dict(zip(NAMES, told, strict=True)) == {name: fold(name) for name in NAMES}


FOUND = """async ([door, roster]) => {
  const { decide } = await import("/static/desk/deciding.js");
  const facts = { event: 7, bearer: 12, revision: 0, category: 1, entitlements: null };
  const said = decide(facts, door, { event: 7, bound: {}, exceptions: {}, ...roster }, {});
  return said && said.kind;
}"""
GATE = {"gate": True, "rule": "open", "bit": None, "free": None}
SEATED = {"exceptions": {"12": [0, False, "8"]}}


@pytest.mark.parametrize(
    ("door", "roster", "said"),
    [
        (GATE, {}, "in"),
        ({**GATE, "gate": False}, {}, "in"),
        ({**GATE, "gate": False, "rule": "registered_only", "bit": 3}, {}, None),
        ({**GATE, "gate": False, "rule": "registered_first", "bit": 3, "free": 2}, {}, None),
        ({**GATE, "rule": "registered_only", "bit": 3}, SEATED, "in"),
        (GATE, {"exceptions": {"12": [0, True, "0"]}}, "help"),
        ({**GATE, "categories": [2]}, {}, "help"),
    ],
)  # fmt: skip
def test_who_is_found_by_name_is_decided_as_far_as_the_device_can_know(
    door: dict[str, object], roster: dict[str, object], said: str | None, page: Page
) -> None:
    assert page.evaluate(FOUND, [door, roster]) == said
