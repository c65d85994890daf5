"""What is asked, by whom, and what it may cost: a multiple of the bare view."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from .visitor import Visitor

NUMBER = re.compile(r'href="/tickets/([A-Z]+-[0-9]+-[0-9]+)/"')
SCHOOL = re.compile(r'href="/schools/([0-9]{6})/')
ROOM = re.compile(r'<input type="radio" name="room" value="([0-9]+)"')


@dataclass(frozen=True)
class Question:
    """One page of one person. `address` may need to be looked up; `sent` makes the form of a POST, fresh each time."""

    name: str
    person: str
    address: str | Callable[[Visitor], str]
    aim: float | None = None
    sent: Callable[[Visitor], Callable[[], dict]] | None = None


def newest(address: str, template: str) -> Callable[[Visitor], str]:
    """Return what finds the newest report of a list and puts its number into an address."""

    def found(visitor: Visitor) -> str:
        return template.format(number=NUMBER.search(visitor.get(address).text)[1])

    return found


def own_school(template: str) -> Callable[[Visitor], str]:
    def found(visitor: Visitor) -> str:
        return template.format(school=SCHOOL.search(visitor.get("/tickets/").text)[1])

    return found


def report(visitor: Visitor) -> Callable[[], dict]:
    """Return what fills in the report form with one room of the school, each time anew."""
    room = ROOM.search(visitor.get("/tickets/new/").text)
    place = {"room": room[1]} if room else {"room": "other", "place": "Aula"}
    facts = {"category": "display", "urgency": "hampered", "description": "Der Beamer bleibt dunkel.", **place}
    return lambda: {**facts, "idempotency_key": str(uuid.uuid4())}


TEACHER, MANAGER, HELPDESK = "lehrkraft@demo.example", "campus@demo.example", "helpdesk@demo.example"
SPECIALIST, HEAD, CITY = "systemhaus@demo.example", "schulleitung@demo.example", "stadt@demo.example"

#: Creating is the last, because it changes what the others show.
QUESTIONS = (
    Question("list, teacher", TEACHER, "/tickets/", 2.5),
    Question("list, manager", MANAGER, "/tickets/", 2.5),
    Question("list, helpdesk", HELPDESK, "/tickets/", 2.5),
    Question("search for a word, manager", MANAGER, "/tickets/?q=WLAN", 2.5),
    Question("search for a word, helpdesk", HELPDESK, "/tickets/?q=WLAN", 2.5),
    Question("search for a number, helpdesk", HELPDESK, newest("/tickets/", "/tickets/?q={number}"), 2.5),
    Question("queue, manager", MANAGER, "/queue/"),
    Question("queue, helpdesk", HELPDESK, "/queue/"),
    Question("inbox of the second level", SPECIALIST, "/triage/?view=all"),
    Question("ticket page, teacher", TEACHER, newest("/tickets/", "/tickets/{number}/"), 5),
    Question("ticket page, manager", MANAGER, newest("/tickets/?status=open", "/tickets/{number}/"), 5),
    Question("report form, teacher", TEACHER, "/tickets/new/"),
    Question("API list, manager", MANAGER, "/api/v1/tickets/"),
    Question("API ticket, manager", MANAGER, newest("/tickets/?status=open", "/api/v1/tickets/{number}/")),
    Question("statistics of a school, head", HEAD, own_school("/schools/{school}/statistics/")),
    Question("figures of the city", CITY, "/reports/"),
    Question("creating a report, teacher", TEACHER, "/tickets/new/", 4, report),
)
