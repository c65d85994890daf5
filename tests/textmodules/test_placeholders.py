"""Words in braces: two languages, one table, and no lie where nobody knows."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from textmodules.placeholders import PLACEHOLDERS, filled_in, require_known, with_examples


def known(key, language):
    return f"<{key} {language}>"


@pytest.mark.parametrize(
    "typed, read",
    [
        ("{Nummer}", "<number de>"),
        ("{number}", "<number en>"),
        ("{ nummer }", "<number de>"),
        ("{Mein Telefon}", "<my_phone de>"),
        ("{MeinTelefon}", "<my_phone de>"),
        ("{my_phone}", "<my_phone en>"),
        ("{Campusmanagement} und {Frist}.", "<campus_management de> und <due de>."),
        # What is no placeholder stays: code, sets, an open brace.
        ("if (x) {\n}", "if (x) {\n}"),
        ("{Nummer", "{Nummer"),
    ],
)
def test_both_languages_are_understood_however_they_are_spelled(typed, read):
    require_known(typed)
    assert filled_in(typed, known) == read


def test_what_is_unknown_is_refused_with_what_there_is():
    with translation.override("de"), pytest.raises(ValidationError) as refused:
        require_known("Guten Tag {Vorname}, {Nummer} ist da. {Vorname}")
    told = refused.value.messages[0]
    assert told.count("{Vorname}") == 1
    assert all(placeholder.word in told for placeholder in PLACEHOLDERS)
    assert "{Nummer}" in told and "{number}" not in told


def test_what_nobody_knows_stays_a_visible_gap():
    assert filled_in("Bis {Frist} in {Raum}.", lambda key, _language: {"room": "A 204"}.get(key)) == "Bis … in A 204."


def test_what_is_filled_in_is_not_looked_through_again():
    assert filled_in("{Raum}", lambda *_: "{Ich}") == "{Ich}"


def test_the_preview_speaks_the_language_of_the_words():
    assert with_examples("{Frist} {due}") == "Montag, 2. März 2026, 12:00 Uhr Monday, 2 March 2026, 12:00"


def test_no_word_means_two_things():
    for one in PLACEHOLDERS:
        for other in PLACEHOLDERS:
            if one is not other:
                assert not {one.de.casefold(), one.en.casefold()} & {other.de.casefold(), other.en.casefold()}
