"""How fast help is promised: a change is the next version, and the open reports are worked out anew."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_administrator
from calendars.models import Recomputation
from calendars.recomputing import ask_to_recompute
from teams.models import Team
from tickets.ladder import Action, Clock
from tickets.lifecycle import Priority
from tickets.models import LadderStep, PolicyVersion, SlaPolicy, SlaTarget


@transaction.atomic
def publish_policy(
    *,
    policy: SlaPolicy,
    valid_from: date,
    paused_in: Iterable[str],
    answer_minutes: int,
    automatic_team: Team,
    targets: Iterable[Mapping],
    ladder: Iterable[Mapping],
    by: User | None,
    at: datetime,
) -> PolicyVersion:
    """Put this promise into use for reports from `valid_from` (a Berlin day) on, and return the new version.

    `targets` are (priority, first_response_minutes, resolution_minutes, second_response_minutes), one a priority,
    `ladder` are (clock, percent, action). Clocks that were met keep the version they were promised by. Raises
    ValidationError where something is missing or makes no sense.
    """
    require_administrator(by, at=at)
    # Two who publish at once are numbered one after the other.
    policy = SlaPolicy.objects.select_for_update().get(pk=policy.pk)
    latest = policy.versions.order_by("-number").first()
    version = PolicyVersion.objects.create(
        policy=policy,
        number=latest.number + 1 if latest else 1,
        valid_from=valid_from,
        paused_in=list(paused_in),
        answer_minutes=answer_minutes,
        automatic_team=automatic_team,
        created_at=at,
        created_by=by,
    )
    target_rows = [SlaTarget(version=version, **facts) for facts in targets]
    ladder_rows = [LadderStep(version=version, **facts) for facts in ladder]
    require_targets(target_rows)
    require_ladder(ladder_rows)
    for row in (*target_rows, *ladder_rows):
        row.clean_fields()
        row.clean()
    SlaTarget.objects.bulk_create(target_rows)
    LadderStep.objects.bulk_create(ladder_rows)
    ask_to_recompute(Recomputation.Reason.POLICY, at=at, by=by, name=policy.name)
    return version


def require_targets(rows: Iterable[SlaTarget]) -> None:
    """Raise ValidationError where a priority has no times, or times that contradict each other."""
    promised = {row.priority: row for row in rows}
    missing = [str(priority.label) for priority in Priority if priority not in promised]
    if missing:
        raise ValidationError(_("Every priority needs its times. Missing: %(names)s.") % {"names": ", ".join(missing)})
    for row in promised.values():
        if row.first_response_minutes > row.resolution_minutes:
            raise ValidationError(
                _("%(priority)s: the first response would be due after the solution. Give it less time.")
                % {"priority": row.get_priority_display()}
            )


def require_ladder(rows: Iterable[LadderStep]) -> None:
    """Raise ValidationError where a step is entered twice, or nothing ends a question that nobody answers."""
    steps = list(rows)
    if len({(step.clock, step.percent, step.action) for step in steps}) < len(steps):
        raise ValidationError(_("A step of the ladder is entered twice. Remove one of them."))
    if not any(step.clock == Clock.ANSWER and step.action == Action.CLOSE for step in steps):
        raise ValidationError(_("Say when a report is closed that gets no answer: else it would wait for ever."))


def first_ladder() -> list[dict]:
    """Return the ladder of the glossary, to begin a new promise with."""
    reminders = [
        {"clock": clock, "percent": percent, "action": Action.REMIND}
        for clock in (Clock.FIRST_RESPONSE, Clock.RESOLUTION, Clock.SECOND_RESPONSE)
        for percent in (50, 80)
    ]
    return [
        *reminders,
        {"clock": Clock.FIRST_RESPONSE, "percent": 100, "action": Action.TELL_COORDINATION},
        {"clock": Clock.RESOLUTION, "percent": 100, "action": Action.REMIND},
        {"clock": Clock.RESOLUTION, "percent": 100, "action": Action.ESCALATE},
        {"clock": Clock.SECOND_RESPONSE, "percent": 100, "action": Action.TELL_LEAD},
        {"clock": Clock.ANSWER, "percent": 40, "action": Action.REMIND_REPORTER},
        {"clock": Clock.ANSWER, "percent": 100, "action": Action.CLOSE},
    ]
