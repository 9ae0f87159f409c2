"""What organisers fill in about the programme: one session, or a whole event file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TimeField, ValidationError
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from event.names import clean
from event.programme import RULES
from event.sittings import KINDS, SlotFacts
from event.words import Words
from forms.fields import WHY
from forms.organiser import SureForm

AT = {"starts_at": "starts", "ends_at": "ends"}
NUMBER = {"inputmode": "numeric"}


class HourField(TimeField):
    """A time of 24 hours, typed: the browser's own control follows the browser's language."""

    def __init__(self, label: LazyString, validators: Sequence[Any], **options: Any) -> None:
        options["render_kw"] = {"placeholder": "08:30", "maxlength": 5, "autocomplete": "off"}
        options["widget"] = TextInput()
        super().__init__(label, validators, ["%H:%M", "%Hh%M", "%H.%M"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """As WTForms does; what was typed wrongly stays, with a reason in the reader's words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_l("This is no time of day. Example: 08:30"))) from None


class SessionForm(SureForm):
    """One session; whether its facts fit into the programme is for `event.timetable` to say."""

    title = StringField(_l("Title in Vietnamese"), [InputRequired(WHY["required"])])
    title_en = StringField(_l("Title in English"), render_kw={"lang": "en"})
    chair = StringField(_l("Chair"))
    chair_en = StringField(_l("Chair, in English"), render_kw={"lang": "en"})
    kind = SelectField(_l("Kind"))
    track = SelectField(_l("Track"))
    room = SelectField(_l("Room"))
    day = SelectField(_l("Day"))
    starts = HourField(_l("From"), [InputRequired(WHY["required"])])
    ends = HourField(_l("To"), [InputRequired(WHY["required"])])
    capacity = StringField(_l("Seats"), render_kw=NUMBER)
    rule = SelectField(_l("Who is let in"))
    meetings = StringField(_l("Meetings at once"), render_kw=NUMBER)
    confirmed = HiddenField()

    def offer(
        self,
        days: Iterable[date],
        tracks: Mapping[str, str],
        rooms: Mapping[str, str],
        kinds: Mapping[str, Any],
        rules: Mapping[str, Any],
    ) -> None:
        """What can be chosen, by key."""
        self.day.choices = [(d.isoformat(), f"{d:%d/%m/%Y}") for d in days]
        self.track.choices = [("", "–"), *tracks.items()]
        self.room.choices = [("", "–"), *rooms.items()]
        self.kind.choices = [(key, kinds[key]) for key in KINDS]
        self.rule.choices = [(key, rules[key]) for key in RULES]

    def fill(self, facts: SlotFacts, zone: ZoneInfo) -> None:
        """Put in what is stated so far."""
        starts, ends = facts.starts_at.astimezone(zone), facts.ends_at.astimezone(zone)
        self.process(
            data={
                "title": facts.title.vi, "title_en": facts.title.en,
                "chair": facts.chair.vi, "chair_en": facts.chair.en,
                "kind": facts.kind, "track": facts.track or "", "room": facts.room or "",
                "day": starts.date().isoformat(), "starts": starts.time(), "ends": ends.time(),
                "capacity": _text(facts.capacity), "meetings": _text(facts.meetings),
                "rule": facts.rule,
            }
        )  # fmt: skip

    def validate_capacity(self, field: StringField) -> None:
        """A whole number; nothing means open seats."""
        _whole(field.data)

    def validate_meetings(self, field: StringField) -> None:
        """A whole number, or nothing."""
        _whole(field.data)

    def facts(self, key: str, zone: ZoneInfo, before: SlotFacts | None = None) -> SlotFacts:
        """What was filled in; after `validate()`. What was corrected is no longer only planned."""
        day = date.fromisoformat(self.day.data)
        facts = SlotFacts(
            key=key,
            title=Words(clean(self.title.data or ""), clean(self.title_en.data or "")),
            chair=Words(clean(self.chair.data or ""), clean(self.chair_en.data or "")),
            starts_at=_moment(day, self.starts.data, zone),
            ends_at=_moment(day, self.ends.data, zone),
            kind=self.kind.data,
            track=self.track.data or None,
            room=self.room.data or None,
            capacity=_whole(self.capacity.data),
            rule=self.rule.data,
            meetings=_whole(self.meetings.data),
        )
        if before is None:
            return facts
        facts = replace(facts, categories=before.categories, entry=before.entry)
        return _with_assumed(facts, before)


def _with_assumed(facts: SlotFacts, before: SlotFacts) -> SlotFacts:
    stated = {f.name: getattr(facts, f.name) for f in fields(SlotFacts) if f.name != "assumed"}
    changed = {
        AT.get(name, name) for name, value in stated.items() if getattr(before, name) != value
    }
    kept = tuple(name for name in before.assumed if name not in changed)
    return SlotFacts(**stated, assumed=kept)


def _moment(day: date, at: time | None, zone: ZoneInfo) -> datetime:
    """A time of day at the place of the event."""
    return datetime.combine(day, at or time(), zone)


def _whole(text: str | None) -> int | None:
    """Raises `ValidationError`."""
    digits = (text or "").strip().replace(".", "").replace(",", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 8):
        raise ValidationError(str(_l("This is no whole number. Example: 120")))
    return int(digits)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


class EventFileForm(SureForm):
    """An event file; `text` holds it again when the people affected were listed first."""

    file = FileField(_l("Event file (TOML)"), render_kw={"accept": ".toml"})
    text = HiddenField()
