"""The forms of an import: the file itself, and what is said of its columns and its people."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from event.names import clean, fold
from event.programme import Category
from forms.fields import reader
from forms.own_words import InOwnWords

MOST_PEOPLE = 100_000
NO_HEADING = 0
PARTIES = {"list": "parties", "autocomplete": "off"}
LANGUAGES = [SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")]


LONGEST_NUMBER = 9  # digits


def _number(text: Any) -> int | None:
    """A whole number as a form sends it, None for anything else."""
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER:
        return None
    return int(text) if text.isascii() and text.isdigit() else None


class UploadForm(FlaskForm):
    """One file."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".csv,.xlsx,.txt,text/csv", "required": True},
    )


class ChoicesForm(FlaskForm):
    """What holds for all rows. Columns come beside it, as `column-0`, `column-1` …"""

    class Meta(InOwnWords, FlaskForm.Meta):
        """Vietnamese first."""

    party = StringField(
        _l("Delegation"),
        [Length(max=200, message=_l("This is too long."))],
        render_kw={"list": "parties"},
    )
    expected = IntegerField(
        _l("Number of people expected"),
        [Optional(), NumberRange(1, MOST_PEOPLE, _l("Please enter a whole number."))],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_PEOPLE},
    )
    category = SelectField(_l("Category of those whose row names none"))
    language = SelectField(_l("Language of their mails and badges"), choices=LANGUAGES)
    mail = BooleanField(_l("Write to those with an address: their link and QR code"))

    def __init__(self, *args: Any, categories: Iterable[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [SelectChoice(c.key, c.name.in_(reader())) for c in categories]

    def validate_party(self, field: StringField) -> None:
        """A name of nothing but signs is none."""
        field.data = clean(field.data or "")
        if field.data and not fold(field.data):
            raise ValidationError(str(_l("A delegation needs a name with letters.")))


def chosen_columns(typed: Mapping[str, str]) -> dict[int, str]:
    """Column from 0 to field, of those that are imported; fields that do not exist are left in."""
    columns = ((_number(name.removeprefix("column-")), field) for name, field in typed.items())
    return {at: field for at, field in columns if at is not None and field and at < 1000}


def chosen_rows(typed: Iterable[str]) -> list[int]:
    """Numbers of repeated rows that are other people."""
    return sorted({number for number in map(_number, typed) if number is not None})


def chosen_heading(typed: str | None) -> int:
    """The number of the row with the headings."""
    return _number(typed) or NO_HEADING
