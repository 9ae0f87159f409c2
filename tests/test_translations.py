"""Vietnamese is complete: every sentence of the code is translated, placeholders included."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

HERE = Path(__file__).parent.parent
CATALOGUE = HERE / "site/pages/translations/vi/LC_MESSAGES/messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
JINJA = {"extensions": "", "trimmed": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence that is marked for translation, with the file it stands in."""
    for folder in ("site/pages", "forms", "exports"):
        for file in sorted((HERE / folder).rglob("*.py")):
            for _, message, _, _ in extract_from_file("python", file, KEYWORDS):
                yield file.name, message if isinstance(message, str) else message[0]
    for file in sorted((HERE / "templates").rglob("*")):
        if file.is_file():
            for _, message, _, _ in extract_from_file("jinja2", file, KEYWORDS, (), JINJA):
                yield file.name, message if isinstance(message, str) else message[0]


def vietnamese() -> Catalog:
    """The catalogue as it is kept in the tree."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


def test_every_sentence_is_translated() -> None:
    catalogue = vietnamese()
    missing = {
        (file, sentence)
        for file, sentence in sentences()
        if not (known := catalogue.get(sentence)) or not known.string
    }
    assert missing == set()


def test_placeholders_are_the_same_in_both_languages() -> None:
    for message in vietnamese():
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else message.id
            strings = [message.string] if isinstance(message.string, str) else message.string
            expected = set(PLACEHOLDER.findall(ids[-1]))
            assert all(set(PLACEHOLDER.findall(text)) == expected for text in strings), message.id


def test_no_translation_is_left_over() -> None:
    used = {sentence for _, sentence in sentences()}
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in vietnamese() if m.id}
    assert kept - used == set()
