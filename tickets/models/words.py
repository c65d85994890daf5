"""What the words of a search stand for: words of reports, a number, schools, rooms."""

import re
from dataclasses import dataclass

from django.db import connection

from schools.models import Room, School

MOST_WORDS = 8
#: What so many of the newest reports say is common.
NEWEST, COMMON = 1000, 10
LARGEST_SERIAL = 2**63
NUMBER = re.compile(r"[A-Z]+-\d{4}-\d+", re.IGNORECASE)


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


@dataclass(frozen=True)
class LookedUp:
    """What was typed; `are_common` says whether many of the newest reports have all the words."""

    words: list[Word]
    are_common: bool


def looked_up(typed: str, reports: str) -> LookedUp:
    """Return the words worth looking for in the table of `reports`, in one statement; "the" and "not" are in every
    report and in no index.

    The common words are found out among the newest reports: how many have them of all is known only after counting.
    """
    texts = re.findall(r"[\w-]+", typed)[:MOST_WORDS]
    if not texts:
        return LookedUp([], are_common=False)
    queries = [_query_for(text) for text in texts]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT w.text, w.query,
                ARRAY(SELECT id FROM {School._meta.db_table} WHERE strpos(lower(name), lower(w.text)) > 0),
                ARRAY(SELECT id FROM {Room._meta.db_table} WHERE strpos(' ' || lower(name), ' ' || lower(w.text)) > 0),
                (SELECT count(*) = {COMMON} FROM (
                    SELECT FROM (SELECT words FROM {reports} ORDER BY id DESC LIMIT {NEWEST}) AS newest
                    WHERE newest.words @@ to_tsquery('german', %s) LIMIT {COMMON}
                ) AS found)
            FROM unnest(%s::text[], %s::text[]) AS w(text, query)
            WHERE numnode(to_tsquery('german', w.query)) > 0
            """,
            [" & ".join(queries), texts, queries],
        )
        rows = cursor.fetchall()
    return LookedUp([Word(*row[:-1]) for row in rows], are_common=any(row[-1] for row in rows))


def _query_for(text: str) -> str:
    """Return the query for words that begin with `text`; quotes keep the query language out.

    A number of a report is looked for as a whole: each of its pieces would be a beginning, and a good part of all
    words begins with "DO".
    """
    return f"'{text}'" if NUMBER.fullmatch(text) else f"'{text}':*"
