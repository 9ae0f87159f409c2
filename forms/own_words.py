"""What WTForms says by itself, in words that are translated with all others."""

from typing import Any

from flask_babel import lazy_gettext as _l

WORDS = {
    "Not a valid choice.": _l("Please choose from the list."),
    "Not a valid integer value.": _l("Please enter a whole number."),
    "Not a valid date value.": _l("Please enter a day, such as 29/09/2023."),
}


class OwnWords:
    """Stands where WTForms asks for translations."""

    def gettext(self, text: str) -> str:
        """A sentence of WTForms."""
        return str(WORDS.get(text, text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Sentences with numbers are given to each field by its form."""
        return one if count == 1 else many


class InOwnWords:
    """A form's `Meta` that speaks so."""

    def get_translations(self, form: Any) -> OwnWords:
        """Asked by WTForms."""
        return OwnWords()
