"""What organisers fill in: one person's details, their delegation, and what version they saw."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

from event.attendees import Registration
from event.consents import Notice
from event.delegations import MOST_EXPECTED, Delegation, DelegationFacts
from event.names import clean, fold
from event.programme import Category, Slot
from event.questions import BY_KEY, Question
from forms.fields import WHY, Answer, AnswersForm, asks
from forms.registration import SessionsField, TickedField, purposes
from forms.translated import TranslatedForm

LARGEST_NUMBER = 2**31 - 1


def a_number(text: str) -> int:
    """Of a thing in an address, as the `type` of an argument: ValueError for what can be none."""
    if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST_NUMBER:
        return int(text)
    raise ValueError(text)


def version_seen(text: str | None) -> int:
    """The version a form was made from; anything but a number is one that never was."""
    good = text and text.isascii() and text.isdigit() and len(text) < 11
    return min(int(text), LARGEST_NUMBER) if text and good else -1


def _asked_of_organisers(question: Question) -> bool:
    return question.at_desk or question.key == "category"


@asks(required=_asked_of_organisers)
class PersonForm(AnswersForm):
    """Everything that is put down for one person; `held` are the seats they have already."""

    seen = HiddenField()
    nonce = HiddenField()
    sessions = SessionsField()
    agreed = TickedField()

    def __init__(
        self,
        *,
        categories: Iterable[Category],
        slots: Sequence[Slot],
        held: Collection[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(categories=categories, **options)
        self.slots = slots
        self.held = frozenset(held)
        self.sessions.settle(slots, self.held)

    def validate_sessions(self, field: SessionsField) -> None:
        """The same rules as for people who register themselves; says which two cannot be."""
        if set(field.data) - {slot.key for slot in self.slots}:
            raise ValidationError(str(_l("The programme has changed. Please choose again.")))
        if field.refused:
            raise ValidationError(field.keep_one())
        if field.gone:
            raise ValidationError(str(_l("A session that was chosen has no seat left.")))

    def registration(
        self, *, language: str, interests: Iterable[str] = (), notices: Iterable[Notice] = ()
    ) -> Registration:
        """What was filled in; after `validate()`."""
        return Registration(
            **self.answers(),
            sessions=tuple(self.sessions.data),
            interests=tuple(interests),
            agreed=purposes(self.agreed.data, notices),
            language=language,
        )


class SureForm(TranslatedForm):
    """A press on a button whose consequences were listed; `seen` is the version they were for."""

    seen = HiddenField()


class NewMemberForm(SureForm):
    """Who is put into the delegation whose page is open."""

    person = IntegerField(validators=[NumberRange(1, LARGEST_NUMBER)])


class MembershipForm(SureForm):
    """Into which delegation somebody goes, and whether they lead it."""

    delegation = SelectField(_l("Delegation"))
    head = BooleanField(_l("Head of the delegation"))

    def offer(self, parties: Iterable[Delegation]) -> None:
        """Each delegation, and none."""
        self.delegation.choices = [("", _l("No delegation"))] + [
            (str(party.id), party.name) for party in parties
        ]

    def validate_head(self, field: BooleanField) -> None:
        """Only a delegation has a head."""
        if field.data and not self.delegation.data:
            raise ValidationError(str(_l("Choose the delegation that this person leads.")))


def _answer(field: Field) -> str:
    """What the question's own rule made of what was typed (see `fields.Answer`)."""
    return str(field.answer)  # type: ignore[attr-defined]


TOO_LONG = _l("At most %(max)d characters, please.")


class DelegationForm(SureForm):
    """A delegation as its office announces it."""

    name = StringField(
        _l("Name of the delegation"),
        [InputRequired(WHY["required"]), Length(max=200, message=TOO_LONG)],
    )
    expected = StringField(_l("Expected people"), render_kw={"inputmode": "numeric"})
    contact_name = StringField(_l("Contact"), [Length(max=120, message=TOO_LONG)])
    contact_phone = TelField(
        _l("Contact's phone"),
        [Answer(BY_KEY["phone"], required=False)],
        render_kw={"maxlength": 30},
    )
    contact_email = StringField(
        _l("Contact's e-mail"),
        [Answer(BY_KEY["email"], required=False)],
        render_kw={"type": "email", "inputmode": "email"},
    )

    def validate_name(self, field: StringField) -> None:
        """Something by which it can be told from others."""
        if not fold(field.data or ""):
            raise ValidationError(str(WHY["name.no_letters"]))

    def validate_expected(self, field: StringField) -> None:
        """A whole number, or nothing where it is not known."""
        if field.data and self._expected() is None:
            raise ValidationError(str(_l("This is no number of people. Example: 25")))

    def _expected(self) -> int | None:
        digits = (self.expected.data or "").strip().replace(".", "").replace(",", "")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None
        return number if number is not None and number <= MOST_EXPECTED else None

    def facts(self) -> DelegationFacts:
        """What was filled in; after `validate()`."""
        return DelegationFacts(
            name=clean(self.name.data or ""),
            expected=self._expected(),
            contact_name=clean(self.contact_name.data or ""),
            contact_phone=_answer(self.contact_phone),
            contact_email=_answer(self.contact_email),
        )
