"""A supervisor's list in real Chromium: a guest without a badge is found with the network cut."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from event.scans import Scan
from event.staff import Staff, close_staff
from tests.browsers import PHONE
from tests.doors import put_down
from tests.gates import READY, arrived, inside, listen, stand_at_the_gate
from tests.sites import LiveSite, StartSite

PASSPHRASE = "cổng chính 2026"
LATER = 20_000


@pytest.fixture(scope="module")
def live_site(start_site: StartSite) -> LiveSite:
    """Its event is today."""
    site = start_site()
    site.flask("event", "load", "site/event.toml", "--shift-to", f"{datetime.now(UTC):%Y-%m-%d}")
    with inside(site) as session:
        put_down(session, "Đinh Thị Mất Thẻ", organisation="Viện Ứng dụng Công nghệ")
    return site


@pytest.fixture
def phone(chromium: Browser, live_site: LiveSite, complaints: list[str]) -> Iterator[Page]:
    """A supervisor's, at the gate."""
    context = chromium.new_context(**PHONE)
    page = listen(context.new_page(), complaints)
    stand_at_the_gate(page, live_site, "supervisor")
    yield page
    context.close()


@pytest.fixture
def holder(phone: Page) -> Page:
    """It holds the list, open."""
    phone.get_by_text("Danh sách để tìm khi mất mạng").click()
    use(phone, PASSPHRASE)
    expect(state(phone, "open")).to_be_visible(timeout=LATER)
    return phone


def use(page: Page, passphrase: str) -> None:
    page.get_by_label("Mật khẩu của danh sách").fill(passphrase)
    page.keyboard.press("Enter")


def state(page: Page, name: str) -> Locator:
    return page.locator(f"#held[data-state={name}]")


def search(page: Page, text: str) -> None:
    page.locator("#q").press_sequentially(text)


def on_disk(page: Page) -> str:
    """Everything that the browser keeps of this site, bytes as letters."""
    return str(page.evaluate(
        """async () => {
          const letters = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
            ? new TextDecoder("utf-8").decode(value) : value;
          const asking = indexedDB.open("ghidanh");
          const made = await new Promise((ok) => { asking.onsuccess = () => ok(asking.result); });
          const all = [JSON.stringify({ ...localStorage, ...sessionStorage })];
          for (const name of made.objectStoreNames) {
            const rows = made.transaction(name).objectStore(name).getAll();
            await new Promise((ok) => { rows.onsuccess = ok; });
            all.push(name, JSON.stringify(rows.result, (_, value) => letters(value)));
          }
          made.close();
          return all.join("\\n");
        }"""
    ))  # fmt: skip


def test_no_list_is_loaded_by_itself(phone: Page) -> None:
    expect(state(phone, "none")).to_be_visible()
    phone.context.set_offline(True)
    search(phone, "dinh")
    expect(phone.locator("#found")).to_have_text("Mất kết nối: chưa tìm được. Máy sẽ tự tìm lại.")


def test_a_guest_without_a_badge_is_found_and_let_in_and_counted_once_it_is_back(
    holder: Page, live_site: LiveSite
) -> None:
    before = arrived(live_site)
    holder.context.set_offline(True)
    search(holder, "mat the dinh")
    expect(holder.locator("#found")).to_contain_text("Viện Ứng dụng Công nghệ")
    holder.get_by_role("button", name="Cho vào: Đinh Thị Mất Thẻ").click()
    verdict = holder.locator("#verdict")
    expect(verdict).to_have_class("verdict in")
    for words in ("Đinh Thị Mất Thẻ", "Quyết định tại máy, không có kết nối"):
        expect(verdict).to_contain_text(words)
    assert arrived(live_site) == before
    holder.context.set_offline(False)
    expect(holder.locator("#unsent")).to_be_hidden(timeout=LATER)
    assert arrived(live_site) == before + 1
    with inside(live_site) as session:
        scan = session.scalars(select(Scan).order_by(Scan.id.desc())).first()
        assert scan is not None
        assert (scan.method, scan.verdict, scan.provisional) == ("search", "in", True)


def test_on_the_disk_nobody_s_name_can_be_read(holder: Page) -> None:
    kept = on_disk(holder)
    assert "facts" in kept
    assert "Mất Thẻ" not in kept
    assert "Viện Ứng dụng" not in kept


def test_another_opening_asks_for_the_passphrase(holder: Page) -> None:
    holder.reload()
    holder.wait_for_selector(READY)
    expect(state(holder, "closed")).to_be_visible()
    holder.context.set_offline(True)
    search(holder, "dinh")
    expect(holder.locator("#found")).to_contain_text("đang khóa")
    holder.locator("#held summary").click()
    use(holder, "mật khẩu sai rồi")
    expect(holder.locator("#held [data-told]")).to_have_text(
        "Sai mật khẩu của danh sách trên máy này."
    )
    use(holder, PASSPHRASE)
    expect(state(holder, "open")).to_be_visible(timeout=LATER)


def test_a_short_passphrase_is_refused(phone: Page) -> None:
    phone.locator("#held summary").click()
    phone.locator("#held form").evaluate("(form) => { form.noValidate = true; }")
    use(phone, "1234567")
    expect(phone.locator("#held [data-told]")).to_have_text("Dùng ít nhất 8 ký tự.")
    expect(state(phone, "none")).to_be_visible()


def test_a_press_erases_it(holder: Page) -> None:
    holder.get_by_role("button", name="Xóa khỏi máy này").click()
    expect(state(holder, "none")).to_be_visible()
    holder.reload()
    expect(state(holder, "none")).to_be_visible()


def test_it_goes_with_the_account(holder: Page, live_site: LiveSite) -> None:
    with inside(live_site) as session:
        person = session.scalars(
            select(Staff).where(Staff.role == "supervisor").order_by(Staff.id.desc())
        ).first()
        assert person
        close_staff(session, person, at=datetime.now(UTC), by="test")
    holder.evaluate("() => dispatchEvent(new Event('online'))")
    expect(state(holder, "none")).to_be_visible(timeout=LATER)
    expect(holder.locator("#held [data-told]")).to_contain_text("Đã xóa danh sách")


def test_after_the_event_it_is_gone(holder: Page) -> None:
    holder.evaluate(
        """() => {
          const now = Date.now;
          Date.now = () => now() + 9 * 86_400_000;
          dispatchEvent(new Event("online"));
        }"""
    )
    expect(state(holder, "none")).to_be_visible(timeout=LATER)


def test_it_goes_when_somebody_of_another_role_signs_in(holder: Page, live_site: LiveSite) -> None:
    stand_at_the_gate(holder, live_site, "desk")
    expect(holder.locator("#held")).to_have_count(0)
    holder.wait_for_function(
        """async () => {
          const asking = indexedDB.open("ghidanh");
          const made = await new Promise((ok) => { asking.onsuccess = () => ok(asking.result); });
          const one = made.transaction("facts").objectStore("facts").get("people");
          await new Promise((ok) => { one.onsuccess = ok; });
          made.close();
          return one.result === undefined;
        }"""
    )
