"""The order in which the demo city comes to life. What is there stays; only what is missing is added."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from calendars.models import SchoolHoliday
from foundation.berlin import berlin_day
from helpdesk.seed.bulk import add_bulk
from helpdesk.seed.campuses import group_schools
from helpdesk.seed.devices import add_devices
from helpdesk.seed.life import WEEKS, lives
from helpdesk.seed.loading import estimate_anew
from helpdesk.seed.people import add_absences, add_people
from helpdesk.seed.places import add_places
from helpdesk.seed.play import Stage, play
from helpdesk.seed.ratings import add_ratings
from helpdesk.seed.stories import stories
from notifications.models import OutboxMessage
from pages.models import SiteSettings
from reports.annual.importing import import_figures
from reports.annual.models import ImportedFigure
from reports.keeping import rebuild_year, years_with_figures
from schools.importing.report import Report
from schools.importing.schools import import_schools
from schools.models import School
from tickets.models import Ticket

HOUSE = Path(__file__).resolve().parents[2]
SCHOOLS, PRINTED = HOUSE / "schools" / "data" / "schools.csv", HOUSE / "reports" / "data" / "annual_report_2023.csv"
TICKETS, DEVICES = 350, 600
UNREAD = 510  # minutes of service time: a day
PLAYED = 350  # at most so many reports are played through the commands; what is beyond is written as rows
LOCK = 7_215_001  # any number, as long as it is always the same: two seeds wait for each other


@dataclass(frozen=True)
class Wishes:
    """How much of everything there shall be, and from which lot."""

    tickets: int = TICKETS
    devices: int = DEVICES
    years: int = 1
    seed: int = 1


@transaction.atomic
def seed_city(wishes: Wishes, *, now: datetime, tell: Callable[[str], None]) -> bool:
    """Fill the city as far as it is not filled yet, all or nothing; return whether anything was added.

    The same `now` and the same seed make the same city.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    today = berlin_day(now)
    added = {
        _("Schools"): _add_schools(today),
        _("Schools put into a campus"): group_schools(),
        _("Printed figures"): _add_printed_figures(),
        _("Hotline"): _add_settings(),
    }
    added[_("People")], added[_("Roles")] = add_people(at=now, seed=wishes.seed, years=wishes.years)
    added[_("Covers")] = add_absences(at=now)
    places = add_places(today=today, seed=wishes.seed)
    added[_("Rooms")], added[_("Contact persons")] = places["rooms"], places["contacts"]
    added[_("Technical profiles")], added[_("Movable holidays")] = places["profiles"], places["movable_days"]
    added[_("Devices")] = add_devices(wishes.devices, seed=wishes.seed)
    added[_("Reports")] = _add_tickets(wishes, now)
    if any(added.values()):
        estimate_anew()
        for year in years_with_figures():
            rebuild_year(year=year, at=now)
    _tell(added, tell)
    return any(added.values())


def _add_schools(today) -> int:
    """Read our list of schools into a database without schools, and school holidays where there are none."""
    if not SchoolHoliday.objects.exists():
        call_command("import_school_holidays", verbosity=0, stdout=_Nowhere())
    if School.objects.exists():
        return 0
    import_schools(SCHOOLS, Report(lambda line: None), today=today)
    return School.objects.count()


def _add_printed_figures() -> int:
    """Read the tables of the annual report, as far as they are not there; what somebody has corrected stays."""
    before = ImportedFigure.objects.count()
    import_figures(PRINTED, Report(lambda line: None), only_new=True)
    return ImportedFigure.objects.count() - before


def _add_settings() -> int:
    """Name a hotline that cannot be dialled: no local number begins with a zero."""
    site = SiteSettings.current()
    if site.hotline_phone:
        return 0
    site.hotline_phone = "0231 000-100 (Demo)"
    site.hotline_hours_de, site.hotline_hours_en = "Mo–Fr 8–18 Uhr", "Mon–Fri 8 am–6 pm"
    site.support_email = "hilfe@demo.example"
    site.save()
    return 1


def _add_tickets(wishes, now) -> int:
    """Write the many first and play the few afterwards, so that the latest reports have the latest numbers."""
    have = Ticket.objects.count()
    missing = wishes.tickets - have
    if missing <= 0:
        return 0
    newest = Ticket.objects.aggregate(newest=Max("pk"))["newest"] or 0
    played = 0 if have else min(missing, PLAYED)
    add_bulk(missing - played, now=now, years=wishes.years, seed=f"{wishes.seed}:{have}")
    if played:
        _play(played, wishes.seed, now)
    add_ratings(after=newest, now=now, seed=f"{wishes.seed}:{have}")
    return Ticket.objects.count() - have


def _play(count, seed, now) -> None:
    stage = Stage(now, weeks=WEEKS)
    told = list(stories(stage, Random(f"{seed}:tales")))[:count]
    drawn = lives(stage, count - len(told), Random(f"{seed}:lives"))
    play([*told, *drawn], now)
    # Who comes in for the first time finds the notices of the last service day unread, not those of weeks.
    yesterday = stage.ago(UNREAD)
    OutboxMessage.objects.unread().filter(created_at__lt=yesterday).update(read_at=yesterday)
    past = OutboxMessage.objects.owed().filter(created_at__lt=yesterday)
    past.update(settled_at=now, settled_as=OutboxMessage.Settled.PAST)


def _tell(added, tell) -> None:
    if not any(added.values()):
        tell(_("Everything is already there. Nothing was changed."))
        return
    for what, count in added.items():
        if count:
            tell(_("%(what)s: %(count)s added") % {"count": count, "what": what})


class _Nowhere:
    """Takes what a command says and forgets it."""

    def write(self, text: str) -> None:
        """Forget the text."""

    def flush(self) -> None:
        """There is nothing to flush."""
