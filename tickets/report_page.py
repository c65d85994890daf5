"""What the report page shows: tiles, the rooms one uses most, colleagues; built and tested without HTTP."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from django.db.models import Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from schools.models import Room, School
from schools.people import colleagues_at
from schools.viewer import Viewer
from tickets.known_faults import KnownFaults, with_known_faults
from tickets.models import Category, Ticket

CHIPS = 6
LOOK_BACK = timedelta(days=180)


@dataclass
class Tile:
    """A category on the report page and what opens under it."""

    category: Category
    refinements: list[Category] = field(default_factory=list)


class ReportPage:
    """The report page of one viewer for one school; at most two statements besides the choice of the school."""

    def __init__(self, viewer: Viewer, school: School):
        self.viewer = viewer
        self.school = school

    @cached_property
    def categories(self) -> list[Category]:
        """What can be reported, each with the faults of the school that are known already."""
        return list(with_known_faults(Category.objects.in_use(), self.viewer, self.school))

    def known_faults(self, *, category: str = "", room: str = "") -> KnownFaults:
        """Return what is known at the school, what fits the chosen category and room first."""
        return KnownFaults(self.viewer, self.school, categories=self.categories, category=category, room=room)

    @cached_property
    def tiles(self) -> list[Tile]:
        tiles: dict[int, Tile] = {}
        for category in self.categories:
            if category.under_id is None:
                tiles[category.pk] = Tile(category)
        for category in self.categories:
            if category.under_id in tiles:
                tiles[category.under_id].refinements.append(category)
        return list(tiles.values())

    @cached_property
    def rooms(self) -> list[Room]:
        """All rooms of the school in German order, with how often they are reported."""
        recent = Ticket.objects.filter(room=OuterRef("pk"), created_at__gt=self.viewer.at - LOOK_BACK).order_by()
        uses = recent.filter(confidential=False).values("room").annotate(number=Count("pk")).values("number")
        own = recent.filter(reporter=self.viewer.person).values("room").annotate(last=Max("pk")).values("last")
        return list(
            self._rooms_in_use.annotate(
                uses=Coalesce(Subquery(uses, output_field=IntegerField()), 0),
                own_last=Subquery(own),
            ).alphabetical()
        )

    @property
    def chips(self) -> list[Room]:
        """The viewer's own last rooms, then the school's most used ones."""
        ranked = sorted(self.rooms, key=lambda room: (-(room.own_last or 0), -room.uses))
        return ranked[:CHIPS]

    def room(self, chosen: str) -> Room | None:
        """Return the room of this school with that key, None when there is none.

        Asks for it alone: whoever sends the form does not wait for all rooms to be counted.
        """
        if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
            return None
        return self._rooms_in_use.filter(pk=chosen).first()

    @property
    def _rooms_in_use(self) -> QuerySet[Room]:
        return Room.objects.visible_to(self.viewer).filter(school=self.school).in_use()

    @property
    def may_report_for_others(self) -> bool:
        viewer, school = self.viewer, self.school
        return viewer.is_helpdesk or school.pk in viewer.contact_at or viewer.has_on_duty(school)

    @property
    def colleagues(self) -> QuerySet:
        return colleagues_at(self.school, self.viewer)


def reportable_schools(viewer: Viewer) -> QuerySet[School]:
    """Return the schools the viewer may report for, in German order."""
    schools = School.objects.visible_to(viewer).running(viewer.day).alphabetical()
    if viewer.is_helpdesk:
        return schools
    ids = viewer.member_schools | viewer.covered_schools
    return schools.filter(Q(pk__in=ids) | Q(campus__in=viewer.campuses))
