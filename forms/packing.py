"""The forms of an offline pack: what goes in, and the ticks that come back."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import Length, Optional

from event.layouts import Design
from forms.fields import reader
from forms.imports import LANGUAGES
from forms.own_words import InOwnWords

SHORTEST_PASSWORD = 12


class PackForm(FlaskForm):
    """Without a password the pack can be opened by whoever has it."""

    class Meta(InOwnWords, FlaskForm.Meta):
        """Vietnamese first."""

    layout = SelectField(_l("Layout of the badges"))
    language = SelectField(_l("Language"), choices=LANGUAGES, default="vi")
    contacts = BooleanField(_l("With phones and e-mail addresses"))
    password = PasswordField(
        _l("Password"),
        [
            Optional(),
            Length(SHORTEST_PASSWORD, 200, _l("A password has 12 to 200 characters.")),
        ],
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )

    def __init__(self, design: Design) -> None:
        super().__init__()
        self.layout.choices = list(design.names(reader()).items())
        if not self.layout.raw_data:
            self.layout.data = design.layout


class TicksForm(FlaskForm):
    """One file."""

    file = FileField(
        _l("File of ticks"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".json,application/json", "required": True},
    )
