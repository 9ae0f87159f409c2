"""Whole numbers in Vietnamese words, as the total of an official list must give them.

Spelt as primary schools teach it: linh, mốt, tư and lăm, a whole class of zeros left out.
"""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
CLASSES = ("", "nghìn", "triệu")
BILLION = 10**9


def in_words(number: int) -> str:
    """`25` is "hai mươi lăm", `1004` "một nghìn không trăm linh bốn". Not for negative numbers."""
    if number == 0:
        return DIGITS[0]
    billions, rest = divmod(number, BILLION)
    words = [in_words(billions), "tỷ"] if billions else []
    for at in (2, 1, 0):
        three = rest // 1000**at % 1000
        if three:
            words += [*_hundreds(three, first=not words), CLASSES[at]]
    return " ".join(filter(None, words))


def _hundreds(three: int, *, first: bool) -> list[str]:
    """One to 999; behind other classes a missing hundred is said too."""
    hundred, rest = divmod(three, 100)
    words = [DIGITS[hundred], "trăm"] if hundred or not first else []
    if 0 < rest < 10:
        return [*words, *(["linh"] if words else []), DIGITS[rest]]
    return words + _tens(rest)


def _tens(two: int) -> list[str]:
    ten, one = divmod(two, 10)
    words = ["mười"] if ten == 1 else [DIGITS[ten], "mươi"] if ten else []
    if one == 0:
        return words
    if one == 5:
        return [*words, "lăm"]
    if ten > 1 and one in (1, 4):
        return [*words, {1: "mốt", 4: "tư"}[one]]
    return [*words, DIGITS[one]]
