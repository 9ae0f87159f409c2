"""Formulas that show a fixed text, read as what a spreadsheet would show; nothing is calculated."""

import re

_STRING = r'"((?:[^"]|"")*)"'
_TEXT = re.compile(rf"=\s*{_STRING}")
_LINK = re.compile(rf"=\s*HYPERLINK\(\s*{_STRING}\s*(?:[,;]\s*{_STRING}\s*)?\)", re.IGNORECASE)


def shown_text(formula: str) -> str | None:
    """What `="0913456701"` or `=HYPERLINK("http://…","Công ty Y")` shows; None for any other."""
    if found := _TEXT.fullmatch(formula.strip()):
        return found[1].replace('""', '"')
    if found := _LINK.fullmatch(formula.strip()):
        return str(found[1] if found[2] is None else found[2]).replace('""', '"')
    return None
