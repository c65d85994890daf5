"""What people say about the help in their own words, for the coordination: without report, name, school and date."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from reports.discretion import LEAST
from schools.viewer import Viewer
from tickets.lifecycle import final_before
from tickets.models import Rating

LATEST = 500  # remarks on the page, a multiple of LEAST; what it takes does not grow with the years
ON_THE_WAY = timedelta(days=1)  # by then nothing sent in the last minute is left that could still bring a remark


class Remarks:
    """The latest remarks of the whole city that nobody can change any more; two statements. Raises PermissionDenied.

    They are cut in fives in the order their reports were solved. Neither a remark nor its place moves any more, so
    whoever looks every day sees five new ones at once and never one alone. There is no other view of them: two views
    that overlap would give away the school, the kind or the month of some.
    """

    def __init__(self, viewer: Viewer):
        if not viewer.is_coordinator:
            raise PermissionDenied(_("Remarks are read by the coordination."))
        self._solved_before = final_before(viewer.day - ON_THE_WAY)

    @property
    def counted(self) -> list[tuple[str, int]]:
        """Return each remark once, with how many said it in the same words; in the same order."""
        return list(Counter(self.told).items())

    @cached_property
    def told(self) -> Sequence[str]:
        """Return the remarks from A to Z: an order that says nothing."""
        final = Rating.objects.exclude(words="").filter(
            ticket__confidential=False, ticket__resolved_at__lt=self._solved_before
        )
        waiting = final.count() % LEAST  # the newest, until there are five of them
        rows = final.order_by("-ticket__resolved_at", "-ticket_id")[waiting : waiting + LATEST]
        return sorted(rows.values_list("words", flat=True), key=str.casefold)
