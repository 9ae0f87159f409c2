"""What an import says of a file, a row and a cell, in words for pages and for the terminal."""

from flask_babel import lazy_gettext as _l

from event.imports import Mend, Refusal, Row, WrongColumns
from event.questions import BY_KEY, WrongAnswer
from event.sheets import WrongFile
from forms.fields import reader, why

FILE = {
    "file.too_big": _l("The file is too big: at most %(limit)s MB can be taken."),
    "file.empty": _l("The file is empty."),
    "file.encrypted": _l("The file is locked with a password. Please save it without one."),
    "file.old_excel": _l("This is a file of Excel 97–2003 (.xls). Please save it as .xlsx."),
    "file.wrong_type": _l("This is no list: only CSV and XLSX files can be taken."),
    "file.broken": _l("The file is damaged. Please open it and save it once more as .xlsx."),
    "file.unpacks_too_big": _l("The file unpacks to more than %(limit)s MB, so it was not opened."),
    "file.wrong_letters": _l(
        "The letters of the file cannot be read. Please save it as CSV UTF-8."
    ),
    "file.quotes": _l("A quotation mark stands open from line %(line)s on. Please close it."),
    "sheet.empty": _l("There is nothing on the sheet “%(sheet)s”."),
    "sheet.too_long": _l("The list has more than %(limit)s rows. Please send it in parts."),
    "sheet.too_wide": _l("The list has %(columns)s columns; at most %(limit)s can be taken."),
    "sheet.unknown": _l("There is no sheet “%(sheet)s” in the file."),
}
COLUMNS = {
    "columns.no_name": _l("Please say in which column the full name stands."),
    "columns.unknown": _l("This column can mean something else only. Please choose again."),
    "columns.twice": _l("“%(field)s” was chosen for two columns. Please choose one."),
}
REASONS = {
    "row.above": _l("stands above the list"),
    "row.heading": _l("headings"),
    "row.total": _l("total line"),
    "row.closing": _l("stands below the list"),
    "row.number_only": _l("a number without a person"),
    "row.words": _l("nothing under a column that is imported"),
    "row.repeated": _l("the same person as in row %(row)s"),
    "row.known": _l("already in the list of attendees"),
}
CELLS = {
    "cell.formula": _l("A formula without a value. Please type the value."),
    "cell.error": _l("The spreadsheet shows an error here."),
}
MENDS = {
    "mend.composed": _l("letters put together"),
    "mend.unseen": _l("unseen characters taken out"),
    "mend.spaces": _l("spaces tidied"),
    "mend.nothing": _l("read as empty"),
    "mend.titles": _l("title split off"),
    "mend.capitals": _l("no longer all capitals"),
    "mend.phones": _l("first number taken, the others are in the remark"),
    "mend.phone_zero": _l("lost 0 put back"),
    "mend.phone": _l("number tidied"),
    "mend.emails": _l("first address taken, the others are in the remark"),
    "mend.small_letters": _l("small letters"),
    "mend.province": _l("province of today"),
    "mend.category": _l("category by its usual name"),
    "mend.track": _l("track by its usual name"),
    "mend.to_remark": _l("no track, kept in the remark"),
    "mend.formula": _l("value of a formula"),
    "mend.merged": _l("value of the merged cell"),
}
OTHER_FIELDS = {
    "number": _l("No."),
    "family": _l("Family and middle name"),
    "tracks": _l("Tracks of interest"),
    "note": _l("Remark"),
    "error": _l("To be corrected"),
}


def file_problem(wrong: WrongFile) -> str:
    """Why a file cannot be read."""
    return str(FILE[wrong.key]) % wrong.values


def columns_problem(wrong: WrongColumns) -> str:
    """Why a choice of columns cannot be."""
    return str(COLUMNS[wrong.key]) % {"field": field_name(wrong.field)}


def field_name(field: str) -> str:
    """What a column is called."""
    if field in BY_KEY:
        return BY_KEY[field].label.in_(reader())
    return str(OTHER_FIELDS.get(field, ""))


def refusal(refused: Refusal) -> str:
    """Why a cell cannot be taken."""
    if refused.key in CELLS:
        return str(CELLS[refused.key])
    return why(WrongAnswer(refused.key, refused.limit))


def refusal_with_field(refused: Refusal) -> str:
    """The same where the cell itself is not to be seen."""
    return f"{field_name(refused.field)}: {refusal(refused)}"


def mend(mended: Mend) -> str:
    """How a cell was mended."""
    return str(MENDS[mended.key])


def reason(row: Row) -> str:
    """Why a row is ignored, or whom it repeats."""
    return str(REASONS[row.reason]) % {"row": row.repeats} if row.reason else ""
