import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Exclusion constraints compare equal columns beside overlapping days.
        BtreeGistExtension(),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "Somebody with this e-mail address is already here."},
                        max_length=254,
                        unique=True,
                        verbose_name="e-mail address",
                    ),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "Deutsch"), ("en", "English")],
                        default="de",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("system", "like the device"), ("light", "light"), ("dark", "dark")],
                        default="system",
                        max_length=6,
                        verbose_name="appearance",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="here since"),
                ),
                ("session_epoch", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "sort_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Replace(
                            models.Func(
                                django.db.models.functions.text.Lower(
                                    django.db.models.functions.text.Concat(
                                        models.F("last_name"), models.Value(" "), models.F("first_name")
                                    )
                                ),
                                models.Value("äöüàáâéèêíóúçñÄÖÜ"),
                                models.Value("aouaaaeeeioucnaou"),
                                function="translate",
                                output_field=models.TextField(),
                            ),
                            models.Value("ß"),
                            models.Value("ss"),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(db_collation="C"),
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "indexes": [models.Index(fields=["sort_key", "id"], name="user_in_german_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="user_email_is_lower_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(choices=[("reset", "new password"), ("invitation", "invitation")], max_length=10),
                ),
                ("email", models.CharField(blank=True, max_length=254)),
                ("account_key", models.CharField(max_length=64)),
                ("requested_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("sent", "sent"), ("nobody", "nobody has this address")],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name": "access mail",
                "verbose_name_plural": "access mails",
                "indexes": [
                    models.Index(
                        models.F("requested_at"),
                        condition=models.Q(("done_at", None)),
                        name="access_mails_owed",
                    ),
                    models.Index(fields=["account_key", "-requested_at"], name="access_mails_of_an_account"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="what it is for")),
                ("prefix", models.CharField(max_length=16, verbose_name="begins with")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
            },
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("account_key", models.CharField(max_length=64)),
                ("network", models.GenericIPAddressField(unpack_ipv4=True, verbose_name="network address")),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["account_key", "-at"], name="failures_of_an_account")],
            },
        ),
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("verb", models.CharField(max_length=40, verbose_name="event")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("data", models.JSONField(blank=True, default=dict, verbose_name="details")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_events",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "account event",
                "verbose_name_plural": "account events",
                "indexes": [
                    models.Index(fields=["person", "-at"], name="account_events_of_a_person"),
                    models.Index(fields=["-at"], name="account_events_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verb__in",
                                [
                                    "signed_in",
                                    "sign_in_failed",
                                    "locked",
                                    "signed_out",
                                    "password_changed",
                                    "role_granted",
                                    "role_withdrawn",
                                    "token_created",
                                    "token_revoked",
                                    "created",
                                    "changed",
                                    "invited",
                                    "deactivated",
                                    "reactivated",
                                    "exported",
                                ],
                            )
                        ),
                        name="known_account_event",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CityRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day. Empty: until further notice.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("helpdesk", "Central helpdesk"),
                            ("coordinator", "Coordination"),
                            ("city_reader", "City"),
                            ("administrator", "Administration"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="city_roles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "role for the city",
                "verbose_name_plural": "roles for the city",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="accounts_cityrole_ends_after_start",
                        violation_error_message="The last day lies before the first day.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("person", "="),
                            ("role", "="),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_city_role_at_a_time",
                        violation_error_message="This person already holds this role on some of these days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["helpdesk", "coordinator", "city_reader", "administrator"])),
                        name="known_city_role",
                    ),
                ],
            },
        ),
    ]
