from django.db import migrations, models

from foundation.indexing import AddIndexMeanwhile

CLOCKS_TO_MEASURE = models.Q(("kind__in", ["first_response", "resolution"]), ("met_at__isnull", False), ("used", None))
COUNTED = models.Q(("confidential", False), models.Q(("status__in", ["merged", "withdrawn"]), _negated=True))


class Migration(migrations.Migration):
    """What lists of very many reports ask, made while people work; the first two were part of 0013 once."""

    atomic = False

    dependencies = [("tickets", "0014_answers_about_the_help")]

    operations = [
        AddIndexMeanwhile(
            "deadline", models.Index(condition=CLOCKS_TO_MEASURE, fields=["id"], name="clocks_to_measure")
        ),
        AddIndexMeanwhile(
            "ticket", models.Index(condition=COUNTED, fields=["school", "created_at"], name="figures_of_a_school")
        ),
        AddIndexMeanwhile("ticket", models.Index(fields=["status", "-id"], name="reports_in_a_state")),
        AddIndexMeanwhile("ticket", models.Index(fields=["category", "-id"], name="reports_of_a_category")),
        AddIndexMeanwhile("ticket", models.Index(fields=["priority", "-id"], name="reports_of_a_priority")),
        AddIndexMeanwhile(
            "ticket",
            models.Index(
                fields=["room", "created_at"],
                include=["id", "confidential", "reporter"],
                name="recent_reports_of_a_room",
            ),
        ),
    ]
