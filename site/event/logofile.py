"""The logo that an event file names: a file beside it, or the picture itself."""

from pathlib import Path

import msgspec

from event.layouts import BadgesPart
from event.logos import LARGEST, WrongLogo, from_inline, inline, sound


def with_logo(part: BadgesPart, folder: Path | None) -> BadgesPart:
    """With the picture in place of a file's name. Raises `WrongLogo`."""
    named = part.logo or ""
    data = from_inline(named)
    kept = sound(_read(named, folder) if data is None else data)
    return msgspec.structs.replace(part, logo=inline(kept))


def _read(name: str, folder: Path | None) -> bytes:
    """A file in the folder itself, never outside it."""
    if folder is None or Path(name).name != name:
        raise WrongLogo("logo_not_beside", found=name)
    try:
        with (folder / name).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError):  # or no name that a file can have
        raise WrongLogo("logo_no_file", found=name) from None
