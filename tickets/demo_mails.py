"""The mails of one person in the demo, where none leaves the machine: what would have been sent, and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from foundation.paging import Page, page_of
from notifications.mails import one_line, texts_of
from notifications.models import Mail, OutboxMessage
from pages.models import SiteSettings
from schools.viewer import Viewer
from tickets.letters import Letters

MAILS_A_PAGE = 10


@dataclass(frozen=True)
class Shown:
    """One mail as its receiver would read it now."""

    subject: str
    text: str
    html: str
    kind: str
    at: datetime
    state: str
    icon: str
    look: str


class DemoMails:
    """One page of the viewer's mails, the newest first; the same few statements for any number of them."""

    def __init__(self, viewer: Viewer, *, after: str = ""):
        self.viewer = viewer
        self.after = after

    @cached_property
    def page(self) -> Page:
        messages = Prefetch("messages", OutboxMessage.objects.visible_to(self.viewer).order_by("pk"))
        mails = Mail.objects.visible_to(self.viewer).prefetch_related(messages)
        return page_of(mails, order=["-id"], after=self.after, size=MAILS_A_PAGE)

    @cached_property
    def mails(self) -> list[Shown]:
        person, site = self.viewer.person, SiteSettings.current()
        mails = [mail for mail in self.page.rows if mail.messages.all()]
        letters = Letters([message for mail in mails for message in mail.messages.all()], person, self.viewer.at)
        return [_shown(mail, letters.letter(list(mail.messages.all())), person, site) for mail in mails]

    @cached_property
    def waiting(self) -> list[OutboxMessage]:
        """What is owed and not in a mail yet, what is due next first."""
        return list(OutboxMessage.objects.visible_to(self.viewer).owed().order_by("due_at", "pk"))

    @property
    def next_at(self) -> datetime | None:
        return self.waiting[0].due_at if self.waiting else None


def _shown(mail, letter, person, site) -> Shown:
    text, html = texts_of(letter, person, site)
    state, icon, look = _state(mail)
    at = mail.sent_at or mail.created_at
    return Shown(one_line(letter.subject), text, html, mail.get_kind_display(), at, state, icon, look)


def _state(mail) -> tuple[str, str, str]:
    if mail.sent_at:
        return _("Sent"), "check_circle", "done"
    if mail.parked_at:
        return _("Could not be sent"), "error", "urgent"
    if mail.dropped_at:
        return _("Not sent any more"), "block", "quiet"
    return _("Goes out next"), "schedule", "wait"
