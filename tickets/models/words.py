"""What the words of a search stand for: words of reports, a number, schools, rooms."""

import re
from dataclasses import dataclass

from django.db import connection

from schools.models import Room, School

MOST_WORDS = 8
LARGEST_SERIAL = 2**63


@dataclass(frozen=True)
class Word:
    """One word, the query for it in the full-text index, and the keys of schools and rooms that are called so."""

    text: str
    query: str
    schools: list[int]
    rooms: list[int]

    @property
    def serial(self) -> int | None:
        """The number without what stands before it, as people say it on the telephone."""
        serial = int(self.text) if self.text.isascii() and self.text.isdigit() else LARGEST_SERIAL
        return serial if serial < LARGEST_SERIAL else None


def looked_up(words: str) -> list[Word]:
    """Return the words worth looking for, in one statement; "the" and "not" are in every report and in no index."""
    texts = re.findall(r"[\w-]+", words)[:MOST_WORDS]
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT w.text, w.query,
                ARRAY(SELECT id FROM {School._meta.db_table} WHERE strpos(lower(name), lower(w.text)) > 0),
                ARRAY(SELECT id FROM {Room._meta.db_table} WHERE strpos(' ' || lower(name), ' ' || lower(w.text)) > 0)
            FROM unnest(%s::text[], %s::text[]) AS w(text, query)
            WHERE numnode(to_tsquery('german', w.query)) > 0
            """,
            [texts, [_beginning_with(text) for text in texts]],
        )
        return [Word(*row) for row in cursor.fetchall()]


def _beginning_with(text: str) -> str:
    """Return the query for words that begin with `text`; quotes keep the query language out."""
    return f"'{text}':*"
