"""In real Chromium: a gate that is scanned in and out, with the network and without it."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from event.programme import Checkpoint
from event.scans import Presence, Scan
from tests.gates import READY, inside, later, type_digits
from tests.sites import LiveSite

pytestmark = pytest.mark.usefixtures("in_and_out")


@pytest.fixture(scope="module")
def in_and_out(live_site: LiveSite) -> None:
    """All gates of the event are scanned in both directions, for forty people."""
    with inside(live_site) as session:
        for gate in session.scalars(select(Checkpoint).where(Checkpoint.kind == "gate")):
            gate.entry, gate.capacity = "in_out", 40
        session.commit()


@pytest.fixture
def gate(laptop: Page) -> Page:
    """The scanner's page, which has heard of the rule."""
    with laptop.expect_response(re.compile("/checkin/roster")) as heard:
        laptop.reload()
    heard.value.finished()
    laptop.wait_for_selector(READY)
    return laptop


def scan(page: Page, digits: str) -> str:
    """Scan a badge, as another one than the last, and read the big letters."""
    later(page)
    type_digits(page, digits)
    expect(page.locator("#verdict")).to_be_visible()
    told = page.locator("#verdict .verdict-title").inner_text()
    page.locator("#verdict [data-next]").click()
    return told


def test_the_way_out_is_scanned_and_taken_back_and_the_line_counts(
    gate: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    line = gate.locator("#inside")
    expect(line).to_contain_text("Đang ở trong: 0 trên 40")
    assert scan(gate, guest[1]) == "Mời vào"
    expect(line).to_contain_text("1 trên 40")
    gate.get_by_text("Ra", exact=True).click()
    assert scan(gate, guest[1]) == "Tạm biệt"
    expect(line).to_contain_text("0 trên 40")
    undo = gate.locator("#recent .scan.out .undo").first
    undo.locator("summary").click()
    undo.get_by_role("button").first.click()
    expect(line).to_contain_text("1 trên 40")
    with inside(live_site) as session:
        rows = [(s.verdict, s.direction) for s in session.scalars(select(Scan).order_by(Scan.id))]
    assert rows == [("in", "in"), ("out", "out"), ("undone", "out")]


def test_the_way_is_kept_on_this_device_and_works_without_a_network(
    gate: Page, guest: tuple[str, str], live_site: LiveSite
) -> None:
    gate.get_by_text("Vào", exact=True).click()
    assert scan(gate, guest[1]) == "Mời vào"
    gate.get_by_text("Ra", exact=True).click()
    gate.reload()
    gate.wait_for_selector(READY)
    expect(gate.get_by_label("Ra", exact=True)).to_be_checked()
    expect(gate.locator("body")).to_have_class(re.compile("going-out"))
    gate.context.set_offline(True)
    assert scan(gate, guest[1]) == "Tạm biệt"
    gate.context.set_offline(False)
    expect(gate.locator("#unsent")).to_be_hidden()
    with inside(live_site) as session:
        last = session.scalars(select(Scan).order_by(Scan.id.desc()).limit(1)).one()
        mine = select(Presence).where(Presence.attendee_id == last.attendee_id)
        assert (last.verdict, last.provisional, last.objection) == ("out", True, "")
        assert [p.inside for p in session.scalars(mine)] == [False]
