"""A form is made of questions: labels in the reader's language, clean answers, reasons in words."""

import unicodedata
from collections.abc import Callable

import pytest
from flask import Flask
from flask_babel import refresh
from sqlalchemy import select

from event.programme import Category
from event.questions import QUESTIONS
from forms.fields import AnswersForm, asks
from pages.database import db


@asks(required=lambda question: question.required)
class Everything(AnswersForm):
    """As people fill it in themselves."""


@asks(required=lambda question: question.at_desk)
class AtTheDesk(AnswersForm):
    """As the desk fills it in for a walk-in."""


Fill = Callable[..., Everything]


@pytest.fixture
def fill(app: Flask) -> Fill:
    """A form filled in by field names, asked in a Vietnamese request."""

    def filled(kind: type[AnswersForm] = Everything, path: str = "/register", **typed: str):  # type: ignore[no-untyped-def]
        with app.test_request_context(path, method="POST", data=typed):
            refresh()
            form = kind(categories=db.session().scalars(select(Category)).all())
            form.validate()
            for field in form.asked():
                field.label.text = str(field.label.text)
            return form

    return filled


def test_every_question_is_a_field_in_its_order(fill: Fill) -> None:
    assert [field.name for field in fill().asked()] == [question.key for question in QUESTIONS]


def test_labels_speak_the_reader_s_language(fill: Fill) -> None:
    assert fill()["name"].label.text == "Họ và tên"
    assert fill(path="/en/register")["name"].label.text == "Full name"


def test_what_is_stored_is_clean_and_what_was_typed_stays(fill: Fill) -> None:
    typed = unicodedata.normalize("NFD", "  Nguyễn  Thị Hương ")
    form = fill(name=typed, phone="0912 345 678", email="Huong@ViDu.vn", province="Bình Dương")
    assert form["name"].answer == "Nguyễn Thị Hương"
    assert form["phone"].answer == "+84912345678"
    assert form["email"].answer == "huong@vidu.vn"
    assert form["province"].answer == "79"
    assert (form["name"].data, form["phone"].data) == (typed, "0912 345 678")


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "Xin điền mục này."),
        ("name", "0123", "Họ và tên phải có ít nhất một chữ cái."),
        ("name", "ă" * 121, "Tối đa 120 ký tự."),
        ("email", "huong", "Địa chỉ email chưa đúng. Ví dụ: hoa.le@vidu.vn"),
        ("phone", "12", "Số điện thoại chưa đúng. Ví dụ: 0912 345 678, +82 2 312 3456"),
        ("province", "", "Xin chọn một mục."),
        ("province", "Atlantis", "Xin chọn tỉnh, thành phố trong danh sách."),
        ("category", "emperor", "Xin chọn đối tượng trong danh sách."),
    ],
)
def test_a_wrong_answer_gets_its_reason(field: str, typed: str, reason: str, fill: Fill) -> None:
    form = fill(**{field: typed})
    assert list(form[field].errors) == [reason]


def test_the_desk_asks_for_name_and_organisation_only(fill: Fill) -> None:
    assert sorted(fill(AtTheDesk).errors) == ["csrf_token", "name", "organisation"]
    form = fill(AtTheDesk, name="Lê Hoa", organisation="Báo Ví Dụ")
    assert list(form.errors) == ["csrf_token"]
    assert (form.answers()["name"], form.answers()["email"]) == ("Lê Hoa", "")


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [("/register", "An Giang", "Nước ngoài"), ("/en/register", "Outside Vietnam", "Vĩnh Long")],
)
def test_a_province_is_offered_by_name_and_foreign_guests_find_abroad_first(
    path: str, first: str, last: str, app: Flask
) -> None:
    with app.test_request_context(path):
        refresh()
        offered = [choice.label for choice in Everything()["province"].iter_choices()]
    assert len(offered) == 1 + 34 + 1
    assert (offered[1], offered[-1]) == (first, last)
