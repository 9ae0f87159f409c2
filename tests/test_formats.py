"""Lists as files: what stands in CSV, XLSX and PDF, that no cell acts, what paper looks like."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from exports.formats import WRITERS, harmless, write_csv, write_pdf, write_xlsx
from exports.in_words import in_words
from exports.official import dated, total
from exports.paper import MM
from exports.tables import Cell, Column, Letterhead, Signature, Table
from tests.papers import draw, facts, fonts, said, size, written

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENT = datetime(2023, 9, 29, 0, 30, tzinfo=UTC)
HEAD = Letterhead("Bộ Khoa học và Công nghệ", "Ban Tổ chức", "Quảng Ninh", date(2023, 9, 29))
SIGNED = Signature(maker="Nguyễn Thị Lan", signer="Trần Văn Hùng", instead_of="TRƯỞNG BAN")
COLUMNS = (Column("Họ và tên", 24), Column("Đơn vị", 30), Column("Điện thoại", 13))
FORMULAS = ("=1+1", "+84 912", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1＋1", '=HYPERLINK("x")')


def a_table(rows: Sequence[Sequence[Cell]], **other: object) -> Table:
    """A list of delegates."""
    return Table("Danh sách đại biểu", COLUMNS, rows, zone=ZONE, **other)  # type: ignore[arg-type]


def people(count: int) -> list[tuple[str, str, str]]:
    """Rows that are all different."""
    return [
        (f"Nguyễn Văn A{at}", "Sở Khoa học và Công nghệ tỉnh Quảng Ninh", f"0913 456 {at:03d}")
        for at in range(1, count + 1)
    ]


def comma_separated(table: Table) -> list[list[str]]:
    """The CSV as a spreadsheet splits it."""
    data = written(lambda out: write_csv(table, out))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


def sheet(table: Table) -> Worksheet:
    """The XLSX as another program opens it."""
    found = openpyxl.load_workbook(BytesIO(written(lambda out: write_xlsx(table, out)))).active
    assert isinstance(found, Worksheet)
    return found


def paper(*tables: Table) -> bytes:
    """The PDF."""
    return written(lambda out: write_pdf(tables, out))


def lines(pdf: bytes, *options: str) -> list[str]:
    """What a PDF says, line by line, spaces folded."""
    return [
        " ".join(line.split())
        for line in said(pdf, "-layout", *options).splitlines()
        if line.strip()
    ]


def test_a_csv_opens_with_its_headings_and_numbers() -> None:
    rows = [("Lê Hoa", 'Báo "VnExpress", Hà Nội', "0912 345 678"), ("김민준", None, 1234)]
    assert comma_separated(a_table(rows)) == [
        ["STT", "Họ và tên", "Đơn vị", "Điện thoại"],
        ["1", "Lê Hoa", 'Báo "VnExpress", Hà Nội', "0912 345 678"],
        ["2", "김민준", "", "1234"],
    ]


def test_a_moment_is_shown_by_the_clock_of_the_place() -> None:
    shown = comma_separated(a_table([(MOMENT, MOMENT.date(), None)]))[1]
    assert shown == ["1", "29/09/2023 07:30", "29/09/2023", ""]


@pytest.mark.parametrize(
    ("month", "clock"), [(1, "15/01/2023 08:30"), (7, "15/07/2023 09:30")], ids=["winter", "summer"]
)
def test_the_clock_of_the_place_may_change_with_the_season(month: int, clock: str) -> None:
    moment = datetime(2023, month, 15, 7, 30, 59, tzinfo=UTC)
    table = Table("Lists", COLUMNS, [(moment, moment, None)], zone=ZoneInfo("Europe/Paris"))
    assert comma_separated(table)[1] == ["1", clock, clock, ""]
    assert sheet(table)["B2"].value.strftime("%d/%m/%Y %H:%M") == clock
    assert f"1 {clock} {clock}" in lines(paper(table))


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(cell: str) -> None:
    assert comma_separated(a_table([(cell, "", "")]))[1][1] == f"'{cell}"


def test_a_foreign_phone_stays_readable_in_a_csv() -> None:
    assert harmless("+82 10-1234-5678") == "'+82 10-1234-5678"
    assert harmless("0912 345 678") == "0912 345 678"


@given(st.text(st.characters(codec="utf-8"), max_size=30))
@settings(deadline=None, max_examples=80)
def test_whatever_a_cell_holds_it_begins_harmlessly(cell: str) -> None:
    shown = comma_separated(a_table([(cell, "", "")]))[1][1]
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert shown in (cell, f"'{cell}")


CELLS = st.one_of(
    st.none(), st.integers(-(10**9), 10**9), st.text('ab,"\n\r \t=<&_x0041é', max_size=8)
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4))
@settings(deadline=None, max_examples=200)
def test_a_csv_reads_back_as_it_was_written(rows: list[tuple[Cell, ...]]) -> None:
    data = written(lambda out: write_csv(a_table(rows), out)).decode("utf-8-sig")
    found = list(csv.reader(StringIO(data, newline="")))
    assert found[1:] == [
        [str(number), *("" if cell is None else harmless(str(cell)) if isinstance(cell, str)
                        else str(cell) for cell in row)]
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4))
@settings(deadline=None, max_examples=100)
def test_a_spreadsheet_reads_back_as_it_was_written(rows: list[tuple[Cell, ...]]) -> None:
    found = list(sheet(a_table(rows)).iter_rows(min_row=2, values_only=True))
    assert [[unescape(c) if isinstance(c, str) else c for c in row] for row in found] == [
        [number, *(re.sub("\r\n?", "\n", c) or None if isinstance(c, str) else c for c in row)]
        for number, row in enumerate(rows, 1)
    ]


@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_a_list_leaves_for_the_file_while_it_is_still_read(kind: str) -> None:
    out, written_before = BytesIO(), list[int]()

    def watched() -> Iterator[tuple[str, str, str]]:
        for person in people(4000):
            written_before.append(out.tell())
            yield person

    assert WRITERS[kind](a_table(watched()), out) == 4000  # type: ignore[arg-type]
    assert written_before[0] < written_before[2000] < written_before[3999] < len(out.getvalue())


@pytest.mark.parametrize("count", [499, 500, 501, 1700])
def test_a_long_list_has_every_row_once(count: int) -> None:
    numbers = [str(number) for number in range(1, count + 1)]
    names = [name for name, _, _ in people(count)]
    body = comma_separated(a_table(people(count)))[1:]
    assert ([row[0] for row in body], [row[1] for row in body]) == (numbers, names)
    found = list(sheet(a_table(people(count))).iter_rows(min_row=2, max_col=2, values_only=True))
    assert found == [(number, name) for number, name in enumerate(names, 1)]
    told = said(paper(a_table(people(count))), "-layout")
    assert re.findall(r"Nguyễn Văn A\d+", told) == names


def test_a_spreadsheet_has_a_fixed_heading_row_and_filters() -> None:
    found = sheet(a_table(people(3)))
    assert [cell.value for cell in found[1]] == ["STT", "Họ và tên", "Đơn vị", "Điện thoại"]
    assert [cell.value for cell in found[4]] == [3, *people(3)[2]]
    assert found.freeze_panes == "A2"
    assert found.auto_filter.ref == "A1:D4"
    assert found.print_title_rows == "$1:$1"
    assert int(found.column_dimensions["C"].width) == 32  # the format adds the grid's edge
    assert found["A1"].font.b


@pytest.mark.parametrize(
    "cell", [*FORMULAS, "<r><t>x</t></r>", "<r>=1</r>", "https://x.vn", "007", '&<>"']
)
def test_text_stays_text_in_a_spreadsheet(cell: str) -> None:
    found = sheet(a_table([(cell, "", "")]))["B2"]
    assert found.data_type == "s"
    assert found.value == cell.replace("\r", "\n")  # so says XML of line ends
    assert found.hyperlink is None


def test_what_looks_like_an_escape_is_escaped() -> None:
    """Spreadsheets read _x003D_ as the sign of a formula."""
    file = written(lambda out: write_xlsx(a_table([("_x003D_1", "", "")]), out))
    rows = ZipFile(BytesIO(file)).read("xl/worksheets/sheet1.xml").decode()
    assert ">_x005F_x003D_1</t>" in rows


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_could_be_a_formula_is_marked_as_text(cell: str) -> None:
    found = sheet(a_table([(cell, "plain", "")]))
    assert (found["B2"].quotePrefix, found["C2"].quotePrefix) == (True, False)


def test_letters_that_xml_cannot_hold_do_not_break_a_spreadsheet() -> None:
    assert sheet(a_table([("A\x00B\ufffe\x1bC", "", "")]))["B2"].value == "ABC"


def test_moments_and_days_are_dates_in_a_spreadsheet() -> None:
    found = sheet(a_table([(MOMENT, MOMENT.date(), 12345)]))
    local = found["B2"].value
    assert abs(local - datetime(2023, 9, 29, 7, 30)) < timedelta(seconds=1)  # noqa: DTZ001
    assert found["B2"].number_format == "dd/mm/yyyy\\ hh:mm"
    assert (found["C2"].value.date(), found["C2"].number_format) == (
        date(2023, 9, 29),
        "dd/mm/yyyy",
    )
    assert found["D2"].value == 12345


def test_every_part_of_a_spreadsheet_file_is_well_formed() -> None:
    rows = [*people(449), ("<r>", "<r>Lê</r>", "<r><t>&\x00</r>")]
    package = ZipFile(BytesIO(written(lambda out: write_xlsx(a_table(rows), out))))
    assert package.testzip() is None
    parts = [fromstring(package.read(name)) for name in package.namelist()]
    assert len(parts) > 5
    found = sheet(a_table(rows))
    assert found.max_row == 451
    assert [cell.value for cell in found[451]] == [450, "<r>", "<r>Lê</r>", "<r><t>&</r>"]


@pytest.mark.parametrize("kind", WRITERS)
def test_equal_lists_are_equal_files_and_rows_are_counted(kind: str) -> None:
    out, again = BytesIO(), BytesIO()
    assert WRITERS[kind](a_table(iter(people(60)), letterhead=HEAD), out) == 60  # type: ignore[arg-type]
    WRITERS[kind](a_table(people(60), letterhead=HEAD), again)
    assert out.getvalue() == again.getvalue()


@pytest.mark.parametrize("kind", WRITERS)
def test_an_empty_list_is_a_whole_file(kind: str) -> None:
    out = BytesIO()
    assert WRITERS[kind](a_table([], letterhead=HEAD, signature=SIGNED), out) == 0
    assert out.getvalue()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"), (4, "bốn"), (5, "năm"), (10, "mười"), (11, "mười một"), (14, "mười bốn"),
        (15, "mười lăm"), (20, "hai mươi"), (21, "hai mươi mốt"), (24, "hai mươi tư"),
        (25, "hai mươi lăm"), (91, "chín mươi mốt"), (100, "một trăm"),
        (101, "một trăm linh một"), (104, "một trăm linh bốn"), (105, "một trăm linh năm"),
        (110, "một trăm mười"), (115, "một trăm mười lăm"), (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"), (1004, "một nghìn không trăm linh bốn"),
        (1025, "một nghìn không trăm hai mươi lăm"), (2023, "hai nghìn không trăm hai mươi ba"),
        (10_000, "mười nghìn"), (10_500, "mười nghìn năm trăm"),
        (100_001, "một trăm nghìn không trăm linh một"),
        (1_000_000, "một triệu"), (2_000_015, "hai triệu không trăm mười lăm"),
        (123_456_000, "một trăm hai mươi ba triệu bốn trăm năm mươi sáu nghìn"),
        (1_000_000_000, "một tỷ"), (21_000_000_000, "hai mươi mốt tỷ"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_vietnamese_says_them(number: int, words: str) -> None:
    assert in_words(number) == words


def test_the_total_stands_in_figures_and_in_words() -> None:
    assert total(25, "người") == "Tổng cộng: 25 người (Hai mươi lăm người)"
    assert total(1200, "người") == "Tổng cộng: 1.200 người (Một nghìn hai trăm người)"


def test_an_official_date_has_its_noughts() -> None:
    assert dated("Quảng Ninh", date(2023, 9, 29)) == "Quảng Ninh, ngày 29 tháng 9 năm 2023"
    assert dated("Hà Nội", date(2024, 2, 5)) == "Hà Nội, ngày 05 tháng 02 năm 2024"


def test_an_official_list_has_every_part_in_its_place() -> None:
    table = a_table(
        [("Nguyễn Văn Á", "Sở KH&CN", "0913 456 001"), ("Lê Hoa", "VnExpress", "")],
        context=("Sự kiện nhỏ",),
        letterhead=HEAD,
        signature=SIGNED,
        attached_to="Công văn số 12/BTC",
    )
    assert lines(paper(table)) == [
        "BỘ KHOA HỌC VÀ CÔNG NGHỆ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BAN TỔ CHỨC Độc lập - Tự do - Hạnh phúc",
        "Quảng Ninh, ngày 29 tháng 9 năm 2023",
        "DANH SÁCH ĐẠI BIỂU",
        "Sự kiện nhỏ",
        "(Kèm theo Công văn số 12/BTC)",
        "STT Họ và tên Đơn vị Điện thoại",
        "1 Nguyễn Văn Á Sở KH&CN 0913 456 001",
        "2 Lê Hoa VnExpress",
        "Tổng cộng: 2 người (Hai người)",
        "Người lập TM. BAN TỔ CHỨC",
        "KT. TRƯỞNG BAN",
        "Nguyễn Thị Lan Trần Văn Hùng",
    ]


def test_an_official_list_is_set_in_a_serif_upright_bold_and_italic() -> None:
    found = fonts(paper(a_table(people(1), letterhead=HEAD)))
    assert {font["name"].partition("+")[2] for font in found} == {
        "Tinos-Regular", "Tinos-Bold", "Tinos-Italic",
    }  # fmt: skip
    assert {font["emb"] for font in found} == {"yes"}


def test_a_file_says_what_it_is_and_who_issued_it() -> None:
    about = facts(paper(a_table(people(1), letterhead=HEAD)))
    assert (about["Title"], about["Author"]) == ("Danh sách đại biểu", "Ban Tổ chức")


def test_margins_are_those_of_the_decree(tmp_path: Path) -> None:
    page = draw(paper(a_table(people(60), letterhead=HEAD)), tmp_path, dpi=72)[0]
    assert (page.width, page.height) == (596, 842)
    left, right = 30 * MM / 595, 1 - 15 * MM / 595
    top, bottom = 20 * MM / 842, 1 - 20 * MM / 842
    assert page.ink(0, 0, left - 0.003, 1) == page.ink(right + 0.004, 0, 1, 1) == 0
    assert page.ink(0, 0, 1, top) == page.ink(0, bottom + 0.002, 1, 1) == 0
    assert page.ink(left - 0.003, 0.5, left + 0.01, 0.6) > 40  # the first rule of the table


def test_many_columns_turn_the_paper_on_its_side() -> None:
    wide = Table("Danh sách", tuple(Column(f"Cột {at}", 12) for at in range(9)), [["a"] * 9])
    assert [round(side / MM) for side in size(paper(wide))] == [297, 210]


def test_pages_from_the_second_on_have_their_number_and_the_headings() -> None:
    pdf = paper(a_table(people(90), letterhead=HEAD))
    pages = said(pdf, "-layout").split("\f")[:-1]
    assert len(pages) > 2
    assert [page.split()[0] for page in pages] == [
        "BỘ",
        *(str(at) for at in range(2, len(pages) + 1)),
    ]
    assert all(page.count("Họ và tên") == 1 for page in pages)
    numbers = [int(n) for n in re.findall(r"^ *(\d+) +Nguyễn", "".join(pages), re.MULTILINE)]
    assert numbers == list(range(1, 91))


@pytest.mark.parametrize("count", range(14, 26))
def test_the_signatures_never_stand_alone_on_a_page(count: int) -> None:
    pages = said(paper(a_table(people(count), letterhead=HEAD, signature=SIGNED)), "-layout").split(
        "\f"
    )
    last = pages[-2]
    assert last.count("Nguyễn Văn A") >= 2
    assert "Tổng cộng" in last
    assert "TM. BAN TỔ CHỨC" in last
    assert "Trần Văn Hùng" in last


def test_each_list_of_a_file_has_its_own_head_and_numbers() -> None:
    pages = said(paper(*(a_table(people(40), letterhead=HEAD),) * 2), "-layout").split("\f")[:-1]
    assert [page.split()[0] for page in pages] == ["BỘ", "2", "3", "BỘ", "2", "3"]


def test_a_group_becomes_a_heading_that_stays_with_its_rows() -> None:
    rows = [(f"Đoàn {at // 3}", *person[1:]) for at, person in enumerate(people(60))]
    pdf = paper(a_table(rows, group=0))
    assert lines(pdf)[1:4] == [
        "STT Đơn vị Điện thoại",
        "Đoàn 0",
        "1 Sở Khoa học và Công nghệ tỉnh Quảng Ninh 0913 456 001",
    ]
    for page in said(pdf, "-layout").split("\f")[:-2]:
        assert not page.strip().splitlines()[-1].strip().startswith("Đoàn")


def test_a_sign_in_sheet_has_room_to_sign_and_blank_rows() -> None:
    rows = [(name, "Sở KH&CN", "") for name in ("Lê Hoa", "Trần Bình", "Võ An")]
    table = a_table(rows, row_height=10, blank_rows=10)
    boxes = re.findall(
        r'yMin="([\d.]+)" xMax="[\d.]+" yMax="[\d.]+">(\d+)</word>', said(paper(table), "-bbox")
    )
    found = [(float(top), int(number)) for top, number in boxes if len(number) < 3][:13]
    assert [number for _, number in found] == list(range(1, 14))
    assert {round((b - a) / MM) for (a, _), (b, _) in pairwise(found)} == {10}
    assert "Tổng cộng: 3 người (Ba người)" in lines(paper(table))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text("abcdefgh @.-Ăâễ", max_size=300), min_size=3, max_size=3))
def test_no_cell_is_ever_cut(cells: list[str]) -> None:
    shown = "".join(said(paper(a_table([cells])), "-raw").split())
    for cell in cells:
        letters = [letter for letter in cell if letter.isalpha()]
        assert all(shown.count(letter) >= letters.count(letter) for letter in set(letters))


def test_a_cell_longer_than_a_page_goes_on_over_the_next() -> None:
    words = [f"từ{at}" for at in range(1500)]
    pdf = paper(a_table([(" ".join(words), "", "")]))
    assert said(pdf).count("\f") > 1
    assert [word for word in said(pdf, "-raw").split() if word.startswith("từ")] == words


def test_other_scripts_and_markup_stand_in_lists_as_typed() -> None:
    names = ("Kim 김민준", "欧阳震华", "สมชาย ที่รัก", "ສົມສະໄຫວ", "<b>Lê & Hoa</b>")
    text = said(paper(a_table([(name, "", "") for name in names])), "-layout")
    for name in names:
        assert name in text
