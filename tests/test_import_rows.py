"""The rows and columns of lists: recognised, read with care, and never silently dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event.imports.columns import WrongColumns, columns_by_hand, field_of, find_columns
from event.imports.glossary import Glossary, Terms, split_terms, terms
from event.imports.rows import Row, mark_repeated, read_rows
from event.imports.sameness import People
from event.programme import Category, Track
from event.sheets import Line, Sheet, read_sheet
from event.words import Words
from tests.workbooks import xlsx

HEADINGS = ("STT", "Họ và tên", "Đơn vị", "Điện thoại", "Email", "Tỉnh", "Chủ đề", "Ghi chú")
TRACKS = terms([
    (Track(key="it", name=Words("Công nghệ thông tin", "IT")), ["CNTT", "Dữ liệu"]),
    (Track(key="logistics", name=Words("Logistics và chuỗi cung ứng")), ["Logistic"]),
    (Track(key="health", name=Words("Sức khỏe: nông nghiệp và y tế")), ["Y tế", "Nông nghiệp"]),
    (Track(key="data", name=Words("Khoa học dữ liệu")), ["Dữ liệu"]),
])  # fmt: skip
WORDS = Glossary(TRACKS, terms([(Category(key="delegate", name=Words("Đại biểu")), [])]))


def sheet_of(*rows: tuple[str, ...]) -> Sheet:
    return Sheet("", tuple(Line(number, row) for number, row in enumerate(rows, 1)))


def read(*rows: tuple[str, ...]) -> list[Row]:
    """The rows below HEADINGS, compared with each other."""
    sheet = sheet_of(HEADINGS, *rows)
    columns = find_columns(sheet)
    assert columns
    return list(mark_repeated(read_rows(sheet, columns, WORDS, "delegate").rows, People()))[1:]


def person(name: str = "Trần Ánh", office: str = "Sở Y tế", **others: str) -> tuple[str, ...]:
    fields = ("phone", "email", "province", "tracks", "note")
    return ("1", name, office, *(others.get(field, "") for field in fields))


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("HỌ VÀ TÊN", "name"), ("Họ tên đại biểu", "name"), ("Full name *", "name"),
        ("Số điện thoại (bắt buộc)", "phone"), ("SĐT", "phone"), ("E-mail", "email"),
        ("Thư điện tử", "email"), ("Cơ quan/Đơn vị", "organisation"), ("Chuc vu", "position"),
        ("Tỉnh/Thành phố", "province"), ("Đối tượng", "category"), ("TT", "number"),
        ("Chủ đề quan tâm", "tracks"), ("Ghi chú", "note"), ("Lỗi cần sửa", "error"),
        ("Title", ""), ("Giới tính", ""), ("Điện thoại/Email", ""), ("Chức vụ, đơn vị", ""),
        ("", ""), ("#", ""),
    ],
)  # fmt: skip
def test_a_heading_names_one_field_or_none(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_the_headings_are_found_below_titles_and_under_a_double_row() -> None:
    rows = [
        ["DANH SÁCH ĐẠI BIỂU", "", "", ""], ["STT", "Họ và tên", "Liên hệ", ""],
        ["", "", "Điện thoại", "Email"], ["1", "Trần Ánh", "0913456701", "a@vidu.vn"],
    ]  # fmt: skip
    columns = find_columns(read_sheet(xlsx(rows, merges=["A2:A3", "B2:B3", "C2:D2"])))
    assert columns
    assert columns.heading == 3
    assert columns.fields == {0: "number", 1: "name", 2: "phone", 3: "email"}


def test_a_heading_over_two_columns_holds_family_and_given_name() -> None:
    rows = [["Họ và tên", "", "Đơn vị"], ["Trần Văn", "Ánh", "Sở Y tế"]]
    sheet = read_sheet(xlsx(rows, merges=["A1:B1"]))
    columns = find_columns(sheet)
    assert columns
    assert read_rows(sheet, columns, WORDS, "delegate").rows[1].values["name"] == "Trần Văn Ánh"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({0: "organisation"}, "columns.no_name"),
        ({0: "name", 1: "name"}, "columns.twice"),
        ({0: "name", 1: "salary"}, "columns.unknown"),
    ],
)
def test_columns_chosen_by_hand_have_to_make_sense(fields: dict[int, str], key: str) -> None:
    with pytest.raises(WrongColumns) as wrong:
        columns_by_hand(1, fields)
    assert wrong.value.key == key


def test_two_columns_may_hold_phones() -> None:
    assert columns_by_hand(1, {0: "name", 1: "phone", 2: "", 3: "phone"}).of("phone") == [1, 3]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("CNTT", ["it"]),
        ("cong nghe thong tin", ["it"]),
        ("Logistics và chuỗi cung ứng; CNTT", ["logistics", "it"]),
        ("Nông nghiệp và y tế", ["health", "health"]),
        ("sức khỏe: nông nghiệp và y tế, Logistic", ["health", "logistics"]),
        ("Du lịch, CNTT", [None, "it"]),
        ("Du lịch và CNTT", [None]),
        ("Dữ liệu", [None]),
    ],
)
def test_subjects_are_told_apart_without_guessing(text: str, keys: list[str | None]) -> None:
    known: Terms = TRACKS
    assert [term.key if term else None for _, term in split_terms(text, known)] == keys


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("Tổng cộng: 12 người",), "row.total"),
        (("", "Tổng số", "", "12"), "row.total"),
        (("TONG CONG: 12",), "row.total"),
        (("", "Người lập", "", "", "GIÁM ĐỐC"), "row.closing"),
        (("(Ký, ghi rõ họ tên)",), "row.closing"),
        (("", "", "", "", "Đồng Nai, ngày 20 tháng 9 năm 2023"), "row.closing"),
        (("13",), "row.number_only"),
        (("I. KHỐI SỞ, NGÀNH",), "row.words"),
        (HEADINGS, "row.heading"),
    ],
)
def test_a_row_without_a_person_is_listed_with_its_reason(
    row: tuple[str, ...], reason: str
) -> None:
    (found,) = read(row)
    assert (found.status, found.reason, found.cells) == ("ignored", reason, row)


def test_a_name_that_looks_like_a_total_without_accents_is_a_person() -> None:
    (row,) = read(person("Tống Công Minh"))
    assert (row.status, row.values["name"]) == ("taken", "Tống Công Minh")


def test_a_whole_person_below_the_total_still_counts() -> None:
    total, whole, half = read(("Tổng cộng: 1",), person("Trần Ánh"), ("", "Lê Bình"))
    assert (total.status, whole.status, half.reason) == ("ignored", "taken", "row.closing")


def test_a_person_without_an_office_comes_back() -> None:
    (row,) = read(("1", "Trần Ánh"))
    assert [(each.field, each.key) for each in row.refusals] == [("organisation", "required")]


@pytest.mark.parametrize(
    ("fields", "field", "key"),
    [
        ({"phone": "12345"}, "phone", "phone.wrong"),
        ({"phone": "0913456701 / 12"}, "phone", "phone.wrong"),
        ({"email": "an.vd@gmail,com"}, "email", "email.wrong"),
        ({"email": "a@vidu.vn; b@"}, "email", "email.wrong"),
        ({"province": "ĐN"}, "province", "province.unknown"),
        ({"name": "12"}, "name", "name.no_letters"),
        ({"name": "Á" * 121}, "name", "too_long"),
        ({"note": "á" * 501}, "note", "too_long"),
        ({"office": "=A1"}, "organisation", "cell.formula"),
        ({"phone": "#N/A"}, "phone", "cell.error"),
    ],
)
def test_a_doubtful_cell_refuses_its_row(fields: dict[str, str], field: str, key: str) -> None:
    (row,) = read(person(**fields))
    assert row.status == "refused"
    assert [(each.field, each.key) for each in row.refusals] == [(field, key)]


def test_words_for_nothing_are_nothing() -> None:
    (row,) = read(person(phone="không có", email="-", province="N/A"))
    assert (row.status, row.values["phone"], row.values["email"]) == ("taken", "", "")
    assert [mend.key for mend in row.mends] == ["mend.nothing"] * 3


def test_further_addresses_are_kept_in_the_remark() -> None:
    (row,) = read(person(email="A@vidu.vn; b@vidu.vn", note="ăn chay"))
    assert (row.values["email"], row.values["remark"]) == ("a@vidu.vn", "ăn chay; Email: b@vidu.vn")


@pytest.mark.parametrize(
    ("note", "heads"),
    [
        ("Trưởng đoàn", True), ("ăn chay; trưởng đoàn", True), ("TRUONG DOAN", True),
        ("Phó trưởng đoàn", False), ("dùng chung email với trưởng đoàn", False),
    ],
)  # fmt: skip
def test_only_the_head_is_the_head(note: str, heads: bool) -> None:
    (row,) = read(person(note=note))
    assert row.heads_party is heads


SHARED = {"phone": "0913456701", "email": "vanthu@vidu.vn"}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (person("Trần Ánh", **SHARED), person("TRẦN ÁNH", **SHARED), True),
        (person("Trần Ánh", **SHARED), person("Tran Anh", **SHARED), True),
        (person("Lê Hoà", **SHARED), person("Lê Hòa", **SHARED), True),
        (person("Lê Hương", **SHARED), person("Lê Hường", **SHARED), False),
        (person("Lê Hương", **SHARED), person("Lê An", **SHARED), False),
        (person("Lê An", phone="0913456701"), person("Lê An", phone="0913456702"), False),
        (person("Lê An", phone="0913456701"), person("Lê An", email="an@vidu.vn"), False),
        (person("Lê An"), person("Lê An"), True),
        (person("Lê An"), person("Lê An", phone="0913456702"), True),
        (person("Lê An", "Sở A"), person("Lê An", "Sở B"), False),
    ],
)
def test_one_person_is_one_name_with_one_contact(
    first: tuple[str, ...],
    second: tuple[str, ...],
    same: bool,
) -> None:
    for one, other in ((first, second), (second, first)):
        rows = read(one, other)
        assert [row.status for row in rows] == ["taken", "repeated" if same else "taken"]


def test_a_refused_row_is_nobody_to_repeat() -> None:
    rows = read(person(phone="0913456701", email="a@"), person(phone="0913456701"))
    assert [row.status for row in rows] == ["refused", "taken"]


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=8).map(tuple), max_size=8))
def test_any_cells_make_rows_and_none_is_lost(cells: list[tuple[str, ...]]) -> None:
    rows = read(*cells)
    assert [row.cells for row in rows] == cells
    for row in rows:
        assert bool(row.refusals) == (row.status == "refused")
        assert bool(row.reason) == (row.status in ("ignored", "repeated"))
        if row.status == "taken":
            assert row.registration.name
            assert row.registration.organisation
