"""The rows of a sheet and what becomes of each: taken, repeated, refused or ignored, and why."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from event.attendees import Registration
from event.imports.answers import MAX_REMARK, Answers, Mend, Refusal
from event.imports.cells import READERS, read_text
from event.imports.closing import Closing
from event.imports.columns import Columns
from event.imports.glossary import Glossary
from event.imports.sameness import Identity, People
from event.names import clean, fold
from event.questions import BY_KEY, WrongAnswer
from event.sheets import Line, Sheet

TAKEN, REPEATED, REFUSED, IGNORED = "taken", "repeated", "refused", "ignored"
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"}
# Titles found in a name give way to columns of their own, so the name comes first.
_ORDER = ("name", *(key for key in BY_KEY if key != "name"), "tracks", "note")


@dataclass(frozen=True)
class Row:
    """One row and its fate: `status`, and `reason` (row.*) why it is ignored or whom it repeats.

    `values` are the answers as stored, by question, with the remark. `repeats` is the number of the
    row with the same person, `attendee_id` the attendee who was already put down.
    """

    number: int
    cells: tuple[str, ...]
    status: str
    reason: str = ""
    values: dict[str, str] = field(default_factory=dict)
    interests: tuple[str, ...] = ()
    heads_party: bool = False
    mends: tuple[Mend, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    repeats: int = 0
    attendee_id: int = 0
    mail: bool = True

    @property
    def registration(self) -> Registration:
        """What the row states, as `register` takes it. No consent: they see the notice first."""
        stated: dict[str, Any] = {**self.values, "interests": self.interests, "mail": self.mail}
        return Registration(**stated)

    @property
    def identity(self) -> Identity:
        """What tells this person from another."""
        return Identity(
            *(self.values.get(key, "") for key in ("name", "phone", "email", "organisation"))
        )


@dataclass(frozen=True)
class Reading:
    """All rows of a sheet; `announced` is how many people its total line speaks of."""

    rows: tuple[Row, ...]
    announced: int | None


def read_rows(sheet: Sheet, columns: Columns, words: Glossary, category: str) -> Reading:
    """Every row of the sheet, in its order; `category` is for those who are given none."""
    headings = headings_of(sheet, columns)
    closing = Closing(columns, headings)
    reader = _Reader(sheet, columns, words, category, headings)
    rows = []
    for line in sheet.lines:
        reason = closing.reason(line)
        ignored = Row(line.number, line.cells, IGNORED, reason)
        rows.append(ignored if reason else reader.read(line))
    return Reading(tuple(rows), closing.announced)


def headings_of(sheet: Sheet, columns: Columns) -> tuple[str, ...]:
    """The headings as the file has them; empty if it has none."""
    return next((line.cells for line in sheet.lines if line.number == columns.heading), ())


def mark_repeated(rows: tuple[Row, ...], known: People) -> tuple[Row, ...]:
    """Rows of people who are already put down, or who stand further up in the file."""
    above, marked = People(), []
    for row in rows:
        if row.status == TAKEN:
            row = _compared(row, above, known)  # noqa: PLW2901
        marked.append(row)
    return tuple(marked)


def _compared(row: Row, above: People, known: People) -> Row:
    identity = row.identity
    if attendee_id := known.find(identity):
        return replace(row, status=REPEATED, reason="row.known", attendee_id=attendee_id)
    if number := above.find(identity):
        return replace(row, status=REPEATED, reason="row.repeated", repeats=number)
    above.add(identity, row.number)
    return row


@dataclass(frozen=True)
class _Reader:
    sheet: Sheet
    columns: Columns
    words: Glossary
    category: str
    headings: tuple[str, ...]

    def read(self, line: Line) -> Row:
        answers = Answers()
        for name in _ORDER:
            self._read_field(answers, name, line)
        answers.values["category"] = answers.values.get("category") or self.category
        self._add_remark(answers)
        return Row(
            line.number,
            line.cells,
            REFUSED if answers.refusals else TAKEN,
            values=answers.values,
            interests=tuple(answers.interests),
            heads_party=_heads(answers.values),
            mends=tuple(answers.mends),
            refusals=tuple(answers.refusals),
        )

    def _read_field(self, answers: Answers, name: str, line: Line) -> None:
        columns = self.columns.of("family") * (name == "name") + self.columns.of(name)
        texts = [line.cell(column) for column in columns if line.cell(column).strip()]
        broken = [text for text in texts if text.startswith("=") or text in _ERRORS]
        if broken:
            key = "cell.formula" if broken[0].startswith("=") else "cell.error"
            answers.refusals.append(Refusal(name, key, broken[0]))
            return
        for column in columns:
            if origin := self.sheet.origins.get((line.number, column)):
                key = origin.key.removeprefix("cell.")
                answers.mend(name, key, origin.before, line.cell(column))
        self._answer(answers, name, (" " if name == "name" else "; ").join(texts), columns)

    def _answer(self, answers: Answers, name: str, text: str, columns: list[int]) -> None:
        question, asides = BY_KEY.get(name), len(answers.asides)
        try:
            value = READERS.get(name, read_text)(answers, name, text, self.words) if text else ""
            if question:
                value = question.checked(
                    value or answers.values.get(name, ""), required=question.at_desk
                )
            answers.values[name] = value
        except WrongAnswer as wrong:
            answers.refusals.append(Refusal(name, wrong.key, text, wrong.limit))
        heading = self._heading(name, columns)
        answers.asides[asides:] = [f"{heading}: {aside}" for aside in answers.asides[asides:]]

    def _heading(self, name: str, columns: list[int]) -> str:
        if columns and columns[0] < len(self.headings):
            return clean(self.headings[columns[0]])
        return BY_KEY[name].label.vi if name in BY_KEY else ""

    def _add_remark(self, answers: Answers) -> None:
        remark = answers.remark()
        if len(remark) > MAX_REMARK:
            answers.refusals.append(Refusal("note", "too_long", remark, MAX_REMARK))
        answers.values.pop("tracks", None)
        answers.values.pop("note", None)
        answers.values["remark"] = remark


def _heads(values: dict[str, str]) -> bool:
    """ "Trưởng đoàn" as a word of its own; "dùng chung email với trưởng đoàn" is another person."""
    said = re.split(r"[;,.\n()]|\s-\s", f"{values.get('remark', '')}; {values.get('position', '')}")
    return any(
        fold(part) in ("truong doan", "la truong doan", "head of delegation") for part in said
    )
