"""Files of rows: every cell as the text that a spreadsheet shows, all else refused clearly."""

import io
from contextlib import suppress
from datetime import datetime
from zipfile import ZIP_BZIP2

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from event.sheets import Line, Origin, WrongFile, read_sheet
from tests.workbooks import lying_about_size, parts, relations, worksheet, xlsx, zipped

PEOPLE = "Họ tên;Cơ quan\r\nTrần Ánh;Sở Y tế, Đồng Nai\r\n"
READ = (Line(1, ("Họ tên", "Cơ quan")), Line(2, ("Trần Ánh", "Sở Y tế, Đồng Nai")))


def why(data: bytes, page: str = "") -> tuple[str, dict[str, object]]:
    """The key and values with which a file is refused."""
    with pytest.raises(WrongFile) as refused:
        read_sheet(data, page)
    return refused.value.key, refused.value.values


def cells(data: bytes) -> list[tuple[str, ...]]:
    """The texts of all rows."""
    return [line.cells for line in read_sheet(data).lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_in_every_unicode(encoding: str) -> None:
    assert read_sheet(PEOPLE.encode(encoding)).lines == READ


def test_an_encoding_that_had_to_be_found_out_is_named() -> None:
    sheet = read_sheet("Tên;Nơi\r\nAn;Phòng Ðào tạo\r\n".encode("cp1258", "ignore"))
    assert sheet.encoding == "Windows-1258"
    assert read_sheet(PEOPLE.encode()).encoding == ""


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_is_split_where_its_rows_agree(delimiter: str) -> None:
    text = (
        delimiter.join(("Tên", "Nơi", "Việc")) + "\n" + delimiter.join(("An", "Huế", "Báo")) + "\n"
    )
    assert cells(text.encode()) == [("Tên", "Nơi", "Việc"), ("An", "Huế", "Báo")]


def test_csv_says_itself_what_splits_it() -> None:
    assert cells(b"sep=|\nA|B;C;D\nE|F;G;H\n") == [("A", "B;C;D"), ("E", "F;G;H")]


def test_a_quoted_cell_keeps_its_delimiter_and_its_lines() -> None:
    assert cells('Tên;Nơi\n"An; Bình";"Sở\nY tế"\n'.encode()) == [
        ("Tên", "Nơi"),
        ("An; Bình", "Sở\nY tế"),
    ]


def test_a_quote_left_open_is_refused_with_its_line() -> None:
    assert why('Tên;Nơi\nAn;Huế\n"Bình;Huế\nChi;Huế\n'.encode()) == ("file.quotes", {"line": 3})


def test_blank_rows_go_but_numbers_stay() -> None:
    assert read_sheet(b"A;B\n\n;;\nC;D;;\n").lines == (
        Line(1, ("A", "B")),
        Line(4, ("C", "D")),
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('="0913456701"', "0913456701"),
        ('=HYPERLINK("http://vidu.vn","Công ty Y")', "Công ty Y"),
        ('=HYPERLINK("http://vidu.vn"; "Công ty ""Y""")', 'Công ty "Y"'),
        ('=hyperlink("http://vidu.vn")', "http://vidu.vn"),
    ],
)
def test_a_formula_that_shows_a_fixed_text_is_that_text(cell: str, shown: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    for data in (f"Tên;Nơi\nAn;{quoted}\n".encode(), xlsx([["Tên", "Nơi"], ["An", cell]])):
        sheet = read_sheet(data)
        assert sheet.lines[1].cells == ("An", shown)
        assert sheet.origins == {(2, 1): Origin("cell.formula", cell)}


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|'/c calc'!A1", '=A1&"x"', '=HYPERLINK(A1,"x")'])
def test_any_other_formula_stays_as_it_is_written(cell: str) -> None:
    assert cells(xlsx([["Tên", cell]])) == [("Tên", cell)]


def test_a_calculated_cell_gives_the_value_that_the_file_keeps() -> None:
    kept = '<c r="A1" t="str"><f>B1&amp;C1</f><v>Trần Ánh</v></c>'
    lost = '<c r="B1"><f>1+1</f></c>'
    sheet = read_sheet(zipped(parts(worksheet(f'<row r="1">{kept}{lost}</row>'))))
    assert sheet.lines == (Line(1, ("Trần Ánh", "=1+1")),)
    assert sheet.origins == {(1, 0): Origin("cell.formula", "=B1&C1")}


def test_numbers_and_dates_are_text_as_a_spreadsheet_shows_them() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("Số")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        money = book.add_format({"num_format": '#,##0 "đồng"'})
        page.write_row(0, 0, [913456701, 913456701.0, 2513822297, 1.5, True, "0913"])
        page.write_datetime(1, 0, datetime(2023, 9, 29), day)  # noqa: DTZ001
        page.write_datetime(1, 1, datetime(2023, 9, 29, 7, 30), day)  # noqa: DTZ001
        page.write_number(1, 2, 1500, money)
    assert cells(file.getvalue()) == [
        ("913456701", "913456701", "2513822297", "1.5", "TRUE", "0913"),
        ("29/09/2023", "29/09/2023 07:30", "1500"),
    ]


def test_a_number_with_an_exponent_is_whole_again() -> None:
    row = "<row><c><v>9.13456701E8</v></c><c><v>1E400</v></c></row>"
    assert cells(zipped(parts(worksheet(row)))) == [("913456701", "1E400")]


def test_cells_merged_downwards_hold_their_text_in_every_row() -> None:
    rows = [["Tên", "Nơi"], ["An", "Sở Y tế"], ["Bình", ""], ["Chi", "Huế"]]
    sheet = read_sheet(xlsx(rows, merges=["B2:B3"]))
    assert [line.cells for line in sheet.lines[1:]] == [
        ("An", "Sở Y tế"), ("Bình", "Sở Y tế"), ("Chi", "Huế"),
    ]  # fmt: skip
    assert sheet.origins == {(3, 1): Origin("cell.merged", "")}


def test_cells_merged_sideways_say_how_wide_they_are() -> None:
    assert read_sheet(xlsx([["Họ và tên", "", "Nơi"]], merges=["A1:B1"])).widths == {(1, 0): 2}


def test_the_first_visible_page_is_read_and_the_others_are_named() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Ẩn").hide()
        for name in ("Danh sách", "Nội bộ"):
            book.add_worksheet(name).write(0, 0, f"trang {name}")
        book.get_worksheet_by_name("Danh sách").activate()
    data = file.getvalue()
    sheet = read_sheet(data)
    assert (sheet.name, sheet.others) == ("Danh sách", ("Ẩn", "Nội bộ"))
    assert read_sheet(data, "Nội bộ").lines == (Line(1, ("trang Nội bộ",)),)
    assert why(data, "Khác") == ("sheet.unknown", {"sheet": "Khác"})
    assert why(data, "Ẩn") == ("sheet.empty", {"sheet": "Ẩn"})


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file.empty"),
        (b"\xef\xbb\xbf", "file.empty"),
        (b" ; ;\n\n", "file.empty"),
        (b"%PDF-1.7 \n", "file.wrong_type"),
        (b"\x89PNG\r\n\x1a\n", "file.wrong_type"),
        (b"<html><table><tr><td>A</td></tr></table>", "file.wrong_type"),
        (b"A;B\x00\x01\x02\x03\x04", "file.wrong_type"),
        (zipped({"word/document.xml": "<w/>"}), "file.wrong_type"),
        (zipped(parts("<x/>", workbook="<document/>")), "file.wrong_type"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "file.old_excel"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
        (b"PK\x03\x04 no more of it", "file.broken"),
        (xlsx([["A"]])[:-30], "file.broken"),
        (zipped(parts(worksheet('<row r="1"><c r="A1"'))), "file.broken"),
        (zipped(parts(worksheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'))), "file.broken"),
        (zipped(parts(worksheet('<row r="99999999999"><c><v>1</v></c></row>'))), "file.broken"),
        (zipped(parts(worksheet("", ""), links=relations())), "file.broken"),
        (zipped(parts(worksheet("")), ZIP_BZIP2), "file.broken"),
        (b"T\xean;N\xd2\x9d\n", "file.wrong_letters"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(data: bytes, key: str) -> None:
    assert why(data)[0] == key


def test_a_file_over_5_mb_is_refused() -> None:
    assert why(b"a" * (5 * 1024**2 + 1)) == ("file.too_big", {"limit": 5})


def test_a_spreadsheet_that_unpacks_to_over_50_mb_is_refused() -> None:
    bomb = zipped(parts(worksheet(" " * (51 * 1024**2))))
    assert len(bomb) < 100_000
    assert why(bomb) == ("file.unpacks_too_big", {"limit": 50})


def test_a_directory_that_lies_about_sizes_gains_nothing() -> None:
    bomb = lying_about_size(zipped(parts(worksheet(" " * (51 * 1024**2)))), 1000)
    assert why(bomb)[0] == "file.broken"


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0" encoding="gb2312"?>',
    ],
)
def test_xml_with_entities_or_a_dtd_is_refused(start: str) -> None:
    assert why(zipped(parts(start + worksheet("<row><c><v>1</v></c></row>"))))[0] == "file.broken"


@pytest.mark.parametrize(
    "data",
    [
        (";" * 19_999 + "x\n").encode(),
        zipped(parts(worksheet('<row r="1"><c r="ACOF1"><v>1</v></c></row>'))),
    ],
)
def test_20_000_columns_are_refused(data: bytes) -> None:
    assert why(data) == ("sheet.too_wide", {"columns": 20_000, "limit": 200})


def test_a_formatted_but_empty_cell_far_out_is_no_column() -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"/>'
    assert cells(zipped(parts(worksheet(row)))) == [("1",)]


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ("<row/>" * 2_000_001, "sheet.too_long"),
        ("<a>" * 1_000_000, "file.broken"),
        (f'<row r="{"1" * 9_000_000}"/>', "file.broken"),
        (f'<row><c t="inlineStr"><is><t>{"a" * 9_000_000}</t></is></c></row>', "file.broken"),
    ],
    ids=["elements", "depth", "attribute", "text"],
)
def test_xml_that_would_cost_much_is_given_up_early(rows: str, key: str) -> None:
    assert why(zipped(parts(worksheet(rows))))[0] == key


def test_more_than_20_000_rows_are_refused() -> None:
    assert len(cells(b"a\n" * 20_000)) == 20_000
    assert why(b"a\n" * 20_001) == ("sheet.too_long", {"limit": 20_000})


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe"):
        with suppress(WrongFile):
            assert all(any(line.cells) for line in read_sheet(start + data).lines)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20), min_size=1))
def test_what_is_written_to_a_workbook_comes_back(texts: list[str]) -> None:
    row = ["x", *(text for text in texts if not text.startswith("="))]
    while not row[-1].strip():
        row.pop()
    back = cells(xlsx([row]))[0]
    assert [text.strip() for text in back] == [text.strip() for text in row]
