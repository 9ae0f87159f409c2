"""What a page says to its reader, in text and in attributes, each with the language it is in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = ("script", "style", "code", "noscript")
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "path", "rect", "use", "circle", "line",
}  # fmt: skip
SAID = ("title", "aria-label", "placeholder", "alt", "label", "aria-description")
NOT_SAID = ("data-token", "data-version", "data-time", "data-checkpoint", "data-zone", "data-when")
BUTTONS = ("submit", "button", "reset")
DESCRIPTIONS = ("description", "apple-mobile-web-app-title")


@dataclass(frozen=True)
class Said:
    """Some words, where they stand, and in which language their place says they are."""

    words: str
    where: str
    language: str


@dataclass
class Reader(HTMLParser):
    """Collects them."""

    said: list[Said] = field(default_factory=list)
    open: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def language(self) -> str:
        """Of where the reader is."""
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the language, take the words of attributes."""
        known = {name: value or "" for name, value in attrs}
        language = known.get("lang", self.language)
        for name in _with_words(tag, known):
            self._say(known[name], f"{tag}[{name}]", language)
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Like a start, and over."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Also what was left open inside."""
        names = [name for name, _ in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Text, but for what only machines read."""
        if not any(name in SILENT for name, _ in self.open):
            self._say(data, self.open[-1][0] if self.open else "", self.language)

    def _say(self, words: str, where: str, language: str) -> None:
        if words := " ".join(words.split()):
            self.said.append(Said(words, where, language))


def _with_words(tag: str, known: dict[str, str]) -> Iterator[str]:
    yield from (name for name in SAID if name in known)
    if tag == "meta" and known.get("name") in DESCRIPTIONS:
        yield "content"
    if tag == "input" and known.get("type") in BUTTONS:
        yield "value"
    for name, value in known.items():
        if name.startswith("data-") and name not in NOT_SAID and " " in value:
            yield name


def spoken(html: str) -> list[Said]:
    """All that a page says."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.said


@dataclass(frozen=True)
class Form:
    """One that is sent by POST: where to, and the names of what is typed and chosen in it."""

    action: str
    names: tuple[str, ...]


@dataclass
class FormReader(HTMLParser):
    """Collects them; `here` is the address of the page, where a form without action goes."""

    here: str
    forms: list[Form] = field(default_factory=list)
    inside: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or something in it has a name."""
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = known.get("method", "").lower() == "post"
            if self.inside:
                self.forms.append(Form(known.get("action") or self.here, ()))
        elif self.inside and known.get("name", "csrf_token") != "csrf_token":
            last = self.forms[-1]
            self.forms[-1] = Form(last.action, (*last.names, known["name"]))

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        if tag == "form":
            self.inside = False


def forms_of(html: str, here: str) -> list[Form]:
    """The forms of a page."""
    reader = FormReader(here)
    reader.feed(html)
    reader.close()
    return reader.forms
