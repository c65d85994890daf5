"""Turns what is owed by e-mail into mails, one person after the other, by what the person prefers."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from calendars.business_time import BusinessHours
from calendars.reading import CalendarIsEmpty, hours_of
from foundation.berlin import berlin_day, start_of_day
from teams.models import TeamMembership

from .models import Mail, OutboxMessage, Preference
from .models.preference import Quiet
from .plan import HOUR, Sent, plan
from .waking import waking_of

log = logging.getLogger(__name__)

MOST_PEOPLE = 200  # a round; what is left over is due in the next one
REST_AFTER_FAILURE = timedelta(minutes=10)

Settled = OutboxMessage.Settled


def gather(*, at: datetime, limit: int = MOST_PEOPLE) -> int:
    """Put what is due into mails, for `limit` people at most; return how many mails were written.

    A person whose messages cannot be gathered holds up nobody else: theirs rest for a while.
    """
    due = OutboxMessage.objects.due(at=at).order_by("due_at").values_list("recipient", flat=True)
    people = list(dict.fromkeys(due[: 10 * limit]))[:limit]
    hours, made = ServiceHours(at), 0
    for person in people:
        try:
            made += gather_for(person, hours=hours, at=at)
        except Exception as trouble:  # whatever it is, the others get their mail
            log.warning("messages of person %s not gathered: %s", person, type(trouble).__name__)
            OutboxMessage.objects.due(at=at).filter(recipient=person).update(due_at=at + REST_AFTER_FAILURE)
    return made


@transaction.atomic
def gather_for(person_id: int, *, hours: "ServiceHours", at: datetime) -> int:
    """Put what one person is owed into mails and return how many; 0 where another worker is at it.

    The row of the person is the lock: of two workers the second passes by, and nothing is put into two mails.
    """
    people = User.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    person = people.select_related("notification_preference").filter(pk=person_id).first()
    if person is None:
        return 0
    owed = OutboxMessage.objects.owed().filter(recipient=person)
    if reason := _no_mail_at_all(person):
        owed.update(settled_at=at, settled_as=reason)
        return 0
    preference = getattr(person, "notification_preference", None) or Preference(person=person)
    # The most urgent, then the oldest: they get the mails of their own.
    messages = list(owed.order_by("-urgent", "pk"))
    service_hours = hours.of(person_id) if preference.quiet == Quiet.SERVICE_HOURS else None
    made = plan(
        messages,
        preference=preference,
        waking=waking_of(preference, service_hours),
        sent=_sent_lately(person, at),
        at=at,
    )
    for kind, content in made.mails:
        mail = Mail.objects.create(recipient=person, kind=kind, created_at=at, due_at=at)
        _rows(content).update(mail=mail)
    if made.unwanted:
        _rows(made.unwanted).update(settled_at=at, settled_as=Settled.NOT_WANTED)
    for until in {until for until, _message in made.waiting}:
        _rows(message for when, message in made.waiting if when == until).update(due_at=until)
    return len(made.mails)


def look_again(person: User, *, at: datetime) -> None:
    """Have everything that still waits for a mail to this person looked at anew, as after a change of preferences."""
    OutboxMessage.objects.owed().filter(recipient=person).update(due_at=at)


def _rows(messages: Iterable[OutboxMessage]):
    return OutboxMessage.objects.filter(pk__in=[message.pk for message in messages])


def _no_mail_at_all(person: User) -> str:
    if not person.is_active:
        return Settled.INACTIVE
    own = {parseaddr(address)[1].lower() for address in (settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL)}
    return Settled.OWN_ADDRESS if person.email.lower() in own else ""


def _sent_lately(person: User, at: datetime) -> list[Sent]:
    """Return the mails of today, which are those sent today and those still to be sent, and of the last hour."""
    today = start_of_day(berlin_day(at))
    counts = Q(sent_at__gte=today) | Q(sent_at=None, dropped_at=None, parked_at=None)
    rows = Mail.objects.filter(counts | Q(sent_at__gt=at - HOUR), recipient=person)
    rows = rows.annotate(about=ArrayAgg("messages__about", distinct=True, default=[]))
    return [
        Sent(mail.kind, mail.created_at, mail.sent_at is None or mail.sent_at >= today, frozenset(mail.about))
        for mail in rows
    ]


class ServiceHours:
    """The service hours of people at one instant; each calendar is read once."""

    def __init__(self, at: datetime):
        self.day = berlin_day(at)
        self._read = cache(self._hours)

    def of(self, person_id: int) -> BusinessHours | None:
        """Return the hours of a specialist's team, else the default ones; None where there are none."""
        teams = TeamMembership.objects.on(self.day).filter(person=person_id, team__calendar__isnull=False)
        return self._read(teams.order_by("pk").values_list("team__calendar", flat=True).first())

    def _hours(self, calendar_id: int | None) -> BusinessHours | None:
        try:
            return hours_of(calendar_id, since=self.day)
        except CalendarIsEmpty:
            return None
