"""The notices of one person: newest first, those about one report together, and where each of them leads."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse

from foundation.paging import Page, page_of
from notifications.models import OutboxMessage
from schools.viewer import Viewer
from tickets.known_faults import TYPED
from tickets.models import Ticket
from tickets.notice_words import notice_words


@dataclass(frozen=True)
class Subject:
    """What the viewer may know now of what notices are about; `title` and `link` are empty where that is nothing.

    `own` says whether the viewer has reported it.
    """

    number: str
    title: str = ""
    school: str = ""
    link: str = ""
    own: bool = False


@dataclass(frozen=True)
class Told:
    """One notice in a few words."""

    pk: int
    kind: str
    words: str
    at: object
    is_unread: bool


@dataclass(frozen=True)
class Row:
    """The notices of one page about one report: the latest, and those before it."""

    subject: Subject
    latest: Told
    earlier: list[Told]

    @property
    def is_unread(self) -> bool:
        return self.latest.is_unread or any(told.is_unread for told in self.earlier)


class Inbox:
    """One page of notices; at most four statements, whatever they are about."""

    ORDER = ("-id",)  # newest first

    def __init__(self, viewer: Viewer, *, unread_only: bool = False, after: str = ""):
        self.viewer = viewer
        self.unread_only = unread_only
        self.after = after

    @property
    def listed(self) -> QuerySet[OutboxMessage]:
        """All notices of this list."""
        rows = OutboxMessage.objects.visible_to(self.viewer).notices()
        return rows.unread() if self.unread_only else rows

    @cached_property
    def page(self) -> Page:
        return page_of(self.listed, order=self.ORDER, after=self.after)

    @cached_property
    def rows(self) -> list[Row]:
        by_report: dict[str, list[OutboxMessage]] = {}
        for notice in self.page.rows:
            by_report.setdefault(notice.about, []).append(notice)
        known = subjects(self.viewer, by_report.keys())
        return [_row(known.get(number, Subject(number)), notices) for number, notices in by_report.items()]


def subject_of(viewer: Viewer, number: str) -> Subject:
    """Return what the viewer may know now of one report."""
    return subjects(viewer, {number}).get(number, Subject(number))


def subjects(viewer: Viewer, numbers) -> dict[str, Subject]:
    """Return what the viewer may know now of these reports, by number: in full, as followed, or as overseen."""
    found, left = {}, set(numbers)
    if left:
        rows = Ticket.objects.visible_to(viewer).filter(number__in=left).select_related("school")
        for ticket in rows.only("number", "title", "reporter", "school__name"):
            own = ticket.reporter_id == viewer.person.pk
            found[ticket.number] = _subject(ticket, ticket.title, ticket.get_absolute_url(), own)
        left -= found.keys()
    if left and viewer.member_schools | viewer.schools_looked_after:
        rows = Ticket.objects.followed_by(viewer).filter(number__in=left).select_related("school", "room", "category")
        for ticket in rows.defer(*TYPED):
            found[ticket.number] = _subject(ticket, ticket.fault_title, ticket.get_absolute_url())
        left -= found.keys()
    if left and viewer.is_coordinator:
        rows = Ticket.objects.overseen_by(viewer).filter(number__in=left).select_related("school", "category")
        for ticket in rows.defer(*TYPED):
            link = f"{reverse('responsibility')}?school={ticket.school.number}"
            found[ticket.number] = _subject(ticket, ticket.category.name, link)
    return found


def _subject(ticket, title, link, own=False) -> Subject:
    return Subject(ticket.number, title, ticket.school.name, link, own)


def _row(subject, notices) -> Row:
    latest, *earlier = (
        Told(
            notice.pk,
            notice.kind,
            notice_words(notice.kind, own=subject.own),
            notice.created_at,
            notice.read_at is None,
        )
        for notice in notices
    )
    return Row(subject, latest, earlier)
