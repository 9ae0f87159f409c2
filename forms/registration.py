"""The form with which people put their own name down."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import StopValidation

from event.attendees import Registration
from event.bookings import Clash, clashes
from event.consents import Notice
from event.offer import TAKE_PART, Offer
from event.programme import Category, Slot
from event.questions import BY_KEY
from event.stated import Guardian
from forms.fields import Answer, AnswersForm, asks, reader


class TickedField(Field):
    """All values ticked under one name; shown by the page itself."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Each value once, in the order sent."""
        self.data = list(dict.fromkeys(valuelist))

    def process_data(self, value: Iterable[str] | None) -> None:
        """Nothing is ticked beforehand."""
        self.data = list(value or ())


class SessionsField(TickedField):
    """Sessions, judged together: `clashes` are pairs at the same time, `gone` is full."""

    clashes: Sequence[Clash] = ()
    gone: Sequence[Slot] = ()

    def judge(self, offer: Offer) -> None:
        """Look for overlaps and full rooms."""
        chosen = offer.chosen(self.data)
        self.gone = [slot for slot in chosen if slot.free == 0]
        self.clashes = clashes(slot for slot in chosen if slot.free != 0)

    def settle(self, slots: Sequence[Slot], held: Collection[str]) -> None:
        """The same for somebody who holds seats in some of them already: those are never full."""
        ticked = [slot for slot in slots if slot.key in self.data]
        gone = [slot for slot in ticked if slot.free == 0 and slot.key not in held]
        self.clashes = clashes(slot for slot in ticked if slot not in gone)
        self.lost(gone)

    @property
    def refused(self) -> bool:
        """Whether two sessions with limited seats overlap."""
        return any(clash.refused for clash in self.clashes)

    def keep_one(self) -> str:
        """Which two sessions cannot both be chosen, each pair in a sentence."""
        pairs = (clash for clash in self.clashes if clash.refused)
        return " ".join(
            _(
                "“%(first)s” and “%(second)s” take place at the same time and both have limited "
                "seats: keep one of them.",
                first=clash.first.title.in_(reader()),
                second=clash.second.title.in_(reader()),
            )
            for clash in pairs
        )

    def lost(self, gone: Sequence[Slot]) -> None:
        """Untick the sessions that filled up, those and the ones seen before; the rest stays."""
        self.gone = gone or self.gone
        keys = {slot.key for slot in self.gone}
        self.data = [key for key in self.data if key not in keys]


def shown_as(notice: Notice) -> str:
    """The value of a notice's checkbox: the purpose, and which words of it were on the screen."""
    return f"{notice.purpose}.{notice.version}"


def purposes(ticked: Iterable[str], notices: Iterable[Notice]) -> tuple[str, ...]:
    """What was agreed to, of the words in force; other words count for nothing."""
    shown = {shown_as(notice): notice.purpose for notice in notices}
    return tuple(shown[value] for value in ticked if value in shown)


MOST_COMPANIONS = 500
UNSURE, CROWDED, KNOWN = "unsure", "crowded", "known"
"""Why a form comes back to which nothing is to be mended: it may be a machine's, it is one of many,
or it registered somebody before. Or it is "closed" or opens "soon", as in `event.opening`.
"""


def _of_a_minor(form: Any, _field: Field) -> None:
    """Asked where the box for children is ticked; else whatever stands there counts for nothing."""
    if not form.minor.data:
        raise StopValidation


def _told(key: str) -> Answer:
    """The question's own rule; the field is not marked as one that everybody has to fill in."""
    rule = Answer(BY_KEY[key], required=True)
    rule.field_flags = {}
    return rule


@asks(required=lambda question: question.required)
class RegistrationForm(AnswersForm):
    """Questions, sessions and consent; `agreed` holds the notices ticked, as `shown_as`.

    `website` is a field that people do not see; `sure` seals a form that was shown again.
    `held_up` says why nothing was done, with `since` when, or whose `own_page` there is already.
    """

    held_up = ""
    since: datetime | None = None
    own_page = ""
    nonce = HiddenField("")
    sure = HiddenField("")
    website = StringField("")
    companions = StringField(
        _l("How many pupils do you bring?"), render_kw={"inputmode": "numeric", "maxlength": 3}
    )
    minor = BooleanField(_l("The person registered here is under 16"))
    guardian_name = StringField(_l("Name of the parent or guardian"), [_of_a_minor, _told("name")])
    guardian_phone = TelField(_l("Their phone"), [_of_a_minor, _told("phone")])
    guardian_agrees = BooleanField(
        _l(
            "I am the parent or guardian, and agree that this child takes part and that its data "
            "are used as said below."
        )
    )
    sessions = SessionsField("")
    agreed = TickedField("")

    def __init__(self, offer: Offer, typed: Any = None, *, csrf: bool = True) -> None:
        super().__init__(typed, categories=offer.categories, meta={"csrf": csrf})
        self.offer = offer
        self["category"].offer(offer.categories, self._said)
        self.sessions.judge(offer)

    def _said(self, category: Category) -> str:
        """A full category may be chosen all the same: it has a line."""
        name = category.name.in_(reader())
        limit = self.offer.limits.categories[category.id] if self.offer.limits else None
        if limit is None or not limit.few:
            return name
        if limit.full:
            return _("%(name)s (all places taken: waiting list)", name=name)
        return _("%(name)s (places left: %(count)s)", name=name, count=format_decimal(limit.left))

    def validate_sessions(self, field: SessionsField) -> None:
        """An overlap with open seats only warns; a full room is for the database to say."""
        unknown = set(field.data) - {slot.key for slot in self.offer.sessions}
        if unknown:
            raise ValidationError(_("The programme has changed. Please choose again."))
        if field.refused:
            raise ValidationError(field.keep_one())

    def validate_agreed(self, field: TickedField) -> None:
        """Consent to words that changed in the meantime is none."""
        if TAKE_PART not in self.agreed_purposes():
            raise ValidationError(_("Without your consent we cannot register you."))

    def validate_companions(self, field: StringField) -> None:
        """A teacher says how many; nobody else brings people without a name."""
        groups = {category.key for category in self.offer.categories if category.group}
        mine = self["category"].data in groups
        if field.data and not mine:
            raise ValidationError(_("This is for groups only: choose their category, or leave it."))
        if mine and not 0 < self.brought() <= MOST_COMPANIONS:
            raise ValidationError(_("Please write a number from 1 to 500."))

    def brought(self) -> int:
        """How many come along; 0 for what is no number."""
        text = (self.companions.data or "").strip()
        return int(text) if text.isascii() and text.isdigit() else 0

    def validate_guardian_agrees(self, field: BooleanField) -> None:
        """Without it nothing of a child is kept."""
        if self.minor.data and not field.data:
            raise ValidationError(_("A parent or guardian has to agree."))

    def group_offered(self) -> bool:
        """Whether anybody may bring people along."""
        return any(category.group for category in self.offer.categories)

    def beside(self) -> list[Field]:
        """Fields that are asked of some only."""
        groups = [self.companions] if self.group_offered() else []
        return [*groups, self.guardian_name, self.guardian_phone, self.guardian_agrees]

    def guardian(self) -> Guardian | None:
        """Who consents for a child; after `validate()`."""
        if not self.minor.data:
            return None
        name, phone = self.guardian_name.answer, self.guardian_phone.answer  # type: ignore[attr-defined]
        return Guardian(name, phone)

    def agreed_purposes(self) -> tuple[str, ...]:
        """The purposes whose present words were agreed to."""
        return purposes(self.agreed.data, self.offer.notices)

    def press(self) -> str | None:
        """What makes two sendings one registration: the same form for the same person.

        A form sent again after going back, with another name in it, is another registration.
        """
        if not self.nonce.data:
            return None
        person = (self.answers()[key] for key in ("name", "email", "phone"))
        return hashlib.sha256("\0".join((self.nonce.data, *person)).encode()).hexdigest()[:40]

    def registration(self, language: str) -> Registration:
        """What was filled in; after `validate()`."""
        return Registration(
            **self.answers(),
            sessions=tuple(self.sessions.data),
            agreed=self.agreed_purposes(),
            language=language,
            companions=self.brought(),
            guardian=self.guardian(),
        )


class NoticeForm(FlaskForm):
    """The consent of somebody whom another person put down."""

    agreed = TickedField("")
