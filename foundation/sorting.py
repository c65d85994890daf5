"""German order that every PostgreSQL agrees on, whatever the locale of its machine."""

from django.db import models
from django.db.models.functions import Concat, Lower, Replace

_ACCENTED, _PLAIN = "äöüàáâéèêíóúçñÄÖÜ", "aouaaaeeeioucnaou"
_TO_PLAIN = str.maketrans(_ACCENTED, _PLAIN)


def sort_key_of(text: str) -> str:
    """Return the text as a sort key has it, to look for in one: "Höß" becomes "hoss"."""
    return text.lower().translate(_TO_PLAIN).replace("ß", "ss")


def german_sort_key(*fields: str) -> models.GeneratedField:
    """Return a stored column to order by: umlauts beside their vowels, ß as ss, upper and lower case alike.

    The letters are spelled out because neither ICU nor `unaccent` may be used in a generated column
    everywhere; the capital umlauts are in the list because `lower` leaves them alone where the locale is C.
    """
    text = models.F(fields[0]) if len(fields) == 1 else Concat(*_with_spaces(fields))
    plain = models.Func(
        Lower(text),
        models.Value(_ACCENTED),
        models.Value(_PLAIN),
        function="translate",
        output_field=models.TextField(),
    )
    return models.GeneratedField(
        expression=Replace(plain, models.Value("ß"), models.Value("ss"), output_field=models.TextField()),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


def _with_spaces(fields):
    yield models.F(fields[0])
    for field in fields[1:]:
        yield models.Value(" ")
        yield models.F(field)
