from django.db import migrations

#: After the triggers are there: whatever comes meanwhile leaves its own marks, and nobody waits for this one.
EVERYTHING = """
    INSERT INTO reports_stalemonth (school_id, month)
    SELECT DISTINCT school_id, date_trunc('month', created_at AT TIME ZONE 'Europe/Berlin')::date
    FROM tickets_ticket WHERE NOT confidential AND status NOT IN ('merged', 'withdrawn')
"""


class Migration(migrations.Migration):
    """Have everything counted that was reported before; the keeper does it with its next rounds."""

    dependencies = [("reports", "0002_marks_by_triggers")]

    operations = [migrations.RunSQL(EVERYTHING, migrations.RunSQL.noop)]
