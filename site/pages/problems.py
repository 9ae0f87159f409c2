"""What is wrong with an event file or a session, in words: what it is, and what would be right."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from event.sittings import Problem
from event.words import Words

SENTENCES = {
    "no_file": _l("There is no such file."),
    "is_folder": _l("This is a folder; name the file in it."),
    "unreadable": _l("The file cannot be opened: %(reason)s."),
    "file_too_large": _l("The file is larger than %(limit)s bytes; an event file is not."),
    "not_utf8": _l("Line %(line)s is not UTF-8. Save the file again with the encoding UTF-8."),
    "syntax": _l("Line %(line)s, column %(column)s cannot be read as TOML: %(reason)s."),
    "nested_too_deeply": _l("The file is nested too deeply to be an event file."),
    "missing": _l("Missing. It should be %(right)s."),
    "not_a": _l("“%(found)s” should be %(right)s."),
    "unknown_field": _l("Nothing has this name here. Known are: %(known)s."),
    "unknown_key": _l("“%(found)s” is not known. Known are: %(known)s."),
    "too_many": _l("%(found)s are too many; there can be %(limit)s."),
    "too_long": _l("Too long; it may have %(limit)s characters."),
    "unknown_zone": _l("“%(found)s” is no time zone; one would be Asia/Ho_Chi_Minh."),
    "ends_before_first_day": _l("The last day, %(last)s, is before the first, %(first)s."),
    "too_many_days": _l("From %(first)s to %(last)s are more than %(limit)s days."),
    "kept_too_short": _l("%(found)s is before the last day of the event, %(last)s."),
    "closes_before_it_opens": _l("It closes at %(found)s, but opens only at %(opens)s."),
    "none_of_these": _l("There must be at least one."),
    "none_public": _l("At least one must be open to people who register: public = true."),
    "key_taken": _l("The key “%(found)s” is in use already. Choose another."),
    "name_taken": _l("The name “%(found)s” belongs to %(other)s already. Leave it to one of them."),
    "number_taken": _l("The number %(found)s belongs to %(other)s. %(free)s is free."),
    "ends_before_start": _l("It ends at %(ends)s, but starts at %(starts)s. It must end later."),
    "outside_days": _l("%(found)s is not within the event, from %(first)s to %(last)s."),
    "room_taken": _l(
        "The room “%(room)s” is taken by “%(title)s” (%(key)s) from %(starts)s to %(ends)s."
    ),
    "only_rounds_meet": _l("Only a matching round has meetings; leave it out."),
    "rounds_have_no_door": _l("A matching round has no door with a scanner; leave it out."),
    "not_all_in_out": _l(
        "Gates of one area are all “in_out” or none: who came in by one may go out by another."
    ),
    "no_such_time": _l("%(found)s does not exist there: the clocks are put forward that night."),
    "off_paper": _l("The cards take %(needed)s mm, but the paper has %(paper)s mm."),
    "off_card": _l("It reaches to %(found)s mm, beyond the card of %(card)s mm."),
    "over_code": _l("It lies over the QR code, which needs its place for itself."),
    "logo_too_large": _l("The logo is larger than %(limit)s KB."),
    "logo_unreadable": _l("This is neither an SVG nor a PNG picture that can be read."),
    "logo_pixels": _l("%(found)s pixels are too many for a logo; %(limit)s million are enough."),
    "logo_entities": _l("The SVG has entities of its own. Save it again as “plain SVG”."),
    "logo_too_intricate": _l("The SVG has too many parts; a logo has at most %(limit)s."),
    "logo_part": _l(
        "The SVG holds “%(found)s”, which is not printed. Save it as “plain SVG”, with text "
        "turned into paths and without effects or pictures."
    ),
    "logo_script": _l("The SVG holds a script or something like it. Save it as “plain SVG”."),
    "logo_link": _l("The SVG needs another file. Save it as “plain SVG”, with all in it."),
    "logo_size": _l("The SVG does not say how large it is: it needs a viewBox."),
    "logo_not_beside": _l(
        "“%(found)s” must be a file beside the event file, taken by “flask event load”. Here the "
        "logo can stand in the file itself: as <svg …>, or as data:image/png;base64,…"
    ),
    "logo_no_file": _l("Beside the event file there is no “%(found)s” that can be read."),
    "logo_too_slow": _l("Drawing this picture takes too long. Save a simpler one, or a PNG."),
    "logo_undrawable": _l("This picture cannot be drawn. Save it as “plain SVG”, or as PNG."),
    "other_event": _l(
        "This is the event “%(found)s”, but this site is that of “%(loaded)s” (people "
        "registered: %(count)s). Give it a site (a data folder) of its own."
    ),
    "notice_agreed": _l(
        "People who agreed to this notice: %(count)s. Keep it; its words may change."
    ),
    "category_in_use": _l(
        "People who come as “%(name)s”: %(count)s. Keep it; public = false hides it."
    ),
    "category_has_blanks": _l(
        "Blank badges printed for “%(name)s”: %(count)s. Keep it; public = false hides it."
    ),
    "number_in_use": _l(
        "The number of “%(name)s” stands in badges already (people: %(count)s). Keep "
        "%(number)s in place of %(found)s."
    ),
    "checkpoint_scanned": _l("Scans made at “%(name)s”: %(count)s. Keep it."),
    "session_booked": _l(
        "Seats held in “%(name)s”: %(count)s. Keep it, or change the sessions of these people "
        "first."
    ),
    "places_below_taken": _l(
        "Places taken by “%(name)s”: %(taken)s, so %(found)s are too few. Write %(taken)s or more."
    ),
    "capacity_below_taken": _l(
        "Seats taken in “%(name)s”: %(taken)s, so %(found)s are too few. Write %(taken)s or more."
    ),
}
RIGHT = {
    "table": _l("a table with a name, such as [rooms.hall]"),
    "key": _l("a key of at most 60 small letters, digits and hyphens, such as it-1"),
    "name": _l("a text of 1 to 300 characters in quotes"),
    "text": _l("a text of at most 300 characters in quotes"),
    "long_text": _l("a text of 1 to 10000 characters in quotes"),
    "colour": _l('a colour in six hex digits, such as "#0B5FA5"'),
    "names": _l('a list of at most 100 texts, such as ["CNTT", "IT"]'),
    "keys": _l('a list of at most 100 keys, such as ["delegate", "speaker"]'),
    "days": _l("a list of at most 100 days, such as [2023-09-29]"),
    "count": _l("a whole number from 0 to 1000000"),
    "places": _l("a whole number from 1 to 1000000"),
    "minutes": _l("minutes to other rooms by their keys, at most 240, such as { hall = 5 }"),
    "one_byte": _l("a whole number from 1 to 255"),
    "year": _l("a year, such as 2011"),
    "yes_no": _l("true or false"),
    "day": _l("a day, such as 2023-09-29"),
    "area": _l("four lengths in mm, [left, top, width, height], such as [6, 33, 93, 51]"),
    "square": _l("three lengths in mm, [left, top, side], the side 16 or more: [9, 86.5, 38.1]"),
    "size": _l("width and height in mm, 40 or more, such as [86, 54]"),
    "margin": _l("two lengths in mm, [left, top], such as [10, 12]"),
    "offset": _l("two lengths in mm from -20 to 20, [right, down], such as [1.5, -2]"),
    "points": _l("a size of letters from 4 to 72 points"),
    "few": _l("a whole number from 1 to 20"),
    "logo": _l("the name of an SVG or PNG file beside this one, or the picture itself"),
    "paper": _l('"A3", "A4", "A5", "A6", or width and height in mm, such as [86, 54]'),
    "local_time": _l("a time without zone, such as 2023-09-29 08:30:00"),
}
MOST_SHOWN = 80


def sentence(problem: Problem) -> str:
    """One problem in the reader's language, without the place where it is."""
    shown = {name: _shown(name, value) for name, value in problem.values.items()}
    return str(SENTENCES[problem.what]) % shown


def lines(problems: Iterable[Problem]) -> list[str]:
    """Problems with their places, as a terminal or a list shows them."""
    return [f"{p.where}: {sentence(p)}" if p.where else sentence(p) for p in problems]


def _shown(name: str, value: Any) -> str:
    if name == "right":
        return str(RIGHT[value])
    if isinstance(value, Words):
        return value.in_(str(get_locale()))
    if isinstance(value, datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list) and name == "known":
        return ", ".join(value)
    text = "{…}" if isinstance(value, Mapping) else str(value)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
