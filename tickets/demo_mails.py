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
MOST_WAITING = 30  # messages


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
        return [
            self._shown(
                list(mail.messages.all()), mail.get_kind_display(), mail.sent_at or mail.created_at, _state(mail)
            )
            for mail in self._mails
        ]

    @cached_property
    def waiting(self) -> list[Shown]:
        """What is owed and not in a mail yet, by report; on the first page only."""
        by_report: dict[str, list[OutboxMessage]] = {}
        for message in self._owed:
            by_report.setdefault(message.about, []).append(message)
        waits = _("Waits for quiet hours to end, for the daily e-mail or for the budget"), "schedule", "wait"
        return [self._shown(owed, "", owed[-1].created_at, waits) for owed in by_report.values()]

    @property
    def next_at(self) -> datetime | None:
        """When what waits is looked at next."""
        return min((message.due_at for message in self._owed), default=None)

    @cached_property
    def _mails(self) -> list[Mail]:
        return [mail for mail in self.page.rows if mail.messages.all()]

    @cached_property
    def _owed(self) -> list[OutboxMessage]:
        if self.after:
            return []
        return list(OutboxMessage.objects.visible_to(self.viewer).owed().order_by("-pk")[:MOST_WAITING])[::-1]

    @cached_property
    def _letters(self) -> Letters:
        messages = [message for mail in self._mails for message in mail.messages.all()]
        return Letters([*messages, *self._owed], self.viewer.person, self.viewer.at)

    @cached_property
    def _site(self) -> SiteSettings:
        return SiteSettings.current()

    def _shown(self, messages, kind, at, state) -> Shown:
        letter = self._letters.letter(messages)
        text, html = texts_of(letter, self.viewer.person, self._site)
        return Shown(one_line(letter.subject), text, html, kind, at, *state)


def _state(mail) -> tuple[str, str, str]:
    if mail.sent_at:
        return _("Sent"), "check_circle", "done"
    if mail.parked_at:
        return _("Could not be sent"), "error", "urgent"
    if mail.dropped_at:
        return _("Not sent any more"), "block", "quiet"
    return _("Goes out next"), "schedule", "wait"
