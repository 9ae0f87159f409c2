"""Saved lists on both databases: one name for one, kept for all, dropped and brought back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.choices import (
    Choice,
    NameTaken,
    bring_back,
    choices,
    drop,
    named,
    rename,
    save,
    use,
)
from event.journal import Change
from tests.house import OPENING

LATER = OPENING + timedelta(hours=1)
CHOSEN: dict[str, Any] = {
    "listing": "attendees", "format": "pdf", "language": "vi", "columns": ["phone", "name"],
    "order": "phone", "down": True, "people": {"province": "22"}, "paper": {"maker": "Lê Lan"},
}  # fmt: skip


def kept(store: Session, name: str, **other: Any) -> Choice:
    """A list saved under that name by Lan."""
    return save(store, name, CHOSEN | other, by="lan@vidu.vn", at=OPENING)


def names(store: Session) -> list[str]:
    return [choice.name for choice in store.scalars(choices())]


def test_all_that_was_chosen_is_kept(store: Session) -> None:
    number = kept(store, "  Ký  nhận quà ").id
    store.expire_all()
    choice = store.get_one(Choice, number)
    assert {word: getattr(choice, word) for word in CHOSEN} == CHOSEN
    assert (choice.name, choice.saved_by, choice.saved_at) == (
        "Ký nhận quà", "lan@vidu.vn", OPENING,
    )  # fmt: skip
    assert (choice.used_by, choice.used_at) == ("", None)


def test_it_is_found_by_its_name_without_accents_too(store: Session) -> None:
    number = kept(store, "Ký nhận quà").id
    for said in ("Ký nhận quà", "ky nhan qua", "KÝ NHẬN QUÀ"):
        assert store.scalars(named(said)).one().id == number
    assert store.scalar(named("Quà")) is None


def test_a_name_is_taken_once(store: Session) -> None:
    first = kept(store, "Đoàn")
    with pytest.raises(NameTaken, match="Đoàn"):
        kept(store, "doan", columns=["email"])
    assert (names(store), first.columns) == (["Đoàn"], ["phone", "name"])


def test_an_opened_list_is_saved_over_itself(store: Session) -> None:
    first = kept(store, "Đoàn")
    again = save(
        store, "Đoàn", CHOSEN | {"columns": ["email"]}, by="mai@vidu.vn", at=LATER, over=first.id
    )
    assert again.id == first.id
    assert (first.columns, first.saved_by) == (["email"], "mai@vidu.vn")
    other = save(store, "Đoàn 2", CHOSEN, by="mai@vidu.vn", at=LATER, over=first.id)
    assert other.id != first.id
    assert names(store) == ["Đoàn", "Đoàn 2"]


def test_the_name_in_another_script_is_a_name(store: Session) -> None:
    kept(store, "☕")
    with pytest.raises(NameTaken):
        kept(store, "☕")


def test_a_list_is_renamed_unless_the_name_is_taken(store: Session) -> None:
    first = kept(store, "Đoàn")
    kept(store, "Báo chí")
    with pytest.raises(NameTaken, match="bao chi"):
        rename(store, first, "bao chi", by="lan@vidu.vn", at=LATER)
    store.refresh(first)
    assert first.name == "Đoàn"
    rename(store, first, "Các đoàn", by="lan@vidu.vn", at=LATER)
    assert names(store) == ["Báo chí", "Các đoàn"]


def test_a_dropped_list_comes_back_unless_its_name_is_taken_by_then(store: Session) -> None:
    first = kept(store, "Đoàn")
    drop(store, first, by="lan@vidu.vn", at=LATER)
    assert names(store) == []
    bring_back(store, first, by="lan@vidu.vn", at=LATER)
    assert names(store) == ["Đoàn"]
    drop(store, first, by="lan@vidu.vn", at=LATER)
    second = kept(store, "Đoàn")
    with pytest.raises(NameTaken, match="Đoàn"):
        bring_back(store, first, by="lan@vidu.vn", at=LATER)
    assert store.scalars(choices()).one().id == second.id


def test_who_used_it_last_is_known(store: Session) -> None:
    choice = kept(store, "Đoàn")
    use(store, choice, by="mai@vidu.vn", at=LATER)
    store.refresh(choice)
    assert (choice.used_by, choice.used_at) == ("mai@vidu.vn", LATER)


def test_what_was_done_to_it_is_in_the_journal(store: Session) -> None:
    choice = kept(store, "Đoàn")
    rename(store, choice, "Các đoàn", by="mai@vidu.vn", at=LATER)
    drop(store, choice, by="mai@vidu.vn", at=LATER)
    found = store.scalars(select(Change).where(Change.subject == "choice").order_by(Change.id))
    assert [(change.verb, change.actor) for change in found] == [
        ("choice_saved", "lan@vidu.vn"),
        ("choice_renamed", "mai@vidu.vn"),
        ("choice_dropped", "mai@vidu.vn"),
    ]
