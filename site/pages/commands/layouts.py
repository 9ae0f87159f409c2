"""Options of commands that print badges: layout, sides, order, and the printer's shift."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask_babel import gettext as _

import exports
from event.layouts import Design, Imposing, Layout
from forms.badge_options import MOST_SHIFT

Command = TypeVar("Command", bound=Callable[..., Any])
MILLIMETRES = click.FloatRange(-MOST_SHIFT, MOST_SHIFT)


def layout_option(command: Command) -> Command:
    """`--layout`; the event's own unless told."""
    return click.option(
        "--layout", default="", help="A key of [badges.layouts], such as a6, card, 4up, 8up, 10up."
    )(command)


def imposing_options(command: Command) -> Command:
    """How badges come onto paper; what is left out is as the event file says."""
    options = (
        layout_option,
        click.option("--duplex/--one-side", default=None, help="The same face on both sides."),
        click.option("--cut-and-stack", is_flag=True, help="Cut the pile once: stacks in order."),
        click.option(
            "--offset", type=(MILLIMETRES, MILLIMETRES), default=None, metavar="RIGHT DOWN",
            help="Millimetres, for a printer that pulls askew.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def known_layout(design: Design, layout: str) -> str:
    """The layout, or the event's own; ends the command for one that nobody described."""
    if layout and layout not in design.layouts:
        known = ", ".join(design.layouts)
        raise click.BadParameter(
            _("“%(found)s” is not known. Known are: %(known)s.", found=layout, known=known),
            param_hint="--layout",
        )
    return layout or design.layout


def imposing_of(
    design: Design,
    *,
    duplex: bool | None,
    cut_and_stack: bool,
    offset: tuple[float, float] | None,
) -> Imposing:
    """What the options mean."""
    sides = design.duplex if duplex is None else duplex
    return Imposing(sides, cut_and_stack, design.offset if offset is None else offset)


def write_measures(layout: Layout, imposing: Imposing, out: Path) -> None:
    """The test sheet of a layout."""
    try:
        with out.open("wb") as file:
            exports.test_sheet.write_test_sheet(layout, imposing, file)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    click.echo(_("Test sheet in %(path)s", path=out))
