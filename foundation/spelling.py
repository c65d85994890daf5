"""Words as somebody heard them or mistyped them. Pure; knows no names and no database.

words_of("Müller-Lüdenscheidt")      ["muller", "ludenscheidt"]
nearly_begins("brehct", "brecht")    True
sound_of("meyer") == sound_of("maier")
"""

import re

from foundation.sorting import sort_key_of

MANY_LETTERS = 7  # from here on two mistakes are forgiven, below only one
FEW_LETTERS = 4  # shorter words have to be right

_WORDS = re.compile(r"[^\W_]+")
_SPELLED_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))
#: What sounds alike in German names, in the order it is replaced.
_ALIKE = (
    ("dt", "t"),
    ("tz", "z"),
    ("th", "t"),
    ("ph", "f"),
    ("ck", "k"),
    ("c", "k"),
    ("v", "f"),
    ("w", "f"),
    ("y", "i"),
    ("ei", "ai"),
    ("ie", "i"),
    ("h", ""),
)
_TWICE = re.compile(r"(.)\1+")


def words_of(text: str) -> list[str]:
    """Return the words of a text as sort keys have them: lower case, without accents, hyphens between words."""
    return _WORDS.findall(sort_key_of(text))


def spellings(word: str) -> list[str]:
    """Return the ways a word may stand in a sort key: as it is, and with "ue" for an umlaut that was spelled out."""
    other = word
    for written, plain in _SPELLED_OUT:
        other = other.replace(written, plain)
    return [word] if other == word else [word, other]


def sound_of(word: str) -> str:
    """Return what words that sound alike have in common: Schmitt and Schmidt, Meyer and Maier."""
    word = word.replace("sch", "\0").replace("ch", "\1")
    for written, heard in _ALIKE:
        word = word.replace(written, heard)
    return _TWICE.sub(r"\1", word)


def nearly_begins(typed: str, word: str) -> bool:
    """Whether `word` begins with what was typed, but for a letter or two that are wrong, missing or exchanged.

    The first letter has to be right; few get that wrong, and it spares comparing most words.
    """
    if word.startswith(typed):
        return True
    if len(typed) < FEW_LETTERS or typed[0] != word[:1]:
        return False
    return _mistakes(typed, word) <= (2 if len(typed) >= MANY_LETTERS else 1)


def _mistakes(typed: str, word: str) -> int:
    """Return the fewest changes that make `typed` a beginning of `word`; exchanged neighbours are one change."""
    before, last = [], list(range(len(word) + 1))
    for row, letter in enumerate(typed, 1):
        current = [row]
        for column, other in enumerate(word, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == word[column - 2] and typed[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return min(last)
