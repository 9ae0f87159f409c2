"""The camera at the door: which one, what happens when it goes away, and codes read beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from event.keys import load_keys
from tests.browsers import PHONE, Launch
from tests.doors import badge, put_down
from tests.filming import film_of, picture
from tests.gates import READY, inside, listen, stand_at_the_gate
from tests.sites import LiveSite, StartSite

CAMERAS = "--use-fake-device-for-media-stream=device-count=2"
ALLOWED = "--use-fake-ui-for-media-stream"
LATER = 30_000


@pytest.fixture(scope="module")
def cameras(launch_chromium: Launch) -> Iterator[Browser]:
    """A browser with two cameras, which see no code."""
    browser = launch_chromium(CAMERAS, ALLOWED)
    yield browser
    browser.close()


@pytest.fixture
def gate(cameras: Browser, live_site: LiveSite, complaints: list[str]) -> Iterator[Page]:
    """A phone at the gate, with its camera on."""
    context = cameras.new_context(**PHONE, permissions=["camera"])
    page = listen(context.new_page(), complaints)
    stand_at_the_gate(page, live_site, "desk")
    turn_on(page)
    yield page
    context.close()


def turn_on(page: Page) -> None:
    page.get_by_role("button", name="Bật camera").click()
    expect(page.locator("#camera.on")).to_be_visible(timeout=LATER)


def used(page: Page) -> str:
    """Which camera is seen."""
    track = "document.querySelector('video').srcObject.getVideoTracks()[0]"
    return str(page.evaluate(f"{track}.getSettings().deviceId"))


def sees(page: Page) -> None:
    """Wait until pictures come."""
    page.wait_for_function(
        "() => document.querySelector('video').srcObject?.getVideoTracks()[0].readyState === 'live'"
    )


def lose(page: Page) -> None:
    """As when it is unplugged: its track ends by itself."""
    page.evaluate(
        """() => {
          const [track] = document.querySelector("video").srcObject.getVideoTracks();
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }"""
    )


def test_one_of_several_is_chosen_and_remembered_on_this_device(gate: Page) -> None:
    lens = gate.get_by_label("Dùng camera nào?")
    expect(lens.locator("option")).to_have_count(2)
    first = used(gate)
    other = next(v for v in lens.locator("option").evaluate_all("all => all.map(o => o.value)")
                 if v != first)  # fmt: skip
    lens.select_option(other)
    gate.wait_for_function(
        "id => document.querySelector('video').srcObject?.getVideoTracks()[0]"
        ".getSettings().deviceId === id",
        arg=other,
    )
    gate.reload()
    gate.wait_for_selector(READY)
    expect(gate.locator("#camera.on")).to_be_visible(timeout=LATER)
    assert used(gate) == other
    expect(lens).to_have_value(other)


def test_one_that_was_remembered_and_is_gone_is_no_trouble(gate: Page) -> None:
    gate.evaluate("localStorage.setItem('ghidanh.lens', 'sold-last-week')")
    gate.reload()
    gate.wait_for_selector(READY)
    expect(gate.locator("#camera.on")).to_be_visible(timeout=LATER)
    expect(gate.locator(".camera-trouble")).to_be_hidden()


def test_no_torch_is_offered_where_there_is_none(gate: Page) -> None:
    expect(gate.locator("[data-torch]")).to_be_hidden()
    expect(gate.get_by_role("button", name="Tắt camera")).to_be_visible()


def test_one_that_went_away_comes_back_by_itself(gate: Page) -> None:
    lose(gate)
    sees(gate)
    expect(gate.locator(".camera-trouble")).to_be_hidden()


def test_while_it_is_away_the_page_says_so_and_tries_again(gate: Page) -> None:
    gate.evaluate(
        """() => {
          const media = navigator.mediaDevices;
          media.open = media.getUserMedia.bind(media);
          media.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
        }"""
    )
    lose(gate)
    expect(gate.locator(".camera-trouble")).to_have_text(
        "Mất camera. Camera được bật lại ngay khi có lại."
    )
    gate.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = navigator.mediaDevices.open;
          navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
        }"""
    )
    sees(gate)
    expect(gate.locator(".camera-trouble")).to_be_hidden()


def test_turned_off_it_stays_off(gate: Page) -> None:
    gate.get_by_role("button", name="Tắt camera").click()
    gate.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    gate.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    expect(gate.locator("#camera")).not_to_have_class("on")
    assert gate.evaluate("document.querySelector('video').srcObject") is None
    expect(gate.get_by_label("Dùng camera nào?")).to_be_hidden()


def test_two_guests_one_after_the_other_are_let_in_by_a_page_that_opened_without_a_network(
    launch_chromium: Launch, start_site: StartSite, tmp_path: Path, complaints: list[str]
) -> None:
    site = start_site()
    keys = load_keys(site.data_dir)
    with inside(site) as session:
        people = [put_down(session, name) for name in ("Vũ Thị Trước", "Vũ Thị Sau")]
        codes = [badge(session, keys, person) for person in people]
    seen = film_of(tmp_path / "queue.mjpeg", [picture(), *map(picture, codes)], each=45)
    browser = launch_chromium(CAMERAS, ALLOWED, f"--use-file-for-fake-video-capture={seen}")
    page = listen(browser.new_context(**PHONE, permissions=["camera"]).new_page(), complaints)
    stand_at_the_gate(page, site, "desk")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#roster-age")).to_be_visible()
    site.stop()
    page.reload()
    page.wait_for_selector(READY)
    turn_on(page)
    for person in people:
        expect(page.locator("#verdict")).to_contain_text(f"{person.id:05}", timeout=LATER)
        expect(page.locator("#verdict")).to_have_class("verdict in")
    browser.close()
