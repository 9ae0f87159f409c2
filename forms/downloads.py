"""What can be downloaded, of whom, and what stands on paper around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    SearchField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import TextInput

from event.consents import EXHIBITORS
from event.layouts import Design, usual_design
from event.names import clean
from event.people import CODE, INITIALS, NARROWINGS, OTHER, asked
from event.provinces import province_names
from forms.badge_options import BadgeOptions
from forms.fields import reader
from forms.imports import LANGUAGES
from forms.own_words import InOwnWords

FORMATS = ("csv", "xlsx", "pdf")
BADGES = "badges"
MOST_PICKED = 1000
ANY = _l("all")


@dataclass(frozen=True)
class Kind:
    """A list with what it is for."""

    title: LazyString
    about: LazyString


LISTS = {
    "attendees": Kind(
        _l("All attendees"), _l("Everybody who holds a place, in the order of given names.")
    ),
    "arrivals": Kind(_l("Arrivals"), _l("Who came, when and where, in the order of coming.")),
    "sessions": Kind(
        _l("Sign-in sheets by session"),
        _l("Rows to sign in, ten blank ones at the end, no phone or e-mail."),
    ),
    "delegations": Kind(
        _l("Delegates by delegation"), _l("The head first, then as they were sent.")
    ),
    "organisations": Kind(_l("By organisation"), _l("In alphabetical order of organisations.")),
    "provinces": Kind(_l("By province"), _l("In alphabetical order of provinces, abroad last.")),
    "handover": Kind(
        _l("Hand-over of badges"),
        _l("A page to sign for each delegation, when it gets its badges."),
    ),
    "labels": Kind(
        _l("Envelope labels"),
        _l("For each delegation: its name, its head, how many. On A4, three by eight."),
    ),
    "replaced": Kind(
        _l("Badges to be pulled"), _l("Those that a newer one has replaced, and since when.")
    ),
}


@dataclass(frozen=True)
class Known:
    """What can be chosen from: keys with their names, in the reader's language."""

    category: dict[str, str] = field(default_factory=dict)
    session: dict[str, str] = field(default_factory=dict)
    track: dict[str, str] = field(default_factory=dict)
    delegation: dict[str, str] = field(default_factory=dict)
    design: Design = field(default_factory=usual_design)


def _line(label: LazyString, longest: int = 120, **kwargs: Any) -> Any:
    return StringField(label, [Length(max=longest, message=_l("This is too long."))], **kwargs)


def _offered(choices: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(key, str(name)) for key, name in choices.items()]


class ExportForm(BadgeOptions, FlaskForm):
    """Whom a list holds (as the table of people narrows them), and how official paper is signed."""

    class Meta(InOwnWords, FlaskForm.Meta):
        """The address can be kept and passed on."""

        csrf = False

    q = SearchField(_l("Search"), [Length(max=200, message=_l("This is too long."))])
    category = SelectField(_l("Category"), default="")
    session = SelectField(_l("Session"), default="")
    track = SelectField(_l("Track"), default="")
    delegation = SelectField(_l("Delegation"), default="")
    province = SelectField(_l("Province"), default="")
    organisation = _line(_l("Organisation"), 200)
    arrived = SelectField(_l("Arrived"), default="")
    state = SelectField(_l("Registration"), default="")
    ids = _line(_l("Codes, picked by hand"), 12 * MOST_PICKED)
    initial = SelectField(_l("Given name begins with"), default="")
    changed = SelectField(_l("Printed already?"), default="")
    agreed = SelectField(_l("Agreed to"), default="")
    imported = HiddenField(_l("Imported list no."))

    language = SelectField(_l("Language"), choices=LANGUAGES, default="vi")
    attached_to = _line(_l("Attached to"))
    maker = _line(_l("Made by"))
    instead_of = _line(_l("Signed in place of (KT.)"))
    office = _line(_l("Office of the signer"))
    signer = _line(_l("Name of the signer"))
    on = DateField(
        _l("Date on the paper"),
        [Optional()],
        format=["%d/%m/%Y", "%Y-%m-%d"],
        widget=TextInput(),
        render_kw={"placeholder": "29/09/2023", "inputmode": "numeric"},
    )
    all_columns = BooleanField(_l("All columns on paper too"))

    def __init__(self, typed: Any, known: Known) -> None:
        super().__init__(typed)
        for name in ("category", "session", "track", "delegation"):
            self[name].choices = _offered({"": ANY, **getattr(known, name)})
        self.delegation.choices.append(SelectChoice("none", str(_l("without a delegation"))))
        self.province.choices = _offered({"": ANY, **province_names(reader())})
        self.arrived.choices = _offered({"": ANY, "yes": _l("yes"), "no": _l("not yet")})
        self.state.choices = _offered(
            {
                "": _l("holding a place"),
                "waiting": _l("waiting for approval"),
                "in_line": _l("in line for a place"),
                "cancelled": _l("cancelled"),
                "all": ANY,
            }
        )
        letters = {letter: letter.upper() for letter in INITIALS}
        self.initial.choices = _offered({"": ANY, **letters, OTHER: _l("another script")})
        self.changed.choices = _offered(
            {"": ANY, "yes": _l("only what is new or changed since it was printed")}
        )
        self.agreed.choices = _offered({"": ANY, EXHIBITORS: _l("being contacted by exhibitors")})
        self.offer(known.design, reader())
        if self.one_person and not self.layout.raw_data:
            self.layout.data = known.design.single

    def validate_ids(self, field: Field) -> None:
        """Codes and what stands between them; nothing else was meant."""
        rest = CODE.sub("", field.data or "")
        if rest.strip(" ,;.\t\r\n"):
            raise ValidationError(str(_l("Codes are numbers, such as 00012, 00015.")))

    @property
    def people(self) -> dict[str, str]:
        """Whom it is about, in the words of `event.people`."""
        return asked({name: self[name].data or "" for name in NARROWINGS})

    @property
    def paper(self) -> dict[str, Any]:
        """What stands on paper only."""
        names = ("maker", "instead_of", "office", "signer")
        return {
            "attached_to": clean(self.attached_to.data or ""),
            "signature": {name: clean(self[name].data or "") for name in names},
            "on": self.on.data.isoformat() if self.on.data else "",
            "all_columns": bool(self.all_columns.data),
        }

    @property
    def one_person(self) -> bool:
        """Whether it is about a single badge, picked by its code."""
        return set(self.people) == {"ids"} and len(CODE.findall(self.ids.data or "")) == 1
