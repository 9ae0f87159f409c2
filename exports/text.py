"""Text as it is set: letters given to fonts, measured, broken into lines and fitted into boxes."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, combinations
from operator import sub
from typing import NamedTuple

import icu

from event.names import clean
from exports.fonts import SANS_BOLD, Font, Style

MARK = "□"
"""Stands where no font has the letter, so that nobody takes the text for whole."""
LEADING = 1.22  # from line to line, in font sizes: tones on capitals need the room
# Marks, joining letters, and scripts written from right to left.
_SHAPED = re.compile(
    "[\u0300-\u036f\u0590-\u1cff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ua980-\uabff\ufb1d-\ufdff\ufe00-\ufe2f\ufe70-\ufeff]"
)
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_WORD = re.compile(r"[^ ]+ *")
_ADDRESS = re.compile(r"[^@./_-]*[@./_-]|[^@./_-]+$")
_JOINERS = "\u200c\u200d"


class Run(NamedTuple):
    """A stretch of text in one font; `shaped` if its glyphs depend on their neighbours."""

    font: Font
    text: str
    shaped: bool


class Fitted(NamedTuple):
    """Lines that fit a box, at this font size in points."""

    size: float
    lines: tuple[str, ...]


def tidy(text: str, style: Style) -> str:
    """Composed, and without letters that are not seen; plain text is that already."""
    return text if is_plain(text, style) else clean(text)


def is_plain(text: str, style: Style) -> bool:
    """Whether the typeface shows it as it stands, letter by letter."""
    return style.plain.issuperset(text)


@lru_cache(maxsize=4096)
def runs(text: str, style: Style) -> tuple[Run, ...]:
    """Each letter with its marks in the first font that has all of them; `MARK` where none has."""
    korean = bool(_HANGUL.search(text))
    parts: list[tuple[Font, str]] = []
    for cluster in clusters(text):
        preferred = [parts[-1][0]] if parts and cluster.isspace() else []
        found = _first_with(cluster, chain(preferred, style.fonts(korean=korean)))
        lost = style.fonts(korean=korean)
        shown, with_font = (cluster, found) if found else (MARK, _first_with(MARK, lost))
        assert with_font is not None  # noqa: S101 - Tinos has the mark
        if parts and parts[-1][0] is with_font:
            parts[-1] = (with_font, parts[-1][1] + shown)
        else:
            parts.append((with_font, shown))
    return tuple(Run(font, part, bool(_SHAPED.search(part))) for font, part in parts)


def clusters(text: str) -> Iterator[str]:
    """Letters, each with the marks that belong to it."""
    current = ""
    for character in text:
        joined = character in _JOINERS or unicodedata.category(character)[0] == "M"
        if current and not (joined or current[-1] == "\u200d"):
            yield current
            current = ""
        current += character
    if current:
        yield current


def _first_with(cluster: str, fonts: Iterable[Font]) -> Font | None:
    return next((font for font in fonts if font.covers(cluster)), None)


def missing_glyphs(text: str) -> str:
    """The letters, once each, that no font has: they are printed as `MARK`."""
    if is_plain(text, SANS_BOLD):
        return ""
    lost = (
        letter
        for cluster in clusters(text)
        if not _first_with(cluster, SANS_BOLD.fonts(korean=False))
        for letter in cluster
    )
    return "".join(dict.fromkeys(lost))


def measure(text: str, style: Style) -> float:
    """The width of one line, in thousandths of the font size."""
    if is_plain(text, style):
        return style.first.width(text)
    return _measured(text, style)


@lru_cache(maxsize=4096)
def _measured(text: str, style: Style) -> float:
    return sum(
        sum(glyph.advance for glyph in run.font.shape(run.text))
        if run.shaped
        else run.font.width(run.text)
        for run in runs(text, style)
    )


def wrap(text: str, style: Style, size: float, width: float) -> list[str]:
    """Lines no wider than `width` points; a word that is wider by itself is broken."""
    limit = width * 1000 / size
    plain = is_plain(text, style)
    if (style.first.width(text) if plain else _measured(text, style)) <= limit:
        return [text]
    lines = _wrapped_words(text, style.first, limit) if plain else None
    if lines:
        return lines
    words = _Pieces(_words(text) if plain else _line_parts(text), style)
    for breaker in (_address_parts, clusters):
        if max(words.bare) > limit:
            words = _Pieces(list(_shorter(words, breaker, limit)), style)
    return words.filled(limit)


def _wrapped_words(text: str, font: Font, limit: float) -> list[str] | None:
    """The common case, quickly: plain words and addresses, or None if a part of one is wider than
    the line.
    """
    space = font.width(" ")
    lines, line, used = [], "", 0.0
    for word in text.split(" "):
        parts = [word] if font.word_width(word) <= limit else _address_parts(word)
        gap, between = (space, " ") if line else (0.0, "")
        for part in parts:
            width = font.word_width(part)
            if width > limit:
                return None
            if line and used + gap + width > limit:
                lines.append(line)
                line, used = part, width
            else:
                line, used = f"{line}{between}{part}", used + gap + width
            gap, between = 0.0, ""
    return [*lines, line]


def _shorter(
    words: "_Pieces", breaker: Callable[[str], Iterable[str]], limit: float
) -> Iterator[str]:
    """The pieces, those that are too wide for a line broken further."""
    for piece, width in zip(words.pieces, words.bare, strict=True):
        yield from [piece] if width <= limit else breaker(piece)


def fit(text: str, style: Style, box: tuple[float, float], largest: float, lines: int) -> Fitted:
    """The largest setting in a box (width and height in points) on up to so many balanced lines.

    Another line has to gain a seventh in size. Where spaces do not help enough, the line breaks of
    other scripts do; what would come out under 6 points may break anywhere and over more lines.
    Nothing is ever left out.
    """
    size = min(largest, box[0] * 1000 / max(measure(text, style), 1), box[1] / LEADING)
    best = Fitted(size, (text,))
    if size < largest:
        best = _broken(best, _Pieces(_words(text), style), box, largest, range(2, lines + 1))
    if best.size < largest * 0.6 and not is_plain(text, style):
        best = _broken(best, _Pieces(_line_parts(text), style), box, largest, range(2, lines + 1))
    if best.size < 6:
        letters = _Pieces(list(clusters(text)), style)
        best = _broken(best, letters, box, largest, range(2, lines + 5))
    return best


class _Pieces:
    """What may stand on different lines, each with the spaces that follow it."""

    def __init__(self, pieces: list[str], style: Style) -> None:
        self.pieces = pieces
        plain = is_plain("".join(pieces), style)
        width = style.first.word_width if plain else partial(measure, style=style)
        bare = [piece.rstrip() for piece in pieces]
        self.bare = list(map(width, bare))
        space = style.first.width(" ")
        self.starts, self._ends = [0.0], [0.0]
        for piece, short, wide in zip(pieces, bare, self.bare, strict=True):
            self._ends.append(self.starts[-1] + wide)
            self.starts.append(self._ends[-1] + space * (len(piece) - len(short)))

    def balanced(self, count: int) -> list[int]:
        """Where so many lines begin, the widest of them as narrow as can be."""
        total = len(self.pieces)
        if total <= 10:
            return [0, *min(combinations(range(1, total), count - 1), key=self.widest)]
        low, high = max(self.bare), self._ends[-1]
        while high - low > 20:  # a fiftieth of the font size: no eye sees it
            middle = (low + high) / 2
            low, high = (low, middle) if len(self.fill(middle)) <= count else (middle, high)
        return self.fill(high)

    def widest(self, breaks: Sequence[int]) -> float:
        """Of the lines, if all but the first begin at these pieces."""
        ends = map(self._ends.__getitem__, (*breaks, -1))
        return float(max(map(sub, ends, map(self.starts.__getitem__, (0, *breaks)))))

    def fill(self, limit: float) -> list[int]:
        """Where lines begin when each takes all that it can hold."""
        begun = [0]
        start = 0.0
        for at, (before, bare) in enumerate(zip(self.starts, self.bare, strict=False)):
            if before + bare - start > limit and at:
                begun.append(at)
                start = before
        return begun

    def lines(self, starts: list[int]) -> list[str]:
        """The text of the lines that begin at these pieces."""
        ends = [*starts[1:], len(self.pieces)]
        return ["".join(self.pieces[s:e]).rstrip() for s, e in zip(starts, ends, strict=True)]

    def filled(self, limit: float) -> list[str]:
        """Lines that each take all that they can hold."""
        return self.lines(self.fill(limit))


def _broken(
    best: Fitted, pieces: _Pieces, box: tuple[float, float], largest: float, counts: range
) -> Fitted:
    """A setting on one of so many lines, if that is larger than the best one so far."""
    width, height = box
    for count in counts:
        if best.size == largest or count > len(pieces.pieces):
            break
        starts = pieces.balanced(count)
        wide, high = pieces.widest(starts[1:]), len(starts) * LEADING
        size = min(largest, width * 1000 / wide, height / high)
        if size > best.size * 1.15:
            best = Fitted(size, tuple(pieces.lines(starts)))
    return best


def _words(text: str) -> list[str]:
    return _WORD.findall(text) or [text]


def _address_parts(text: str) -> list[str]:
    """The parts of an e-mail address or of a word with hyphens."""
    return _ADDRESS.findall(text)


def _line_parts(text: str) -> list[str]:
    """Words of scripts that write no spaces between them, by ICU's rules and dictionaries."""
    breaker = icu.BreakIterator.createLineInstance(icu.Locale("vi"))
    breaker.setText(text)
    utf16 = text.encode("utf-16-le")
    ends = list(breaker)
    return [
        utf16[2 * start : 2 * end].decode("utf-16-le")
        for start, end in zip([0, *ends], ends, strict=False)
    ]
