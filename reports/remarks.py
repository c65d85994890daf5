"""What people say about the help in their own words, for the coordination: without report, name, school and date."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from reports.discretion import LEAST
from schools.viewer import Viewer
from tickets.models import Category, Rating

LATEST = 500  # remarks on the page; what it takes does not grow with the years


@dataclass(frozen=True)
class Group:
    """What was said about one kind of report, from A to Z: an order that says nothing. Without a name: all others."""

    name: str
    remarks: Sequence[str]


class Remarks:
    """The latest remarks of the whole city, by kind; two statements. Raises PermissionDenied.

    They come five at a time, so that whoever looks every day does not see what the one who has just answered wrote.
    There is no other view of them: two views that overlap would give away the school or the month of some.
    """

    def __init__(self, viewer: Viewer):
        if not viewer.is_coordinator:
            raise PermissionDenied(_("Remarks are read by the coordination."))

    @cached_property
    def groups(self) -> list[Group]:
        """Return the kinds with five remarks and more by name, then all others together if they are five."""
        said = defaultdict(list)
        for german, english, words in self._told:
            said[Category(name_de=german, name_en=english).name].append(words)
        rare = [words for name in said for words in said[name] if len(said[name]) < LEAST]
        groups = [Group(name, _sorted(said[name])) for name in sorted(said) if len(said[name]) >= LEAST]
        return [*groups, Group("", _sorted(rare))] if len(rare) >= LEAST else groups

    @cached_property
    def _told(self) -> list[tuple[str, str, str]]:
        written = Rating.objects.exclude(words="").filter(ticket__confidential=False)
        waiting = written.count() % LEAST  # the newest, until there are five of them
        rows = written.order_by("-at", "-ticket_id")[waiting : waiting + LATEST]
        return list(rows.values_list("ticket__category__name_de", "ticket__category__name_en", "words"))


def _sorted(remarks: Sequence[str]) -> list[str]:
    return sorted(remarks, key=str.casefold)
