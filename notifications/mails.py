"""How a letter travels: sender, subject on one line, headers, plain text and HTML."""

from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from foundation.text import clean_line
from pages.models import SiteSettings

from .letter import Letter
from .models import Mail

LONGEST_SUBJECT = 200


def mail_of(letter: Letter, mail: Mail, person: User, site: SiteSettings) -> EmailMultiAlternatives:
    """Return the mail ready to be sent; every attempt has the same Message-ID."""
    host = urlsplit(settings.BASE_URL).hostname
    preferences = settings.BASE_URL + reverse("notification-preferences")
    text, html = texts_of(letter, person, site)
    headers = {
        "Message-ID": f"<{mail.public_id}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Loop": host,
        "List-Id": f"<notices.{host}>",
        "List-Unsubscribe": f"<{preferences}>",
    }
    if letter.thread:
        # No mail has this id. All that are about the same report answer it, so that a mailbox shows them together.
        root = f"<{one_line(letter.thread)}.{person.public_id}@{host}>"
        headers |= {"References": root, "In-Reply-To": root}
    message = EmailMultiAlternatives(
        subject=one_line(letter.subject),
        body=text,
        from_email=formataddr((one_line(site.service_name), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[formataddr((one_line(person.name), person.email))],
        headers=headers,
    )
    message.attach_alternative(html, "text/html")
    return message


def texts_of(letter: Letter, person: User, site: SiteSettings) -> tuple[str, str]:
    """Return the letter as plain text and as HTML, in the person's language."""
    context = {
        "letter": letter,
        "person": person,
        "site": site,
        "base": settings.BASE_URL,
        "preferences": settings.BASE_URL + reverse("notification-preferences"),
    }
    with translation.override(person.language):
        # As ordinary strings, which a page that shows them escapes; the plain text has everything as it was typed.
        text, html = (
            render_to_string(f"notifications/mail.{kind}", context).strip() + "\n" for kind in ("txt", "html")
        )
    return text, html


def one_line(text: str) -> str:
    """Return the text as a header may carry it: on one line, nothing invisible, not too long."""
    line = clean_line(text, 4 * len(text))  # composed letters may take more room
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"
