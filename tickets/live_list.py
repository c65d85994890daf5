"""A page of a list that several people work on: steady under the eyes of who reads it, whatever comes meanwhile."""

import uuid
from functools import cached_property

from django.db.models import QuerySet

from foundation.paging import Page, page_of
from schools.viewer import Viewer
from tickets import live
from tickets.lifecycle import Step
from tickets.models import Ticket
from tickets.permissions import steps_for


class LiveList:
    """`seen` is what a page that asks by itself shows already: its rows stay where they are. `known` marks the rows
    that are new to who asks.

    What is in it says a subclass: by `all_rows` and `order`, and by the step that one tap takes.
    """

    ONE_TAP: Step
    KEYS_FIRST = False  # whether the keys of a page are found before its rows are read

    def __init__(
        self, viewer: Viewer, *, after: str = "", seen: live.Seen | None = None, known: live.Seen | None = None
    ):
        self.viewer = viewer
        self.after = after
        self.seen = seen
        self.known = known
        self._key = uuid.uuid4()

    @property
    def all_rows(self) -> QuerySet[Ticket]:
        """All reports of the list, with what a row shows."""
        raise NotImplementedError

    @property
    def order(self) -> list[str]:
        """What they are sorted by."""
        raise NotImplementedError

    @cached_property
    def page(self) -> Page:
        return page_of(self.all_rows, order=self.order, after=self.after, keys_first=self.KEYS_FIRST)

    @cached_property
    def rows(self) -> list[Ticket]:
        """The reports of this page; `may_take` says of each whether one tap takes it, `is_new` what came meanwhile.

        `form_key` is the idempotency key of that tap.
        """
        for ticket in self._shown[0]:
            ticket.is_new = self.known is not None and ticket.pk not in self.known.rows
            ticket.form_key = f"{self._key}-{ticket.pk}"
            ticket.may_take = self.ONE_TAP in steps_for(self.viewer, ticket)
        return self._shown[0]

    @property
    def arrived(self) -> int:
        """How many new reports wait to be shown."""
        return self._shown[1]

    @property
    def more(self) -> bool:
        """Whether there were more reports behind those of the page when it was made."""
        return self.seen.more if self.seen else bool(self.page.next)

    @cached_property
    def _shown(self) -> tuple[list[Ticket], int]:
        if self.seen is None:
            return self.page.rows, 0
        return live.steady(self.all_rows, self.page.rows, self.seen)
