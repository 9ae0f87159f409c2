"""The fields that every audience's form makes from the questions: one line there, a field here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, StringField, TelField, ValidationError
from wtforms.fields.choices import Choice, SelectFieldBase
from wtforms.form import BaseForm
from wtforms.widgets import Select

from event.programme import Category
from event.provinces import FOREIGN, province_names
from event.questions import QUESTIONS, Question, WrongAnswer
from event.words import Words

F = TypeVar("F", bound=type["AnswersForm"])

WHY = {
    "required": _l("Please fill this in."),
    "name.no_letters": _l("A name has at least one letter."),
    "text.link": _l("No web address can stand here."),
    "email.wrong": _l("This is no e-mail address. Example: hoa.le@vidu.vn"),
    "phone.wrong": _l("This is no phone number. Examples: 0912 345 678, +82 2 312 3456"),
    "province.unknown": _l("Please choose a province from the list."),
    "category.unknown": _l("Please choose a category from the list."),
}  # fmt: skip
CHOOSE = _l("Please choose.")
NOTHING = _l("– choose –")


def why(wrong: WrongAnswer) -> str:
    """A refused answer in the reader's words."""
    if wrong.key == "too_long":
        return str(_l("At most %(limit)s characters, please.", limit=wrong.limit))
    return str(WHY[wrong.key])


def reader() -> str:
    """The reader's language."""
    return str(get_locale() or "vi")


def in_reader(words: Words) -> LazyString:
    """Bilingual words, decided when they are shown."""
    return LazyString(lambda: words.in_(reader()))


class Answer:
    """A question's own rule: `field.answer` becomes what is stored, `data` stays what was typed."""

    def __init__(self, question: Question, *, required: bool) -> None:
        self.question = question
        self.required = required
        self.field_flags = {"required": True} if required else {}

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Raises `ValidationError` with the reason."""
        try:
            field.answer = self.question.answer(  # type: ignore[attr-defined]
                field.data or "", required=self.required
            )
        except WrongAnswer as wrong:
            is_choice = wrong.key == "required" and isinstance(field, ChoiceField)
            raise ValidationError(str(CHOOSE) if is_choice else why(wrong)) from None


class ChoiceField(SelectFieldBase):
    """One of a few; they are only put into words where the field is shown."""

    widget = Select()
    offered: Callable[[], Mapping[str, str]] = staticmethod(dict)

    def iter_choices(self) -> Iterator[Choice]:
        """An empty line first: nothing is chosen for anybody."""
        yield Choice("", str(NOTHING), not self.data, {})
        for value, label in self.offered().items():
            yield Choice(value, label, value == self.data, {})


def _provinces(language: str) -> dict[str, str]:
    """Whoever reads Vietnamese finds abroad last, everybody else first."""
    names = province_names(language)
    return names if language == "vi" else {FOREIGN: names[FOREIGN]} | names


class ProvinceField(ChoiceField):
    """The 34 of today, and abroad; any of their names is understood."""

    offered = staticmethod(lambda: _provinces(reader()))


def _name(category: Category) -> str:
    return category.name.in_(reader())


class CategoryField(ChoiceField):
    """What people come as; the page says which are offered, with `AnswersForm.offer`."""

    categories: Sequence[Category] = ()

    def pre_validate(self, form: BaseForm) -> None:
        """Nobody makes themselves staff by sending its key."""
        if self.data and self.data not in {category.key for category in self.categories}:
            raise ValidationError(str(WHY["category.unknown"]))

    def offer(
        self, categories: Iterable[Category], said: Callable[[Category], str] = _name
    ) -> None:
        """Offer these, in their order; `said` puts each into words."""
        self.categories = tuple(categories)
        self.offered = lambda: {c.key: said(c) for c in self.categories}


KINDS: dict[str, type[Field]] = {
    "text": StringField,
    "email": EmailField,
    "tel": TelField,
    "province": ProvinceField,
    "category": CategoryField,
}


class AnswersForm(FlaskForm):
    """A form made from questions by `asks`."""

    questions: ClassVar[tuple[Question, ...]] = ()

    def __init__(self, *args: Any, categories: Iterable[Category] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self[question.key].question = question
        if "category" in self:
            self["category"].offer(categories)

    def answers(self) -> dict[str, Any]:
        """What is stored, by question; after `validate()`."""
        return {question.key: self[question.key].answer for question in self.questions}

    def asked(self) -> list[Field]:
        """The fields of the questions, in their order."""
        return [self[question.key] for question in self.questions]


def asks(
    questions: Iterable[Question] = QUESTIONS, *, required: Callable[[Question], bool]
) -> Callable[[F], F]:
    """Give a form class a field for each question, as in `@asks(required=lambda q: q.at_desk)`."""
    asked = tuple(questions)

    def add(form: F) -> F:
        form.questions = asked
        for question in asked:
            setattr(form, question.key, field_for(question, required=required(question)))
        return form

    return add


def field_for(question: Question, *, required: bool) -> Any:
    """The field of one question, unbound as WTForms wants it in a class."""
    known = {"autocomplete": question.autocomplete}
    if question.suggestions:
        known["list"] = f"{question.key}-suggestions"
    return KINDS[question.kind](
        in_reader(question.label), [Answer(question, required=required)], render_kw=known
    )
