from importlib import import_module

from django.db import migrations

answers = import_module("reports.migrations.0005_answers_about_the_help")
everything = import_module("reports.migrations.0003_count_what_is_there")

#: The order of the answers decides which of them are told.
BEFORE, AFTER = "SELECT ticket_id, value, at FROM before", "SELECT ticket_id, value, at FROM after"
CHANGED = f"({BEFORE} EXCEPT ALL {AFTER}) UNION ALL ({AFTER} EXCEPT ALL {BEFORE})"
REPLACE = answers.MARK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").format


class Migration(migrations.Migration):
    """Answers are told in steps of five: have the years with answers counted anew, and mark a change of their order."""

    dependencies = [("reports", "0006_imported_figures"), ("tickets", "0014_answers_about_the_help")]

    operations = [
        migrations.RunSQL(
            REPLACE(name="ratings_mark_update", changed=CHANGED),
            REPLACE(name="ratings_mark_update", changed=answers.CHANGES["UPDATE"][1]),
        ),
        migrations.RunSQL(everything.EVERYTHING, migrations.RunSQL.noop),
    ]
