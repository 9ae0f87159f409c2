"""The forms of blank badges: a printing, and a pile that is withdrawn or found again."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from event.blanks import Pile, number_of
from event.names import clean
from forms.own_words import InOwnWords

MOST = 2000
"""So many are made while the reader waits; the command makes more."""
NO_NUMBER = _l("The number on a blank badge, such as B0001.")


class _Form(FlaskForm):
    class Meta(InOwnWords, FlaskForm.Meta):
        """Vietnamese first."""


class BlankForm(_Form):
    """One printing."""

    count = IntegerField(
        _l("How many"),
        [
            InputRequired(_l("Please enter a whole number.")),
            NumberRange(1, MOST, _l("From 1 to 2,000; for more, use the command.")),
        ],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST},
    )
    category = SelectField(_l("Category"))
    layout = SelectField(_l("Layout"))

    def __init__(self, categories: dict[str, str], layouts: dict[str, str], **usual: Any) -> None:
        super().__init__(**usual)
        self.category.choices = [SelectChoice(key, name) for key, name in categories.items()]
        self.layout.choices = [SelectChoice(key, name) for key, name in layouts.items()]


class PileForm(_Form):
    """From one number to another, both in it; one number alone is a pile of one."""

    first = StringField(_l("From number"), render_kw={"placeholder": "B0001"})
    last = StringField(_l("To number"), render_kw={"placeholder": "B0050"})
    why = StringField(
        _l("Why"),
        [Length(max=120, message=_l("This is too long."))],
        render_kw={"maxlength": 120},
    )

    def validate_first(self, field: Field) -> None:
        """A number of a blank."""
        if number_of(field.data or "") is None:
            raise ValidationError(str(NO_NUMBER))

    def validate_last(self, field: Field) -> None:
        """Not before the first."""
        first, last = number_of(self.first.data or ""), number_of(field.data or "")
        if field.data and last is None:
            raise ValidationError(str(NO_NUMBER))
        if first and last and last < first:
            raise ValidationError(str(_l("This comes before the first one.")))

    @property
    def pile(self) -> Pile:
        """What was asked; after `validate()`."""
        first = number_of(self.first.data or "") or 0
        last = number_of(self.last.data or "") or first
        return Pile(first, last, clean(self.why.data or ""))
