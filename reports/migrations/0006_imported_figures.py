from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_answers_about_the_help")]

    operations = [
        migrations.CreateModel(
            name="ImportedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=8, verbose_name="table")),
                ("row", models.CharField(max_length=24, verbose_name="row")),
                ("column", models.CharField(max_length=24, verbose_name="column")),
                ("value", models.IntegerField(verbose_name="value")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("as_of", models.DateField(verbose_name="as of")),
            ],
            options={
                "verbose_name": "imported figure",
                "verbose_name_plural": "imported figures",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table", "row", "column", "source"), name="a_source_prints_a_figure_once"
                    )
                ],
            },
        ),
    ]
