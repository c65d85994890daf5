"""One person looks at one ticket in every way there is: list, page, API, search, export. They all say the same."""

from datetime import datetime

from django.test import Client

from accounts.models import User
from schools.duties import viewer_of
from tests.rehearsals.sight import Day
from tickets.models import Ticket

HIDDEN = 404


def differences(ticket: Ticket, person: User, day: Day, at: datetime) -> list[str]:
    """Return where the ticket is seen, if that is not everywhere or nowhere, as the glossary has it."""
    expected = day.sees(person, ticket)
    client = Client()
    client.force_login(person)
    number, words = ticket.number, {"q": ticket.number}
    seen = {
        "scope": Ticket.objects.visible_to(viewer_of(person, at)).filter(pk=ticket.pk).exists(),
        "API": _in_full(client.get(f"/api/v1/tickets/{number}/")),
        "history": client.get(f"/api/v1/tickets/{number}/events/").status_code != HIDDEN,
        "API list": number in [row["number"] for row in client.get("/api/v1/tickets/", words).json()["results"]],
        "list": f'href="/tickets/{number}/"' in client.get("/tickets/", words).content.decode(),
        "export": number in client.post("/tickets/export/", words).getvalue().decode(),
        "page": _page_in_full(client.get(f"/tickets/{number}/"), ticket),
    }
    return [f"{way}: {found} instead of {expected}" for way, found in seen.items() if found != expected]


def _in_full(answer) -> bool:
    return answer.status_code == 200 and "description" in answer.json()


def _page_in_full(answer, ticket) -> bool:
    return answer.status_code == 200 and ticket.title in answer.content.decode()
