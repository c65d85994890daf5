"""The worker and its clock. Celery only wakes up work that stands as rows in the database."""

import os

from celery import Celery

from pulse.sent import EVERY

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("campusruf", task_cls="pulse.ticking:Tick")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("helpdesk.watchdog:WorkerWatchdog")  # by name: it needs the models, which are not there yet

HOUR = 3600


def every(seconds: int, task: str) -> dict:
    """Return a tick; one that nobody took before the next is due is forgotten, so that they never pile up."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds, "headers": {EVERY: seconds}}}


# Everything that happens by itself, in one place. Beat only ticks: a task that runs twice, late or beside its
# twin does no harm, and what a missed tick has left is done by the next one.
app.conf.beat_schedule = {
    "due times": every(20, "tickets.tasks.sweep_deadlines"),
    "figures": every(20, "reports.tasks.keep"),
    "recomputation": every(20, "tickets.tasks.recompute"),
    "access mails": every(20, "accounts.tasks.send_access_mails"),
    "outbox": every(20, "tickets.tasks.deliver_outbox"),
    "traces": every(HOUR, "accounts.tasks.forget_traces"),
    "drafts": every(HOUR, "tickets.tasks.discard_drafts"),
    "presences": every(HOUR, "tickets.tasks.forget_presence"),
    "orphaned photos": every(24 * HOUR, "tickets.tasks.remove_orphans"),
    "signs of life": every(HOUR, "pulse.tasks.forget_signs"),
    "stored answers": every(HOUR, "idempotency.tasks.forget_answers"),
}
