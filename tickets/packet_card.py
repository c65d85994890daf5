"""The packets of a ticket as people read them: what was looked at, tried and found when it was handed over."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from devices.models import Device
from tickets.models import ChecklistItem, Escalation, Ticket

#: Answer: icon and look; the word stands beside it.
LOOKS = {
    Escalation.Answer.YES: ("check_circle", "yes"),
    Escalation.Answer.NO: ("cancel", "no"),
    Escalation.Answer.NOT_POSSIBLE: ("help", "unknown"),
}


@dataclass(frozen=True)
class Finding:
    """One statement of the checklist and its answer; without one the packet was not complete."""

    key: str
    text: str
    answer: Escalation.Answer | None

    @property
    def label(self) -> str:
        return str(self.answer.label) if self.answer else "–"

    @property
    def icon(self) -> str:
        return LOOKS[self.answer][0] if self.answer else "help"

    @property
    def look(self) -> str:
        return LOOKS[self.answer][1] if self.answer else "unknown"


class PacketCard:
    """One packet in the words of the checklist it was made by, whatever the checklist says today."""

    def __init__(self, row: Escalation):
        self.row = row  # with its team, who handed over, and what `packets_of` adds

    @cached_property
    def findings(self) -> list[Finding]:
        english = (get_language() or "de").startswith("en")
        answers = self.row.answers
        return [
            Finding(item["key"], item["en" if english else "de"], _answer(answers.get(item["key"])))
            for item in self.row.items
        ]

    @property
    def rooms(self) -> list[str]:
        return self.row.room_names

    @cached_property
    def devices(self) -> list[str]:
        return [str(Device(**facts)) for facts in self.row.device_facts]

    @property
    def is_open(self) -> bool:
        return self.row.ended_at is None

    @property
    def by_itself(self) -> bool:
        """Whether nobody handed it over: the time for a solution had run out."""
        return self.row.reason == Escalation.Reason.DEADLINE

    @property
    def is_empty(self) -> bool:
        """Whether no diagnosis went along; room and beginning are known from the report in any case."""
        return not (self.row.answers or self.row.tried or self.row.access)

    @property
    def gaps(self) -> list[str]:
        """What is missing in a packet that went over before anybody had finished it."""
        if self.row.is_complete:
            return []
        unanswered = sum(finding.answer is None for finding in self.findings)
        answers = ngettext("%(number)s answer of the checklist", "%(number)s answers of the checklist", unanswered)
        known = [
            (not unanswered, answers % {"number": unanswered}),
            (self.row.tried, _("what was tried")),
            (self.row.since, _("since when")),
            (self.row.access, _("when and how to get in")),
            (self.rooms, _("the room")),
        ]
        return [words for is_there, words in known if not is_there]


def packets_of(ticket: Ticket) -> list[PacketCard]:
    """Return the packets of a ticket that was found in the scope, the latest first, in one statement.

    They are for those who work on the ticket: whoever shows them asks `may_write_internally` first.
    """
    if ticket.first_escalated_at is None:
        return []
    rows = Escalation.objects.of(ticket).select_related("team", "by")
    return [PacketCard(row) for row in rows.annotate(items=_ITEMS, room_names=_ROOMS, device_facts=_DEVICES)]


def _answer(word: str | None) -> Escalation.Answer | None:
    return Escalation.Answer(word) if word in Escalation.Answer.values else None


_ITEMS = ArraySubquery(
    ChecklistItem.objects.filter(checklist=OuterRef("checklist"))
    .order_by("order", "pk")
    .values(facts=JSONObject(key="key", de="text_de", en="text_en"))
)
_ROOMS = ArraySubquery(
    Escalation.rooms.through.objects.filter(escalation=OuterRef("pk"))
    .order_by("room__sort_key", "room")
    .values("room__name")
)
_DEVICES = ArraySubquery(
    Escalation.devices.through.objects.filter(escalation=OuterRef("pk"))
    .order_by("device__code")
    .values(facts=JSONObject(code="device__code", model="device__model", kind="device__kind"))
)
