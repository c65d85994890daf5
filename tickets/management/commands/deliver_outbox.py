"""`manage.py deliver_outbox`: one round of the post office."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import delivery
from tickets import letters


class Command(BaseCommand):
    help = (
        "Gather what is owed by e-mail and send what is due, as the clock does every 20 seconds. May run any number "
        "of times and side by side."
    )

    def handle(self, **options):
        done = delivery.deliver_outbox(at=timezone.now(), compose=letters.compose)
        counts = {"gathered": done.gathered, "sent": done.sent, "failed": done.failed, "parked": done.parked}
        self.stdout.write(
            _("%(gathered)s e-mails gathered, %(sent)s sent, %(failed)s failed, %(parked)s of them parked.") % counts
        )
        if not done.reached_server:
            self.stdout.write(_("The mail server could not be reached; the next round asks again."))
