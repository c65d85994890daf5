"""The worker and its clock. Celery only wakes up work that stands as rows in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("campusruf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Everything that happens by itself, in one place. Beat only ticks: a task that runs twice, late or beside its
# twin does no harm, and a missed tick is caught up by the next one. `expires` keeps ticks from piling up.
app.conf.beat_schedule = {
    "access mails": {
        "task": "accounts.tasks.send_access_mails",
        "schedule": 20,
        "options": {"expires": 20},
    },
    "traces": {
        "task": "accounts.tasks.forget_traces",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "drafts": {
        "task": "tickets.tasks.discard_drafts",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "answers": {
        "task": "idempotency.tasks.forget_answers",
        "schedule": 24 * 3600,
        "options": {"expires": 3600},
    },
}
