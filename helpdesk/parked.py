"""Work that failed too often and was put aside: what lies there, and starting it again once the reason is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import CharField, F, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.commands.passwords import unpark_access_mail
from accounts.commands.record import record
from accounts.models import AccessMail, AccountEvent, User
from accounts.permissions import require_administrator
from notifications import commands as mails
from notifications.models import Mail
from tickets.commands.sweep import unpark
from tickets.models import Deadline

MOST_SHOWN, MOST_AT_ONCE = 50, 500


class Kind(models.TextChoices):
    CLOCK = "clock", _("Due time")
    MAIL = "mail", _("E-mail")
    ACCESS_MAIL = "access-mail", _("E-mail with a link to sign in")


@dataclass(frozen=True)
class Shelf:
    """Where one kind of parked work lies, the column that says since when, and how one piece is started again."""

    rows: Callable[[], QuerySet]
    since: str
    again: Callable[[int, datetime], bool]


SHELVES = {
    Kind.CLOCK: Shelf(Deadline.objects.parked, "parked_at", lambda pk, at: unpark(deadline_id=pk, at=at)),
    Kind.MAIL: Shelf(Mail.objects.parked, "parked_at", lambda pk, at: mails.unpark(mail_id=pk, at=at)),
    Kind.ACCESS_MAIL: Shelf(
        AccessMail.objects.parked, "requested_at", lambda pk, at: unpark_access_mail(mail_id=pk, at=at)
    ),
}


@dataclass(frozen=True)
class Parked:
    """One piece of work that waits: no word of what it says, and nobody's name."""

    kind: Kind
    pk: int
    since: datetime
    attempts: int
    error: str


def parked() -> list[Parked]:
    """Return the first fifty that wait, the longest waiting first; one statement."""
    first, *others = (_told(kind, shelf) for kind, shelf in SHELVES.items())
    rows = first.union(*others, all=True).order_by("since", "pk")[:MOST_SHOWN]
    return [Parked(Kind(kind), *facts) for kind, *facts in rows]


def _told(kind: Kind, shelf: Shelf) -> QuerySet:
    facts = {"what": Value(kind.value, output_field=CharField()), "since": F(shelf.since)}
    rows = shelf.rows().order_by().annotate(**facts)
    return rows.values_list("what", "pk", "since", "attempts", "last_error")


@transaction.atomic
def try_again(*, kind: Kind, pk: int, by: User, at: datetime) -> bool:
    """Start one piece of parked work again; return False where it does not lie there any more."""
    require_administrator(by, at=at)
    return _start(kind, [pk], by, at) == 1


@transaction.atomic
def try_all_again(*, by: User, at: datetime) -> int:
    """Start parked work again, up to 500 pieces of each kind, and return how much it was."""
    require_administrator(by, at=at)
    waiting = {
        kind: list(shelf.rows().order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
        for kind, shelf in SHELVES.items()
    }
    return sum(_start(kind, keys, by, at) for kind, keys in waiting.items())


def _start(kind: Kind, keys: list[int], by: User, at: datetime) -> int:
    started = [pk for pk in keys if SHELVES[kind].again(pk, at)]
    if started:
        record(AccountEvent.Verb.TRIED_AGAIN, person=None, by=by, at=at, kind=kind.value, ids=started)
    return len(started)
