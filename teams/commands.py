"""Who works in which team: rights, so every change is on record."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import record
from accounts.models import AccountEvent, User
from accounts.permissions import require_administrator, require_open
from foundation.berlin import berlin_day
from teams.models import Team, TeamMembership


@transaction.atomic
def join_team(
    *,
    person: User,
    team: Team,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
    is_lead: bool = False,
) -> TeamMembership:
    """Let the person work in the team from the first to the last day."""
    require_administrator(by, at=at)
    require_open(person)
    row = TeamMembership(person=person, team=team, starts_on=starts_on, ends_on=ends_on, is_lead=is_lead)
    row.enter()
    record(AccountEvent.Verb.ROLE_GRANTED, person=person, by=by, at=at, **told(row))
    return row


@transaction.atomic
def leave_team(*, membership: TeamMembership, by: User | None, at: datetime) -> None:
    """End the membership from this moment on. One that began today or later leaves only its history."""
    require_administrator(by, at=at)
    row = TeamMembership.objects.select_for_update().get(pk=membership.pk)
    facts = told(row)
    row.end_before(berlin_day(at))
    record(AccountEvent.Verb.ROLE_WITHDRAWN, person=row.person, by=by, at=at, **facts)


@transaction.atomic
def name_lead(*, membership: TeamMembership, is_lead: bool, by: User | None, at: datetime) -> TeamMembership:
    """Let the member lead the team from this moment on, or no longer.

    A day has one truth, so the flag holds for the whole period; what was before stands in the history of the person.
    """
    require_administrator(by, at=at)
    row = TeamMembership.objects.select_for_update().get(pk=membership.pk)
    if row.ends_on is not None and row.ends_on < berlin_day(at):
        raise ValidationError(_("This has already ended."))
    if row.is_lead == is_lead:
        raise ValidationError(_("This is so already."))
    record(AccountEvent.Verb.ROLE_WITHDRAWN, person=row.person, by=by, at=at, **told(row))
    row.is_lead = is_lead
    row.save(update_fields=["is_lead"])
    record(AccountEvent.Verb.ROLE_GRANTED, person=row.person, by=by, at=at, **told(row))
    return row


def told(row: TeamMembership) -> dict:
    """Return what the history of accounts keeps about a membership."""
    return {"role": "second_level", "team": row.team.slug, "is_lead": row.is_lead, **row.days}
