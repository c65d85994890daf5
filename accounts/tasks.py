"""What the clock does for accounts: owed mails go out, old traces go away."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.commands.passwords import send_access_mail
from accounts.models import AccessMail, SignInFailure
from pulse.models import Heartbeat
from pulse.signs import leave_sign


@shared_task
def send_access_mails():
    """Send the mails that are due, each in its own transaction."""
    due = AccessMail.objects.due(at=timezone.now()).values_list("pk", flat=True)[:100]
    done = sum(send_access_mail(mail_id=mail_id, at=timezone.now()) for mail_id in list(due))
    leave_sign(Heartbeat.ACCESS_MAILS, at=timezone.now(), counted={"rounds": 1, "done": done})


@shared_task
def forget_traces():
    """Remove counted failures after a day, finished mails after a week, and sessions that have run out."""
    at = timezone.now()
    SignInFailure.objects.filter(at__lt=at - timedelta(days=1)).delete()
    AccessMail.objects.filter(done_at__lt=at - timedelta(days=7)).delete()
    Session.objects.filter(expire_date__lt=at).delete()
