"""Entering that somebody is away, and when they are back. It moves their schools to others, so it is on record."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.commands import record
from accounts.models import AccountEvent, User
from campuses.models import Absence
from foundation.berlin import berlin_day
from schools import covers
from schools.models import Cover

Verb = AccountEvent.Verb


@transaction.atomic
def enter_absence(
    *, person: User, starts_on: date, by: User | None, at: datetime, ends_on: date | None = None
) -> Absence:
    """Note that `person` is away from the first to the last day; without a last one until further notice.

    Refuses days that are over, and days on which the person is entered as absent already.
    """
    covers.require_steering(by, at=at)
    row = Absence(person=person, starts_on=starts_on, ends_on=ends_on)
    _require_days_to_come(row, at=at)
    if not person.is_active:
        raise ValidationError({"person": _("This account is closed. Nobody expects this person.")})
    row.enter()
    record(Verb.ABSENCE_ENTERED, person=person, by=by, at=at, **row.days)
    return row


@transaction.atomic
def change_absence(
    *, absence: Absence, starts_on: date, ends_on: date | None, by: User | None, at: datetime
) -> Absence:
    """Let an absence begin or end on another day. What has begun keeps its first day.

    Whoever stands in until the end stands in until the new end; what would lie outside is withdrawn.
    """
    row = _locked(absence, by=by, at=at)
    if starts_on != row.starts_on and min(starts_on, row.starts_on) < berlin_day(at):
        raise ValidationError({"starts_on": _("This absence has begun, or would have. Its first day stays.")})
    row.starts_on, row.ends_on = starts_on, ends_on
    _require_days_to_come(row, at=at)
    row.enter()
    _fit_covers(row, by=by, at=at)
    record(Verb.ABSENCE_CHANGED, person=row.person, by=by, at=at, **row.days)
    return row


@transaction.atomic
def end_absence(*, absence: Absence, by: User | None, at: datetime) -> None:
    """Let the person be back from this moment on. An absence that begins today or later leaves only its history."""
    row = _locked(absence, by=by, at=at)
    facts, today = row.days, berlin_day(at)
    if row.starts_on >= today:
        for cover in row.covers.select_related("substitute", "absence"):
            _withdraw(cover, by=by, at=at)
    row.end_before(today)
    if row.pk is not None:
        _fit_covers(row, by=by, at=at)
    record(Verb.ABSENCE_ENDED, person=row.person, by=by, at=at, **facts)


def _locked(absence: Absence, *, by, at) -> Absence:
    covers.require_steering(by, at=at)
    return Absence.objects.select_for_update(of=("self",)).select_related("person").get(pk=absence.pk)


def _require_days_to_come(row: Absence, *, at) -> None:
    if row.ends_on is not None and row.ends_on < berlin_day(at):
        raise ValidationError({"ends_on": _("This day is over. Enter today or a later day.")})


def _fit_covers(row: Absence, *, by, at) -> None:
    """Cut covers to the days of the absence: one that lay outside would come to life if it grew again."""
    for cover in row.covers.select_related("substitute", "absence"):
        if cover.starts_on < row.starts_on and not _ends_before(cover, row.starts_on):
            cover.starts_on = row.starts_on
        if row.ends_on is not None and cover.ends_on is not None and cover.ends_on > row.ends_on:
            cover.ends_on = row.ends_on
        outside = _ends_before(cover, row.starts_on) or (row.ends_on is not None and cover.starts_on > row.ends_on)
        if outside:
            _withdraw(cover, by=by, at=at)
        else:
            cover.save(update_fields=["starts_on", "ends_on"])


def _ends_before(cover: Cover, day: date) -> bool:
    return cover.ends_on is not None and cover.ends_on < day


def _withdraw(cover: Cover, *, by, at) -> None:
    facts = covers.told(cover)
    cover.delete()
    record(Verb.ROLE_WITHDRAWN, person=cover.substitute, by=by, at=at, **facts)
