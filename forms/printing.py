"""Whom a print run is about, in words."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from event.people import CODE
from forms.downloads import ExportForm, Known


class InWords:
    """Says for the words of `event.people` what a reader calls them; for many runs at once."""

    def __init__(self, known: Known) -> None:
        self._form = ExportForm(MultiDict(), known)

    def lines(self, people: Mapping[str, str]) -> list[str]:
        """A line for each narrowing: "Loại: Đại biểu". None of them means everybody."""
        return list(self._lines(people))

    def _lines(self, people: Mapping[str, str]) -> Iterator[str]:
        for name, value in people.items():
            if name == "ids":
                yield _("Picked by hand: %(count)s", count=len(CODE.findall(value)))
            else:
                field = self._form[name]
                choices = {choice.value: choice.label for choice in getattr(field, "choices", ())}
                said = choices.get(value, value)
                yield said if name == "changed" else f"{field.label.text}: {said}"
