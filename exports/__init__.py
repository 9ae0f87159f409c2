"""What leaves the site: lists, badges, calendars; a module loads when it is first asked for.

`import exports` costs a web process nothing; `exports.badges` then loads fonts and their shaper.
"""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports import badges as badges
    from exports import calendar as calendar
    from exports import faces as faces
    from exports import formats as formats
    from exports import lists as lists
    from exports import pack as pack
    from exports import preflight as preflight
    from exports import qr as qr
    from exports import text as text


def __getattr__(name: str) -> ModuleType:
    """The module of that name."""
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return importlib.import_module(f"exports.{name}")
    except ModuleNotFoundError as missing:
        raise AttributeError(name) from missing
