"""Which promise holds for a report, read in one statement."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, JSONField, OuterRef
from django.db.models.functions import JSONObject

from foundation.berlin import berlin_day
from foundation.prepared import Prepared
from tickets.ladder import OWN_RUNGS, Clock, Rung, in_order
from tickets.models import LadderStep, PolicyVersion, SlaTarget, Ticket

TARGETS = {
    Clock.FIRST_RESPONSE: "first_response_minutes",
    Clock.RESOLUTION: "resolution_minutes",
    Clock.SECOND_RESPONSE: "second_response_minutes",
}


class NothingPromised(LookupError):
    """No version of any policy holds for the report; the settings see to it that one always does."""


@dataclass(frozen=True)
class Promise:
    """What one version of a policy says for one kind of report."""

    version_id: int
    policy: str
    number: int
    valid_from: date
    paused_in: tuple[str, ...]
    answer: timedelta
    automatic_team_id: int
    minutes: Mapping[tuple[str, str], int]
    ladder: Mapping[str, tuple[Rung, ...]]

    def target(self, clock: str, priority: str) -> timedelta:
        """Return the service time a clock gives; for the reporter's answer it is the same at every priority."""
        return self.answer if clock == Clock.ANSWER else timedelta(minutes=self.minutes[clock, priority])

    def rungs(self, clock: str) -> tuple[Rung, ...]:
        """Return the steps of a clock in order: those that were entered, and those every such clock has."""
        return in_order({*self.ladder.get(clock, ()), *OWN_RUNGS[Clock(clock)]})


def promise_for(ticket: Ticket) -> Promise:
    """Return what holds for a ticket: by the day it was reported, its school's support type and its kind."""
    return promised(berlin_day(ticket.created_at), ticket.school.support_type, ticket.kind)


def promised(reported_on: date, support_type: str, kind: str) -> Promise:
    """Return what holds for such a report, or raise NothingPromised."""
    rows = _rows(reported_on, support_type, kind)
    if not rows:
        raise NothingPromised(f"no promise for {kind} at schools with {support_type} on {reported_on}")
    version, policy, number, valid_from, paused_in, answer_minutes, team, targets, ladder = rows[0]
    rungs: dict[str, list[Rung]] = {}
    for step in json.loads(ladder):
        rungs.setdefault(step["clock"], []).append(Rung(step["percent"], step["action"]))
    return Promise(
        version,
        policy,
        number,
        valid_from,
        tuple(paused_in),
        timedelta(minutes=answer_minutes),
        team,
        {(clock, row["priority"]): row[name] for row in json.loads(targets) for clock, name in TARGETS.items()},
        {clock: tuple(found) for clock, found in rungs.items()},
    )


def _compose_rows(reported_on, support_type, kind):
    own = {"version": OuterRef("pk")}
    targets = SlaTarget.objects.filter(**own).values(
        facts=JSONObject(priority="priority", **{name: name for name in TARGETS.values()})
    )
    ladder = LadderStep.objects.filter(**own).values(
        facts=JSONObject(clock="clock", percent="percent", action="action")
    )
    rows = PolicyVersion.objects.holding(reported_on, support_type, kind)
    return rows.values_list(
        "pk",
        "policy__name",
        "number",
        "valid_from",
        "paused_in",
        "answer_minutes",
        "automatic_team_id",
        _as_json(targets),
        _as_json(ladder),
    )[:1]


def _as_json(rows):
    return Func(ArraySubquery(rows), function="to_jsonb", output_field=JSONField())


_rows = Prepared(_compose_rows, date.min, "?support type?", "?kind?")
