"""XLSX files as bytes for tests: real ones by XlsxWriter, odd and hostile ones part by part."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(rows: Sequence[Sequence[Any]], merges: Sequence[str] = ()) -> bytes:
    """One page called "Danh sách"; text is written as text, numbers as numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("Danh sách")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for merge in merges:
            first = rows[int("".join(filter(str.isdigit, merge.split(":")[0]))) - 1]
            page.merge_range(merge, first[ord(merge[0]) - ord("A")])
    return file.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """A .rels part: kind and target of each."""
    lines = [
        f'<Relationship Id="rId{place}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    ]
    return f'<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'


def worksheet(rows: str, after: str = "") -> str:
    """A worksheet part out of its rows."""
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def parts(page: str, **others: str) -> dict[str, str]:
    """The smallest workbook around a worksheet; `others` replace the workbook or its links."""
    book = f'<sheet name="Trang 1" sheetId="1" r:id="rId1" xmlns:r="{OFFICE}"/>'
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": others.get(
            "workbook", f'<workbook xmlns="{NAMESPACE}"><sheets>{book}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": others.get(
            "links", relations(("worksheet", "/xl/worksheets/sheet1.xml"))
        ),
        "xl/worksheets/sheet1.xml": page,
    }


def zipped(members: dict[str, str] | dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A ZIP file of these parts."""
    file = io.BytesIO()
    with ZipFile(file, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def lying_about_size(data: bytes, size: int) -> bytes:
    """The same ZIP with every unpacked size in its directory and headers set to `size`."""
    changed = bytearray(data)
    with ZipFile(io.BytesIO(data)) as package:
        members = package.infolist()
    start = 0
    for member in members:
        changed[member.header_offset + 22 : member.header_offset + 26] = size.to_bytes(4, "little")
        start = data.index(zipfile.stringCentralDir, start)
        changed[start + 24 : start + 28] = size.to_bytes(4, "little")
        start += 4
    return bytes(changed)
