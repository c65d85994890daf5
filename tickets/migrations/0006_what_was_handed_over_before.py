from django.db import migrations, models

#: A report that ended in another one: until now only its history knew in which.
MERGED_INTO = """
    UPDATE tickets_ticket AS source SET merged_into_id = target.id
    FROM tickets_ticketevent AS event, tickets_ticket AS target
    WHERE source.status = 'merged' AND event.ticket_id = source.id AND event.verb = 'merged'
        AND target.number = event.data ->> 'into'
"""
#: Where the history does not say it either, the report is closed like any other that ended without a solution.
CLOSED = """
    UPDATE tickets_ticket SET status = 'closed', closed_from = 'merged'
    WHERE status = 'merged' AND merged_into_id IS NULL
"""
#: What lies with the Systemhaus without a packet gets one that says that it is not complete.
HANDED_OVER = """
    INSERT INTO tickets_escalation
        (ticket_id, team_id, reason, at, answers, tried, access, spoken_with, is_complete, outcome)
    SELECT id, team_id, 'packet', COALESCE(first_escalated_at, changed_at), '{}', '', '', '', false, ''
    FROM tickets_ticket
    WHERE level = 'second' AND team_id IS NOT NULL
        AND status IN ('new', 'in_progress', 'waiting_reporter', 'escalated', 'waiting_external', 'reopened')
"""
DUE = """
    UPDATE tickets_ticket SET team_due_at = due_at
    WHERE level = 'second' AND due_at IS NOT NULL
"""
CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):
    """Give what was handed over and merged before the rows that such reports have from now on."""

    dependencies = [("tickets", "0005_checklists")]

    operations = [
        *[
            migrations.RunSQL(sql, migrations.RunSQL.noop)
            for sql in (MERGED_INTO, CLOSED, HANDED_OVER, DUE, CHECK_NOW)
        ],
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("status", "merged")),
                    models.Q(models.Q(("status", "merged"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="merged_reports_know_where_they_went",
            ),
        ),
    ]
