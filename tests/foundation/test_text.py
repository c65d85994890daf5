import time

import pytest
from django import forms
from django.core.exceptions import ValidationError

from foundation.text import LineField, TextField, clean_line, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Raum   2.14 ", "Raum 2.14"),
        ("Raum\n2.14\t links", "Raum 2.14 links"),
        ("Mu\u0308ller", "Müller"),
        ("a\x00b\x1bc\x9f", "abc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("Ma\u200bier\ufeff", "Maier"),
        ("halb\ud800", "halb"),
        ("Familie 👨\u200d👩\u200d👧", "Familie 👨\u200d👩\u200d👧"),
        ("Straße\u2028Hof", "Straße Hof"),
    ],
)
def test_a_line_keeps_what_can_be_seen(typed, kept):
    assert clean_line(typed, 100) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("eins\r\nzwei\rdrei", "eins\nzwei\ndrei"),
        ("oben  \n\n\n\n\nunten\n", "oben\n\nunten"),
        ("a\x00b\x07\nc", "ab\nc"),
        ("Spalte\tzwei", "Spalte zwei"),
    ],
)
def test_a_text_keeps_its_lines(typed, kept):
    assert clean_text(typed, 100) == kept


def test_the_limit_counts_what_is_kept():
    assert clean_line("a\x00" * 10, 10) == "a" * 10
    with pytest.raises(ValidationError) as refused:
        clean_line("a" * 1_001, 1_000)
    assert refused.value.code == "max_length"
    assert "1.001" in refused.value.messages[0]


def test_a_megabyte_is_refused_at_once():
    started = time.perf_counter()
    for flood in ("ä\u0308" * 500_000, "\n" * 1_000_000 + "x" * 9_000, " \n" * 500_000 + "x" * 9_000):
        with pytest.raises(ValidationError):
            clean_text(flood, 4_000)
    assert time.perf_counter() - started < 3


def test_form_fields_answer_with_the_cleaned_words():
    class NoteForm(forms.Form):
        place = LineField(max_length=20)
        words = TextField(max_length=20, required=False)

    form = NoteForm({"place": " Aula\x00  links ", "words": "a\r\nb"})
    assert form.is_valid()
    assert form.cleaned_data == {"place": "Aula links", "words": "a\nb"}
    assert not NoteForm({"place": "\u200b"}).is_valid()
    assert not NoteForm({"place": "x" * 21}).is_valid()
