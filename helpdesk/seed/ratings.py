"""What reporters say about the help. Most say nothing, some a word; who waited longer than promised is less content.

One statement, however many reports. Reports whose solution may still be contested stay unanswered, so that the demo
has somebody to ask. Who answers does so once the report is closed, so that it stands last in the history.
"""

from datetime import datetime, timedelta

from django.db import connection

from tickets.lifecycle import Status
from tickets.models import Rating

ANSWERING, TALKING = 35, 15  # of a hundred: of those asked, and of those who answered
GOOD_IN_TIME, GOOD_TOO_LATE = 84, 52  # of a hundred answers
THINKING = timedelta(days=3)  # as long they take at most
WORDS = {
    Rating.Value.GOOD: (
        "Schnell und freundlich, danke.",
        "Die nächste Stunde konnte wie geplant stattfinden.",
        "Gut erklärt, beim nächsten Mal weiß ich es selbst.",
        "Endlich geht es wieder zuverlässig.",
    ),
    Rating.Value.PARTLY: (
        "Es geht wieder, aber nur mit dem Ersatzkabel.",
        "Geholfen wurde gut, nur dauerte es bis zum Rückruf.",
        "Im Raum daneben ist es immer noch so.",
    ),
    Rating.Value.POOR: (
        "Zwei Wochen ohne Beamer sind für den Unterricht zu lang.",
        "Der Fehler kommt jeden Montag wieder.",
        "Ich hätte gern früher gewusst, wann jemand kommt.",
    ),
}
#: Each report throws a few dice of a hundred sides: the same ones for the same seed. Both rows are those of `rate`.
ANSWER = """
WITH answers AS (
    SELECT
        id AS ticket_id,
        value,
        CASE WHEN (hashint8extended(id, seed + 2) & 2147483647) %% 100 < %(talking)s THEN words ELSE '' END AS words,
        at,
        reporter_id,
        version
    FROM (
        SELECT ticket.id, ticket.reporter_id, ticket.version, hashtextextended(%(seed)s, 0) %% 1000000 AS seed,
            ticket.closed_at + %(thinking)s * ((ticket.id %% 89) / 89.0) AS at,
            CASE WHEN clock.missed_at IS NULL THEN %(good_in_time)s ELSE %(good_too_late)s END AS content
        FROM tickets_ticket ticket
        JOIN tickets_deadline clock ON clock.ticket_id = ticket.id AND clock.kind = 'resolution'
        WHERE ticket.id > %(after)s AND ticket.status = %(closed)s AND ticket.resolved_at IS NOT NULL
            AND NOT ticket.confidential AND ticket.reporter_id <> ticket.assignee_id
    ) AS asked
    CROSS JOIN LATERAL (SELECT (hashint8extended(id, seed + 1) & 2147483647) %% 100 AS mood) AS thrown
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN mood < content THEN 'good' WHEN mood < content + (100 - content) * 6 / 10 THEN 'partly' ELSE 'poor'
        END AS value
    ) AS judged
    CROSS JOIN LATERAL (
        SELECT said[1 + (hashint8extended(id, seed + 3) & 2147483647) %% array_length(said, 1)] AS words
        FROM (VALUES ('good', %(good)s), ('partly', %(partly)s), ('poor', %(poor)s)) AS known (of, said)
        WHERE of = value
    ) AS spoken
    WHERE (hashint8extended(id, seed) & 2147483647) %% 100 < %(answering)s AND at <= %(now)s
), events AS (
    INSERT INTO tickets_ticketevent
        (ticket_id, verb, by_id, at, status, public, text, words_for_staff, by_staff, version, data)
    SELECT ticket_id, 'rated', reporter_id, at, %(closed)s, true, '', false, false, version, '{}'::jsonb
    FROM answers ORDER BY at
)
INSERT INTO tickets_rating (ticket_id, value, words, at) SELECT ticket_id, value, words, at FROM answers
"""


def add_ratings(*, after: int, now: datetime, seed: str) -> int:
    """Let reporters of reports with keys above `after` answer; return how many did."""
    facts = {
        "after": after,
        "now": now,
        "seed": seed,
        "closed": Status.CLOSED.value,
        "answering": ANSWERING,
        "talking": TALKING,
        "good_in_time": GOOD_IN_TIME,
        "good_too_late": GOOD_TOO_LATE,
        "thinking": THINKING,
        **{value.value: list(words) for value, words in WORDS.items()},
    }
    with connection.cursor() as cursor:
        cursor.execute(ANSWER, facts)
        return cursor.rowcount
