"""What organisers say of a phone that will scan without an account."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from event.devices import LONGEST_NAME
from event.names import clean
from forms.fields import WHY


class DeviceForm(FlaskForm):
    """Its name, and the doors it is for: none ticked means all of them; a kiosk has just one."""

    name = StringField(
        _l("Name of the device"),
        [
            DataRequired(WHY["required"]),
            Length(max=LONGEST_NAME, message=_l("This is too long.")),
        ],
        filters=[lambda typed: clean(typed or "")],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME},
    )
    doors = SelectMultipleField(
        _l("It scans at"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    kiosk = BooleanField(_l("Guests check themselves in at it"))

    def __init__(self, known: Mapping[str, str], **facts: object) -> None:
        super().__init__(**facts)
        self.doors.choices = [SelectChoice(key, name) for key, name in known.items()]
        self._known = known

    def validate_doors(self, field: Field) -> None:
        """None left of those that were ticked must not come to mean every door."""
        if field.data and not self.chosen:
            raise ValidationError(str(_l("These doors are gone from the programme. Tick others.")))
        if self.kiosk.data and len(self.chosen) != 1:
            raise ValidationError(str(_l("Guests check themselves in at one door: tick just one.")))

    @property
    def chosen(self) -> list[str]:
        """The keys of the doors that are ticked; one that went meanwhile is left out."""
        return [key for key in self.doors.data or () if key in self._known]
