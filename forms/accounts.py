"""What organisers fill in about the accounts of staff."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField
from wtforms.validators import InputRequired

from event.questions import BY_KEY
from event.staff import ROLES
from forms.fields import WHY, Answer
from forms.translated import TranslatedForm

ROLE_CHOICES = {
    "desk": _l("Desk"),
    "supervisor": _l("Supervisor"),
    "organiser": _l("Organiser"),
}


class RoleForm(TranslatedForm):
    """What an account may do."""

    role = SelectField(_l("Role"), default=ROLES[0])

    def __init__(self) -> None:
        super().__init__()
        self.role.choices = [(role, ROLE_CHOICES[role]) for role in ROLES]


class AccountForm(RoleForm):
    """A new account; an address that had one gets it back."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(WHY["required"]), Answer(BY_KEY["email"], required=True)],
        render_kw={"autocomplete": "off"},
    )
