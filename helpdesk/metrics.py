"""Figures for Prometheus, read from the database at each scrape: web processes come and go and know nothing."""

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from helpdesk.condition import Condition, Heap
from pulse.models import Heartbeat

BEARER = "Bearer "


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever brings the key of the settings; 401 to everybody else, 404 where there is no key."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not given.startswith(BEARER) or not constant_time_compare(given.removeprefix(BEARER), settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    registry = CollectorRegistry()
    registry.register(Figures(Condition(request.at)))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    """The state as series; none has a label with a person, a school or a report."""

    def __init__(self, condition: Condition):
        self.condition = condition
        self.heaps = condition.heaps

    def describe(self) -> list[Metric]:
        return []  # else each is worked out once more when it is registered

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("campusruf_build", "What runs here.", {"version": settings.VERSION})
        yield from self._clocks()
        yield from self._outbox()
        yield from self._life()
        running = self.heaps["recomputations"]
        yield _gauge("recomputations_unfinished", "Recomputations of due times with something to do.", running.number)
        yield from self._figures()

    def _clocks(self) -> Iterator[Metric]:
        due = self.heaps["clocks"]
        yield _gauge("clocks_due", "Clocks of reports of which a step is due.", due.number)
        yield _gauge("clocks_overdue", "Clocks of which a step has been due for more than a minute.", due.late)
        yield _gauge("clocks_oldest_due_seconds", "For how long the oldest step has been due.", self._age(due))
        yield _gauge("clocks_parked", "Clocks put aside after five failures.", self.heaps["clocks parked"].number)
        yield from self._counted(
            Heartbeat.SWEEP,
            {
                "sweeps": ("sweeps", "Sweeps that ended."),
                "taken": ("sweep_clocks_taken", "Clocks of which the sweep took a step."),
                "failed": ("sweep_clocks_failed", "Clocks at which a step failed."),
                "parked": ("sweep_clocks_parked", "Clocks the sweep has put aside."),
            },
        )

    def _outbox(self) -> Iterator[Metric]:
        yield _gauge(
            "outbox_messages_owed", "Messages owed by e-mail and in no mail yet.", self.heaps["messages"].number
        )
        yield _gauge("outbox_mails_owed", "Mails to be sent.", self.heaps["mails"].number)
        age = self.condition.owed_for.total_seconds()
        yield _gauge("outbox_oldest_due_seconds", "For how long the oldest message or mail has been due.", age)
        yield _gauge("outbox_mails_parked", "Mails put aside.", self.heaps["mails parked"].number)
        access = self.heaps["access mails"]
        yield _gauge("access_mails_due", "Mails with a link to sign in that are due.", access.number)
        yield _gauge("access_mails_oldest_due_seconds", "For how long the oldest of them is owed.", self._age(access))
        yield _gauge("access_mails_parked", "Mails with a link put aside.", self.heaps["access mails parked"].number)
        yield from self._counted(
            Heartbeat.DELIVERY,
            {
                "rounds": ("delivery_rounds", "Rounds of the post office that ended."),
                "sent": ("outbox_mails_sent", "Mails sent."),
                "failed": ("outbox_mails_failed", "Attempts to send a mail that failed."),
            },
        )

    def _figures(self) -> Iterator[Metric]:
        changes = self.heaps["figures"]
        yield _gauge("figures_changes", "Marks of changes that figures do not know yet.", changes.number)
        yield _gauge(
            "figures_oldest_change_seconds", "For how long the oldest of them has waited.", self._age(changes)
        )
        yield from self._counted(
            Heartbeat.FIGURES,
            {
                "schools": ("figures_of_schools_counted", "School years of schools that were counted anew."),
                "cities": ("figures_of_the_city_counted", "School years of the city that were counted anew."),
                "failed": ("figures_failed", "School years at which counting failed."),
            },
        )

    def _life(self) -> Iterator[Metric]:
        signs = self.condition.signs
        for name, series, text in (
            (Heartbeat.SWEEP, "last_sweep", "When the last sweep ended."),
            (Heartbeat.DELIVERY, "last_delivery", "When the last round of the post office ended."),
            (Heartbeat.FIGURES, "last_figures", "When the figures were last looked after."),
            (Heartbeat.BEAT, "last_beat", "When beat sent the last tick that a worker took."),
            (Heartbeat.BACKUP, "last_backup", "Of when the last complete backup is."),
            (Heartbeat.RESTORE, "last_restore", "When a backup was last restored and compared."),
        ):
            if name in signs:
                yield _gauge(f"{series}_timestamp_seconds", text, signs[name].at.timestamp())
        workers = self.condition.workers
        if workers:
            text = "When the worker that did so last took a tick."
            yield _gauge("last_worker_timestamp_seconds", text, workers[0].at.timestamp())
        lively = [worker for worker in workers if not self.condition.is_silent(worker.name)]
        yield _gauge("workers", "Workers that took a tick within two minutes.", len(lively))

    def _counted(self, name: str, series: dict[str, tuple[str, str]]) -> Iterator[Metric]:
        sign = self.condition.signs.get(name)
        for key, (told, text) in series.items():
            yield CounterMetricFamily(f"campusruf_{told}", text, sign.totals.get(key, 0) if sign else 0)

    def _age(self, heap: Heap) -> float:
        return (self.condition.at - heap.oldest).total_seconds() if heap.oldest else 0.0


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"campusruf_{name}", text, value)
