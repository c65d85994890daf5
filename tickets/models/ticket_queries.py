"""Which reports somebody sees, in full or in part; which are searched; and what a row of a list brings along."""

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject

from schools.models import School
from tickets.lifecycle import OPEN, Status

from .category import Category
from .deadline import Deadline
from .follower import Follower
from .words import Word, looked_up

FEW = 1000
IS_OPEN = Q(status__in=sorted(OPEN))
SHOWN = Q(confidential=False)
UNCOUNTED = [Status.MERGED, Status.WITHDRAWN]
#: What figures are made of. A confidential report is in none, or a count would say that it exists.
COUNTED = SHOWN & ~Q(status__in=UNCOUNTED)
ROW = (
    "number",
    "title",
    "status",
    "level",
    "urgency",
    "confidential",
    "place",
    "created_at",
    "school__number",
    "school__name",
    "room__name",
    "category__icon",
)


class TicketQuerySet(models.QuerySet):
    def visible_to(self, viewer) -> Self:
        """Limit to what the viewer may see in full: the union of their roles.

        Each role adds one condition on columns of the ticket itself, so that the result can be locked, counted
        and searched; who holds no role sees what they reported and nothing else.
        """
        return self.filter(_full_sight(viewer))

    def listed_for(self, viewer, school: School | None = None) -> Self:
        """Limit to what the viewer may see in full, of this school where there is one, for a list in an order.

        What is asked of the school already is not asked twice: the database would multiply both and believe that
        there is next to nothing. Who works on tickets and sees single ones only gets them by their keys, read at
        once: it would walk through all tickets for them.
        """
        seen = self.filter(_full_sight(viewer, school), **({"school": school} if school else {}))
        return seen.by_key() if viewer.is_staff and not viewer.sees_of_schools else seen

    def worked_on_by(self, viewer) -> Self:
        """Limit to what the viewer sees because they work on tickets; there they read internal remarks too."""
        return self.filter(_worked_on_by(viewer) or Q(pk__in=[]))

    def known_faults_for(self, viewer) -> Self:
        """Limit to the open faults the viewer's schools may know of: category, state and room, nothing typed.

        This is no full sight: show `fault_title`, never the title, the words, the photos or who reported it.
        """
        return self.filter(_known_faults(viewer))

    def followed_by(self, viewer) -> Self:
        """Limit to the faults the viewer says they are affected by, open or not; seen as a follower sees them.

        Whoever no longer belongs to the school follows nothing there.
        """
        return self.filter(_followed(viewer, Follower.objects.affected()))

    def joinable_by(self, viewer) -> Self:
        """Limit to what the viewer may join or leave, if the state of the ticket allows it."""
        return self.filter(_full_sight(viewer) | _known_faults(viewer) | _followed(viewer, Follower.objects.all()))

    def overseen_by(self, viewer) -> Self:
        """Limit to what the coordination oversees: number, school, category, state, due time and who is responsible.

        This is no full sight: show no title and no typed words. Confidential ones are in no count either.
        """
        return self.filter(SHOWN) if viewer.is_coordinator else self.none()

    def with_affected(self) -> Self:
        """Annotate `affected`: the followers who say that it is there for them too; the reporter comes on top."""
        voices = Follower.objects.affected().filter(ticket=OuterRef("pk")).order_by().values("ticket")
        count = voices.annotate(number=Count("pk")).values("number")
        return self.annotate(affected=Coalesce(Subquery(count), 0))

    def open(self) -> Self:
        return self.filter(IS_OPEN)

    def counted(self) -> Self:
        """Limit to what figures are made of: neither withdrawn nor merged, and nothing confidential."""
        return self.filter(COUNTED)

    def numbered(self, number: str) -> Self:
        return self.filter(number=number.upper())

    def searched(self, words: str) -> Self:
        """Limit to tickets whose number, words, school or room match; every word must be found somewhere.

        Reads at once: what the words stand for, and where they are not common, the keys of what they match. The
        database cannot know how rare a word is and would walk through all tickets for the newest ones with it.
        """
        asked = looked_up(words, self.model._meta.db_table)
        conditions = [_condition_of(word) for word in asked.words]
        if not conditions:
            return self.none()
        if asked.are_common:
            return self.filter(*conditions)
        # Asked of all tickets, whoever sees them: the words are the rarer of the two.
        keys = self.model.objects.filter(*conditions)._few_keys()
        return self.filter(*conditions) if keys is None else self.filter(pk__in=keys)

    def by_key(self) -> Self:
        """Limit to the same tickets; where they are few, they are handed over by their keys. Reads at once."""
        keys = self._few_keys()
        return self if keys is None else self.filter(pk__in=keys)

    def _few_keys(self) -> list[int] | None:
        keys = list(self.order_by().values_list("pk", flat=True)[: FEW + 1])
        return keys if len(keys) <= FEW else None

    def with_due_times(self) -> Self:
        """Annotate `first_response_due_at` and `resolution_due_at`; empty while paused or once met."""
        kinds = Deadline.Kind
        return self.alias(
            _first=FilteredRelation("deadlines", condition=Q(deadlines__kind=kinds.FIRST_RESPONSE)),
            _solution=FilteredRelation("deadlines", condition=Q(deadlines__kind=kinds.RESOLUTION)),
        ).annotate(
            first_response_due_at=F("_first__due_at"),
            first_response_met_at=F("_first__met_at"),
            resolution_due_at=F("_solution__due_at"),
        )

    def with_clocks(self) -> Self:
        """Annotate `clock_facts`, all clocks as they stand, for `tickets.due_times`; in the same statement."""
        names = ("kind", "started_at", "due_at", "paused_at", "missed_at", "met_at", "ended_at")
        rows = Deadline.objects.filter(ticket=OuterRef("pk")).order_by("pk")
        return self.annotate(clock_facts=ArraySubquery(rows.values(facts=JSONObject(**{n: n for n in names}))))

    def with_names(self) -> Self:
        """Bring along everybody and everything a ticket names, in the same statement."""
        return self.select_related("school", "room", "category", "reporter", "assignee", "team")

    def as_rows(self) -> Self:
        """Load what a row of a list shows and nothing else; half of what a list costs is columns nobody reads."""
        return self.select_related("school", "room", "category").only(*ROW)

    def as_queue_rows(self) -> Self:
        """As `as_rows`, with who reported and who took it, and with what decides whether it may be taken."""
        people = [f"{person}__{name}" for person in ("reporter", "assignee") for name in ("first_name", "last_name")]
        rows = self.select_related("school", "room", "category", "reporter", "assignee")
        rights = (
            "resolved_at",
            "created_by",
            "team",
            "school__campus",
            "category__is_known_fault",
            "caller_name",
            "mediator_question",
        )
        return rows.only(*ROW, "version", "due_at", "changed_at", *rights, *people)


def _full_sight(viewer, school: School | None = None) -> Q:
    """Return what the viewer sees in full; with a school, what they see of its tickets."""
    scope = Q(reporter=viewer.person) | _worked_on_by(viewer, school)
    if viewer.contact_at or viewer.heads:
        scope |= SHOWN & _at(viewer.contact_at | viewer.heads, school)
    return scope


def _at(schools: frozenset[int], school: School | None) -> Q:
    """Return whether a ticket is of one of these schools, if it is not known to be of `school`."""
    return Q(school__in=schools) if school is None else Q(school__isnull=school.pk not in schools)


def _known_faults(viewer) -> Q:
    faults = SHOWN & IS_OPEN & Q(category__in=Category.objects.filter(is_known_fault=True))
    if viewer.is_helpdesk:
        return faults
    return faults & Q(school__in=viewer.member_schools | viewer.schools_looked_after)


def _followed(viewer, voices) -> Q:
    schools = viewer.member_schools | viewer.schools_looked_after
    return SHOWN & Q(school__in=schools, pk__in=voices.filter(person=viewer.person).values("ticket"))


def _worked_on_by(viewer, school: School | None = None) -> Q:
    """Return what first level, second level and coordination see; an empty condition for everybody else."""
    scope = Q()
    if viewer.schools_looked_after:
        looked_after = _at(viewer.schools_looked_after, school)
        scope |= SHOWN & looked_after if viewer.is_absent else looked_after
    if viewer.is_helpdesk:
        scope |= SHOWN | Q(created_by=viewer.person)
    if viewer.teams:
        scope |= Q(first_escalated_at__isnull=False) & (SHOWN | Q(team__in=viewer.teams))
    if viewer.unattended_schools:
        scope |= SHOWN & _at(viewer.unattended_schools, school)
    if viewer.is_staff:
        scope |= Q(assignee=viewer.person)
    return scope


def _condition_of(word: Word) -> Q:
    condition = Q(words=SearchQuery(word.query, search_type="raw", config="german"))
    if word.serial is not None:
        condition |= Q(serial=word.serial)
    if "-" in word.text:
        condition |= Q(number__startswith=word.text.upper())
    if word.schools:
        condition |= Q(school__in=word.schools)
    if word.rooms:
        condition |= Q(room__in=word.rooms)
    return condition
