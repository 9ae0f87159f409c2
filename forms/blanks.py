"""The forms of blank badges: a printing, and a pile that is withdrawn or found again."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from event.blanks import Pile, code_of, number_of
from event.names import clean
from forms.own_words import InOwnWords

MOST = 2000
"""So many are made while the reader waits; the command makes more."""
GIVE_BACK = "give_back"
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
    """From one number to another, both in it; one number alone is a pile of one.

    `printed` is the highest number on paper; `do` the button that was pressed.
    """

    first = StringField(_l("From number"), render_kw={"placeholder": "B0001"})
    last = StringField(_l("To number"), render_kw={"placeholder": "B0050"})
    why = StringField(
        _l("Why"),
        [Length(max=120, message=_l("This is too long."))],
        render_kw={"maxlength": 120},
    )
    do = HiddenField()

    def __init__(self, printed: int, **usual: Any) -> None:
        super().__init__(**usual)
        self._printed = printed

    def validate_first(self, field: Field) -> None:
        """A number of a blank that was printed."""
        self._printed_number(field)

    def validate_last(self, field: Field) -> None:
        """Such a number too, and not before the first."""
        first, last = number_of(self.first.data or ""), number_of(field.data or "")
        if field.data:
            self._printed_number(field)
        if first and last and last < first:
            raise ValidationError(str(_l("This comes before the first one.")))

    def _printed_number(self, field: Field) -> None:
        number = number_of(field.data or "")
        if number is None:
            raise ValidationError(str(NO_NUMBER))
        if not self._printed:
            raise ValidationError(_("No blank badges have been printed yet."))
        if number > self._printed:
            last = code_of(self._printed)
            raise ValidationError(_("The last one that was printed is %(code)s.", code=last))

    def validate_why(self, field: Field) -> None:
        """Needed to withdraw them: the door tells it to staff."""
        if self.do.data != GIVE_BACK and not clean(field.data or ""):
            raise ValidationError(str(_l("Please say why: staff read it at the door.")))

    @property
    def pile(self) -> Pile:
        """What was asked; after `validate()`."""
        first = number_of(self.first.data or "") or 0
        last = number_of(self.last.data or "") or first
        return Pile(first, last, clean(self.why.data or ""))
