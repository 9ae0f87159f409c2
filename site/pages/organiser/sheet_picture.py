"""The sheet of the chosen layout as pictures: what an organiser sees before printing."""

from markupsafe import Markup

import exports
from event.layouts import Design
from forms.badge_options import BadgeOptions
from pages import current
from pages.database import db

OPTIONS = ("layout", "order", "sides", "right", "down")


def sheet_shown(form: BadgeOptions) -> dict[str, object] | None:
    """The pictures of front and back, and over which edge to turn; None for a wrong choice."""
    if wrong_choice(form):
        return None
    key, imposing = str(form.layout.data), form.imposing
    badge = exports.specimen.specimen(db.session(), current.event(), current.language())
    sides = exports.badge_picture.sheet_svgs(badge, form.design, key, imposing)
    width, height = form.design.layouts[key].paper
    # The pictures are made of escaped text; nothing in them is of a visitor.
    return {"sides": [Markup(side) for side in sides], "turned_over_long_edge": height >= width}  # noqa: S704


def single_badges(design: Design) -> list[tuple[str, Markup]]:
    """A badge of each kind of card, with the first layout that has it."""
    badge = exports.specimen.specimen(db.session(), current.event(), current.language())
    names = design.names(current.language())
    first = {layout.card: key for key, layout in reversed([*design.layouts.items()])}
    return [
        (names[key], Markup(exports.badge_picture.badge_svg(badge, design, key)))  # noqa: S704
        for key in names
        if key in first.values()
    ]


def wrong_choice(form: BadgeOptions) -> bool:
    """Whether nothing can be drawn of what was chosen."""
    return any(getattr(form, name).errors for name in OPTIONS)
