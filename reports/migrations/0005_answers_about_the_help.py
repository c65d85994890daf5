from django.db import migrations, models

MARK = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $mark$
BEGIN
    INSERT INTO reports_stalemonth (school_id, month)
    SELECT DISTINCT school_id, date_trunc('month', created_at AT TIME ZONE 'Europe/Berlin')::date
    FROM tickets_ticket JOIN ({changed}) AS changed ON ticket_id = id
    WHERE NOT confidential AND status NOT IN ('merged', 'withdrawn');
    RETURN NULL;
END
$mark$
"""
TRIGGER = """
CREATE TRIGGER {name} AFTER {event} ON tickets_rating REFERENCING {rows}
FOR EACH STATEMENT EXECUTE FUNCTION {name}()
"""
BEFORE, AFTER = "SELECT ticket_id, value FROM before", "SELECT ticket_id, value FROM after"
#: Other words about the same answer change no figure.
CHANGES = {
    "INSERT": ("NEW TABLE AS after", AFTER),
    "UPDATE": (
        "OLD TABLE AS before NEW TABLE AS after",
        f"({BEFORE} EXCEPT ALL {AFTER}) UNION ALL ({AFTER} EXCEPT ALL {BEFORE})",
    ),
    "DELETE": ("OLD TABLE AS before", BEFORE),
}


def trigger(event: str) -> migrations.RunSQL:
    rows, changed = CHANGES[event]
    name = f"ratings_mark_{event.lower()}"
    return migrations.RunSQL(
        [MARK.format(name=name, changed=changed), TRIGGER.format(name=name, event=event, rows=rows)],
        [f"DROP TRIGGER {name} ON tickets_rating", f"DROP FUNCTION {name}()"],
    )


class Migration(migrations.Migration):
    """Answers about the help are counted, and every change of one leaves a mark."""

    dependencies = [
        ("reports", "0004_changes_to_count"),
        ("tickets", "0014_answers_about_the_help"),
    ]

    operations = [
        migrations.AddField(
            model_name="periodfigures",
            name="satisfied_part",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="periodfigures",
            name="answered_number",
            field=models.IntegerField(db_default=0, default=0),
        ),
        *[trigger(event) for event in CHANGES],
    ]
