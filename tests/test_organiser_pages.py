"""The organiser's numbers, delegations and accounts, as a browser without JavaScript sees them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from event.attendees import Registration, register
from event.delegations import Delegation, announce, join
from event.programme import Checkpoint, Event
from event.scans import Presence
from event.staff import LastOrganiser, Staff, add_staff, close_staff
from pages.database import db
from pages.organiser.chart import chart_of
from tests.house import OPENING, Clock, post


@pytest.fixture
def organiser(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("organiser")


def figures(page: str) -> list[str]:
    return re.findall(r"<dt>[^<]+</dt><dd>([^<]+)</dd>", page.split("</dl>", maxsplit=1)[0])


def arrive(session: Session, name: str, minutes: int) -> None:
    person = register(session, Registration(name=name), at=OPENING).attendee
    gate = session.scalars(select(Checkpoint).where(Checkpoint.key == "gate-a")).one()
    at = OPENING + timedelta(minutes=minutes)
    day = (at + timedelta(hours=7)).date()
    session.add(
        Presence(attendee_id=person.id, checkpoint_id=gate.id, day=day, first_at=at, entries=2)
    )
    session.commit()


def test_the_numbers_show_plan_registered_arrived_visits_and_free_seats(
    organiser: FlaskClient, session: Session
) -> None:
    for number in range(3):
        arrive(session, f"Lê An {number}", 15 * number)
    register(session, Registration(name="Lê Bình", sessions=("it-1",)), at=OPENING)
    page = organiser.get("/organiser/").text
    assert figures(page) == ["100", "4", "3", "6", "32"]
    assert "4% kế hoạch" in page
    assert "75% số đăng ký" in page
    assert re.findall(r"<title>(\d\d:\d\d–\d\d:\d\d: \d+)</title>", page) == [
        "07:30–07:45: 1",
        "07:45–08:00: 1",
        "08:00–08:15: 1",
    ]
    assert "<td>07:30–07:45</td><td" in page


def test_htmx_gets_the_numbers_alone_and_they_move(
    organiser: FlaskClient, session: Session
) -> None:
    asked = {"headers": {"HX-Request": "true"}}
    before = organiser.get("/organiser/", **asked).text
    arrive(session, "Lê An", 0)
    after = organiser.get("/organiser/", **asked).text
    assert "<html" not in before
    assert (figures(before)[2], figures(after)[2]) == ("0", "1")


def test_each_day_of_the_event_has_its_chart_and_no_other_has(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    arrive(session, "Lê An", 0)
    arrive(session, "Lê Bình", 24 * 60)
    first = organiser.get("/organiser/?day=2023-09-29").text
    second = organiser.get("/organiser/?day=2023-09-30").text
    assert "29/09/2023: 1 người đến" in first
    assert "30/09/2023: 1 người đến" in second
    clock.time = datetime(2026, 1, 1, tzinfo=UTC)
    assert "30/09/2023: 1 người đến" in organiser.get("/organiser/").text
    for wrong in ("2023-10-01", "x", "2023-13-01"):
        assert organiser.get(f"/organiser/?day={wrong}").status_code == 404


def test_the_chart_opens_on_today_else_on_the_last_day_on_which_anybody_came(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    def opens_on() -> list[str]:
        page = organiser.get("/organiser/").text
        return re.findall(r'aria-current="date">([^<]+)<', page)

    after = datetime(2026, 1, 1, tzinfo=UTC)
    clock.time = after
    assert opens_on() == ["29/09/2023"]  # nobody came at all
    arrive(session, "Lê An", 0)
    assert opens_on() == ["29/09/2023"]
    clock.time = OPENING + timedelta(days=1)
    assert opens_on() == ["30/09/2023"]
    arrive(session, "Lê Bình", 24 * 60)
    arrive(session, "Lê Chi", 5 * 24 * 60)  # a trial after the event
    clock.time = after
    assert opens_on() == ["30/09/2023"]


def test_before_anybody_comes_the_page_says_so(organiser: FlaskClient, session: Session) -> None:
    session.scalars(select(Event)).one().expected_people = None
    session.commit()
    page = organiser.get("/organiser/").text
    assert figures(page) == ["–", "0", "0", "0", "33"]
    assert "Ngày 29/09/2023 chưa có ai đến." in page
    assert '<svg class="chart"' not in page


def test_the_chart_holds_whole_hours_and_its_tallest_bar_stays_below_the_top() -> None:
    chart = chart_of({OPENING: 7, OPENING + timedelta(minutes=45): 3})
    assert [bar.count for bar in chart.bars] == [0, 0, 7, 0, 0, 3] + [0] * 10
    assert [(mark.value) for mark in chart.levels] == [5, 10]
    assert [mark.value for mark in chart.hours] == [0, 1, 2, 3]
    assert chart.peak
    assert (chart.peak.starts, chart.peak.count) == (OPENING, 7)
    assert chart.levels[-1].at < chart.peak.y < chart.floor


def test_english_readers_get_english_and_numbers_in_their_way(
    organiser: FlaskClient, session: Session
) -> None:
    session.scalars(select(Event)).one().expected_people = 10000
    session.commit()
    assert figures(organiser.get("/organiser/").text)[0] == "10.000"
    post_language(organiser)
    page = organiser.get("/organiser/").text
    assert "Numbers now" in page
    assert figures(page)[0] == "10,000"


def post_language(browser: FlaskClient) -> None:
    page = browser.get("/organiser/").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    browser.post("/staff/language", data={"csrf_token": token, "language": "en", "then": "/"})


def test_a_supervisor_sees_people_but_neither_programme_nor_accounts(
    as_staff: Callable[[str], FlaskClient],
) -> None:
    page = as_staff("supervisor").get("/organiser/people").text
    links = re.findall(r'<a href="(/organiser/[^"]*)"', page.split("</header>")[0])
    assert links[:3] == ["/organiser/", "/organiser/people", "/organiser/delegations"]
    assert not {"/organiser/programme", "/organiser/staff", "/organiser/lists"} & set(links)


def test_a_delegation_is_put_down_corrected_and_shown_with_its_strength(
    organiser: FlaskClient, session: Session
) -> None:
    fields = {"name": "Đoàn Đồng Nai", "expected": "25", "contact_phone": "0913 456 701"}
    answer = post(organiser, "/organiser/delegations/new", fields)
    assert answer.location == "/organiser/delegations/1"
    party = session.scalars(select(Delegation)).one()
    assert (party.name, party.expected, party.contact_phone) == (
        "Đoàn Đồng Nai", 25, "+84913456701",
    )  # fmt: skip
    assert "<h1>Đoàn Đồng Nai 0/25</h1>" in organiser.get("/organiser/delegations/1").text
    form = organiser.get("/organiser/delegations/1/edit").text
    seen = re.findall(r'name="seen"[^>]*value="(\d+)"', form)[0]
    changed = post(organiser, "/organiser/delegations/1/edit",
                   {**fields, "expected": "30", "seen": seen})  # fmt: skip
    assert changed.status_code == 303
    late = post(organiser, "/organiser/delegations/1/edit",
                {**fields, "expected": "40", "seen": seen})  # fmt: skip
    assert (late.status_code, 'value="40"' in late.text) == (409, True)
    page = organiser.get("/organiser/delegations").text
    assert "<strong>0/30</strong>" in page


@pytest.mark.parametrize(
    ("fields", "status", "wrong"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": "?!"}, 422, "name"),
        ({"name": "Đoàn A", "expected": "nhiều"}, 422, "expected"),
        ({"name": "Đoàn A", "expected": "-3"}, 422, "expected"),
        ({"name": "Đoàn A", "contact_phone": "12"}, 422, "contact_phone"),
        ({"name": "Đoàn A", "contact_email": "x@"}, 422, "contact_email"),
        ({"name": "đoàn hà nội"}, 409, "name"),
    ],
)
def test_a_wrong_delegation_is_refused_at_its_field(
    organiser: FlaskClient, session: Session, fields: dict[str, str], status: int, wrong: str
) -> None:
    post(organiser, "/organiser/delegations/new", {"name": "Đoàn Hà Nội"})
    answer = post(organiser, "/organiser/delegations/new", fields)
    assert answer.status_code == status
    assert re.findall(r'id="(\w+)-error"', answer.text) == [wrong]
    assert session.scalars(select(Delegation.name)).all() == ["Đoàn Hà Nội"]


@pytest.mark.parametrize("address", ["delegations/1", "delegations/1/edit", "staff/99/close"])
def test_what_does_not_exist_is_not_found(organiser: FlaskClient, address: str) -> None:
    assert organiser.get(f"/organiser/{address}").status_code == 404


def test_a_new_account_gets_a_link_that_is_shown_once_and_signs_in(
    organiser: FlaskClient, session: Session, client: FlaskClient
) -> None:
    answer = post(organiser, "/organiser/staff", {"email": "Lan@vidu.vn", "role": "desk"})
    link = re.findall(r'value="http://localhost[^/"]*(/staff/sign-in/[^"]+)"', answer.text)[0]
    assert '<svg class="qr"' in answer.text
    assert link not in organiser.get("/organiser/staff").text
    assert post(client, link, {}).location == "/checkin/"
    lan = session.scalars(select(Staff).where(Staff.email == "lan@vidu.vn")).one()
    assert lan.role == "desk"


@pytest.mark.parametrize("fields", [{"email": "x", "role": "desk"}, {"email": "a@vidu.vn",
                                                                     "role": "king"}])  # fmt: skip
def test_a_wrong_account_is_refused(
    organiser: FlaskClient, session: Session, fields: dict[str, str]
) -> None:
    assert post(organiser, "/organiser/staff", fields).status_code == 422
    assert session.scalars(select(Staff.email)).all() == ["organiser@vidu.vn"]


def test_a_role_changes_and_an_account_closes(organiser: FlaskClient, session: Session) -> None:
    lan = add_staff(session, "lan@vidu.vn", "desk", at=OPENING, by="x")
    token_page = "/organiser/staff"
    page = organiser.get(token_page).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    given = {"csrf_token": token, "role": "supervisor"}
    assert organiser.post(f"/organiser/staff/{lan.id}/role", data=given).status_code == 303
    session.expire_all()
    assert lan.role == "supervisor"
    assert post(organiser, f"/organiser/staff/{lan.id}/close", {}).status_code == 303
    session.expire_all()
    assert lan.closed_at == OPENING
    assert organiser.post(f"/organiser/staff/{lan.id}/link", data=given).status_code == 409


def test_the_last_organiser_stays(organiser: FlaskClient, session: Session) -> None:
    me = session.scalars(select(Staff)).one()
    page = organiser.get("/organiser/staff").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    data = {"csrf_token": token, "role": "desk"}
    for address in (f"{me.id}/role", f"{me.id}/close"):
        assert organiser.post(f"/organiser/staff/{address}", data=data).status_code == 409
    session.expire_all()
    assert (me.role, me.closed_at) == ("organiser", None)


def test_the_last_organiser_is_kept_by_the_rule_itself(store: Session) -> None:
    one = add_staff(store, "a@vidu.vn", "organiser", at=OPENING, by="x")
    with pytest.raises(LastOrganiser):
        close_staff(store, one, at=OPENING, by="x")
    with pytest.raises(LastOrganiser):
        add_staff(store, "a@vidu.vn", "desk", at=OPENING, by="x")
    add_staff(store, "b@vidu.vn", "organiser", at=OPENING, by="x")
    close_staff(store, one, at=OPENING, by="x")
    assert one.closed_at == OPENING


def test_a_reader_who_was_signed_out_is_led_to_the_sign_in_page_by_htmx_too(
    client: FlaskClient,
) -> None:
    answer = client.get("/organiser/?day=2023-09-29", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/staff/sign-in?then=/organiser/?day%3D2023-09-29"


@pytest.mark.parametrize("path", ["", "delegations", "delegations/1", "people/1", "programme"])
def test_a_page_costs_the_same_with_one_row_and_with_three(
    organiser: FlaskClient, session: Session, path: str
) -> None:
    def bring(count: int) -> None:
        for number in range(count):
            announce(session, f"Đoàn {path}{count}{number}", at=OPENING, by="x")
            session.commit()
            person = register(session, Registration(name="Lê An", phone="+84913456701",
                              sessions=("forum",)), at=OPENING).attendee  # fmt: skip
            join(session, person, session.get(Delegation, 1), at=OPENING, by="x")

    def asked() -> int:
        organiser.get(f"/organiser/{path}")
        read: list[str] = []
        listen = lambda *call: read.append(call[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        assert organiser.get(f"/organiser/{path}").status_code == 200
        event.remove(db.engine, "before_cursor_execute", listen)
        return len([statement for statement in read if statement.startswith("SELECT")])

    bring(2)
    few = asked()
    bring(3)
    assert asked() == few
