"""Forms that say in the reader's language what WTForms says of itself: it knows no Vietnamese."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

SAID = {
    "Not a valid choice.": _l("Please choose one of these."),
    "Not a valid date value.": _l("This is no date."),
    "This field is required.": _l("Please fill this in."),
}


class Speaker:
    """What WTForms asks for its own sentences."""

    def gettext(self, sentence: str) -> str:
        """One of those that our fields can come to say."""
        return str(SAID.get(sentence, sentence))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Where a number decides; our forms state their own limits."""
        return one if count == 1 else many


class TranslatedForm(FlaskForm):
    """A form with choices or dates, whose wrong answers only WTForms can tell."""

    class Meta(FlaskForm.Meta):
        """Where WTForms looks for sentences."""

        def get_translations(self, form: object) -> Speaker:
            """Ours."""
            return Speaker()
