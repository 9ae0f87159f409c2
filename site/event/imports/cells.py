"""How a cell answers its question: what is certain is mended and said, what is not is refused."""

import re
from collections.abc import Callable

from event.imports.answers import Answers
from event.imports.glossary import Glossary, split_terms
from event.names import fold, from_capitals, split_titles
from event.phones import WrongPhone, read_phones, show_phone
from event.provinces import find_province, province_names
from event.questions import WrongAnswer, a_name, an_email

# What people write where they have nothing to write.
_NOTHING = {"-", "--", "không", "không có", "chưa có", "n/a", "na", "none", "null", "x", "."}

Reader = Callable[[Answers, str, str, Glossary], str]
"""Takes the field and the cell's text; gives the answer, which the question then checks itself."""


def read_text(answers: Answers, field: str, text: str, _: Glossary) -> str:
    """Any text; words that say there is none count as none."""
    tidied = answers.tidy(field, text)
    if tidied.casefold() in _NOTHING:
        answers.mend(field, "nothing", tidied, "")
        return ""
    return tidied


def read_name(answers: Answers, field: str, text: str, _: Glossary) -> str:
    """A name without its titles, which answer their own questions, and not all in capitals."""
    tidied = answers.tidy(field, text)
    titled = split_titles(tidied)
    if titled.name != tidied:
        answers.mend(field, "titles", tidied, titled.name)
    answers.values |= {"honorific": titled.honorific, "degree": titled.degree}
    name = from_capitals(titled.name)
    if name != titled.name:
        answers.mend(field, "capitals", titled.name, name)
    return a_name(name)


def read_title(answers: Answers, field: str, text: str, words: Glossary) -> str:
    """A form of address or a degree, as it is usually written: "Tiến sĩ" is "TS."."""
    tidied = read_text(answers, field, text, words)
    titled = split_titles(f"{tidied}. X")
    usual = titled.honorific if field == "honorific" else titled.degree
    alone = titled.name == "X" and not (titled.honorific and titled.degree)
    return (usual if alone and usual else tidied) or answers.values.get(field, "")


def read_phone(answers: Answers, field: str, text: str, words: Glossary) -> str:
    """The first number; others go into the remark."""
    tidied = read_text(answers, field, text, words)
    if not tidied:
        return ""
    try:
        phones = read_phones(tidied)
    except WrongPhone:
        raise WrongAnswer("phone.wrong") from None
    if phones.mended:
        _say_mended(answers, field, tidied, [show_phone(number) for number in phones.numbers])
    return phones.numbers[0]


def _say_mended(answers: Answers, field: str, text: str, shown: list[str]) -> None:
    if len(shown) > 1:
        answers.mend(field, "phones", text, " · ".join(shown))
        answers.asides.append(", ".join(shown[1:]))
        return
    lost_zero = re.sub(r"\D", "", shown[0]) == "0" + text
    answers.mend(field, "phone_zero" if lost_zero else "phone", text, shown[0])


def read_email(answers: Answers, field: str, text: str, words: Glossary) -> str:
    """The first address; others go into the remark, if every one of them is an address."""
    tidied = read_text(answers, field, text, words)
    first, *others = [an_email(part) for part in re.split(r"[;,/\s]+", tidied) if part] or [""]
    if others:
        answers.mend(field, "emails", tidied, " · ".join((first, *others)))
        answers.asides.append(", ".join(others))
    elif first != tidied:
        answers.mend(field, "small_letters", tidied, first)
    return first


def read_province(answers: Answers, field: str, text: str, words: Glossary) -> str:
    """The code of today's province; an old or short name is mended."""
    tidied = read_text(answers, field, text, words)
    found = find_province(tidied)
    if found is None:
        if tidied:
            raise WrongAnswer("province.unknown")
        return ""
    if found.mended:
        answers.mend(field, "province", tidied, province_names("vi")[found.code])
    return found.code


def read_category(answers: Answers, field: str, text: str, words: Glossary) -> str:
    """The category's key; a name that the event does not know is refused."""
    tidied = read_text(answers, field, text, words)
    term = words.categories.get(fold(tidied))
    if term is None:
        if tidied:
            raise WrongAnswer("category.unknown")
        return ""
    if term.alias:
        answers.mend(field, "category", tidied, term.name.vi)
    return term.key


def read_tracks(answers: Answers, field: str, text: str, words: Glossary) -> str:
    """The tracks named go into `interests`; a subject that is no track is kept in the remark."""
    tidied = read_text(answers, field, text.replace("\n", ";"), words)
    for part, term in split_terms(tidied, words.tracks) if tidied else ():
        if term is None:
            answers.mend(field, "to_remark", part, "")
            answers.asides.append(part)
            continue
        if term.alias:
            answers.mend(field, "track", part, term.name.vi)
        if term.key not in answers.interests:
            answers.interests.append(term.key)
    return tidied


READERS: dict[str, Reader] = {
    "name": read_name,
    "honorific": read_title,
    "degree": read_title,
    "phone": read_phone,
    "email": read_email,
    "province": read_province,
    "category": read_category,
    "tracks": read_tracks,
}
"""Every other field is read by `read_text`."""
