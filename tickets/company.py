"""Who has a fault besides the person who reported it, and which reports belong together since they were merged."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from schools.viewer import Viewer
from tickets.known_faults import with_voices
from tickets.models import Attachment, Follower, Ticket

LONGEST_CHAIN = 20


def with_company(tickets: QuerySet[Ticket], viewer: Viewer) -> QuerySet[Ticket]:
    """Annotate who is affected (see `with_voices`), `unaffected`, and `took_others`: were others merged into it.

    `callers` are the affected without an account (name, phone), who hear nothing unless somebody calls them.
    """
    callers = Follower.objects.affected().filter(ticket=OuterRef("pk"), person=None).order_by("joined_at", "pk")
    voices = Follower.objects.filter(ticket=OuterRef("pk"), is_affected=False).order_by().values("ticket")
    unaffected = voices.annotate(number=Count("pk")).values("number")
    others = Ticket.objects.visible_to(viewer).filter(merged_into=OuterRef("pk"))
    return with_voices(tickets, viewer).annotate(
        unaffected=Coalesce(Subquery(unaffected), 0),
        took_others=Exists(others),
        callers=ArraySubquery(callers.values(row=JSONObject(name="caller_name", phone="caller_phone"))),
    )


def merged_here(ticket: Ticket, viewer: Viewer) -> list[Ticket]:
    """Return the reports that were merged into this one and that the viewer sees in full; asks only if there are."""
    if not getattr(ticket, "took_others", False):
        return []
    rows = Ticket.objects.visible_to(viewer).filter(merged_into=ticket.pk).select_related("reporter")
    return list(rows.only("number", "caller_name", "reporter__first_name", "reporter__last_name").order_by("pk"))


def goes_on_in(ticket: Ticket, viewer: Viewer) -> Ticket | None:
    """Return where a merged report goes on, if the viewer sees that one or follows it; at the end of the chain."""
    key = ticket.merged_into_id
    for _again in range(LONGEST_CHAIN):
        # Keys alone: whether the viewer may know of the one at the end is asked below.
        further = Ticket.objects.filter(pk=key).values_list("merged_into", flat=True).first()
        if further is None:
            break
        key = further
    seen = Ticket.objects.visible_to(viewer) | Ticket.objects.followed_by(viewer)
    return seen.filter(pk=key).only("number").first() if key else None


def photos_of(ticket: Ticket) -> list[Attachment]:
    """Return the photos of a report, with those that came with another one, and those that moved on with it."""
    photos = list(Attachment.objects.of([ticket]).annotate(came_with_number=F("came_with__number")).order_by("pk"))
    for photo in photos:
        photo.came_from = photo.came_with_number if photo.came_with_id not in (None, ticket.pk) else ""
        photo.ticket = ticket  # its address leads through the report on whose page it is
    return photos
