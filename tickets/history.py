"""The history of a ticket in the words of the people who read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.lifecycle import Impact, Urgency
from tickets.models import Category, TicketEvent

#: verb: icon, sentence. A sentence about "%(name)s" says who did it.
VERBS = {
    "reported": ("person", gettext_lazy("Reported by %(name)s")),
    "accepted": ("handyman", gettext_lazy("Taken over by %(name)s")),
    "released": ("undo", gettext_lazy("Put back into the queue by %(name)s")),
    "assigned": ("assignment_ind", gettext_lazy("%(name)s assigned it to %(to)s")),
    "classified": ("tune", gettext_lazy("%(name)s changed the classification")),
    "commented": ("chat", gettext_lazy("Message from %(name)s")),
    "attached": ("photo_camera", gettext_lazy("%(name)s added photos")),
    "asked": ("help", gettext_lazy("Question from %(name)s")),
    "answered": ("forum", gettext_lazy("Answer from %(name)s")),
    "waiting": ("pause_circle", gettext_lazy("Waiting for %(party)s until %(until)s")),
    "resumed": ("replay", gettext_lazy("%(name)s goes on working")),
    "escalated": ("forward", gettext_lazy("Handed over to the Systemhaus by %(name)s")),
    "escalation_accepted": ("handyman", gettext_lazy("Taken over at the Systemhaus by %(name)s")),
    "returned": ("undo", gettext_lazy("Returned by the Systemhaus")),
    "resolved": ("check_circle", gettext_lazy("Solved by %(name)s")),
    "confirmed": ("done_all", gettext_lazy("%(name)s confirmed the solution")),
    "reopened": ("replay", gettext_lazy("Opened again by %(name)s")),
    "closed": ("block", gettext_lazy("Closed by %(name)s")),
    "withdrawn": ("block", gettext_lazy("Withdrawn by %(name)s")),
    "merged": ("merge", gettext_lazy("Merged with another report")),
    "restricted": ("lock", gettext_lazy("%(name)s changed who may see it")),
}
INTERNAL = gettext_lazy("Internal remark from %(name)s")
DONE = frozenset({"resolved", "confirmed"})


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    icon: str
    sentence: str
    at: datetime
    text: str
    internal: bool
    done: bool
    details: str = ""


def told(events: Iterable[TicketEvent]) -> list[Entry]:
    """Return the events as lines for people."""
    events = list(events)
    slugs = {event.data["category"][1] for event in events if "category" in event.data}
    categories = {row.slug: row.name for row in Category.objects.filter(slug__in=slugs)} if slugs else {}
    return [_line(event, categories) for event in events]


def _line(event: TicketEvent, categories: dict[str, str]) -> Entry:
    icon, sentence = VERBS.get(event.verb, ("history", gettext_lazy("%(name)s")))
    internal = not event.public
    if internal and event.verb == "commented":
        icon, sentence = "lock", INTERNAL
    data = dict(event.data)
    if "until" in data:
        data["until"] = date_format(date.fromisoformat(data["until"]), "SHORT_DATE_FORMAT")
    names = {"to": "", "party": "", "until": "", **data, "name": event.by.name if event.by else _("the system")}
    return Entry(
        icon,
        sentence % names,
        event.at,
        event.text,
        internal,
        event.verb in DONE,
        _details(event.verb, event.data, categories),
    )


def _details(verb: str, data: dict, categories: dict[str, str]) -> str:
    if verb == "restricted":
        return _("Now confidential.") if data.get("confidential") else _("Now visible to the school.")
    if verb == "waiting" and data.get("reference"):
        return _("Reference: %(reference)s") % data
    if verb != "classified":
        return ""
    labels = []
    for name, kind in (("impact", Impact), ("urgency", Urgency)):
        if name in data:
            labels.append(str(kind(data[name][1]).label))
    if "category" in data:
        slug = data["category"][1]
        labels.insert(0, categories.get(slug, slug))
    if data.get("confidential"):
        labels.append(_("Now confidential."))
    return " · ".join(labels)
