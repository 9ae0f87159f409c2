"""Lists from the database: who stands in them, in which order, at what cost; and badges."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event as hooks
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, everyone, matching, register
from event.badges import Facts, read, token_of
from event.checkin import Scanned, check_in
from event.delegations import DelegationFacts, found, join
from event.phones import show_phone
from event.programme import Event, the_event
from exports.faces import faces
from exports.fields import FIELDS, phone
from exports.lists import FORMATS, LISTS, UnknownList, UnknownSession, Wish, export
from exports.tables import Signature
from tests.house import OPENING
from tests.papers import said

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
FROM_QUESTIONS = (
    "honorific", "degree", "name", "email", "phone", "organisation", "position", "province",
    "category",
)  # fmt: skip


@pytest.fixture
def event(store: Session) -> Event:
    """The small event."""
    event = the_event(store)
    assert event
    return event


def put_down(store: Session, name: str, **stated: object) -> Attendee:
    """Register a delegate of an office."""
    usual = {"organisation": "Sở KH&CN", "position": "Chuyên viên", "province": "22"}
    facts = Registration(name=name, **{**usual, **stated})  # type: ignore[arg-type]
    return register(store, facts, at=OPENING).attendee


def let_in(store: Session, event: Event, attendee: Attendee, gate: str, minutes: int) -> None:
    """Someone goes through a gate, some minutes after the doors open."""
    at = OPENING + timedelta(minutes=minutes)
    scanned = Scanned(
        "phone", f"n{attendee.id}-{minutes}", gate, "search", at, attendee_id=attendee.id
    )
    assert check_in(store, event, scanned, KEY.public_key(), at=at).admits


@pytest.fixture
def people(store: Session, event: Event) -> dict[str, Attendee]:
    """Five who come, one who does not any more; two in a delegation, three let in."""
    everybody = {
        "hoa": put_down(
            store, "Lê Thị Hoa", honorific="Bà", degree="TS.", email="hoa@vidu.vn",
            phone="+84913456701", position="Giám đốc", sessions=("it-1", "it-2"), remark="Ăn chay",
        ),
        "an": put_down(store, "Trần Văn Ân", organisation="Đại học A", sessions=("energy-2",)),
        "binh": put_down(store, "Nguyễn Bình", organisation="Công ty B", province="01"),
        "kim": put_down(
            store, "Kim Min-jun 김민준", organisation="Hàn", phone="+821012345678", province="00",
            sessions=("it-1",), language="en", category="delegate",
        ),
        "evil": put_down(store, "=HYPERLINK(1) <b>", organisation="", province=""),
        "gone": put_down(store, "Võ Vắng"),
    }  # fmt: skip
    cancel(store, everybody["gone"], at=OPENING, by="test")
    party = found(store, DelegationFacts("Đoàn Đồng Nai", 25), at=OPENING, by="test")
    join(store, everybody["an"], party, at=OPENING, by="test")
    join(store, everybody["binh"], party, at=OPENING, by="test", head=True)
    let_in(store, event, everybody["kim"], "gate-b", 5)
    let_in(store, event, everybody["hoa"], "gate-a", 9)
    let_in(store, event, everybody["hoa"], "gate-b", 40)
    return everybody


def rows(store: Session, name: str, **wish: object) -> list[list[str]]:
    """A list as CSV, split."""
    out = BytesIO()
    export(store, Wish(name, "csv", **wish), out, at=OPENING)  # type: ignore[arg-type]
    return list(csv.reader(StringIO(out.getvalue().decode("utf-8-sig"))))


def column(store: Session, name: str, heading: str, **wish: object) -> list[str]:
    """One column of a list."""
    head, *body = rows(store, name, **wish)
    return [row[head.index(heading)] for row in body]


def on_paper(store: Session, name: str, **wish: object) -> str:
    """What the PDF of a list says."""
    out = BytesIO()
    export(store, Wish(name, "pdf", **wish), out, at=OPENING)  # type: ignore[arg-type]
    return said(out.getvalue(), "-layout")


@contextmanager
def counted(store: Session) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement != "BEGIN":
            statements.append(statement)

    engine = store.get_bind()
    hooks.listen(engine, "before_cursor_execute", note)
    yield statements
    hooks.remove(engine, "before_cursor_execute", note)


def test_everybody_stands_in_the_list_with_all_that_is_known(
    store: Session, people: dict[str, Attendee]
) -> None:
    head, *body = rows(store, "attendees")
    assert head == [
        "STT", "Mã số", "Danh xưng", "Học hàm, học vị", "Họ và tên", "Email", "Điện thoại",
        "Đơn vị", "Chức vụ", "Tỉnh, thành phố", "Đối tượng", "Đoàn", "Phiên đã chọn",
        "Đăng ký lúc", "Đến lúc", "Ghi chú",
    ]  # fmt: skip
    assert body[3] == [
        "4", people["hoa"].code, "Bà", "TS.", "Lê Thị Hoa", "hoa@vidu.vn", "0913 456 701",
        "Sở KH&CN", "Giám đốc", "Quảng Ninh", "Khách tham quan", "", "Phiên it-1; Phiên it-2",
        "29/09/2023 07:30", "29/09/2023 07:39", "Ăn chay",
    ]  # fmt: skip


def test_people_stand_in_the_order_of_given_names_and_the_cancelled_do_not(
    store: Session, people: dict[str, Attendee]
) -> None:
    assert column(store, "attendees", "Họ và tên") == [
        "'=HYPERLINK(1) <b>", "Trần Văn Ân", "Nguyễn Bình", "Lê Thị Hoa", "Kim Min-jun 김민준",
    ]  # fmt: skip


def test_a_list_speaks_english_where_it_is_asked_to(
    store: Session, people: dict[str, Attendee]
) -> None:
    head, *body = rows(store, "attendees", language="en")
    assert head[1:6] == ["Code", "Title", "Academic degree", "Full name", "E-mail"]
    assert body[4][-6:-3] == ["Delegate", "", "Session it-1"]
    assert body[4][9] == "Outside Vietnam"


def test_every_question_is_a_column_of_its_own() -> None:
    assert [key for key in FIELDS if key in FROM_QUESTIONS] == list(FROM_QUESTIONS)
    for listing in LISTS.values():
        assert {*listing.columns, *listing.paper} <= FIELDS.keys()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", LISTS)
def test_each_list_comes_in_each_format(
    name: str, kind: str, store: Session, people: dict[str, Attendee]
) -> None:
    out = BytesIO()
    count = export(store, Wish(name, kind), out, at=OPENING)
    some = {
        "arrivals": 2, "sessions": 4, "delegations": 2, "handover": 2, "labels": 1, "replaced": 0
    }  # fmt: skip
    assert count == some.get(name, 5)
    assert out.getvalue()[:2] == {"csv": b"\xef\xbb", "xlsx": b"PK", "pdf": b"%P"}[kind]


def test_sessions_stand_in_order_of_time_however_they_were_booked(store: Session) -> None:
    put_down(store, "Lê Thị Mai", sessions=("it-2", "forum"))
    put_down(store, "Võ An")
    assert column(store, "attendees", "Phiên đã chọn") == ["", "Phiên forum; Phiên it-2"]


def test_arrivals_stand_in_the_order_they_came_with_their_first_gate(
    store: Session, people: dict[str, Attendee]
) -> None:
    assert column(store, "arrivals", "Họ và tên") == ["Kim Min-jun 김민준", "Lê Thị Hoa"]
    assert column(store, "arrivals", "Đến lúc") == ["29/09/2023 07:35", "29/09/2023 07:39"]
    assert column(store, "arrivals", "Nơi vào") == ["Cổng B", "Cổng A"]


def test_a_delegation_has_its_head_first_and_its_numbers(
    store: Session, people: dict[str, Attendee]
) -> None:
    assert column(store, "delegations", "Họ và tên") == ["Nguyễn Bình", "Trần Văn Ân"]
    assert column(store, "delegations", "Vai trò") == ["Trưởng đoàn", ""]
    assert "Đoàn Đồng Nai (2/25)" in on_paper(store, "delegations")


def test_organisations_stand_in_vietnamese_order_the_nameless_last(
    store: Session, people: dict[str, Attendee]
) -> None:
    assert column(store, "organisations", "Đơn vị") == [
        "Công ty B",
        "Đại học A",
        "Hàn",
        "Sở KH&CN",
        "",
    ]


def test_people_of_one_organisation_stand_together_in_the_order_of_names(store: Session) -> None:
    for name, organisation in (
        ("Lê An", "Viện B"), ("Lê Bình", "Viện A"), ("Lê Chi", "Viện B"), ("Lê Dung", "Viện A"),
    ):  # fmt: skip
        put_down(store, name, organisation=organisation)
    ordered = ["Lê Bình", "Lê Dung", "Lê An", "Lê Chi"]
    assert column(store, "organisations", "Họ và tên") == ordered


def test_provinces_stand_in_vietnamese_order_abroad_and_unknown_last(
    store: Session, people: dict[str, Attendee]
) -> None:
    assert column(store, "provinces", "Tỉnh, thành phố") == [
        "Hà Nội", "Quảng Ninh", "Quảng Ninh", "Nước ngoài", "",
    ]  # fmt: skip


def test_sign_in_sheets_name_the_session_and_show_no_phone_and_no_mail(
    store: Session, people: dict[str, Attendee]
) -> None:
    session = ["Phiên it-1", "08:00–09:30, 29/09/2023", "Hội trường lớn"]
    assert rows(store, "sessions", session="it-1") == [
        ["STT", "Phiên", "Thời gian", "Phòng", "Họ và tên", "Chức vụ", "Đơn vị"],
        ["1", *session, "TS. Lê Thị Hoa", "Giám đốc", "Sở KH&CN"],
        ["2", *session, "Kim Min-jun 김민준", "Chuyên viên", "Hàn"],
    ]  # fmt: skip
    paper = on_paper(store, "sessions", session="it-1")
    for words in (
        "Phiên: Phiên it-1",
        "Thời gian: 08:00–09:30, 29/09/2023",
        "Phòng: Hội trường lớn",
        "Ký tên",
    ):
        assert words in paper
    assert "Tổng cộng: 2 người (Hai người)" in paper
    assert "0913" not in paper
    assert "hoa@" not in paper


def test_all_sheets_make_one_file_a_session_each(
    store: Session, people: dict[str, Attendee]
) -> None:
    paper = on_paper(store, "sessions")
    assert paper.count("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == 5
    assert column(store, "sessions", "Phiên") == [
        "Phiên it-1",
        "Phiên it-1",
        "Phiên energy-2",
        "Phiên it-2",
    ]


def test_paper_shows_the_official_columns_or_all(
    store: Session, people: dict[str, Attendee]
) -> None:
    paper = on_paper(
        store, "attendees", attached_to="Công văn số 1", signature=Signature(maker="Lan")
    )
    assert "STT" in paper
    for heading in ("Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Email", "Ký tên"):
        assert heading in paper
    assert "Mã số" not in paper
    assert "(Kèm theo Công văn số 1)" in paper
    assert "TS. Lê Thị Hoa" in paper
    assert "Tổng cộng: 5 người (Năm người)" in paper
    assert "Quảng Ninh, ngày 29 tháng 9 năm 2023" in paper
    everything = on_paper(store, "attendees", all_columns=True)
    assert people["hoa"].code in everything
    assert "Ăn chay" in everything


def test_a_list_can_be_narrowed_as_the_table_of_attendees_is(
    store: Session, people: dict[str, Attendee]
) -> None:
    out = BytesIO()
    wish = Wish("organisations", "csv")
    assert export(store, wish, out, at=OPENING, people=matching(everyone(), "nguyen")) == 1
    assert "Nguyễn Bình" in out.getvalue().decode()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_three_costs_as_many_queries_as_a_list_of_one(name: str, store: Session) -> None:
    def asked() -> int:
        with counted(store) as statements:
            export(
                store,
                Wish(name, "csv", session="forum" if name == "sessions" else ""),
                BytesIO(),
                at=OPENING,
            )
        return len(statements)

    put_down(store, "Lê Một", sessions=("forum",))
    once = asked()
    put_down(store, "Lê Hai", sessions=("forum",), organisation="Khác", province="01")
    put_down(store, "Lê Ba", sessions=("forum", "it-2"), organisation="Nữa", province="")
    assert asked() == once <= 10


@pytest.mark.parametrize(("name", "kind"), [("nobody", "csv"), ("attendees", "docx")])
def test_an_unknown_list_or_format_writes_nothing(name: str, kind: str, store: Session) -> None:
    out = BytesIO()
    with pytest.raises(UnknownList):
        export(store, Wish(name, kind), out, at=OPENING)
    assert out.getvalue() == b""


def test_an_unknown_session_writes_nothing(store: Session) -> None:
    out = BytesIO()
    with pytest.raises(UnknownSession):
        export(store, Wish("sessions", "pdf", session="none"), out, at=OPENING)
    assert out.getvalue() == b""


def test_a_spreadsheet_holds_moments_as_dates(store: Session, people: dict[str, Attendee]) -> None:
    out = BytesIO()
    export(store, Wish("arrivals", "xlsx"), out, at=OPENING)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    assert sheet["M2"].value.replace(microsecond=0).isoformat() == "2023-09-29T07:35:00"


@pytest.mark.parametrize("prefix", [32, 55, 70, 83, 90, 98])
def test_phones_are_shown_as_everywhere_else(prefix: int) -> None:
    assert phone(f"+84{prefix}1234567") == show_phone(f"+84{prefix}1234567")
    assert phone("+842839201523") == show_phone("+842839201523")
    assert phone("+821012345678") == "+82 10-1234-5678"
    assert phone("") == ""


def test_a_badge_says_who_it_is_in_their_own_language(
    store: Session, event: Event, people: dict[str, Attendee]
) -> None:
    badges = {badge.number: badge for badge in faces(store, event, KEY)}
    assert len(badges) == 5
    kim, hoa = badges[people["kim"].code], badges[people["hoa"].code]
    assert (kim.name, kim.category, kim.colour) == ("Kim Min-jun 김민준", "Delegate", "#8a1f2b")
    assert (kim.event_name, kim.event_dates) == ("Small event", "29–30/09/2023 · Quang Ninh")
    assert (hoa.title_line, hoa.tracks) == ("TS.", ("Công nghệ thông tin",))
    assert (hoa.position, hoa.organisation) == ("Giám đốc", "Sở KH&CN")


def test_a_badge_names_the_tracks_of_sessions_and_of_an_imported_list(
    store: Session, event: Event
) -> None:
    def on_badge(*interests: str, **stated: object) -> tuple[str, ...]:
        attendee = put_down(store, "Lê Thị Mai", interests=interests, **stated)
        (badge,) = faces(store, event, KEY, everyone().where(Attendee.id == attendee.id))
        return badge.tracks

    it, energy = "Công nghệ thông tin", "Năng lượng xanh"
    assert on_badge("energy", "it") == (it, energy)
    assert on_badge("energy", sessions=("it-1",)) == (it, energy)
    assert on_badge("it", sessions=("it-1",)) == (it,)
    assert on_badge() == ()


def test_the_code_of_a_badge_is_the_one_the_door_knows(
    store: Session, event: Event, people: dict[str, Attendee]
) -> None:
    hoa = store.get_one(Attendee, people["hoa"].id)
    store.refresh(hoa, ["category"])
    only = everyone().where(Attendee.id == hoa.id)
    (badge,) = faces(store, event, KEY, only)
    assert badge.token == token_of(store, event, hoa, KEY)
    assert read(badge.token, KEY.public_key()) == Facts(2023, hoa.id, 0, 1, entitlements=0b01)


def test_badges_of_three_cost_as_many_queries_as_of_one(
    store: Session, event: Event, people: dict[str, Attendee]
) -> None:
    with counted(store) as one:
        list(faces(store, event, KEY, everyone().where(Attendee.id == people["hoa"].id)))
    with counted(store) as all_:
        list(faces(store, event, KEY, select(Attendee)))
    assert len(all_) == len(one) == 4


def test_days_are_one_line(event: Event) -> None:
    assert event.days == "29–30/09/2023"
    event.first_day = event.last_day
    assert event.days == "30/09/2023"
    event.last_day = event.first_day.replace(month=10, day=2)
    assert event.days == "30/09–02/10/2023"
    event.last_day = event.first_day.replace(year=2024)
    assert event.days == "30/09/2023–30/09/2024"
