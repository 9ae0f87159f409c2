"""The forms with which those who run the event come in and choose a password."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from event.staff import MIN_PASSWORD

LONGEST_PASSWORD = 200  # hashing takes time, so nobody may send a book


class SignInForm(FlaskForm):
    """Address and password; `then` is where the reader wanted to go."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Please enter your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username", "autofocus": True, "maxlength": 254},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Please enter your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password", "maxlength": LONGEST_PASSWORD},
    )
    then = HiddenField()


class PasswordForm(FlaskForm):
    """A new password, typed twice, since it is not seen while it is typed."""

    password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Please enter a password.")),
            Length(
                min=MIN_PASSWORD,
                max=LONGEST_PASSWORD,
                message=_l("A password has 10 to 200 characters."),
            ),
        ],
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST_PASSWORD},
    )
    again = PasswordField(
        _l("The same password again"),
        [EqualTo("password", _l("The two passwords are not the same."))],
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST_PASSWORD},
    )
