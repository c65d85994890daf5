"""The words in braces that a text module may hold, and how they are filled in. Pure: what they mean is a parameter.

One table for both languages; the language of the word decides the language of what stands there afterwards, so that
a German text says "Montag, 2. März" to whoever sends it. Case, spaces and underscores do not matter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

GAP = "…"  # what nobody knows stays visibly open; an empty place would read as finished
_BRACED = re.compile(r"\{([^{}\n]{0,60})\}")


@dataclass(frozen=True)
class Placeholder:
    """One fact a text may ask for; `key` is what the code calls it."""

    key: str
    de: str
    en: str
    meaning: str
    example_de: str
    example_en: str

    @property
    def word(self) -> str:
        """Return it as it is written in the language of the page: "{Nummer}"."""
        german = (get_language() or "de").startswith("de")
        return f"{{{self.de if german else self.en}}}"

    def example(self, language: str) -> str:
        return self.example_de if language == "de" else self.example_en


_EXAMPLE_DAY = ("Montag, 2. März 2026, 12:00 Uhr", "Monday, 2 March 2026, 12:00")
PLACEHOLDERS = (
    Placeholder("number", "Nummer", "number", gettext_lazy("Number of the report"), *["DO-2026-4017"] * 2),
    Placeholder("school", "Schule", "school", gettext_lazy("Name of the school"), *["Beispielschule"] * 2),
    Placeholder("room", "Raum", "room", gettext_lazy("Room or place"), *["A 204"] * 2),
    Placeholder("category", "Kategorie", "category", gettext_lazy("What it is about"), "Internet, WLAN", "Wi-Fi"),
    Placeholder(
        "reporter",
        "Name",
        "reporter",
        gettext_lazy("Who reported it; stays open where others may read along"),
        *["Toni Beispiel"] * 2,
    ),
    Placeholder("due", "Frist", "due", gettext_lazy("By when it is promised to be solved"), *_EXAMPLE_DAY),
    Placeholder("me", "Ich", "me", gettext_lazy("Your own name"), *["Kim Muster"] * 2),
    Placeholder("my_phone", "Mein Telefon", "my phone", gettext_lazy("Your own telephone"), *["0231 000-200"] * 2),
    Placeholder(
        "campus_management",
        "Campusmanagement",
        "campus management",
        gettext_lazy("Who is on duty for the school"),
        *["Alex Campus"] * 2,
    ),
    Placeholder("hotline", "Hotline", "hotline", gettext_lazy("Telephone of the helpdesk"), *["0231 000-100"] * 2),
)


def _spoken(word: str) -> str:
    return re.sub(r"[\s_-]+", "", word).casefold()


# German last: a word both languages share is German.
_MEANT = {
    _spoken(word): (placeholder, language)
    for placeholder in PLACEHOLDERS
    for language, word in (("en", placeholder.en), ("de", placeholder.de))
}


def require_known(text: str) -> None:
    """Refuse a text that asks for something nobody can fill in, and name what there is."""
    unknown = [found[0] for found in _BRACED.finditer(text) if _spoken(found[1]) not in _MEANT]
    if unknown:
        raise ValidationError(
            _("Nothing can be filled in for %(unknown)s. There are: %(known)s."),
            code="unknown_placeholder",
            params={
                "unknown": ", ".join(dict.fromkeys(unknown)),
                "known": ", ".join(placeholder.word for placeholder in PLACEHOLDERS),
            },
        )


def filled_in(text: str, value: Callable[[str, str], str]) -> str:
    """Return the text with `value(key, language)` for each placeholder, and a gap where that is empty.

    What is filled in is never looked through again: braces that somebody typed stay what they are.
    """

    def one(found) -> str:
        placeholder, language = _MEANT.get(_spoken(found[1]), (None, ""))
        return (value(placeholder.key, language) if placeholder else "") or GAP

    return _BRACED.sub(one, text)


def with_examples(text: str) -> str:
    """Return the text as it could read."""
    examples = {placeholder.key: placeholder for placeholder in PLACEHOLDERS}
    return filled_in(text, lambda key, language: examples[key].example(language))
