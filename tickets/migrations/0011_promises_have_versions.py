import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_first_ladder")]

    operations = [
        migrations.RemoveField(
            model_name="slapolicy",
            name="is_default",
        ),
        migrations.RemoveField(
            model_name="slapolicy",
            name="paused_in",
        ),
        migrations.RemoveField(
            model_name="slatarget",
            name="policy",
        ),
        migrations.AddConstraint(
            model_name="slapolicy",
            constraint=models.UniqueConstraint(
                fields=("support_type", "kind"),
                name="one_policy_a_scope",
                violation_error_message="There is already a promise for these reports. Change that one instead.",
            ),
        ),
        migrations.AddConstraint(
            model_name="slatarget",
            constraint=models.UniqueConstraint(fields=("version", "priority"), name="one_target_a_priority"),
        ),
        migrations.AlterField(
            model_name="slatarget",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="targets",
                to="tickets.policyversion",
                verbose_name="version",
            ),
        ),
    ]
