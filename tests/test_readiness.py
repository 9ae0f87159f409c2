"""The readiness board: what a scanner tells of itself, and what that means for the opening."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.devices import Device, Scanner, open_place, pair, withdraw
from event.readiness import DeviceReport, Told, hear, judge, standings
from event.staff import Account, add_staff
from pages.desk.app_shell import version
from tests.doors import csrf, scan
from tests.house import OPENING, Clock
from tests.registrants import queries, words

WELL = Told(
    checkpoint="gate-a",
    version="v2",
    roster_at=OPENING,
    unsent=0,
    clock_ms=0,
    battery=80,
    tested_at=OPENING,
    test_ok=True,
    test_why="",
)
DOORS = {"gate-a", "gate-b", "it-1"}


def a_phone(store: Session, name: str = "Máy 1", *doors: str) -> Scanner:
    """A device that was paired."""
    place, secret = open_place(store, name, list(doors), by="test", at=OPENING)
    device, _key = pair(store, secret, at=OPENING)
    return Scanner(device.id, name, tuple(place.doors), None)


def an_account(store: Session, email: str = "lan@vidu.vn") -> Account:
    person = add_staff(store, email, "desk", at=OPENING, by="test")
    return Account(person.id, person.email, person.role, person.stamp)


def board(store: Session, **later: float) -> dict[str, dict[str, tuple[str, str]]]:
    """Names with what is not good about each: aspect, state and why."""
    known = standings(store, version="v2", at=OPENING + timedelta(**later))
    return {
        s.device.name if s.device else s.report.device if s.report else "": {
            f.aspect: (f.state, f.why) for f in s.findings if f.state != "good"
        }
        for s in known
    }


def test_a_report_takes_the_place_of_the_one_before(store: Session) -> None:
    phone = a_phone(store)
    hear(store, "device:1", phone, replace(WELL, unsent=7), at=OPENING)
    hear(store, "device:1", phone, WELL, at=OPENING)
    rows = store.scalars(select(DeviceReport)).all()
    assert [(row.device, row.device_id, row.staff_id, row.unsent) for row in rows] == [
        ("device:1", phone.device, None, 0)
    ]


def test_every_paired_device_is_on_the_board_and_no_other(store: Session) -> None:
    phone = a_phone(store)
    a_phone(store, "Máy 2")
    open_place(store, "Chưa ghép", [], by="test", at=OPENING)
    gone = a_phone(store, "Máy 3")
    withdraw(store, store.get_one(Device, gone.device), by="test", at=OPENING)
    hear(store, f"device:{phone.device}", phone, WELL, at=OPENING)
    assert board(store) == {"Máy 1": {}, "Máy 2": {"heard": ("bad", "never")}}


def test_a_browser_is_listed_while_it_scans_and_as_long_as_scans_wait_on_it(
    store: Session,
) -> None:
    lan = an_account(store)
    hear(store, "quick", lan, WELL, at=OPENING)
    hear(store, "stuck", lan, replace(WELL, unsent=3), at=OPENING)
    assert list(board(store, minutes=14)) == ["quick", "stuck"]
    assert list(board(store, minutes=16)) == ["stuck"]
    assert list(board(store, hours=49)) == []


def report(told: Told) -> DeviceReport:
    return DeviceReport(device="device:1", reported_at=OPENING, **vars(told))


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, {}),
        ({"checkpoint": ""}, {"checkpoint": ("bad", "nowhere")}),
        ({"checkpoint": "gate-z"}, {"checkpoint": ("bad", "wrong")}),
        ({"version": "v1"}, {"version": ("bad", "old")}),
        ({"roster_at": None}, {"roster": ("bad", "never")}),
        ({"roster_at": OPENING - timedelta(minutes=5)}, {}),
        ({"roster_at": OPENING - timedelta(minutes=6)}, {"roster": ("soft", "old")}),
        ({"roster_at": OPENING - timedelta(minutes=16)}, {"roster": ("bad", "old")}),
        ({"unsent": 1}, {"unsent": ("soft", "waiting")}),
        ({"clock_ms": -30_000}, {}),
        ({"clock_ms": -31_000}, {"clock": ("soft", "off")}),
        ({"clock_ms": 20 * 60_000}, {"clock": ("bad", "off")}),
        ({"battery": None}, {"battery": ("unknown", "untold")}),
        ({"battery": 49}, {"battery": ("soft", "low")}),
        ({"battery": 19}, {"battery": ("bad", "low")}),
        ({"tested_at": None}, {"test": ("bad", "never")}),
        ({"test_ok": False, "test_why": "app"}, {"test": ("bad", "app")}),
        ({"tested_at": OPENING - timedelta(hours=25)}, {"test": ("bad", "old")}),
    ],
)
def test_each_thing_is_good_or_not(
    told: dict[str, object], found: dict[str, tuple[str, str]]
) -> None:
    findings = judge(report(replace(WELL, **told)), DOORS, "v2", at=OPENING)  # type: ignore[arg-type]
    assert {f.aspect: (f.state, f.why) for f in findings if f.state != "good"} == found


def test_a_scanner_that_fell_silent_is_not_ready(store: Session) -> None:
    phone = a_phone(store, "Máy 1", "gate-b")
    hear(store, f"device:{phone.device}", phone, WELL, at=OPENING)
    assert board(store, minutes=3) == {"Máy 1": {"checkpoint": ("bad", "wrong")}}
    assert board(store, minutes=4)["Máy 1"]["heard"] == ("bad", "silent")


# What a scanner sends

SENT = {
    "checkpoint": "gate-a",
    "version": "v2",
    "roster_at": OPENING.isoformat(),
    "unsent": 0,
    "clock_ms": 250,
    "battery": 80,
    "tested_at": OPENING.isoformat(),
    "test_ok": True,
    "test_why": "",
}


def send(browser: FlaskClient, told: object) -> TestResponse:
    return browser.post("/checkin/report", json=told, headers={"X-CSRFToken": csrf(browser)})


def test_a_scanner_tells_of_itself(
    as_staff: Callable[[str], FlaskClient], session: Session
) -> None:
    lan = as_staff("desk")
    told = {**SENT, "clock_ms": 10**13, "battery": None, "tested_at": None, "test_ok": None}
    ahead = (OPENING + timedelta(hours=1)).isoformat()
    assert send(lan, {**told, "roster_at": ahead}).status_code == 204
    row = session.scalars(select(DeviceReport)).one()
    assert len(row.device) == 16
    assert (row.staff_id, row.device_id, row.roster_at) == (1, None, OPENING)
    assert (row.clock_ms, row.battery, row.tested_at, row.test_ok) == (2**31 - 1, None, None, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("checkpoint", "Cổng A"),
        ("checkpoint", 7),
        ("version", ""),
        ("version", "v" * 41),
        ("version", None),
        ("roster_at", "2023-09-29T00:30:00"),
        ("roster_at", "soon"),
        ("roster_at", 7),
        ("unsent", -1),
        ("unsent", True),
        ("unsent", "3"),
        ("unsent", 10**7),
        ("clock_ms", 0.5),
        ("clock_ms", 10**15),
        ("battery", 101),
        ("battery", "80"),
        ("tested_at", "0001-01-01T00:00:00+00:00"),
        ("test_ok", 1),
        ("test_why", "perhaps"),
        ("test_why", []),
    ],
)
def test_a_report_that_cannot_be_right_is_refused(
    as_staff: Callable[[str], FlaskClient], session: Session, field: str, value: object
) -> None:
    answer = send(as_staff("desk"), {**SENT, field: value})
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])  # type: ignore[index]
    assert session.scalars(select(DeviceReport)).all() == []


def test_all_that_is_wrong_is_said_at_once(as_staff: Callable[[str], FlaskClient]) -> None:
    lan = as_staff("desk")
    assert set(send(lan, {}).json["errors"]) == {"version", "unsent", "clock_ms"}  # type: ignore[index]
    assert send(lan, [1]).status_code == 400
    assert lan.post("/checkin/report", json=SENT).status_code == 400
    form = {**SENT, "csrf_token": csrf(lan)}
    assert lan.post("/checkin/report", data=form).status_code == 400


# The board's page


@pytest.fixture
def mai(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("supervisor")


def heading(page: str) -> str:
    return words(page.split("<h2>")[1].split("</h2>", maxsplit=1)[0])


def test_nobody_has_told_of_itself_at_first(mai: FlaskClient) -> None:
    page = words(mai.get("/organiser/readiness").text)
    assert "Chưa có thiết bị nào báo về." in page
    assert "Tại các cổng hôm nay" not in page


def test_the_headline_counts_what_is_not_ready_and_says_what_to_do(
    mai: FlaskClient, session: Session, clock: Clock
) -> None:
    told = replace(WELL, version=version())
    for number, facts in enumerate([{}, {"battery": 12}, {"checkpoint": ""}], 1):
        phone = a_phone(session, f"Máy {number}")
        hear(session, f"device:{phone.device}", phone, replace(told, **facts), at=OPENING)  # type: ignore[arg-type]
    page = mai.get("/organiser/readiness").text
    assert heading(page) == "2 trên 3 thiết bị chưa sẵn sàng"
    advice = page.split('class="advice">')[1].split("</ul>")[0].split("<li>")[1:]
    assert [words(line) for line in advice] == [
        "Máy 2 : Sạc pin.",
        "Máy 3 : Chọn điểm quét trên máy.",
    ]
    clock.forward(minutes=2)
    for number in (2, 3):
        hear(session, f"device:{number}", Scanner(number, "", (), None), told, at=clock())
    hear(session, "device:1", Scanner(1, "", (), None), replace(told, unsent=12), at=clock())
    page = mai.get("/organiser/readiness").text
    assert heading(page) == "Cả 3 thiết bị đã sẵn sàng"
    assert "12 lượt quét đang chờ gửi trên 1 thiết bị." in words(page)


def test_each_cell_says_in_words_what_it_is(
    mai: FlaskClient, session: Session, clock: Clock
) -> None:
    lan = an_account(session)
    old = {"roster_at": OPENING - timedelta(minutes=20), "unsent": 3, "clock_ms": -20 * 60_000}
    failed = {"battery": None, "test_ok": False, "test_why": "storage"}
    hear(session, "a1b2c3", lan, replace(WELL, version="old", **old, **failed), at=OPENING)  # type: ignore[arg-type]
    clock.forward(minutes=2)
    page = mai.get("/organiser/readiness").text
    row = page.split("<tbody>")[-1].split("</tbody>")[0]
    assert [words(cell.split(">", 1)[1]) for cell in row.split("<td")[1:]] == [
        "lan@vidu.vn trình duyệt a1b2 chưa sẵn sàng",
        "đang liên lạc 2 phút trước",
        "đã chọn Cổng A",
        "cũ",
        "cũ 22 phút trước",
        "đang chờ 3",
        "lệch, đã hiệu chỉnh chậm 20 phút",
        "không rõ",
        "không đạt: không lưu được 2 phút trước",
    ]


def test_htmx_gets_the_board_alone(mai: FlaskClient) -> None:
    part = mai.get("/organiser/readiness", headers={"HX-Request": "true"}).text
    assert "Sẵn sàng mở cửa?" in part
    assert "<html" not in part


def test_thirty_devices_cost_as_many_questions_as_one(mai: FlaskClient, session: Session) -> None:
    asked = []
    for some in (1, 29):
        for _n in range(some):
            phone = a_phone(session)
            hear(session, f"device:{phone.device}", phone, WELL, at=OPENING)
        with queries() as sent:
            mai.get("/organiser/readiness")
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_the_specimen_that_devices_try_their_reading_on_opens_no_door(
    as_staff: Callable[[str], FlaskClient],
) -> None:
    lan = as_staff("desk")
    specimen = lan.get("/checkin/roster").json["specimen"]  # type: ignore[index]
    assert len(specimen) == 200
    answer = scan(lan, code=specimen).json
    assert answer is not None
    assert (answer["kind"], answer["reason"]) == ("help", "other_event")
