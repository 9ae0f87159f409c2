"""From a code in view to its verdict, offline, in Chromium before whose camera badges are held up.

The camera is a file: the wall, a badge, the wall, the next badge. The page tells when the first
picture of a badge reached it, and when the verdict stood on the screen.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from benchmarks.figures import Figure
from benchmarks.sites import serving, site
from event.attendees import Attendee
from event.badges import token_of
from event.keys import load_keys
from event.programme import the_event
from event.staff import add_staff, make_link
from pages.clock import computer_clock
from pages.database import db
from tests.browsers import FLAGS, PHONE, chromium_program
from tests.filming import film_of, picture

PEOPLE = 10
REPEATS = 30
SHOWN, APART = 21, 27
"""Pictures, of 30 a second, that show a badge and that show the wall before it."""

WATCH = """() => {
  const video = document.querySelector("video");
  const verdict = document.getElementById("verdict");
  const dot = new OffscreenCanvas(8, 8).getContext("2d", { willReadFrequently: true });
  let since = 0, lit = false;
  window.waits = [];
  const look = (now, { captureTime, presentationTime }) => {
    dot.drawImage(video, 240, 160, 160, 160, 0, 0, 8, 8);
    const dots = dot.getImageData(0, 0, 8, 8).data;
    const bright = dots.reduce((sum, dot) => sum + dot, 0) / dots.length > 130;
    if (bright && !lit) since = captureTime ?? presentationTime;
    lit = bright;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  new MutationObserver(() => {
    if (!since || !verdict.matches(".in, .back")) return;
    window.waits.push(performance.now() - since);
    since = 0;
  }).observe(verdict, { attributes: true, attributeFilter: ["class"] });
}"""
"""A wall of this grey is 111 bright with its opacity, a badge 150 and more."""

FLOOR = """async ([jpeg, code, repeats]) => {
  const { readBadge, verifier } = await import("/static/desk/badge.js");
  const zxing = await import("/static/vendor/zxing/reader/index.js");
  const wasm = "/static/vendor/zxing/reader/zxing_reader.wasm";
  await zxing.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const { key } = await (await fetch("/checkin/roster")).json();
  const verify = await verifier(key);
  const bytes = Uint8Array.from(atob(jpeg), (letter) => letter.charCodeAt(0));
  const seen = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
  const context = new OffscreenCanvas(480, 480).getContext("2d", { willReadFrequently: true });
  context.drawImage(seen, 80, 0, 480, 480, 0, 0, 480, 480);
  const dots = context.getImageData(0, 0, 480, 480);
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };
  const spent = [];
  for (let at = 0; at < repeats; at += 1) {
    const began = performance.now();
    const [found] = await zxing.readBarcodes(dots, options);
    const facts = await readBadge(found.text, verify);
    if (facts.reason || found.text !== code) throw new Error("not read");
    spent.push(performance.now() - began);
  }
  return spent;
}"""


def camera() -> list[Figure]:
    """The median of thirty; the floor reads one picture with zxing, and checks the signature."""
    with site(PEOPLE) as app:
        codes = _badges(app)
        folder = app.config["DATA_DIR"]
        pictures = [p for code in codes for p in [picture()] * APART + [picture(code)] * SHOWN]
        film = film_of(folder / "queue.mjpeg", pictures, each=1)
        at = computer_clock()
        person = add_staff(db.session(), "quay@vidu.vn", "desk", at=at, by="bench")
        secret = make_link(db.session(), person, at=at)
        with serving(folder) as server, _phone(film) as page:
            stand_at_the_gate(page, f"http://localhost:{server.port}", secret)
            shown = b64encode(picture(codes[0])).decode()
            floor = page.evaluate(FLOOR, [shown, codes[0], REPEATS])
            waits = _scan(page)
    return [Figure("code in view to verdict, offline", median(waits), "ms", 200, median(floor))]


def _badges(app: Flask) -> list[str]:
    session, keys = db.session(), load_keys(app.config["DATA_DIR"])
    event = the_event(session)
    assert event
    people = select(Attendee).options(joinedload(Attendee.category)).limit(PEOPLE)
    return [token_of(session, event, each, keys.badges) for each in session.scalars(people)]


@contextmanager
def _phone(film: Path) -> Iterator[Page]:
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium_program(),
            args=[*FLAGS, *flags, f"--use-file-for-fake-video-capture={film}"],
        )
        yield browser.new_context(**PHONE, permissions=["camera"]).new_page()
        browser.close()


def stand_at_the_gate(page: Page, address: str, secret: str) -> None:
    """Sign in by a one-time link, and choose the first gate."""
    page.goto(f"{address}/staff/sign-in/{secret}")
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{address}/checkin/checkpoint")
    page.locator("button.checkpoint").first.click()
    page.wait_for_selector("html[data-scanner=ready]")
    page.locator("#roster-age").wait_for()


def _scan(page: Page) -> list[float]:
    """Begin online, where the reader is fetched; measure with the network cut."""
    page.locator("[data-start]").click()
    page.locator("#camera.on").wait_for()
    page.context.set_offline(True)
    page.evaluate(WATCH)
    page.wait_for_function(f"() => window.waits.length >= {REPEATS}", timeout=120_000)
    waits: list[float] = page.evaluate("window.waits")
    return waits[:REPEATS]
