"""One list as an organiser wants it: columns and their order, order of rows, format, and a name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from event.choices import LONGEST_NAME
from event.names import clean
from event.people import NARROWINGS
from forms.downloads import FORMATS, ExportForm, Known

AROUND = ("attached_to", "maker", "instead_of", "office", "signer")
"""What stands around the table on paper, and is saved; the date is not."""


@dataclass(frozen=True)
class Offered:
    """What a list offers: its columns with their headings, those it can be ordered by, and what it
    has by itself in each format. `free`: its columns can be chosen.
    """

    name: str
    columns: Mapping[str, str]
    orders: tuple[str, ...]
    standard: Mapping[str, tuple[str, ...]]
    free: bool = True


class ListForm(ExportForm):
    """Stands in an address; `was` is the format of the page that sent it, empty without one."""

    column = SelectMultipleField(_l("Columns"))
    sort = SelectField(_l("Order of the rows"), default="")
    reverse = BooleanField(_l("The last first"))
    format = SelectField(
        _l("Format"), choices=[SelectChoice(f, f.upper()) for f in FORMATS], default="xlsx"
    )
    was = HiddenField()
    choice = HiddenField()
    save_as = StringField(_l("Name"), [Length(max=LONGEST_NAME, message=_l("This is too long."))])

    def __init__(self, typed: Any, known: Known, offered: Offered) -> None:
        super().__init__(typed, known)
        self.offered = offered
        self.column.choices = [SelectChoice(key, name) for key, name in offered.columns.items()]
        self.sort.choices = [
            SelectChoice("", str(_l("as usual in this list"))),
            *(SelectChoice(key, offered.columns[key]) for key in offered.orders),
        ]

    def validate_column(self, field: Field) -> None:
        """A page that was sent without any column had them all unticked."""
        if self.was.data and not field.data:
            raise ValidationError(str(_l("Please choose at least one column.")))

    @property
    def columns(self) -> tuple[str, ...]:
        """In their order. Those a list has by itself change with the format."""
        standard, was = self.offered.standard, self.was.data or ""
        found = tuple(dict.fromkeys(self.column.data or ()))
        if not found and not was:
            return standard[self._format]
        switched = was in standard and was != self._format and found == standard[was]
        return standard[self._format] if switched else found

    @property
    def chosen(self) -> tuple[str, ...]:
        """The columns, or none as long as they are the list's own."""
        return () if self.columns == self.offered.standard[self._format] else self.columns

    @property
    def _format(self) -> str:
        return str(self.format.data if self.format.data in FORMATS else FORMATS[0])

    def move(self, key: str, by: int) -> None:
        """Put a column one place further to the front or back."""
        columns = list(self.columns)
        if key in columns:
            at = columns.index(key)
            columns.insert(min(max(at + by, 0), len(columns) - 1), columns.pop(at))
        self.column.data = columns

    @property
    def wish(self) -> dict[str, Any]:
        """What the worker is told of the table itself."""
        order, down = self.sort.data or "", bool(self.reverse.data)
        return {"columns": list(self.chosen), "order": order, "down": down and bool(order)}

    @property
    def kept(self) -> dict[str, Any]:
        """What `event.choices.save` takes."""
        around = {name: clean(self[name].data or "") for name in AROUND if self[name].data}
        return self.wish | {
            "listing": self.offered.name,
            "format": self._format,
            "language": self.language.data,
            "people": self.people,
            "paper": around,
        }

    def address(self) -> list[tuple[str, str]]:
        """All of it for the query of an address, as short as it can be."""
        on = self.on.data.strftime("%d/%m/%Y") if self.on.data else ""
        own = [("choice", self.choice.data), ("on", on)]
        return [*in_address(self.kept), *((name, value) for name, value in own if value)]


def in_address(kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is kept, as the query that `ListForm` reads."""
    return list(_pairs(kept))


def _pairs(kept: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for word in NARROWINGS:
        if value := kept["people"].get(word):
            yield word, value
    yield from (("column", key) for key in kept["columns"])
    if kept["order"]:
        yield "sort", kept["order"]
    if kept["down"]:
        yield "reverse", "y"
    if kept["format"] != "xlsx":
        yield "format", kept["format"]
    if kept["language"] != "vi":
        yield "language", kept["language"]
    yield from kept["paper"].items()
