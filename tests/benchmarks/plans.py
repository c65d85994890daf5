"""What the database does for every page, list, search and tick in a city of any size, and what grows with it.

    bin/python -m tests.benchmarks.plans --out /tmp/small.json                                # DATABASE_URL: 10,000
    bin/python -m tests.benchmarks.plans --out /tmp/large.json --against /tmp/small.json      # DATABASE_URL: 1,000,000

Asks the city of `seed_city` in the database of DATABASE_URL, as somebody of each role; each statement a page sent is
repeated under EXPLAIN (ANALYZE, BUFFERS), `--times` over, of which the fastest counts. Leaves the database as it was.
"""

import argparse
import json
import logging
import os
import re
from pathlib import Path

import django

DEEP = 5000  # rows before those of the page

LISTS = [
    "/tickets/",
    "/tickets/?after={deep}",
    "/tickets/?status=open",
    "/tickets/?status=resolved",
    "/tickets/?status=merged",
    "/tickets/?school={school}",
    "/tickets/?school={school}&status=waiting_external",
    "/tickets/?q={rare}",
    "/tickets/?q=WLAN",
    "/tickets/?q={number}",
    "/tickets/?q={serial}",
    "/tickets/?q={name}",
    "/tickets/?q=Beamer+Aula",
    "/tickets/?q=WLAN+Tablet",
    "/tickets/?q=Quastenflosser",
    "/tickets/?q=WLAN&status=open&school={school}",
]
TICKET = ["/tickets/{number}/", "/tickets/{number}/clocks/", "POST /tickets/{number}/live/"]
NEW = ["/tickets/new/", "/tickets/new/?school={school}", "POST /tickets/similar/"]
NARROWED = [
    "status=new",
    "status=waiting_external",
    "status=merged",
    "level=second",
    "level=second&status=in_progress",
    "school={school}",
    "school={school}&ordering=due_at",
    "category=security",
    "category=network",
    "priority=critical",
    "priority=low",
    "overdue=true",
    "overdue=false",
    "overdue=true&ordering=due_at",
    "status=closed&priority=critical&category=advice",
    "q={rare}",
    "q=WLAN",
    "q=WLAN&ordering=due_at",
    "q={number}",
]
API = [
    "/api/v1/tickets/",
    "/api/v1/tickets/?ordering=due_at",
    *(f"/api/v1/tickets/?{narrowed}" for narrowed in NARROWED),
    "/api/v1/tickets/{number}/",
    "/api/v1/tickets/{number}/events/",
    "/api/v1/known-faults/",
    "/api/v1/known-faults/?category=display",
    "/api/v1/schools/",
    "/api/v1/rooms/?school={school}",
    "/api/v1/people/?school={school}",
]
QUEUE = [
    *(f"/queue/?tab={tab}" for tab in ("todo", "waiting", "elsewhere", "solved")),
    "/queue/?school={school}",
    "/queue/live/",
]
TRIAGE = [
    *(f"/triage/?view={view}" for view in ("inbox", "mine", "team", "waiting", "returned", "all")),
    "/triage/?view=all&near=1",
    "/triage/?view=all&ticket={number}",
    "/triage/?q={rare}",
    "/triage/?q=WLAN",
    "/triage/?q=DEMO-00001",
    "POST /triage/live/?view=all",
]
CALLS = [
    "/calls/",
    "/calls/?school={school}",
    "/calls/found/?wanted=tafel+brecht",
    "POST /calls/beside/?school={school}",
    "/calls/{number}/",
]
STEERING = [
    "/campuses/",
    "/campuses/map/",
    "/campuses/responsibility/",
    "/campuses/responsibility/?kind=team",
    "/campuses/kirchlinde/",
    "/campuses/absences/",
]
OWN = ["/notices/", "/account/"]
SCHOOL = ["/schools/", "/schools/{school}/"]
EXPORT = ["POST /tickets/export/?q={rare}", "POST /tickets/export/"]
PEOPLE = {
    "lehrkraft": [*OWN, *LISTS, *TICKET, *NEW, *SCHOOL, *API],
    "ansprechperson": [*OWN, *LISTS, *TICKET, *NEW, *SCHOOL, *EXPORT, *API],
    "schulleitung": [*OWN, *LISTS, *TICKET, *SCHOOL, "/schools/{school}/statistics/", *API],
    "campus": [*OWN, *LISTS, *QUEUE, *TICKET, *NEW, *SCHOOL, *EXPORT, *API],
    "helpdesk": [*OWN, *LISTS, *QUEUE, *TICKET, *NEW, *CALLS, *SCHOOL, *EXPORT, *API],
    "systemhaus": [*OWN, *LISTS, *TRIAGE, *TICKET, *SCHOOL, *EXPORT, *API],
    "koordination": [*OWN, *LISTS, *QUEUE, *STEERING, *SCHOOL, *EXPORT, *API],
    "stadt": [*OWN, *SCHOOL, "/schools/{school}/statistics/"],
    "admin": [*OWN, "/operations/", "/operations/live/", "/settings/"],
    "": ["/metrics", "/health/ready"],
}
SENT = {
    "/tickets/similar/": {
        "school": "{school}",
        "category": "network",
        "description": "Das WLAN ist seit heute früh im ganzen Gebäude weg",
    },
    "/calls/beside/?school={school}": {"category": "display", "description": "Der Beamer bleibt dunkel"},
    "/tickets/export/?q={rare}": {"q": "{rare}"},
    "/tickets/export/": {"school": "{school}"},
}
POLLING = {"HX-Request": "true", "HX-Polling": "true"}
HIDDEN = r'<input type="hidden" name="(stamp|rows|more|report|ticket|here)" value="([^"]*)"'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="where the figures are written")
    parser.add_argument("--against", type=Path, help="figures of a smaller city")
    parser.add_argument("--only", default="", help="ask only addresses with these letters")
    parser.add_argument("--times", type=int, default=3)
    wishes = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ["METRICS_TOKEN"] = "a-token-for-this-measurement"
    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)
    figures = measure(wishes.only, wishes.times)
    wishes.out.write_text(json.dumps(figures, indent=1))
    tell(figures, json.loads(wishes.against.read_text()) if wishes.against else {})


def measure(only: str, times: int) -> dict[str, dict]:
    """Return the figures of each page, by who asked for what; all of it is rolled back."""
    from django.db import transaction

    figures = {}
    with transaction.atomic():
        for who, addresses in PEOPLE.items():
            asker = Asker(who)
            for address in addresses:
                if only in address:
                    figures[f"{who} {address}"] = asker.cost(address, times)
        for name, tick in ticks().items():
            if only in name:
                figures[f"tick {name}"] = cost_of(tick, times)
        transaction.set_rollback(True)
    return figures


class Asker:
    """Somebody of the demo city who is signed in, and what their addresses are filled in with."""

    def __init__(self, account: str):
        from django.test import Client
        from django.utils import timezone

        from accounts.models import User
        from schools.duties import viewer_of
        from tickets.models import Ticket

        self.client, self.names = Client(), {}
        if not account:
            return
        person = User.objects.get(email=f"{account}@demo.example")
        self.client.force_login(person)
        self.client.get("/account/")  # the first page of a session writes it
        seen = Ticket.objects.visible_to(viewer_of(person, timezone.now())).order_by("-pk")
        newest = seen.select_related("school").first() or Ticket.objects.select_related("school").latest("pk")
        self.names = {
            "number": newest.number,
            "serial": newest.serial,
            "school": newest.school.number,
            "name": re.findall(r"\w{5,}", newest.school.name)[0],
            "rare": "Phishing",
            "deep": _cursor(([newest.pk, *seen.values_list("pk", flat=True)[:DEEP]])[-1]),
        }

    def cost(self, address: str, times: int) -> dict:
        """Return what the page costs the database."""
        method, _, path = address.rpartition(" ")
        try:
            sent = {name: value.format(**self.names) for name, value in SENT.get(path, {}).items()}
            path = path.format(**self.names)
        except KeyError:
            return {"status": "nothing to ask about"}
        if path.partition("?")[0].endswith("/live/") and not path.startswith("/operations"):
            page = self.client.get(path.replace("live/", ""))
            sent = dict(re.findall(HIDDEN, page.content.decode()))
            return cost_of(lambda: self._ask(method, path, sent, headers=POLLING), times)
        token = {"headers": {"Authorization": f"Bearer {os.environ['METRICS_TOKEN']}"}} if path == "/metrics" else {}
        return cost_of(lambda: self._ask(method, path, sent, **token), times)

    def _ask(self, method, path, sent, **more) -> int:
        answer = getattr(self.client, method.lower() or "get")(path, sent or None, **more)
        return answer.status_code


def ticks() -> dict:
    """Return what beat asks every 20 seconds, as far as it only looks."""
    from django.utils import timezone

    from notifications.models import Mail, OutboxMessage
    from tickets.models import Deadline

    at = timezone.now()
    return {
        "sweep: what is due": lambda: len(Deadline.objects.due(at).values_list("pk")[:100]),
        "outbox: what is owed": lambda: len(OutboxMessage.objects.due(at=at).values_list("recipient")[:200]),
        "outbox: mails": lambda: len(Mail.objects.due(at=at).values_list("pk")[:200]),
        "recompute: to measure": lambda: len(Deadline.objects.unmeasured().values_list("ticket")[:100]),
    }


def cost_of(ask, times: int) -> dict:
    """Return the status, how many statements were sent, and what those that read cost, the dearest one besides."""
    from tests.plans import LARGE, statements

    with statements() as sent:
        status = ask()
    reading = [statement for statement in sent if statement.reads]
    plans = [min((s.plan(run=True) for _ in range(times)), key=lambda plan: plan.ms) for s in reading]
    dearest = max(zip(plans, reading, strict=True), key=lambda pair: pair[0].ms, default=None)
    return {
        "status": status,
        "statements": len([s for s in sent if not re.match(r"SAVEPOINT|RELEASE|ROLLBACK", s.sql)]),
        "ms": round(sum(plan.ms for plan in plans), 2),
        "pages": sum(plan.pages for plan in plans),
        "whole": sorted(LARGE & {table for plan in plans for table in plan.read_whole}),
        "indexes": sorted({name for plan in plans for name in plan.indexes if name.count("_") > 1}),
        "dearest": [round(dearest[0].ms, 2), dearest[0].pages, dearest[1].sql % _shown(dearest[1].parameters)]
        if dearest
        else None,
    }


def _shown(parameters) -> tuple:
    return tuple(map(repr, parameters or ()))


def _cursor(pk: int) -> str:
    """Return the cursor behind a row of a list, the newest first, as `foundation.paging` makes it."""
    import base64

    return base64.urlsafe_b64encode(json.dumps([str(pk)]).encode()).decode().rstrip("=")


def tell(figures: dict, before: dict) -> None:
    """Print a line for each page: statements, milliseconds, pages of 8 kB, and both against the smaller city."""
    for name, now in sorted(figures.items(), key=lambda item: -item[1].get("ms", 0)):
        if "ms" not in now:
            continue
        then = before.get(name) or {}
        ratio = f"{now['ms'] / then['ms']:6.1f} x" if then.get("ms") else ""
        pages = f"{now['pages'] / then['pages']:6.1f} x" if then.get("pages") else ""
        print(
            f"{now['ms']:9.2f} ms {ratio:>9} {now['pages']:7} pages {pages:>9} "
            f"{now['statements']:3} statements {now['status']} {name} {' '.join(now['whole'])}",
            flush=True,
        )


if __name__ == "__main__":
    main()
