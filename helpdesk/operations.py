"""The page for administrators: does what happens by itself happen, what to do if it does not, what is put aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, wraps
from hashlib import blake2b

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext
from django.views.decorators.http import require_POST, require_safe

from calendars.models import Recomputation
from foundation.berlin import berlin_day
from foundation.wording import number
from helpdesk.condition import Condition
from helpdesk.parked import MOST_SHOWN, Kind, Parked, parked, try_again, try_all_again
from pulse.models import Heartbeat, sent_on
from schools.viewer import Viewer
from tickets.live import Seen
from tickets.views.polls import PARTS, polled, unchanged

RESTART = "docker compose restart worker beat"
MOST_RECOMPUTATIONS = 8
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Trouble:
    """One thing that is not as it should be: what it is, what to do, and the command that does it, if there is one."""

    what: str
    remedy: str
    command: str = ""
    is_urgent: bool = False

    @property
    def words(self) -> list[str]:
        """The command in words: a line may end between them and nowhere else."""
        return self.command.split()


@dataclass(frozen=True)
class Life:
    """One process and when it was last heard of."""

    name: str
    told: str
    is_silent: bool
    at: datetime | None


class Operations:
    """Everything the page shows, in a handful of statements whatever there is."""

    def __init__(self, viewer: Viewer):
        self.viewer = viewer
        self.at = viewer.at
        self.condition = Condition(viewer.at)

    @cached_property
    def parked(self) -> list[Parked]:
        return parked() if self.condition.parked else []

    @property
    def parked_beyond(self) -> int:
        """How many more are parked than the page shows."""
        return max(0, self.condition.parked - MOST_SHOWN)

    @cached_property
    def recomputations(self) -> list[Recomputation]:
        """What is being worked out anew, in its order, then what was last."""
        rows = Recomputation.objects.select_related("requested_by")
        return list(rows.order_by(F("finished_at").desc(nulls_first=True), "pk")[:MOST_RECOMPUTATIONS])

    @property
    def is_moving(self) -> bool:
        return any(row.finished_at is None for row in self.recomputations)

    @property
    def clocks(self):
        return self.condition.heaps["clocks"]

    @property
    def mails_owed(self) -> int:
        return self.condition.heaps["messages"].number + self.condition.heaps["mails"].number

    @property
    def sent_today(self) -> int:
        sign = self.condition.signs.get(sent_on(berlin_day(self.at)))
        return sign.totals.get("sent", 0) if sign else 0

    @property
    def last_sweep(self) -> str:
        return ago(self.condition.age(Heartbeat.SWEEP))

    @property
    def last_delivery(self) -> str:
        return ago(self.condition.age(Heartbeat.DELIVERY))

    @property
    def last_figures(self) -> str:
        return ago(self.condition.age(Heartbeat.FIGURES))

    @property
    def last_backup(self) -> str:
        return ago(self.condition.age(Heartbeat.BACKUP))

    @property
    def last_restore(self) -> str:
        return ago(self.condition.age(Heartbeat.RESTORE))

    @cached_property
    def lives(self) -> list[Life]:
        """Beat and the workers of the last day; those that were replaced meanwhile are left out while others live."""
        told = [self._life(_("Beat, the clock generator"), Heartbeat.BEAT)]
        workers = self.condition.workers
        lively = [row for row in workers if not self.condition.is_silent(row.name)]
        for row in lively or workers[:1]:
            told.append(self._life(row.name.removeprefix(Heartbeat.WORKER), row.name))
        return told if workers else [*told, Life(_("Worker"), ago(None), True, None)]

    def _life(self, name: str, sign: str) -> Life:
        known = self.condition.signs.get(sign)
        return Life(name, ago(self.condition.age(sign)), self.condition.is_silent(sign), known and known.at)

    @cached_property
    def troubles(self) -> list[Trouble]:
        return [*self._troubles_of_processes(), *self._troubles_of_work()]

    def _troubles_of_processes(self) -> list[Trouble]:
        condition = self.condition
        beat, sweep = condition.age(Heartbeat.BEAT), condition.age(Heartbeat.SWEEP)
        worker = condition.workers[0].name if condition.workers else ""
        if not condition.is_silent(Heartbeat.BEAT) and condition.is_silent(Heartbeat.SWEEP):
            what = _("Ticks arrive, but the last sweep over the due times ended %(ago)s.") % {"ago": ago(sweep)}
            return [Trouble(what, _("Read the log of the worker for the reason."), "docker compose logs worker", True)]
        if not condition.is_silent(Heartbeat.BEAT):
            return []
        if beat is None:
            what = _("No tick has come yet. A moment after the first start this is as it should be.")
        else:
            what = _("The last tick came %(ago)s.") % {"ago": ago(beat)}
        if worker and not condition.is_silent(worker):
            return [Trouble(what, _("A worker is alive. Restart beat:"), "docker compose restart beat", True)]
        return [Trouble(what, _("Restart worker and beat:"), RESTART, True)]

    def _troubles_of_work(self) -> list[Trouble]:
        condition, found = self.condition, []
        late = self.clocks.late
        if late:
            what = ngettext(
                "%(count)s due time has been waiting for its next step for more than a minute.",
                "%(count)s due times have been waiting for their next step for more than a minute.",
                late,
            ) % {"count": number(late)}
            remedy = _("If ticks arrive, this gets done by itself. If it grows all the same, add a second worker:")
            found.append(Trouble(what, remedy, "docker compose up -d --scale worker=2"))
        if condition.mail_is_late:
            what = _("The oldest e-mail has been due for %(span)s.") % {"span": lasted(condition.owed_for)}
            sign = condition.signs.get(Heartbeat.DELIVERY)
            if sign and sign.facts.get("reached_server") is False:
                remedy = _("The mail server was not reached. Check it and EMAIL_URL; nothing is lost meanwhile.")
            else:
                remedy = _("Read the log of the worker, and ask the mail server. Nothing is lost meanwhile.")
            found.append(Trouble(what, remedy, "docker compose logs worker"))
        if condition.heaps["access mails"].late:
            oldest = self.at - condition.heaps["access mails"].oldest
            what = _("Somebody has been waiting for a link to sign in for %(span)s.") % {"span": lasted(oldest)}
            found.append(Trouble(what, _("Check the mail server and EMAIL_URL.")))
        if condition.parked:
            what = ngettext(
                "%(count)s piece of work failed too often and is put aside.",
                "%(count)s pieces of work failed too often and are put aside.",
                condition.parked,
            ) % {"count": number(condition.parked)}
            found.append(Trouble(what, _("Mend the reason, then have it tried again below.")))
        if condition.recomputation_stands_still:
            what = _("Due times have to be worked out anew, and for more than five minutes nothing of it was done.")
            found.append(Trouble(what, _("Read the log of the worker for the reason."), "docker compose logs worker"))
        if condition.figures_stand_still:
            oldest = self.at - condition.heaps["figures"].oldest
            what = _("The figures do not know what has changed for %(span)s.") % {"span": lasted(oldest)}
            remedy = _("Read the log of the worker for the reason. Nothing is lost; it is counted later.")
            found.append(Trouble(what, remedy, "docker compose logs worker"))
        return found

    @cached_property
    def stamp(self) -> str:
        """A stamp of everything the page says: another one as soon as a word of it would be another."""
        said = (
            self.troubles,
            [(life.name, life.told, life.is_silent) for life in self.lives],
            (self.clocks.number, self.last_sweep, self.mails_owed, self.last_delivery, self.sent_today),
            (self.last_backup, self.last_restore, self.last_figures),
            self.parked,
            [(row.pk, row.done, row.total, row.finished_at) for row in self.recomputations],
            berlin_day(self.at),
        )
        return f"{self.viewer.person.pk}.{blake2b(repr(said).encode(), digest_size=9).hexdigest()}"


def lasted(age: timedelta) -> str:
    """Return a length of time in whole words that can end a sentence: "7 Minuten"."""
    if age < timedelta(hours=2):
        minutes = max(1, age // A_MINUTE)
        return npgettext("for or ago", "%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if age < timedelta(days=2):
        hours = age // timedelta(hours=1)
        return npgettext("for or ago", "%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return npgettext("for or ago", "%(count)s day", "%(count)s days", age.days) % {"count": number(age.days)}


def ago(age: timedelta | None) -> str:
    """Return how long ago something was: "vor 7 Minuten", or that it never was."""
    if age is None:
        return _("never yet")
    if age < A_MINUTE:
        return _("less than a minute ago")
    return _("%(span)s ago") % {"span": lasted(age)}


def for_administrators(view):
    """Hide the page from everybody else: 404."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if not request.viewer.is_administrator:
            raise Http404
        return view(request, *args, **kwargs)

    return answer


@login_required
@require_safe
@for_administrators
def operations(request):
    """Show how what works by itself stands."""
    return render(request, "operations/operations.html", {"operations": Operations(request.viewer)})


@polled(gone=gettext_lazy("You do not administer Campusruf any more."))
@require_safe
@for_administrators
def live(request):
    """Say what is different now; 204 while nothing is."""
    shown = Operations(request.viewer)
    if Seen.asked(request.GET).stamp == shown.stamp:
        return unchanged()
    return render(request, "operations/operations.html", {"operations": shown, "frame": PARTS})


@login_required
@require_POST
@for_administrators
def again(request, kind, pk):
    """Have one piece of parked work tried again; pressing twice does it once."""
    if kind not in Kind.values:
        raise Http404
    if try_again(kind=Kind(kind), pk=pk, by=request.user, at=request.at):
        messages.success(request, _("It is tried again with the next tick."))
    else:
        messages.info(request, _("That does not lie here any more. It was tried again already."))
    return redirect("operations")


@login_required
@require_POST
@for_administrators
def all_again(request):
    """Have all parked work tried again."""
    started = try_all_again(by=request.user, at=request.at)
    if started:
        told = ngettext(
            "%(count)s piece of work is tried again with the next tick.",
            "%(count)s pieces of work are tried again with the next tick.",
            started,
        )
        messages.success(request, told % {"count": number(started)})
    else:
        messages.info(request, _("Nothing is put aside any more."))
    return redirect("operations")
