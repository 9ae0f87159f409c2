"""Files of rows that offices send, CSV or XLSX, read as text; what a file is, its content says.

XLSX is read here on `zipfile` and `defusedxml` rather than by openpyxl, which in its streaming mode
knows no merged cells and gives a formula or its value, not both, and otherwise holds the whole book
in memory: a file that unpacks to 50 MB would take a web process far past what it may use.
"""

from event.sheets.grid import MAX_BYTES, Line, Origin, Sheet, WrongFile
from event.sheets.text import read_text
from event.sheets.xlsx import glance, read_xlsx

__all__ = ["MAX_BYTES", "Line", "Origin", "Sheet", "WrongFile", "glance", "read_sheet"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # Excel up to 2003, and every XLSX under a password
_OTHERS = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf",
    b"\x1f\x8b", b"PK",
)  # fmt: skip


def read_sheet(data: bytes, page: str = "") -> Sheet:
    """The rows of a CSV file, or of an XLSX file's first visible page or the one named.

    Raises WrongFile with one of the keys file.* and sheet.*; nothing but text comes out of a file:
    no formula is calculated, no link followed, no macro run.
    """
    if len(data) > MAX_BYTES:
        raise WrongFile("file.too_big", limit=MAX_BYTES // 1024**2)
    sheet = _read(data, page)
    if not sheet.lines:
        raise WrongFile("sheet.empty", sheet=sheet.name) if sheet.name else WrongFile("file.empty")
    return sheet


def _read(data: bytes, page: str) -> Sheet:
    if data.startswith(_ZIP):
        return read_xlsx(data, page)
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise WrongFile("file.encrypted" if locked else "file.old_excel")
    if data.startswith(_OTHERS) or data.lstrip(b"\xef\xbb\xbf\t\r\n ").startswith(b"<"):
        raise WrongFile("file.wrong_type")
    return read_text(data)
