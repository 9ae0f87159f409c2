"""The programme: rooms side by side or a list, on one subject or all, with seats kept fresh."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from event.offer import Day, Stretch
from event.programme import Room, Slot
from event.side_by_side import side_by_side
from event.words import Words
from tests.browsers import PHONE
from tests.registrants import Ticks, register, words
from tests.sites import LiveSite

NINE = datetime(2023, 9, 29, 2, tzinfo=UTC)
ALL = ["energy-1", "energy-2", "forum", "it-1", "it-2"]
BY_HTMX = {"HX-Request": "true"}


def shown(page: str) -> list[str]:
    """The keys of the sessions on a page, in order."""
    return re.findall(r'<article class="session[^"]*" id="([^"]+)"', page)


def stretch(hour: int, *rooms: Room | None) -> Stretch:
    begins, ends = NINE + timedelta(hours=hour), NINE + timedelta(hours=hour + 1)
    return Stretch(begins, ends, tuple(
        Slot(key=f"{hour}-{room.key if room else 'nowhere'}", room=room,
             room_id=room.id if room else None) for room in rooms))  # fmt: skip


def room(number: int) -> Room:
    return Room(id=number, key=f"r{number}", name=Words(f"Phòng {number}"), position=number)


def test_parallel_sessions_stand_under_their_rooms_and_a_lone_one_across_all() -> None:
    first, second, hall = room(1), room(2), room(3)
    day = Day(NINE.date(), (stretch(0, hall), stretch(1, second, first), stretch(2, first, None)))
    table = side_by_side(day)
    assert table.rooms == (first, second, None)
    alone, both, half_known = table.rows
    assert (alone.alone, alone.cells) == (day.stretches[0].sessions[0], ())
    assert [[slot.key for slot in cell] for cell in both.cells] == [["1-r1"], ["1-r2"], []]
    assert [[slot.key for slot in cell] for cell in half_known.cells] == [
        ["2-r1"], [], ["2-nowhere"],
    ]  # fmt: skip


def test_the_timetable_names_hours_and_rooms(client: FlaskClient) -> None:
    page = client.get("/").text
    heads = re.findall(r'<th scope="(?:col|row)">(.*?)</th>', page, re.DOTALL)
    assert [words(head) for head in heads] == [
        "Giờ", "Hội trường lớn", "Phòng A", "08:00 – 09:30", "09:00 – 10:30", "10:00 – 11:30",
    ]  # fmt: skip
    assert sorted(shown(page)) == ALL


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("?track=it", ["it-1", "it-2"]),
        ("?view=list&track=energy", ["energy-1", "energy-2"]),
        ("?track=forum", ["forum"]),
        ("?track=nonsense&view=nonsense", ALL),
    ],
)
def test_a_filter_is_an_address_and_needs_no_script(
    asked: str, kept: list[str], client: FlaskClient
) -> None:
    assert sorted(shown(client.get(f"/{asked}").text)) == kept
    part = client.get(f"/programme{asked}", headers=BY_HTMX).text
    assert sorted(shown(part)) == kept
    assert "<html" not in part


def test_the_other_language_keeps_the_filter(client: FlaskClient) -> None:
    page = client.get("/?view=list&track=it").text
    assert '<a href="/en/?view=list&amp;track=it" lang="en"' in page


def test_the_short_address_leads_to_the_programme(client: FlaskClient) -> None:
    assert client.get("/programme").location == "/#programme"
    assert client.get("/en/programme?track=it&x=1").location == "/en/?track=it#programme"


def test_free_seats_are_told_in_the_readers_language(client: FlaskClient, ticks: Ticks) -> None:
    assert client.get("/seats").json == {
        "it-1": ["Còn 2/2 chỗ", "", 0],
        "energy-1": ["Còn 1/1 chỗ", "", 0],
        "energy-2": ["Còn 30/30 chỗ", "", 0],
    }
    register(client, sessions=["energy-1"])
    ticks.time += 1
    assert client.get("/en/seats").json["energy-1"] == ["Full", "full", 1]


@pytest.fixture
def phone(chromium: Browser, live_site: LiveSite) -> Iterator[Page]:
    context = chromium.new_context(**PHONE, base_url=live_site.address)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
    yield page
    context.close()
    assert complaints == []


def test_the_filter_works_by_keyboard_without_a_reload(phone: Page) -> None:
    phone.goto("/")
    phone.evaluate("window.stays = true")
    phone.locator("#track-energy").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#programme [role=status]")).to_have_text("Đang hiển thị 4 phiên")
    expect(phone.locator("#track-energy")).to_be_focused()
    expect(phone).to_have_url(re.compile(r"/\?track=energy$"))
    phone.locator("#as-list").focus()
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(re.compile(r"/\?view=list&track=energy$"))
    expect(phone.locator(".stretch")).to_have_count(4)
    phone.keyboard.press("Shift+Tab")
    expect(phone.locator("#as-table")).to_be_focused()
    assert phone.evaluate("window.stays")
    phone.reload()
    expect(phone.locator("#programme .session")).to_have_count(4)


def test_seats_change_on_a_page_that_stays_open(
    phone: Page, chromium: Browser, live_site: LiveSite
) -> None:
    phone.clock.install()
    phone.goto("/")
    seats = phone.locator("#it-1 .seats")
    expect(seats).to_have_text("Còn 200/200 chỗ")
    phone.route(
        "**/seats", lambda route: route.fulfill(json={"it-1": ["Còn 3/200 chỗ", "few", 197]})
    )
    phone.clock.fast_forward(15_000)
    expect(seats).to_have_text("Còn 3/200 chỗ")
    expect(seats).to_have_class("seats few")
    expect(seats.locator("progress")).to_have_attribute("value", "197")
