"""Vietnamese is complete: every sentence of the code is translated, placeholders included, and no
sentence stands in the code without being given to translators.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from tests.spoken import spoken

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


IN_BRACES = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
WORD = re.compile(r"[^\W\d_]{2}")
ALIKE = "Ghi Danh|Android|iPhone, iPad|Windows, macOS|crt|kB|QR|PDF|CSV|XLSX"
"""Names that are the same in every language."""
NO_SENTENCE = re.compile(rf"\b({ALIKE})\b|/[\w/]+|[\w-]+=\S+")
"""Nor are addresses, and what is left of a tag that a macro opens."""
SHOWN_BY_SCRIPTS = re.compile(
    r"""(?:textContent|innerText|innerHTML|title|placeholder|ariaLabel|alert|confirm)"""
    r"""\s*(?:=|\()\s*["'`]([^"'`$]*[^\W\d_]{2}[^"'`]*)"""
)


def test_no_sentence_stands_in_a_template_untranslated() -> None:
    wrong = {}
    for file in sorted((HERE / "templates").rglob("*.html")):
        plain = IN_BRACES.sub(" ", file.read_text(encoding="utf-8"))
        said = {NO_SENTENCE.sub(" ", each.words) for each in spoken(plain)}
        left = {words for words in said if WORD.search(words)}
        if left:
            wrong[str(file.relative_to(HERE))] = left
    assert wrong == {}


def test_what_is_flashed_is_translated() -> None:
    said = [
        (file.name, ast.unparse(call.args[0]))
        for file in (HERE / "site/pages").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "flash"
    ]
    assert len(said) > 50
    assert [each for each in said if each[1].startswith(('"', "'", 'f"', "f'"))] == []


def test_scripts_take_their_words_from_the_page() -> None:
    scripts = [f for f in (HERE / "static").rglob("*.js") if "vendor" not in f.parts]
    found = {f.name: SHOWN_BY_SCRIPTS.findall(f.read_text(encoding="utf-8")) for f in scripts}
    assert {name: words for name, words in found.items() if words} == {}
