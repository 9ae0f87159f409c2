"""Whom a print run is about and why, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from event.layouts import Imposing
from event.people import CODE
from forms.badge_options import in_millimetres
from forms.downloads import ExportForm, Known


def how_imposed(options: Mapping[str, Any]) -> list[str]:
    """What a run's badges have beside their layout: both sides, stacks, a shift."""
    imposing = Imposing.wished(options)
    right, down = (in_millimetres(length) or "0" for length in imposing.offset)
    said = {
        _("both sides"): imposing.duplex,
        _("cut and stack"): imposing.stacked,
        _("shifted: %(right)s mm right, %(down)s mm down", right=right, down=down): any(
            imposing.offset
        ),
    }
    return [words for words, so in said.items() if so]


WHY = {
    "new": _l("not printed yet"),
    "revision": _l("a new badge was issued"),
    "name": _l("another name"),
    "degree": _l("another degree"),
    "organisation": _l("another organisation"),
    "position": _l("another position"),
    "category_id": _l("another category"),
    "language": _l("another language"),
    "tracks": _l("other tracks"),
    "category": _l("the category has another name or colour"),
    "track": _l("a track has another name"),
    "event": _l("the event has another name, place or days"),
    "logo": _l("another logo"),
    "same": _l("once more, unchanged"),
}
"""The reasons of `event.reprints`, as a reader knows them."""


def reasons_in_words(reasons: Mapping[str, int]) -> list[str]:
    """A line for each, with how many it holds for: "Đổi tên: 12"."""
    return [f"{WHY[reason]}: {format_decimal(count)}" for reason, count in reasons.items()]


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
            elif name == "blanks":
                yield _("Blank badges %(numbers)s", numbers=value)
            elif name == "printer":
                yield _("One by one at the desk: %(printer)s", printer=value)
            else:
                field = self._form[name]
                choices = {choice.value: choice.label for choice in getattr(field, "choices", ())}
                said = choices.get(value, value)
                yield said if name == "changed" else f"{field.label.text}: {said}"
