"""The ladder: what happens by itself as the time of a clock runs out. Pure; which steps there are, rows say.

A step is taken once in the life of a clock. Percent are of the clock's target, so 100 is the due time itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DUE = 100


class Clock(TextChoices):
    """The clocks of a ticket: three promises, and three that watch what a ticket waits for."""

    FIRST_RESPONSE = "first_response", _("First response")
    RESOLUTION = "resolution", _("Solution")
    SECOND_RESPONSE = "second_response", _("Response of the second level")
    ANSWER = "answer", _("Answer of the reporter")
    CONFIRMATION = "confirmation", _("Objection to the solution")
    THIRD_PARTY = "third_party", _("Waiting for a third party")


class Action(TextChoices):
    """What a step does, in the order in which steps that are due together are taken."""

    MISS = "miss", _("Note that the time has run out")
    REMIND = "remind", _("Remind whoever is responsible")
    REMIND_REPORTER = "remind_reporter", _("Remind the reporter")
    TELL_COORDINATION = "tell_coordination", _("Tell the coordination and whoever is on duty")
    TELL_LEAD = "tell_lead", _("Tell the lead of the team")
    ESCALATE = "escalate", _("Hand over to the Systemhaus")
    CLOSE = "close", _("Close the report")


#: What may be entered for which clock; the other steps belong to the clocks themselves.
ACTIONS = {
    Clock.FIRST_RESPONSE: (Action.REMIND, Action.TELL_COORDINATION),
    Clock.RESOLUTION: (Action.REMIND, Action.TELL_COORDINATION, Action.ESCALATE),
    Clock.SECOND_RESPONSE: (Action.REMIND, Action.TELL_LEAD, Action.TELL_COORDINATION),
    Clock.ANSWER: (Action.REMIND_REPORTER, Action.CLOSE),
}
#: What only tells somebody something; it waits for service hours, while everything else happens when it is due.
TELLINGS = frozenset({Action.REMIND, Action.TELL_COORDINATION, Action.TELL_LEAD, Action.REMIND_REPORTER})


@dataclass(frozen=True)
class Rung:
    """One step of a clock: at so many percent of its time, this."""

    percent: int
    action: str

    @property
    def place(self) -> tuple[int, int]:
        """By what steps are ordered."""
        return self.percent, list(Action).index(Action(self.action))


#: The steps no policy decides.
OWN_RUNGS = {
    Clock.FIRST_RESPONSE: (Rung(DUE, Action.MISS),),
    Clock.RESOLUTION: (Rung(DUE, Action.MISS),),
    Clock.SECOND_RESPONSE: (Rung(DUE, Action.MISS),),
    Clock.ANSWER: (),
    Clock.CONFIRMATION: (Rung(DUE, Action.CLOSE),),
    Clock.THIRD_PARTY: (Rung(DUE, Action.REMIND),),
}


def in_order(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """Return steps in the order in which they are taken."""
    return tuple(sorted(rungs, key=lambda rung: rung.place))


def overtaken(due: Iterable[Rung], *, hands_over: bool) -> set[Rung]:
    """Return the reminders among steps that are due together which a later one makes pointless.

    After a night without a worker, or a promise that became shorter, one message is enough. `hands_over` says whether
    handing over would change anything.
    """
    due = list(due)
    reminders = [rung for rung in due if rung.action in (Action.REMIND, Action.REMIND_REPORTER)]
    latest = max((rung.percent for rung in due if rung.action in TELLINGS), default=0)
    ends = any(rung.action == Action.CLOSE or (rung.action == Action.ESCALATE and hands_over) for rung in due)
    return {rung for rung in reminders if ends or rung.percent < latest}
