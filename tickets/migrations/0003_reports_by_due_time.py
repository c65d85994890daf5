from django.db import migrations, models


class Migration(migrations.Migration):
    """Let lists be ordered by due time, those without one last; open reports are the beginning of this index."""

    dependencies = [("tickets", "0002_categories_and_promises")]

    operations = [
        migrations.AddIndex(
            model_name="ticket", index=models.Index(fields=["due_at", "id"], name="reports_by_due_time")
        ),
        migrations.RemoveIndex(model_name="ticket", name="queue_of_the_city_by_due"),
    ]
