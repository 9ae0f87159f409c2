"""The form with which people put their own name down."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, ValidationError

from event.attendees import Registration
from event.bookings import Clash, clashes
from event.consents import Notice
from event.offer import TAKE_PART, Offer
from event.programme import Slot
from forms.fields import AnswersForm, asks, reader


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


@asks(required=lambda question: question.required)
class RegistrationForm(AnswersForm):
    """Questions, sessions and consent; `agreed` holds the notices ticked, as `shown_as`."""

    nonce = HiddenField("")
    sessions = SessionsField("")
    agreed = TickedField("")

    def __init__(self, offer: Offer, typed: Any = None, *, csrf: bool = True) -> None:
        super().__init__(typed, categories=offer.categories, meta={"csrf": csrf})
        self.offer = offer
        self.sessions.judge(offer)

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
        )


class NoticeForm(FlaskForm):
    """The consent of somebody whom another person put down."""

    agreed = TickedField("")
