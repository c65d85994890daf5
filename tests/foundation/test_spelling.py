"""Words as somebody heard them or mistyped them."""

import pytest

from foundation.spelling import nearly_begins, sound_of, spellings, words_of


def test_words_are_as_sort_keys_have_them():
    assert words_of("Müller-Lüdenscheidt, A 204 (Höß)") == ["muller", "ludenscheidt", "a", "204", "hoss"]


@pytest.mark.parametrize("typed, words", [("mueller", ["mueller", "muller"]), ("tafel", ["tafel"])])
def test_an_umlaut_may_be_spelled_out(typed, words):
    assert spellings(typed) == words


@pytest.mark.parametrize(
    "one, other",
    [
        ("meyer", "maier"),
        ("schmidt", "schmitt"),
        ("becker", "beker"),
        ("vogt", "fogt"),
        ("ruth", "rut"),
        ("stephan", "stefan"),
        ("kohler", "koler"),
    ],
)
def test_names_that_sound_alike_are_found_by_each_other(one, other):
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize("one, other", [("schulz", "kulz"), ("bach", "back"), ("tafel", "kreide")])
def test_names_that_sound_different_stay_apart(one, other):
    assert sound_of(one) != sound_of(other)


@pytest.mark.parametrize(
    "typed, word, near",
    [
        ("brecht", "brechtener", True),
        ("brehct", "brecht", True),  # exchanged
        ("brcht", "brecht", True),  # missing
        ("breccht", "brecht", True),  # one too many
        ("braht", "brecht", False),
        ("kastanje", "kastanie", True),
        ("gymnsaiun", "gymnasium", True),  # two, in a long word
        ("bre", "bra", False),  # too short to guess
        ("recht", "brecht", False),
        ("", "brecht", True),
        ("brecht", "", False),
    ],
)
def test_a_slip_is_forgiven(typed, word, near):
    assert nearly_begins(typed, word) is near
