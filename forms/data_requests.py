"""A wish about personal data that came by phone, by letter or at the desk, entered by hand."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from event.names import clean
from forms.fields import WHY
from forms.organiser import TOO_LONG
from forms.translated import TranslatedForm

KINDS = {
    "access": _l("See or get a copy"),
    "correction": _l("Correct"),
    "withdrawal": _l("Withdraw consent"),
    "deletion": _l("Erase"),
}
WAYS = {
    "page": _l("own page"),
    "desk": _l("at the desk"),
    "phone": _l("by phone"),
    "mail": _l("by e-mail"),
    "letter": _l("by letter"),
}


def _choices(names: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, name) for key, name in names.items()]


class DataRequestForm(TranslatedForm):
    """What is wanted, by whom, and on which day it came."""

    kind = SelectField(_l("What is wanted"), choices=_choices(KINDS))
    channel = SelectField(_l("How it came"), choices=_choices(WAYS)[1:])
    received = DateField(_l("Received on"), [InputRequired(WHY["required"])])
    who = StringField(
        _l("Who asks"), [InputRequired(WHY["required"]), Length(max=120, message=TOO_LONG)]
    )
    contact = StringField(
        _l("How to answer: phone or address"), [Length(max=254, message=TOO_LONG)]
    )
    code = StringField(_l("Number on the badge, if known"), [Length(max=12, message=TOO_LONG)])
    words = TextAreaField(
        _l("In their words"), [Length(max=500, message=TOO_LONG)], render_kw={"rows": 3}
    )

    def __init__(self, *, today: Any, known: Any, **options: Any) -> None:
        super().__init__(**options)
        self._today, self._known = today, known

    def validate_received(self, field: DateField) -> None:
        """Deadlines count from it."""
        if field.data and field.data > self._today:
            raise ValidationError(str(_l("This day is still to come.")))

    def validate_code(self, field: StringField) -> None:
        """Somebody has it."""
        if clean(field.data or "") and self.number is None:
            raise ValidationError(str(_l("Nobody has this number.")))

    @property
    def number(self) -> int | None:
        """The attendee whose data it is about."""
        text = clean(self.code.data or "")
        good = text.isascii() and text.isdigit() and len(text) < 10
        return int(text) if good and self._known(int(text)) else None
