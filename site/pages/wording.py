"""How pages write what the event keeps: words, days, hours, numbers and phones."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from jinja2 import FileSystemBytecodeCache

from event.phones import show_phone
from event.provinces import province_names
from event.words import Words
from pages import current

DAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)


def words(text: Words | str | None) -> str:
    """Bilingual words in the reader's language; plain text as it is."""
    if text is None:
        return ""
    return text.in_(current.language()) if isinstance(text, Words) else text


def local(moment: datetime) -> datetime:
    """A moment on the clock of the event's place."""
    return moment.astimezone(ZoneInfo(current.event().zone))


def day(value: date | datetime) -> str:
    """dd/mm/yyyy, in both languages: foreign guests read Vietnamese papers too."""
    value = local(value) if isinstance(value, datetime) else value
    return f"{value:%d/%m/%Y}"


def weekday(value: date | datetime) -> str:
    """The name of the day, in the reader's language."""
    value = local(value) if isinstance(value, datetime) else value
    return str(DAYS[value.weekday()])


def hour(moment: datetime) -> str:
    """24-hour time at the event's place."""
    return f"{local(moment):%H:%M}"


def moment(value: datetime) -> str:
    """Time and day: "08:31 29/09/2023"."""
    return f"{local(value):%H:%M %d/%m/%Y}"


def number(value: int | float) -> str:
    """1.234.567 in Vietnamese, 1,234,567 in English."""
    return format_decimal(value)


def phone(e164: str) -> str:
    """A phone number as people say it."""
    return show_phone(e164) if e164 else ""


def province(code: str) -> str:
    """The name behind a province's code."""
    return province_names(current.language()).get(code, "")


def init_app(app: Flask) -> None:
    """Make them filters of every template, under their own names; keep compiled templates."""
    folder = app.config["DATA_DIR"] / "templates"
    folder.mkdir(exist_ok=True, mode=0o700)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    for write in (words, day, weekday, hour, moment, number, phone, province):
        app.jinja_env.filters[write.__name__] = write
    app.jinja_env.globals["current_event"] = current.event
