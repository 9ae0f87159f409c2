"""What a load of the event file did, in the reader's words: the same in command and page."""

from flask_babel import gettext as _

from event.loading import Loaded

MOST = 40
"""Keys that are named; more are counted."""


def told(loaded: Loaded) -> tuple[str, list[str]]:
    """A sentence, and each key with a sign: + came, ~ changed, - went."""
    if not loaded.anything:
        return _("Nothing has changed."), []
    line = _(
        "Loaded: %(added)s added, %(changed)s changed, %(removed)s removed.",
        added=len(loaded.added),
        changed=len(loaded.changed),
        removed=len(loaded.removed),
    )
    came = [] if "event" in loaded.added else loaded.added  # a whole event is no list to read
    signed = (("+", came), ("~", loaded.changed), ("-", loaded.removed))
    lines = [f"{sign} {path}" for sign, paths in signed for path in paths]
    return line, lines if len(lines) <= MOST else [*lines[:MOST], f"… {len(lines) - MOST}"]
