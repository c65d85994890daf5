import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="address")),
                ("title_de", models.CharField(max_length=120, verbose_name="German title")),
                ("title_en", models.CharField(max_length=120, verbose_name="English title")),
                ("body_de", models.TextField(verbose_name="German text")),
                ("body_en", models.TextField(blank=True, verbose_name="English text")),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="as of")),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
            },
        ),
        migrations.CreateModel(
            name="BarrierReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="page")),
                ("hindrance", models.TextField(verbose_name="what hinders")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="contact")),
                ("network_key", models.CharField(editable=False, max_length=64)),
                ("reported_at", models.DateTimeField(verbose_name="reported")),
            ],
            options={
                "verbose_name": "reported barrier",
                "verbose_name_plural": "reported barriers",
                "indexes": [models.Index(fields=["network_key", "-reported_at"], name="barriers_from_a_network")],
            },
        ),
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "service_name",
                    models.CharField(default="Campusruf", max_length=60, verbose_name="name of the service"),
                ),
                (
                    "hotline_phone",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the hotline is not shown.",
                        max_length=40,
                        verbose_name="phone number of the hotline",
                    ),
                ),
                (
                    "hotline_hours_de",
                    models.CharField(blank=True, max_length=80, verbose_name="German hotline hours"),
                ),
                (
                    "hotline_hours_en",
                    models.CharField(blank=True, max_length=80, verbose_name="English hotline hours"),
                ),
                (
                    "support_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address for questions"),
                ),
            ],
            options={
                "verbose_name": "service and hotline",
                "verbose_name_plural": "service and hotline",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="only_one_row_of_site_settings")
                ],
            },
        ),
    ]
