"""What leaves the site: lists, badges, calendars; a module loads when it is first asked for.

`import exports` costs a web process nothing; `exports.badges` then loads fonts and their shaper.
"""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports import agenda as agenda
    from exports import badge_picture as badge_picture
    from exports import badge_png as badge_png
    from exports import badges as badges
    from exports import blanks as blanks
    from exports import calendar as calendar
    from exports import faces as faces
    from exports import fields as fields
    from exports import formats as formats
    from exports import imposing as imposing
    from exports import listings as listings
    from exports import lists as lists
    from exports import logo as logo
    from exports import logo_trial as logo_trial
    from exports import orders as orders
    from exports import pack as pack
    from exports import preflight as preflight
    from exports import preview as preview
    from exports import qr as qr
    from exports import qr_tables as qr_tables
    from exports import specimen as specimen
    from exports import test_sheet as test_sheet
    from exports import text as text


def __getattr__(name: str) -> ModuleType:
    """The module of that name."""
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return importlib.import_module(f"exports.{name}")
    except ModuleNotFoundError as missing:
        raise AttributeError(name) from missing
