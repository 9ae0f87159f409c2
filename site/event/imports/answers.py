"""What one row answers, with everything that was mended in it and every reason to refuse it."""

import unicodedata
from dataclasses import dataclass, field

from event.names import clean

MAX_REMARK = 500


@dataclass(frozen=True)
class Mend:
    """What was put right: `key` (mend.*) says how, the texts are as people write them."""

    field: str
    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Refusal:
    """Why a row cannot be taken: `key` is that of a `WrongAnswer`, or cell.formula, cell.error."""

    field: str
    key: str
    value: str
    limit: int = 0


@dataclass
class Answers:
    """Filled cell by cell. `values` are as stored; `asides` go into the remark beside the note."""

    values: dict[str, str] = field(default_factory=dict)
    interests: list[str] = field(default_factory=list)
    heads_party: bool = False
    asides: list[str] = field(default_factory=list)
    mends: list[Mend] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def mend(self, field: str, key: str, before: str, after: str) -> None:
        """Say what was put right."""
        self.mends.append(Mend(field, f"mend.{key}", before, after))

    def tidy(self, field: str, text: str) -> str:
        """The text in NFC with single spaces and nothing unseen; says so where that changed it."""
        tidied, before = clean(text), text.strip()
        composed = unicodedata.normalize("NFC", before)
        if composed != before:
            self.mend(field, "composed", text, tidied)
        elif " ".join(composed.split()) != tidied:
            self.mend(field, "unseen", text, tidied)
        elif composed != tidied:
            self.mend(field, "spaces", text, tidied)
        return tidied

    def remark(self) -> str:
        """The note and what found no field, in one."""
        return "; ".join(filter(None, (self.values.get("note", ""), *self.asides)))
