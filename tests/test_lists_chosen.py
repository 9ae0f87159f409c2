"""Lists as they were chosen: columns, order of rows, and what fits on paper; on both databases."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, everyone, register
from event.checkin import Scanned, check_in
from event.delegations import DelegationFacts, found, join
from event.people import filtered
from event.programme import the_event
from exports.fields import FIELDS
from exports.listings import LISTS, offered, orders
from exports.lists import TooWide, UnknownList, Wish, export
from exports.orders import Order
from exports.preview import preview
from tests.house import OPENING
from tests.papers import said
from tests.prints import KEY


@pytest.fixture
def people(store: Session) -> dict[str, Attendee]:
    """Names, offices and addresses that databases would put in other orders than people do."""
    stated = {
        "duc": Registration(name="Đỗ Đức", organisation="Đài Hà Nội", phone="+84912000003",
                            email="b@vidu.vn", province="01"),
        "dung": Registration(name="Lê Dung", organisation="Dầu khí", phone="+84912000001",
                             email="a-b@vidu.vn", province="75", sessions=("it-1",)),
        "an": Registration(name="Trần Ân", organisation="Ấm trà", phone="+84912000002",
                           email="ab@vidu.vn", province="00", sessions=("forum", "it-1")),
        "anh": Registration(name="Phan Anh", organisation="An ninh", category="delegate"),
        "zoe": Registration(name="Zoe Abel", organisation="", email="z@vidu.vn", province="01"),
    }  # fmt: skip
    return {key: register(store, facts, at=OPENING).attendee for key, facts in stated.items()}


def rows(store: Session, name: str, *columns: str, **wish: object) -> list[list[str]]:
    """A list in these columns as CSV, split, without the numbers."""
    out = BytesIO()
    export(store, Wish(name, "csv", columns=columns, **wish), out, at=OPENING)  # type: ignore[arg-type]
    return [row[1:] for row in csv.reader(StringIO(out.getvalue().decode("utf-8-sig")))]


def names(store: Session, by: str, *, down: bool = False) -> str:
    """The given names of everybody, in the order of a column."""
    _, *found = rows(store, "attendees", "name", order=Order(by, down))
    return " ".join(name.split()[-1] for (name,) in found)


def test_a_list_has_the_columns_that_were_chosen_in_their_order(
    store: Session, people: dict[str, Attendee]
) -> None:
    assert rows(store, "attendees", "organisation", "phone", "full_name")[:3] == [
        ["Đơn vị", "Điện thoại", "Họ và tên"],
        ["", "", "Zoe Abel"],
        ["An ninh", "", "Phan Anh"],
    ]


def test_every_format_obeys(store: Session, people: dict[str, Attendee]) -> None:
    chosen = {"columns": ("organisation", "name"), "order": Order("organisation")}
    out = BytesIO()
    export(store, Wish("attendees", "xlsx", **chosen), out, at=OPENING)  # type: ignore[arg-type]
    sheet = openpyxl.load_workbook(out).active
    assert [cell.value for cell in sheet[1]] == ["STT", "Đơn vị", "Họ và tên"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [
        "An ninh", "Ấm trà", "Dầu khí", "Đài Hà Nội", None,
    ]  # fmt: skip
    out = BytesIO()
    export(store, Wish("attendees", "pdf", **chosen), out, at=OPENING)  # type: ignore[arg-type]
    paper = said(out.getvalue(), "-layout")
    assert "Điện thoại" not in paper
    assert paper.index("An ninh") < paper.index("Ấm trà") < paper.index("Đài Hà Nội")


@pytest.mark.parametrize(
    ("by", "up", "down"),
    [
        ("name", "Abel Anh Ân Dung Đức", "Đức Dung Ân Anh Abel"),
        ("full_name", "Abel Anh Ân Dung Đức", "Đức Dung Ân Anh Abel"),
        ("code", "Đức Dung Ân Anh Abel", "Abel Anh Ân Dung Đức"),
        ("organisation", "Anh Ân Dung Đức Abel", "Đức Dung Ân Anh Abel"),
        ("phone", "Dung Ân Đức Abel Anh", "Đức Ân Dung Abel Anh"),
        ("email", "Dung Ân Đức Abel Anh", "Abel Đức Ân Dung Anh"),
        ("province", "Dung Abel Đức Ân Anh", "Ân Abel Đức Dung Anh"),
        ("category", "Anh Abel Ân Dung Đức", "Abel Ân Dung Đức Anh"),
        ("sessions", "Dung Ân Abel Anh Đức", "Ân Dung Abel Anh Đức"),
        ("registered_at", "Abel Anh Ân Dung Đức", "Abel Anh Ân Dung Đức"),
        ("party", "Dung Đức Abel Anh Ân", "Đức Dung Abel Anh Ân"),
        ("role", "Đức Abel Anh Ân Dung", "Đức Abel Anh Ân Dung"),
        ("arrived_at", "Ân Dung Abel Anh Đức", "Dung Ân Abel Anh Đức"),
        ("arrived_by", "Dung Ân Abel Anh Đức", "Ân Dung Abel Anh Đức"),
        ("party_head", "Đức Dung Abel Anh Ân", "Dung Đức Abel Anh Ân"),
        ("void_badges", "Abel Anh Ân Dung Đức", "Abel Anh Ân Dung Đức"),
    ],
)
def test_rows_stand_in_vietnamese_order_of_any_column_the_empty_last(
    by: str, up: str, down: str, store: Session, people: dict[str, Attendee]
) -> None:
    for name, member, head in (("Đoàn Đà Nẵng", "duc", True), ("Đoàn Cần Thơ", "dung", False)):
        party = found(store, DelegationFacts(name, contact_name="Mai Lan"), at=OPENING, by="test")
        join(store, people[member], party, at=OPENING, by="test", head=head)
    event = the_event(store)
    assert event
    for minute, key, gate in ((31, "an", "gate-b"), (32, "dung", "gate-a")):
        at, number = OPENING.replace(minute=minute), people[key].id
        scanned = Scanned("phone", f"n{minute}", gate, "search", at, attendee_id=number)
        assert check_in(store, event, scanned, KEY.public_key(), at=at).admits
    assert (names(store, by), names(store, by, down=True)) == (up, down)


def test_all_columns_with_something_in_them_can_order() -> None:
    assert set(FIELDS) - set(orders("attendees")) == {"signature", "headed_party"}
    assert orders("sessions") == ()


@pytest.mark.parametrize("name", [name for name, listing in LISTS.items() if listing.free])
def test_every_list_comes_in_each_column_it_offers(
    name: str, store: Session, people: dict[str, Attendee]
) -> None:
    for key in offered(name):
        head, *_ = rows(store, name, key)
        assert head[-1] == FIELDS[key].heading.vi


def test_chosen_columns_keep_the_groups_of_a_list_on_paper(
    store: Session, people: dict[str, Attendee]
) -> None:
    party = found(store, DelegationFacts("Đoàn Đồng Nai", 25), at=OPENING, by="test")
    join(store, people["an"], party, at=OPENING, by="test")
    for columns, heading in (
        (("name", "party"), "Đoàn Đồng Nai (1/25)"),
        (("name", "phone"), "Điện thoại"),
    ):
        out = BytesIO()
        export(store, Wish("delegations", "pdf", columns=columns), out, at=OPENING)
        assert heading in said(out.getvalue(), "-layout")


@pytest.mark.parametrize(
    "wish",
    [
        Wish("attendees", "csv", columns=("name", "password")),
        Wish("attendees", "csv", columns=("headed_party",)),
        Wish("attendees", "csv", order=Order("signature")),
        Wish("attendees", "csv", order=Order("nonsense")),
        Wish("labels", "pdf", columns=("name",)),
    ],
)
def test_what_is_not_offered_is_refused(wish: Wish, store: Session) -> None:
    out = BytesIO()
    with pytest.raises(UnknownList):
        export(store, wish, out, at=OPENING)
    assert out.getvalue() == b""


def test_paper_without_room_says_which_columns_must_go(
    store: Session, people: dict[str, Attendee]
) -> None:
    columns = offered("attendees")
    out = BytesIO()
    with pytest.raises(TooWide) as refused:
        export(store, Wish("attendees", "pdf", columns=columns), out, at=OPENING)
    assert out.getvalue() == b""
    left_over = refused.value.columns
    assert left_over == tuple(FIELDS[key].heading.vi for key in columns[-len(left_over) :])
    kept = columns[: -len(left_over)]
    export(store, Wish("attendees", "pdf", columns=kept), out, at=OPENING)
    text = "".join(said(out.getvalue(), "-raw").split())
    for whole in ("a-b@vidu.vn", "0912000001", "LêDung", "Dầukhí", "Phiênit-1", "KháchthamQuan"):
        assert whole.casefold() in text.casefold(), "broken into lines, and nothing cut off"


def test_a_look_shows_the_first_rows_as_they_will_come(
    store: Session, people: dict[str, Attendee]
) -> None:
    wish = Wish("attendees", "csv", columns=("name", "phone"), order=Order("phone"))
    shown = preview(store, wish, at=OPENING, people=filtered({}))
    assert shown.total == 5
    assert [column.heading for column in shown.columns] == ["STT", "Họ và tên", "Điện thoại"]
    made = rows(store, "attendees", "name", "phone", order=Order("phone"))[1:]
    assert [list(row[1:]) for row in shown.rows] == made


def test_a_look_at_paper_is_its_first_page_with_the_number_of_pages(store: Session) -> None:
    for number in range(70):
        register(store, Registration(name=f"Lê <b> An {number}", organisation="Sở"), at=OPENING)
    wish = Wish("attendees", "pdf", columns=("name", "organisation"))
    shown = preview(store, wish, at=OPENING, people=everyone())
    out = BytesIO()
    export(store, wish, out, at=OPENING)
    pages = said(out.getvalue(), "-layout").rstrip("\f").split("\f")
    sheet = shown.sheet
    assert sheet is not None
    assert (sheet.pages, sheet.reckoned, sheet.landscape) == (len(pages), False, False)
    assert sheet.letters == 13
    drawn = [number for number in range(70) if f"Lê &lt;b&gt; An {number}<" in sheet.first]
    printed = [number for number in range(70) if f"An {number} " in pages[0]]
    assert drawn == printed != []
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in sheet.first


def test_pages_of_a_long_list_are_reckoned(store: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(70):
        register(store, Registration(name=f"Lê An {number}"), at=OPENING)
    monkeypatch.setattr("exports.preview.LAID_OUT", 35)
    wish = Wish("attendees", "pdf", columns=("name",))
    sheet = preview(store, wish, at=OPENING, people=everyone()).sheet
    assert sheet is not None
    assert (sheet.pages, sheet.reckoned) == (4, True)


def test_a_look_counts_sign_in_rows_by_session(store: Session, people: dict[str, Attendee]) -> None:
    for session, count in (("", 3), ("it-1", 2), ("it-2", 0)):
        wish = Wish("sessions", "xlsx", session=session)
        assert preview(store, wish, at=OPENING, people=filtered({})).total == count
