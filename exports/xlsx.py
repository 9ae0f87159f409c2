"""A spreadsheet file written row by row: flat in memory, its text never acts, dates are dates.

The parts of the file are written out here because that is a third of the work of a library which
makes every cell an object, and because no text is ever taken for markup ("<r>" opens it in one).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from exports.tables import ACTIVE, NUMBER, Cell, Column, Table

HEADING, DAY, MOMENT, QUOTED = 1, 2, 3, 4  # styles, by their place in STYLES
LONGEST = 32_767  # letters in one cell, by the format
ROWS_AT_ONCE = 200
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # spreadsheets read _x0041_ as A

CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
ROOT_LINKS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
BOOK_LINKS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>'
)
STYLES = (
    f"<styleSheet {_MAIN}>"
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def write_xlsx(table: Table, out: BinaryIO) -> int:
    """One sheet with a fixed, filterable heading row; returns the number of rows below it."""
    columns = (Column(NUMBER, 5), *table.columns)
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=4) as package:
        for name, part in (
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", ROOT_LINKS),
            ("xl/_rels/workbook.xml.rels", BOOK_LINKS),
            ("xl/styles.xml", STYLES),
        ):
            _add(package, name, [part])
        sheet = _Sheet(columns, table)
        _add(package, "xl/worksheets/sheet1.xml", sheet.parts())
        _add(package, "xl/workbook.xml", [_book(sheet.area)])
    return sheet.count


def _add(package: ZipFile, name: str, parts: Iterable[str]) -> None:
    """One part of the file, without the time of day: equal lists are equal files."""
    about = ZipInfo(name)
    about.compress_type = ZIP_DEFLATED
    with package.open(about, "w") as file:
        file.write(_HEAD.encode())
        for part in parts:
            file.write(part.encode())


def _book(area: str) -> str:
    return (
        f'<workbook {_MAIN} xmlns:r="{_LINKS}"><sheets>'
        '<sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
        f"{area}</definedName>"
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">\'Danh sách\'!$1:$1</definedName>'
        "</definedNames></workbook>"
    )


class _Sheet:
    """The rows as XML; `count` and `area` hold once all parts have been taken."""

    def __init__(self, columns: tuple[Column, ...], table: Table) -> None:
        self.count = 0
        self._columns = columns
        self._letters = [column_letters(at) for at in range(len(columns))]
        self._table = table

    @property
    def area(self) -> str:
        """The heading and all rows, as formulas name them."""
        return f"'Danh sách'!$A$1:${self._letters[-1]}${self.count + 1}"

    def parts(self) -> Iterator[str]:
        """The whole sheet, some rows at a time."""
        yield from self._before()
        waiting: list[str] = []
        for number, row in enumerate(self._table.rows, 1):
            self.count = number
            waiting.append(self._row(number + 1, (number, *row), self._table.zone))
            if len(waiting) == ROWS_AT_ONCE:
                yield "".join(waiting)
                waiting.clear()
        yield "".join(waiting)
        yield (
            f'</sheetData><autoFilter ref="A1:{self._letters[-1]}{self.count + 1}"/>'
            '<pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
        )

    def _before(self) -> Iterator[str]:
        widths = (max(c.width, len(c.heading) * 0.6) + 2 for c in self._columns)
        yield f'<worksheet {_MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        yield '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        yield 'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
        for at, width in enumerate(widths, 1):
            yield f'<col min="{at}" max="{at}" width="{width:.1f}" customWidth="1"/>'
        yield '</cols><sheetData><row r="1">'
        for letters, column in zip(self._letters, self._columns, strict=True):
            yield _text(f"{letters}1", column.heading, HEADING)
        yield "</row>"

    def _row(self, number: int, cells: Iterable[Cell], zone: tzinfo) -> str:
        shown = (
            _cell(f"{letters}{number}", cell, zone)
            for letters, cell in zip(self._letters, cells, strict=True)
            if cell is not None and cell != ""
        )
        return f'<row r="{number}">{"".join(shown)}</row>'


def column_letters(at: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    while at >= 0:
        letters = chr(65 + at % 26) + letters
        at = at // 26 - 1
    return letters


def _cell(name: str, cell: Cell, zone: tzinfo) -> str:
    if isinstance(cell, str):
        return _text(name, cell, QUOTED if cell.startswith(ACTIVE) else 0)
    if isinstance(cell, datetime):
        moment = cell.astimezone(zone).replace(tzinfo=None) - datetime(1899, 12, 30)  # noqa: DTZ001
        return f'<c r="{name}" s="{MOMENT}"><v>{moment.total_seconds() / 86400:.9f}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{name}" s="{DAY}"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    return f'<c r="{name}"><v>{cell}</v></c>'


def _text(name: str, text: str, style: int) -> str:
    text = _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_XML.sub("", text[:LONGEST]))
    shown = f'<t xml:space="preserve">{escape(text)}</t>'
    return f'<c r="{name}" s="{style}" t="inlineStr"><is>{shown}</is></c>'
