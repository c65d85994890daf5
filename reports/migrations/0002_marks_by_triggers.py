from django.db import migrations

#: Hash joins are off because a session plans this once: while many rows are loaded, a plan made for the first of them
#: would read all reports there are for each further batch.
MARK = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $mark$
BEGIN
    INSERT INTO reports_stalemonth (school_id, month)
    SELECT DISTINCT school_id, date_trunc('month', created_at AT TIME ZONE 'Europe/Berlin')::date
    FROM ({changed}) AS changed;
    RETURN NULL;
END
$mark$
"""
#: One trigger for each statement, not for each row: a COPY of many rows leaves one mark a school and month.
TRIGGER = """
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {name}()
"""
ROWS = {
    "INSERT": "NEW TABLE AS after",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS after",
    "DELETE": "OLD TABLE AS before",
}
COUNTS = "NOT confidential AND status NOT IN ('merged', 'withdrawn')"
#: What figures know of a report, and only that: taking it over or writing a message marks nothing.
REPORTS = f"""
    SELECT id, school_id, created_at, campus_id, category_id, room_id, resolved_at IS NULL, first_escalated_at IS NULL,
        status IN ('new', 'in_progress', 'waiting_reporter', 'escalated', 'waiting_external', 'reopened')
    FROM {{rows}} WHERE {COUNTS}
"""
#: What figures know of a clock; a row is there only where it says something.
CLOCKS = """
    SELECT ticket_id, kind, used, is_kept
    FROM {rows} CROSS JOIN LATERAL (
        SELECT CASE
            WHEN kind <> 'resolution' OR ended_at IS NOT NULL THEN NULL
            WHEN met_at IS NOT NULL THEN missed_at IS NULL
            WHEN missed_at IS NOT NULL THEN false
        END AS is_kept
    ) AS promise
    WHERE kind IN ('first_response', 'resolution') AND (used IS NOT NULL OR is_kept IS NOT NULL)
"""
REPORTS_OF = f"""
    SELECT school_id, created_at FROM tickets_ticket JOIN ({{clocks}}) AS clocks ON ticket_id = id WHERE {COUNTS}
"""
#: Form and district are those of the school today: then all its months lie elsewhere in the city.
SCHOOLS = f"""
    SELECT school_id, created_at FROM tickets_ticket WHERE {COUNTS} AND school_id IN (
        SELECT id FROM (SELECT id, form, district FROM after EXCEPT SELECT id, form, district FROM before) AS moved
    )
"""


def difference(known: str, event: str) -> str:
    """Return SQL for what a statement has changed in what is known of these rows."""
    before, after = known.format(rows="before"), known.format(rows="after")
    if event == "UPDATE":
        return f"({before} EXCEPT ALL {after}) UNION ALL ({after} EXCEPT ALL {before})"
    return after if event == "INSERT" else before


def trigger(name: str, table: str, event: str, changed: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            MARK.format(name=name, changed=changed),
            TRIGGER.format(name=name, event=event, table=table, rows=ROWS[event]),
        ],
        [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"],
    )


class Migration(migrations.Migration):
    """Whatever changes a figure, by whatever door, leaves a mark in the same transaction."""

    dependencies = [
        ("reports", "0001_figures_of_periods"),
        ("schools", "0001_initial"),
        ("tickets", "0013_service_time_used"),
    ]

    operations = [
        *[
            trigger(f"reports_mark_{event.lower()}", "tickets_ticket", event, difference(REPORTS, event))
            for event in ROWS
        ],
        *[
            trigger(
                f"clocks_mark_{event.lower()}",
                "tickets_deadline",
                event,
                REPORTS_OF.format(clocks=difference(CLOCKS, event)),
            )
            for event in ROWS
        ],
        trigger("schools_mark_update", "schools_school", "UPDATE", SCHOOLS),
    ]
