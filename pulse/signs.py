"""Leaving a sign of life."""

import json
from datetime import datetime

from django.db import connection

from .models import Heartbeat

# One statement, so that two rounds at the same moment both count, and an earlier one never covers a later one.
LEAVE = """
INSERT INTO {table} AS known (name, at, facts, totals) VALUES (%s, %s, %s, %s)
ON CONFLICT (name) DO UPDATE SET
  at = GREATEST(known.at, EXCLUDED.at),
  facts = CASE WHEN EXCLUDED.at >= known.at THEN EXCLUDED.facts ELSE known.facts END,
  totals = known.totals || (
    SELECT COALESCE(jsonb_object_agg(key, value::bigint + COALESCE((known.totals ->> key)::bigint, 0)), '{{}}')
    FROM jsonb_each_text(EXCLUDED.totals)
  )
"""


def leave_sign(name: str, *, at: datetime, facts: dict | None = None, counted: dict[str, int] | None = None) -> None:
    """Note that `name` was alive at `at`, with the facts of this time, and add to its totals what it counted."""
    statement = LEAVE.format(table=connection.ops.quote_name(Heartbeat._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [name, at, json.dumps(facts or {}), json.dumps(counted or {})])
