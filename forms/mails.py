"""What organisers write to many people, and the address to which one mail goes again."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from event.circulars import unknown_placeholders
from event.names import clean
from event.questions import BY_KEY
from event.words import Words
from forms.fields import WHY, Answer
from forms.organiser import SureForm

LONGEST = 20_000
OUTLOOKS_OWN = b"\xd0\xcf\x11\xe0"
"""How a .msg begins."""
TOO_LONG = _l("At most %(max)d characters, please.")


def _subject(label: LazyString, language: str, *more: object) -> StringField:
    limit, shown = Length(max=200, message=TOO_LONG), {"maxlength": 200, "lang": language}
    return StringField(label, [*more, limit], render_kw=shown)


def _body(label: LazyString, language: str, *more: object) -> TextAreaField:
    limit = Length(max=LONGEST, message=TOO_LONG)
    shown = {"rows": 10, "maxlength": LONGEST, "lang": language}
    return TextAreaField(label, [*more, limit], render_kw=shown)


class CircularForm(FlaskForm):
    """Subject and text in both languages; without the English one, everybody reads Vietnamese."""

    subject = _subject(_l("Subject"), "vi", InputRequired(WHY["required"]))
    body = _body(_l("Text"), "vi", InputRequired(WHY["required"]))
    subject_en = _subject(_l("Subject in English"), "en")
    body_en = _body(_l("Text in English"), "en")
    with_badge = BooleanField(_l("Enclose the badge: the code in the mail, the PDF attached"))

    def validate_subject(self, field: Field) -> None:
        """No word in braces that means nothing."""
        wrong = unknown_placeholders(field.data or "")
        if wrong:
            told = _l("{%(word)s} is none of the words that can be filled in.", word=wrong[0])
            raise ValidationError(str(told))

    validate_body = validate_subject_en = validate_body_en = validate_subject

    @property
    def words(self) -> dict[str, Words]:
        """Subject and text, after `validate()`."""
        subject, other = clean(self.subject.data or ""), clean(self.subject_en.data or "")
        return {
            "subject": Words(subject, other),
            "body": Words((self.body.data or "").strip(), (self.body_en.data or "").strip()),
        }

    def validate(self, extra_validators: object = None) -> bool:
        """English needs both of its fields, or none."""
        good = bool(super().validate())
        for field, other in (
            (self.subject_en, self.body_en), (self.body_en, self.subject_en)
        ):  # fmt: skip
            if not (field.data or "").strip() and (other.data or "").strip():
                field.errors = (*field.errors, str(_l("Please write this in English too.")))
                good = False
        return good


class ReturnedForm(FlaskForm):
    """Reports as a mail program saves them."""

    files = MultipleFileField(
        _l("Saved mails (.eml, .mbox)"),
        render_kw={"accept": ".eml,.mbox,.mbx,.txt,message/rfc822", "required": True},
    )

    def validate_files(self, field: Field) -> None:
        """At least one, and none in a format that only one program reads."""
        chosen = [file for file in field.data or [] if file and file.filename]
        if not chosen:
            raise ValidationError(str(WHY["required"]))
        for file in chosen:
            if file.stream.read(len(OUTLOOKS_OWN)) == OUTLOOKS_OWN:
                raise ValidationError(str(_l(
                    "%(name)s is in Outlook’s own format (.msg). Please save the mail as .eml.",
                    name=file.filename,
                )))  # fmt: skip
            file.stream.seek(0)


class SendAgainForm(SureForm):
    """Where the confirmation goes once more; another address is a correction."""

    email = StringField(
        _l("E-mail"),
        [Answer(BY_KEY["email"], required=True)],
        render_kw={"type": "email", "inputmode": "email", "maxlength": 254},
    )
