"""The promise in use becomes version 1 of the promise for all, with the ladder of the glossary."""

from datetime import date

from django.db import migrations
from django.utils import timezone

FIRST_DAY = date(2020, 1, 1)  # before any report there can be
SERVICE_DAY = 510  # minutes
LADDER = [
    *(
        (clock, percent, "remind")
        for clock in ("first_response", "resolution", "second_response")
        for percent in (50, 80)
    ),
    ("first_response", 100, "tell_coordination"),
    ("resolution", 100, "remind"),  # for a report that lies at the second level already
    ("resolution", 100, "escalate"),
    ("second_response", 100, "tell_lead"),
    ("answer", 40, "remind_reporter"),
    ("answer", 100, "close"),
]


def publish(apps, schema_editor):
    """Turn the default promise into a version; promises that were no default were never used by any clock."""
    model = lambda name: apps.get_model("tickets", name)  # noqa: E731
    model("SlaPolicy").objects.filter(is_default=False).delete()
    policy = model("SlaPolicy").objects.get(is_default=True)
    version = model("PolicyVersion").objects.create(
        policy=policy,
        number=1,
        valid_from=FIRST_DAY,
        paused_in=policy.paused_in,
        answer_minutes=5 * SERVICE_DAY,
        automatic_team=apps.get_model("teams", "Team").objects.get(slug="workplaces"),
    )
    model("SlaTarget").objects.filter(policy=policy).update(version=version)
    step = model("LadderStep")
    step.objects.bulk_create(
        step(version=version, clock=clock, percent=percent, action=action) for clock, percent, action in LADDER
    )
    model("Deadline").objects.update(policy_version=version)


def work_out_what_is_open(apps, schema_editor):
    """Let the background give all open reports their next steps; what has passed already is not made up for."""
    if apps.get_model("tickets", "Ticket").objects.exists():
        apps.get_model("calendars", "Recomputation").objects.create(
            reason="upgrade", requested_at=timezone.now(), leaves_past=True
        )


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0009_clocks_and_ladder"),
        ("calendars", "0003_recomputations"),
    ]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop),
        migrations.RunPython(work_out_what_is_open, migrations.RunPython.noop),
    ]
