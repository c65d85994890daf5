import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Handing over with a packet, following, merging, calls without an account, and who else is looking."""

    dependencies = [
        ("campuses", "0001_initial"),
        ("devices", "0002_initial"),
        ("schools", "0001_initial"),
        ("teams", "0003_telephone_and_hours"),
        ("tickets", "0003_reports_by_due_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("created_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
            ],
            options={
                "verbose_name": "checklist",
                "verbose_name_plural": "checklists",
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_]*$", "A short name has small letters, digits and “_”."
                            )
                        ],
                        verbose_name="short name",
                    ),
                ),
                ("text_de", models.CharField(max_length=160, verbose_name="statement (German)")),
                ("text_en", models.CharField(max_length=160, verbose_name="statement (English)")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "checklist item",
                "verbose_name_plural": "checklist items",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[("packet", "handed over"), ("deadline", "the time for a solution had run out")],
                        default="packet",
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="handed over at")),
                ("answers", models.JSONField(default=dict, help_text="Item and answer.", verbose_name="answers")),
                ("tried", models.TextField(blank=True, verbose_name="what was tried")),
                ("since", models.DateTimeField(blank=True, null=True, verbose_name="since when")),
                ("access", models.TextField(blank=True, verbose_name="when and how to get in")),
                ("spoken_with", models.CharField(blank=True, max_length=80, verbose_name="spoken with")),
                ("is_complete", models.BooleanField(default=True, verbose_name="complete")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resolved", "solved"),
                            ("returned", "returned to the campus management"),
                            ("ended", "ended without a solution"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caller_name", models.CharField(blank=True, max_length=120, verbose_name="caller")),
                ("caller_phone", models.CharField(blank=True, max_length=40, verbose_name="caller's telephone")),
                ("is_affected", models.BooleanField(default=True, verbose_name="affected")),
                ("joined_at", models.DateTimeField(verbose_name="since")),
            ],
            options={
                "verbose_name": "affected person",
                "verbose_name_plural": "affected persons",
            },
        ),
        migrations.CreateModel(
            name="PacketDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.JSONField(default=dict, verbose_name="words")),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
            ],
            options={
                "verbose_name": "draft of a packet",
                "verbose_name_plural": "drafts of packets",
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
                ("typing_at", models.DateTimeField(blank=True, null=True, verbose_name="typing at")),
            ],
            options={
                "verbose_name": "presence",
                "verbose_name_plural": "presences",
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="came_with",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tickets.ticket",
                verbose_name="came with",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="taken_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The clock of a report that was merged into this one and had less time left.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.deadline",
                verbose_name="taken over from",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken over at"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="caller_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="caller"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="caller_phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="caller's telephone"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="mediator_question",
            field=models.TextField(blank=True, verbose_name="open question to the campus management"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="tickets.ticket",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="team_due_at",
            field=models.DateTimeField(
                blank=True,
                help_text="With the response of the second level.",
                null=True,
                verbose_name="due at for the team",
            ),
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="version",
            field=models.PositiveIntegerField(default=0, verbose_name="version afterwards"),
        ),
        migrations.AddField(
            model_name="ticketevent",
            name="words_for_staff",
            field=models.BooleanField(
                default=False,
                help_text="The reporter sees that it happened, not what was written.",
                verbose_name="text for those who work on it only",
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first_response", "First response"),
                    ("resolution", "Solution"),
                    ("second_response", "Response of the second level"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="reporter",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: somebody called who has no account.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reported_tickets",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reporter",
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
                    ("level", "second"),
                ),
                fields=["team", "team_due_at", "id"],
                name="triage_of_a_team_by_due",
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
                    ("confidential", False),
                ),
                fields=["school", "category", "-id"],
                name="known_faults_of_a_school",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reporter__isnull", False), models.Q(("caller_name", ""), _negated=True), _connector="OR"
                ),
                name="somebody_reported_it",
            ),
        ),
        migrations.AddField(
            model_name="checklist",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checklists",
                to="tickets.category",
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="checklist",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: comes with the product.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="published by",
            ),
        ),
        migrations.AddField(
            model_name="checklistitem",
            name="checklist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="tickets.checklist",
                verbose_name="checklist",
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="checklist",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.checklist",
                verbose_name="checklist",
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="devices",
            field=models.ManyToManyField(blank=True, related_name="+", to="devices.device", verbose_name="devices"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="rooms",
            field=models.ManyToManyField(blank=True, related_name="+", to="schools.room", verbose_name="rooms"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="teams.team", verbose_name="team"
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="escalations",
                to="tickets.ticket",
                verbose_name="report",
            ),
        ),
        migrations.AddField(
            model_name="follower",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="followed_tickets",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="follower",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="schools.room",
                verbose_name="room",
            ),
        ),
        migrations.AddField(
            model_name="follower",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="followers",
                to="tickets.ticket",
                verbose_name="report",
            ),
        ),
        migrations.AddField(
            model_name="packetdraft",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="packetdraft",
            name="ticket",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="packet_draft",
                to="tickets.ticket",
                verbose_name="report",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tickets.ticket",
                verbose_name="report",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.UniqueConstraint(
                fields=("category", "version"), name="one_checklist_a_category_and_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="checklistitem",
            constraint=models.UniqueConstraint(fields=("checklist", "key"), name="one_item_a_key_and_checklist"),
        ),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(fields=["ticket", "-at", "-id"], name="escalations_of_a_report"),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("ticket",), name="one_open_escalation"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="an_ended_escalation_has_an_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="follower",
            index=models.Index(fields=["person", "-ticket"], name="faults_a_person_follows"),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.UniqueConstraint(fields=("ticket", "person"), name="one_voice_a_person_and_report"),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("caller_name", ""), ("person__isnull", False)),
                    models.Q(("person", None), models.Q(("caller_name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_follower_is_a_person_or_a_caller",
            ),
        ),
        migrations.AddIndex(
            model_name="presence",
            index=models.Index(fields=["seen_at"], name="presences_by_age"),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("ticket", "person"), name="one_presence_a_person_and_report"),
        ),
    ]
