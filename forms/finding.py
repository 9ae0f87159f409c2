"""What somebody types who lost the link to their own page."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError

from event.finding import read
from event.questions import WrongAnswer
from forms.fields import why


class FindForm(FlaskForm):
    """An address or a phone, whichever was given at registration."""

    asked = StringField(
        _l("E-mail or phone number"),
        render_kw={"autocomplete": "email", "maxlength": 254, "required": True},
    )

    def validate_asked(self, field: Field) -> None:
        """One of the two, as it could have been registered."""
        try:
            read(field.data or "")
        except WrongAnswer as wrong:
            neither = _l("This is neither an e-mail address nor a phone number.")
            told = why(wrong) if wrong.key == "required" else str(neither)
            raise ValidationError(told) from None
