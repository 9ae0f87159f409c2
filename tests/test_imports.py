"""Lists that offices send, on the real event: what goes in, what comes back, and nobody twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, everyone
from event.consents import Consent
from event.database import make_engine
from event.delegations import Delegation
from event.eventfile import parse, read_file
from event.imports import (
    IGNORED,
    REFUSED,
    REPEATED,
    TAKEN,
    Import,
    Mend,
    NoHeading,
    Preview,
    Refusal,
    columns_by_hand,
    corrections,
    past_imports,
    preview,
    take,
)
from event.loading import load
from event.mail import Mail
from tests.house import OPENING
from tests.workbooks import xlsx

LISTS = Path(__file__).parent / "lists"
DONG_NAI = (LISTS / "doan-dong-nai.xlsx").read_bytes()
GUESTS = (LISTS / "khach-moi.csv").read_bytes()
HEALTH = "Khoa học phục vụ sức khỏe: nông nghiệp và y tế"


@pytest.fixture
def fair(database_url: str) -> Iterator[Session]:
    """The default event, without people."""
    engine = make_engine(database_url)
    file = Path(__file__).parents[1] / "site" / "event.toml"
    with Session(engine, expire_on_commit=False) as session:
        load(session, parse(read_file(file), file.name), at=OPENING, by="command")
        yield session
    engine.dispose()


def of_dong_nai(session: Session) -> Preview:
    return preview(session, DONG_NAI, "doan-dong-nai.xlsx")


def take_in(
    session: Session, shown: Preview, party: str = "", also: tuple[int, ...] = ()
) -> Import:
    return take(session, shown, party=party, also=also, at=OPENING, by="lan@vidu.vn")


def people(session: Session) -> list[str]:
    return [attendee.name for attendee in session.scalars(everyone())]


def test_a_real_list_is_shown_row_by_row(fair: Session) -> None:
    shown = of_dong_nai(fair)
    fates = {status: [row.number for row in shown.of(status)] for status in (TAKEN, REFUSED)}
    assert fates == {TAKEN: [7, 8, 9, 10, 11, 14, 17, 18], REFUSED: [12, 15, 16]}
    assert [(row.number, row.reason, row.repeats) for row in shown.repeated] == [
        (13, "row.repeated", 7)
    ]
    assert [(row.number, row.reason) for row in shown.ignored] == [
        (1, "row.above"), (2, "row.above"), (4, "row.above"), (6, "row.heading"),
        (20, "row.total"), (21, "row.closing"), (22, "row.closing"),
    ]  # fmt: skip
    assert (shown.party, shown.announced, shown.unused) == ("Đoàn Đồng Nai", 12, {})
    assert (shown.sheet.name, shown.sheet.others) == ("Danh sách", ("Ghi chú nội bộ",))


def test_everything_mended_in_a_real_list_is_said(fair: Session) -> None:
    mends = {row.number: list(row.mends) for row in of_dong_nai(fair).taken if row.mends}
    spaced = "  Lê   Thị  Phượng Hằng "
    link = '=HYPERLINK("http://vidu.vn","Công ty Y")'
    assert mends == {
        7: [Mend("phone", "mend.phone_zero", "913456701", "0913 456 701")],
        8: [Mend("name", "mend.composed", normalize("NFD", "Đỗ Ngọc Ưng"), "Đỗ Ngọc Ưng")],
        9: [
            Mend("name", "mend.capitals", "TRẦN VĂN ÁNH", "Trần Văn Ánh"),
            Mend("email", "mend.small_letters", "HUONG.NTM@VIDU.VN", "huong.ntm@vidu.vn"),
            Mend("tracks", "mend.track", "Logistic", "Logistics và chuỗi cung ứng"),
        ],
        10: [
            Mend("name", "mend.spaces", spaced, "Lê Thị Phượng Hằng"),
            Mend(
                "phone", "mend.phones", "0987654304 / 02513822297", "0987 654 304 · 0251 3822 297"
            ),
            Mend("province", "mend.province", "Bình Phước", "Đồng Nai"),
        ],
        11: [
            Mend("name", "mend.titles", "TS. Phạm Quốc Bảo", "Phạm Quốc Bảo"),
            Mend("tracks", "mend.track", "Y tế", HEALTH),
        ],
        14: [
            Mend("organisation", "mend.formula", link, "Công ty Y"),
            Mend("tracks", "mend.to_remark", "Du lịch", ""),
        ],
        18: [Mend("province", "mend.province", "Tỉnh Bình Dương", "Hồ Chí Minh")],
    }


def test_refused_rows_come_back_with_their_reasons(fair: Session) -> None:
    shown = of_dong_nai(fair)
    assert {row.number: row.refusals for row in shown.refused} == {
        12: (Refusal("email", "email.wrong", "an.vd@gmail,com"),),
        15: (Refusal("name", "required", ""),),
        16: (Refusal("phone", "phone.wrong", "12345"),),
    }
    heading, first, *rest = corrections(
        shown, lambda each: f"{each.field}: {each.key}", "Lỗi cần sửa"
    )
    assert heading[-2:] == ("Ghi chú", "Lỗi cần sửa")
    assert first == (
        "6", "Võ Đình Ân", "", "HTX Nông nghiệp Long Thành", "987654306", "an.vd@gmail,com",
        "Đồng Nai", "Nông nghiệp", "", "email: email.wrong",
    )  # fmt: skip
    assert [row[-1] for row in rest] == ["name: required", "phone: phone.wrong"]


def test_the_corrected_file_goes_in_beside_the_first(fair: Session) -> None:
    shown = of_dong_nai(fair)
    take_in(fair, shown)
    heading, *rows = corrections(shown, lambda each: each.key, "Lỗi cần sửa")
    mended = [tuple(cell.replace("gmail,com", "gmail.com") for cell in row) for row in rows]
    again = preview(fair, xlsx([heading, *mended]), "sua.xlsx")
    assert ([row.values["name"] for row in again.taken], again.unused) == (["Võ Đình Ân"], {})
    assert len(again.refused) == 2


def test_good_rows_go_in_with_who_entered_them(fair: Session) -> None:
    record = take_in(fair, of_dong_nai(fair), party="Đoàn Đồng Nai")
    counts = (record.taken, record.mended, record.repeated, record.refused, record.ignored)
    assert counts == (8, 7, 1, 3, 7)
    assert (record.file_name, record.sheet, record.by) == (
        "doan-dong-nai.xlsx", "Danh sách", "lan@vidu.vn",
    )  # fmt: skip
    assert record.digest == sha256(DONG_NAI).hexdigest()
    assert list(fair.scalars(past_imports())) == [record]
    entered = {(a.import_id, a.party_id, a.registered_by) for a in fair.scalars(everyone())}
    assert entered == {(record.id, record.party_id, "lan@vidu.vn")}
    assert people(fair) == [
        "Trần Văn Ánh", "Phạm Quốc Bảo", "Lê Thị Phượng Hằng", "Nguyễn Thị Minh Hương",
        "Kim Min-jun", "Hồ Thị Thảo", "Đỗ Ngọc Ưng", "Bùi Thị Ý",
    ]  # fmt: skip


def test_what_a_row_says_stands_on_the_person(fair: Session) -> None:
    take_in(fair, of_dong_nai(fair))
    bao, hang, y = fair.scalars(
        select(Attendee)
        .where(Attendee.name.in_(["Phạm Quốc Bảo", "Lê Thị Phượng Hằng", "Bùi Thị Ý"]))
        .order_by(Attendee.sort_key)
    )
    assert (bao.titled_name, bao.phone, bao.province) == (
        "TS. Phạm Quốc Bảo",
        "+842513822297",
        "75",
    )
    assert (bao.interests, bao.remark) == (["health"], "đề nghị ghế hàng đầu")
    assert (hang.phone, hang.remark) == ("+84987654304", "Số điện thoại: 0251 3822 297")
    assert hang.interests == ["materials", "energy"]
    assert (y.organisation, y.interests, y.remark) == (
        "Công ty Y", [], "Chủ đề quan tâm: Du lịch",
    )  # fmt: skip


def test_nobody_consents_by_being_on_a_list(fair: Session) -> None:
    take_in(fair, of_dong_nai(fair))
    assert fair.scalar(select(func.count()).select_from(Consent)) == 0
    assert set(fair.scalars(select(Attendee.informed_at))) == {None}
    assert fair.scalar(select(func.count()).select_from(Mail)) == 7  # one has no address


def test_the_head_of_a_delegation_is_known_by_the_note(fair: Session) -> None:
    record = take_in(fair, of_dong_nai(fair), party="Đoàn Đồng Nai")
    heads = fair.scalars(select(Attendee.name).where(Attendee.heads_party))
    assert list(heads) == ["Nguyễn Thị Minh Hương"]
    party = fair.get_one(Delegation, record.party_id)
    assert (party.name, party.expected) == ("Đoàn Đồng Nai", 12)


def test_the_same_file_again_adds_nobody(fair: Session) -> None:
    take_in(fair, of_dong_nai(fair), party="Đoàn Đồng Nai")
    before = people(fair)
    shown = of_dong_nai(fair)
    assert {row.reason for row in shown.repeated} == {"row.known"}
    record = take_in(fair, shown, party="doan dong nai")
    assert (record.taken, record.repeated, people(fair)) == (0, 9, before)
    assert fair.scalar(select(func.count()).select_from(Delegation)) == 1


def test_two_who_send_the_same_preview_at_once_add_everyone_once(fair: Session) -> None:
    shown = of_dong_nai(fair)

    def send(_: int) -> int:
        with Session(fair.get_bind(), expire_on_commit=False) as session:
            return take_in(session, shown, party="Đoàn Đồng Nai").taken

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(send, range(3))) == [0, 0, 8]
    fair.commit()
    assert fair.scalar(select(func.count()).select_from(Delegation)) == 1


def test_who_withdrew_is_not_put_down_again(fair: Session) -> None:
    take_in(fair, preview(fair, GUESTS, "khach-moi.csv"))
    withdrawn = fair.scalars(everyone()).first()
    assert withdrawn
    cancel(fair, withdrawn, at=OPENING, by="lan@vidu.vn")
    assert preview(fair, GUESTS, "khach-moi.csv").taken == []


def test_an_organiser_may_say_that_a_repeated_row_is_somebody_else(fair: Session) -> None:
    record = take_in(fair, of_dong_nai(fair), also=(13,))
    assert (record.taken, record.repeated) == (9, 0)
    assert people(fair).count("Nguyễn Thị Minh Hương") == 2


def test_the_column_of_categories_is_understood(fair: Session) -> None:
    shown = preview(fair, GUESTS, "khach-moi.csv", category="visitor")
    assert [(row.values["name"], row.values["category"]) for row in shown.taken] == [
        ("Phan Thị Quỳnh", "investor"), ("Ngô Đức Thịnh", "speaker"),
        ("Lý A Sử", "student"), ("Tôn Nữ Diệu Ái", "press"),
    ]  # fmt: skip


def test_a_category_that_nobody_knows_is_refused_and_none_is_the_one_chosen(fair: Session) -> None:
    data = "Họ tên;Cơ quan;Đối tượng\nAn Nam;A;Ca sĩ\nBình Nam;A;\n".encode()
    unknown, none = preview(fair, data, "a.csv", category="visitor").rows[1:]
    assert unknown.refusals == (Refusal("category", "category.unknown", "Ca sĩ"),)
    assert (none.status, none.values["category"]) == (TAKEN, "visitor")


def test_without_headings_the_columns_are_chosen_by_hand(fair: Session) -> None:
    data = "Trần Ánh;Sở Y tế\nLê Bình;Sở Y tế\n".encode()
    with pytest.raises(NoHeading) as missing:
        preview(fair, data, "a.csv")
    assert len(missing.value.sheet.lines) == 2
    columns = columns_by_hand(0, {0: "name", 1: "organisation"})
    assert len(preview(fair, data, "a.csv", columns=columns).taken) == 2


def test_a_failure_half_way_leaves_nothing(fair: Session) -> None:
    shown = preview(fair, GUESTS, "khach-moi.csv")
    shown.rows[-1].values["category"] = "gone meanwhile"
    with pytest.raises(LookupError):
        take_in(fair, shown, party="Đoàn mới")
    assert people(fair) == []
    assert list(fair.scalars(past_imports())) == []
    assert fair.scalar(select(func.count()).select_from(Delegation)) == 0


def test_ignored_and_repeated_rows_are_kept_in_view(fair: Session) -> None:
    shown = of_dong_nai(fair)
    assert sum(len(shown.of(fate)) for fate in (TAKEN, REPEATED, REFUSED, IGNORED)) == 19
    assert [row.number for row in shown.rows] == [line.number for line in shown.sheet.lines]
