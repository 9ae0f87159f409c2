"""Makes the README's pictures from a running site with invented people: `make pictures`."""

import re
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from app import create_app
from event.attendees import Attendee
from event.badges import token_of
from pages import current
from pages.database import db
from tests.browsers import FLAGS, LAPTOP, PHONE, chromium_program
from tests.sites import ROOT, LiveSite, eventually, launch

PICTURES = ROOT / "static" / "pictures"
PEOPLE = 1200
ARRIVED = 0.45


def main() -> None:
    """One site, one browser; each picture is taken from the page as it is served."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        site = launch(Path(folder), {})
        try:
            eventually(site.answers)
            link = sign_in_link(site)
            site.flask("people", "invent", str(PEOPLE), "--arrived", str(ARRIVED))
            program = chromium_program()
            browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
            for_attendees(browser, site)
            for_staff(browser, site, link)
            on_paper(site, Path(folder))
        finally:
            site.stop()


def sign_in_link(site: LiveSite) -> str:
    """The one-time link that the site printed when it started."""
    printed = (site.data_dir / "printed.txt").read_text()
    found = re.search(r"http\S+/staff/sign-in/\S+", printed)
    assert found, printed
    return found[0].replace("localhost", "127.0.0.1")


def for_attendees(browser: Browser, site: LiveSite) -> None:
    """The first page, the form, the page that a registration ends on; the programme on a laptop."""
    page = browser.new_context(**PHONE).new_page()
    page.goto(site.address + "/find")  # the fonts of a first page serve from the second on
    page.goto(site.address + "/")
    take(page, "home")
    page.goto(site.address + "/register")
    take(page, "register")
    fill_in(page)
    page.wait_for_url("**/me/*")
    take(page, "mine")
    page = browser.new_context(**LAPTOP, reduced_motion="reduce").new_page()
    page.goto(site.address + "/find")
    page.goto(site.address + "/#programme")
    take(page, "programme")


def fill_in(page: Page) -> None:
    """As a guest would."""
    stated = {
        "name": "Nguyễn Thị Minh Hương",
        "email": "huong.ntm@vidu.vn",
        "phone": "0913 456 701",
        "organisation": "Sở Khoa học và Công nghệ Đồng Nai",
        "position": "Phó Giám đốc",
    }
    for name, text in stated.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=province]", label="Đồng Nai")
    page.select_option("[name=category]", index=1)
    page.locator("[name=sessions]:enabled").nth(1).check()
    page.locator("[name=agreed]").first.check()
    page.locator("main form button.call").click()


def for_staff(browser: Browser, site: LiveSite, link: str) -> None:
    """The door on a phone, the organiser's pages on a laptop, signed in by the one link."""
    laptop = browser.new_context(**LAPTOP)
    page = laptop.new_page()
    page.goto(link)
    page.locator("main form button").click()
    for name, path in (
        ("numbers", "/organiser/?day=2023-09-29"),
        ("people", "/organiser/people"),
    ):
        page.goto(site.address + path)
        take(page, name)
    upload(page, site)
    phone = browser.new_context(**PHONE, storage_state=laptop.storage_state())
    at_the_door(phone.new_page(), site)


def upload(page: Page, site: LiveSite) -> None:
    """A list as an office sends it, with what is wrong in it."""
    page.goto(site.address + "/organiser/import")
    page.set_input_files("input[type=file]", ROOT / "tests" / "lists" / "doan-dong-nai.xlsx")
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    take(page, "import")


def at_the_door(page: Page, site: LiveSite) -> None:
    """Choose a gate, then what a hand scanner types: the badge of the guest put down last."""
    page.goto(site.address + "/checkin/")
    page.locator("button.checkpoint").first.click()
    page.wait_for_selector("#code")
    page.fill("#code", newest_token(site))
    page.press("#code", "Enter")
    page.wait_for_selector(".verdict-title:visible")
    take(page, "door")


def newest_token(site: LiveSite) -> str:
    """What the QR code of the guest who registered last says."""
    with create_app(data_dir=site.data_dir).app_context():
        session = db.session()
        guest = session.scalars(select(Attendee).order_by(Attendee.id.desc()).limit(1)).one()
        session.refresh(guest, ["category"])
        return token_of(session, current.event(), guest, current.keys().badges)


def on_paper(site: LiveSite, folder: Path) -> None:
    """A sheet of badges and the first page of a list, as the printer gets them."""
    site.flask("badges", "--layout", "4up", "--out", str(folder / "badges.pdf"))
    site.flask("export", "attendees", "--format", "pdf", "--out", str(folder / "list.pdf"))
    for name in ("badges", "list"):
        source, target = folder / f"{name}.pdf", PICTURES / name
        options = ["-png", "-r", "70", "-l", "1", "-singlefile"]
        subprocess.run(["pdftoppm", *options, str(source), str(target)], check=True)


def take(page: Page, name: str) -> None:
    """What stands on the screen, once fonts are there."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{name}.png", scale="css")


if __name__ == "__main__":
    main()
