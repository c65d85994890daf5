"""The mails accounts writes: plain text, in the person's own language."""

from datetime import datetime
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.links import LIFETIMES, link_for
from accounts.models import AccessMail, User
from foundation.text import clean_line
from pages.models import SiteSettings


def access_mail(person: User, mail: AccessMail, *, at: datetime) -> EmailMessage:
    """Return the mail with a fresh link; the link's time runs from `at`."""
    site = SiteSettings.current()
    with translation.override(person.language):
        invited = mail.kind == AccessMail.Kind.INVITATION
        text = _("Invitation to %(service)s") if invited else _("New password for %(service)s")
        body = render_to_string(
            f"accounts/mail/{mail.kind}.{person.language}.txt",
            {
                "person": person,
                "link": link_for(person, mail.kind, at=at),
                "until": at + LIFETIMES[mail.kind],
                "site": site,
            },
        )
        subject = text % {"service": site.service_name}
    host = urlsplit(settings.BASE_URL).hostname
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[formataddr((clean_line(person.name, 200), person.email))],
        headers={
            # The same for every attempt, so that a mailbox can tell a second copy.
            "Message-ID": f"<{mail.public_id}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
