"""What people send to change their own registration."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, StringField, TelField, ValidationError
from wtforms.validators import Length

from event.attendees import Registration
from event.handing_over import Successor
from event.programme import Slot
from event.questions import BY_KEY, QUESTIONS, WrongAnswer
from forms.fields import AnswersForm, asks, why
from forms.registration import SessionsField

THEIRS = tuple(question for question in QUESTIONS if question.key != "category")
"""What people come as stays: some categories are given by the organisers alone."""


class PressForm(FlaskForm):
    """One button: what to do about which session."""

    do = HiddenField()
    slot = HiddenField()


class SureForm(FlaskForm):
    """One button, after a question."""

    seen = HiddenField()


@asks(THEIRS, required=lambda question: question.required)
class OwnForm(AnswersForm):
    """Details and sessions; `held` are the seats they have already."""

    seen = HiddenField()
    sessions = SessionsField()

    def __init__(self, *, slots: Sequence[Slot], held: Collection[str], **options: Any) -> None:
        super().__init__(**options)
        self.slots = slots
        self.held = frozenset(held)
        self.sessions.settle(slots, self.held)

    def validate_sessions(self, field: SessionsField) -> None:
        """The same rules as at registration."""
        if set(field.data) - {slot.key for slot in self.slots}:
            raise ValidationError(_("The programme has changed. Please choose again."))
        if field.gone:
            raise ValidationError(_("A session filled up meanwhile. Please look once more."))
        if field.refused:
            raise ValidationError(field.keep_one())

    def registration(self, category: str) -> Registration:
        """What was filled in; after `validate()`."""
        return Registration(**self.answers(), category=category, sessions=tuple(self.sessions.data))


class HandOverForm(FlaskForm):
    """Who comes instead: a name, and an address or a number to reach them by."""

    seen = HiddenField()
    name = StringField(_l("Full name"), render_kw={"autocomplete": "off", "maxlength": 120})
    email = EmailField(_l("E-mail"), render_kw={"autocomplete": "off", "maxlength": 254})
    phone = TelField(_l("Phone"), render_kw={"autocomplete": "off", "maxlength": 30})
    organisation = StringField(
        _l("Organisation"),
        [Length(max=200, message=_l("At most %(limit)s characters, please.", limit=200))],
        render_kw={"maxlength": 200},
    )

    def validate_name(self, field: Field) -> None:
        """As at registration."""
        self._answer(field, required=True)

    def validate_email(self, field: Field) -> None:
        """One of address and phone is enough."""
        self._answer(field, required=not (self.phone.data or "").strip())

    def validate_phone(self, field: Field) -> None:
        """As at registration."""
        self._answer(field, required=False)

    def _answer(self, field: Field, *, required: bool) -> None:
        try:
            field.answer = BY_KEY[field.name].answer(  # type: ignore[attr-defined]
                field.data or "", required=required
            )
        except WrongAnswer as wrong:
            told = why(wrong)
            if wrong.key == "required" and field.name == "email":
                told = _("An e-mail address or a phone number, please: one of them is enough.")
            raise ValidationError(told) from None

    def successor(self, language: str) -> Successor:
        """What was filled in; after `validate()`."""
        return Successor(
            name=self.name.answer,  # type: ignore[attr-defined]
            email=self.email.answer,  # type: ignore[attr-defined]
            phone=self.phone.answer,  # type: ignore[attr-defined]
            organisation=BY_KEY["organisation"].answer(
                self.organisation.data or "", required=False
            ),
            language=language,
        )
