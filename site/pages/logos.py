"""A logo that is safe may still be strange: whether it can be drawn is tried before it is taken."""

import exports
from event.eventfile import Document, WrongFile
from event.logos import WrongLogo, from_inline, sound
from event.sittings import Problem


def drawable(data: bytes) -> bytes:
    """The picture as it will be kept. Raises `WrongLogo`."""
    kept = sound(data)
    exports.logo_trial.on_trial(kept)
    return kept


def drawable_in(document: Document, file: str) -> Document:
    """The same event; raises `WrongFile` for one with a logo that cannot be drawn."""
    logo = from_inline(document.badges.logo or "")
    if logo:
        try:
            exports.logo_trial.on_trial(logo)
        except WrongLogo as wrong:
            raise WrongFile(file, [Problem("badges.logo", wrong.what, wrong.values)]) from None
    return document
