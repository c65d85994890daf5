"""The history of a ticket in the words of the people who read it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import wording
from teams.models import Team
from tickets.ladder import Clock
from tickets.lifecycle import Impact, Urgency, last_day_to_answer
from tickets.models import Category, Ticket, TicketEvent

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
    "transferred": ("forward", gettext_lazy("%(name)s passed it on to the team %(team)s")),
    "asked_mediator": ("help", gettext_lazy("%(name)s asks the campus management")),
    "returned": ("undo", gettext_lazy("Returned by the Systemhaus (%(name)s)")),
    "resolved": ("check_circle", gettext_lazy("Solved by %(name)s")),
    "confirmed": ("done_all", gettext_lazy("%(name)s confirmed the solution")),
    "rated": ("rate_review", gettext_lazy("You have said how well you were helped. Only you read this line.")),
    "reopened": ("replay", gettext_lazy("Opened again by %(name)s")),
    "closed": ("block", gettext_lazy("Closed by %(name)s")),
    "withdrawn": ("block", gettext_lazy("Withdrawn by %(name)s")),
    "merged": ("merge", gettext_lazy("%(name)s merged it with another report")),
    "absorbed": ("merge", gettext_lazy("%(name)s merged another report with this one")),
    "joined": ("group_add", gettext_lazy("%(name)s is affected too")),
    "left": ("group_remove", gettext_lazy("%(name)s is not affected")),
    "restricted": ("lock", gettext_lazy("%(name)s changed who may see it")),
    "reminded": ("schedule", gettext_lazy("Reminder: %(percent)s %% of the time are used up (%(clock)s)")),
    "deadline_missed": ("hourglass_top", gettext_lazy("The time has run out: %(clock)s")),
    "told": ("campaign", gettext_lazy("Others were told: %(percent)s %% of the time are used up (%(clock)s)")),
    "reporter_reminded": ("schedule", gettext_lazy("Reminder that an answer is still missing")),
    "follow_up_due": ("event", gettext_lazy("The day has come on which it was to go on")),
}
#: What happens by itself: (verb, why or whom) and its sentence.
BY_ITSELF = {
    ("escalated", "deadline"): gettext_lazy(
        "Handed over to the Systemhaus by itself, because the time for a solution had run out"
    ),
    ("told", "coordination"): gettext_lazy(
        "The coordination was told: %(percent)s %% of the time are used up (%(clock)s)"
    ),
    ("told", "lead"): gettext_lazy(
        "The lead of the team was told: %(percent)s %% of the time are used up (%(clock)s)"
    ),
    ("closed", "no_answer"): gettext_lazy("Closed because no answer came"),
    ("closed", "not_contested"): gettext_lazy("Closed: nobody has contested the solution"),
}
INTERNAL = gettext_lazy("Internal remark from %(name)s")
ON_BEHALF = gettext_lazy("%(name)s entered it for %(for)s")
COUNTED = gettext_lazy("Counted in by telephone by %(name)s")
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


@dataclass(frozen=True)
class Names:
    """What the slugs in events are called."""

    categories: dict[str, str]
    teams: dict[str, str]

    @classmethod
    def of(cls, events: list[TicketEvent]) -> "Names":
        return cls(_called(Category, events, "told_category"), _called(Team, events, "told_team"))


def told(events: QuerySet[TicketEvent], *, works: bool, ticket: Ticket | None = None) -> list[Entry]:
    """Return the events as lines for people; words between those who work on tickets only where the reader `works`.

    With the ticket, its first line says for whom it was entered; leave it out for readers who must not know. Reads
    one statement, names of categories and teams included.
    """
    events = list(_with_names(events))
    names = Names.of(events)
    return [_line(event, names, works, ticket) for event in events]


def _with_names(events: QuerySet[TicketEvent]) -> QuerySet[TicketEvent]:
    slugs = {"category_slug": KT("data__category__1"), "team_slug": KT("data__team")}
    facts = JSONObject(slug="slug", name_de="name_de", name_en="name_en")
    return events.alias(**slugs).annotate(
        told_category=Subquery(Category.objects.filter(slug=OuterRef("category_slug")).values(facts=facts)),
        told_team=Subquery(Team.objects.filter(slug=OuterRef("team_slug")).values(facts=facts)),
    )


def _called(model, events: list[TicketEvent], name: str) -> dict[str, str]:
    rows = [model(**facts) for event in events if (facts := getattr(event, name))]
    return {row.slug: row.name for row in rows}


def _line(event: TicketEvent, called: Names, works: bool, ticket: Ticket | None) -> Entry:
    icon, sentence = VERBS.get(event.verb, ("history", gettext_lazy("%(name)s")))
    internal = not event.public
    if internal and event.verb == "commented":
        icon, sentence = "lock", INTERNAL
    data = dict(event.data)
    if event.verb == "joined" and "for" in data:
        sentence = COUNTED
    if event.verb == "reported" and ticket is not None and ticket.reporter_id != event.by_id:
        sentence, data["for"] = ON_BEHALF, ticket.reporter_name
    if event.by is None:
        why = data.get("reason") or data.get("because") or data.get("whom")
        sentence = BY_ITSELF.get((event.verb, why), sentence)
    if "clock" in data:
        data["clock"] = Clock(data["clock"]).label
    if "until" in data:
        data["until"] = date_format(date.fromisoformat(data["until"]), "SHORT_DATE_FORMAT")
    by = event.by.name if event.by else _("the system")
    team = called.teams.get(data.get("team", ""), "")
    names = {"to": "", "party": "", "until": "", **data, "team": team, "name": by}
    return Entry(
        icon,
        sentence % names,
        event.at,
        event.text_for(works),
        internal or (event.words_for_staff and works),
        event.verb in DONE,
        _details(event, called.categories, for_follower=ticket is None),
    )


def _details(event: TicketEvent, categories: dict[str, str], *, for_follower: bool) -> str:
    verb, data = event.verb, event.data
    if data.get("because") == "no_answer" and not for_follower:
        last_day = date_format(last_day_to_answer(event.at), "SHORT_DATE_FORMAT")
        return _("An answer until %(day)s opens it again.") % {"day": last_day}
    if "clock" in data and "due" in data:
        due = datetime.fromisoformat(data["due"])
        return _("Due: %(day)s, %(time)s") % {"day": wording.short_day(due), "time": wording.clock(due)}
    if verb == "restricted":
        return _("Now confidential.") if data.get("confidential") else _("Now visible to the school.")
    if verb == "joined":
        return data.get("room", "")
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
