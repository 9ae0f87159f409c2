"""`--out`: the file that a command writes, whole or not at all."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click
from flask_babel import gettext as _

from pages.being_written import hold

Command = TypeVar("Command", bound=Callable[..., Any])


def out_option(command: Command) -> Command:
    """`--out`, which is a file or nothing yet."""
    kind = click.Path(path_type=Path)
    return click.option("--out", type=kind, required=True, callback=_no_other_thing)(command)


@contextmanager
def made_whole(out: Path) -> Iterator[BinaryIO]:
    """A draft beside it, of this process alone, that takes its place at the end."""
    draft = out.with_name(f"{out.name}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("xb") as file:
            hold(file)
            yield file
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _no_other_thing(_context: click.Context, _option: click.Parameter, out: Path) -> Path:
    """A draft must not take the place of a device or a folder."""
    with suppress(OSError):  # what cannot be looked at cannot be written, which is told then
        if out.exists() and not out.is_file():
            raise click.BadParameter(_("“%(path)s” is there already, and is no file.", path=out))
    return out
