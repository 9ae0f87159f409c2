"""Lists that offices send: read row by row, mended where that is certain, taken in once."""

from event.imports.answers import Mend, Refusal
from event.imports.columns import FIELDS, Columns, WrongColumns, columns_by_hand, find_columns
from event.imports.preview import NoHeading, Preview, corrections, preview
from event.imports.record import Import, past_imports
from event.imports.rows import IGNORED, REFUSED, REPEATED, TAKEN, Row
from event.imports.taking import Run, take

__all__ = [
    "FIELDS",
    "IGNORED",
    "REFUSED",
    "REPEATED",
    "TAKEN",
    "Columns",
    "Import",
    "Mend",
    "NoHeading",
    "Preview",
    "Refusal",
    "Row",
    "Run",
    "WrongColumns",
    "columns_by_hand",
    "corrections",
    "find_columns",
    "past_imports",
    "preview",
    "take",
]
