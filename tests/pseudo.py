"""An interface in which every sentence of the catalogue stands in «guillemets», and nothing else.

What is left outside of them, and is no data, was never given to a translator.
"""

import gc
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.base import Base
from event.provinces import province_names
from event.words import Words
from pages.desk import verdicts
from tests.test_translations import vietnamese

SAME_EVERYWHERE = {
    "Ghi Danh", "QR", "PDF", "CSV", "XLSX", "PNG", "ZIP", "JSON", "STT", "kB", "MB", "mm", "Zalo",
    "badge", "calendar", "ics", "pdf", "svg", "dpi", "English", "Tiếng Việt",
}  # fmt: skip
"""Names and units that are written alike in every language, and names of files."""
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
WORD = re.compile(r"[^\W\d_]{2}")


@pytest.fixture
def pseudo(app: Flask, tmp_path: Path) -> Iterator[None]:
    """The site speaks the marked sentences instead of Vietnamese, numbers and dates as before."""
    babel = app.extensions["babel"]
    babel.translation_directories[:] = [str(_marked(tmp_path / "marked"))]
    _forget_words(app)
    yield
    _forget_words(app)


def _forget_words(app: Flask) -> None:
    """Which were looked up in the other catalogue."""
    app.extensions["babel"].instance.domain_instance.cache.clear()
    verdicts.title.cache_clear()


def _marked(folder: Path) -> Path:
    catalogue = Catalog(locale="vi")
    for message in vietnamese():
        if message.id:
            texts = [message.id] if isinstance(message.id, str) else message.id
            marked = f"«{texts[-1]}»"
            string = marked if isinstance(message.id, str) else (marked,)
            catalogue.add(message.id, string, flags=message.flags)
    target = folder / "vi" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)
    return folder


def unmarked(text: str) -> str:
    """What stands outside of all guillemets."""
    depth, left = 0, []
    for letter in text:
        depth += (letter == "«") - (letter == "»")
        left.append(" " if letter in "«»" else letter if depth == 0 else "")
    return "".join(left)


class Data:
    """What the site keeps, and so says as it is: rows, and the words of the event and of lists."""

    def __init__(self, session: Session, language: str, *more: str) -> None:
        found = {*SAME_EVERYWHERE, *province_names(language).values(), *more}
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                found.update(_texts(tuple(row), language))
        for thing in gc.get_objects():
            if isinstance(thing, Words):
                found.add(thing.in_(language))
        texts = {" ".join(text.split()) for text in found} - {""}
        ordered = sorted(texts, key=len, reverse=True)
        self._known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.I)

    def left_in(self, text: str) -> str:
        """What of a text is neither data nor a number or a sign; "" if nothing is."""
        left = self._known.sub(" ", ADDRESS.sub(" ", " ".join(text.split())))
        return " ".join(left.split()) if WORD.search(left) else ""


def _texts(value: Any, language: str) -> Iterable[str]:
    if isinstance(value, Words):
        yield value.in_(language)
    elif isinstance(value, str):
        yield from (value, *value.splitlines())
    elif isinstance(value, dict):
        yield from _texts(tuple(value.values()), language)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, language)
