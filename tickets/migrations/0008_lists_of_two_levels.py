from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let the counts of both levels read only what they count."""

    dependencies = [
        ("campuses", "0001_initial"),
        ("devices", "0002_initial"),
        ("schools", "0001_initial"),
        ("teams", "0003_telephone_and_hours"),
        ("tickets", "0007_words_of_staff"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("level", "second"), ("status", "resolved")),
                fields=["school", "-resolved_at"],
                name="solved_at_the_second_level",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        ["escalated", "in_progress", "new", "reopened", "waiting_external", "waiting_reporter"],
                    ),
                    ("first_escalated_at__isnull", False),
                ),
                fields=["team"],
                name="open_reports_ever_handed_over",
            ),
        ),
    ]
