"""What people press about their own data."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired


class PressForm(FlaskForm):
    """A press on a button, and nothing else."""


class EraseForm(PressForm):
    """Asked once: it cannot be undone."""

    sure = BooleanField(
        _l("I understand that this cannot be undone."),
        [InputRequired(_l("Please tick this if you are sure."))],
    )
