"""Who gets a report first, and who is responsible for it now. Derived from the roster, never stored."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from schools.models import School
from schools.roster import Manager, Roster
from tickets.lifecycle import Level
from tickets.models import Ticket


@dataclass(frozen=True)
class Responsible:
    """A named person or a named queue. `kind` is "person", "queue" or "team"; `name` is for people to read."""

    kind: str
    name: str
    manager: Manager | None = None


def first_level_for(school: School, roster: Roster) -> Responsible:
    """Return the queue an untaken report of `school` lies in: the manager's on duty, else the coordinator's."""
    manager = roster.manager_of(school.pk, school.campus_id)
    if manager is None:
        return Responsible("queue", _("Coordination"))
    return Responsible("queue", manager.name, manager)


def responsible_for(ticket: Ticket, roster: Roster) -> Responsible:
    """Return who looks after an open ticket at this moment; there is always somebody.

    What somebody took who does not work for it any more, be it that they are absent, that the school has changed
    hands or that their account is closed, lies with whoever is on duty for the school, or with the team.
    """
    if ticket.assignee_id is not None and works_on(ticket, roster):
        return Responsible("person", ticket.assignee.name)
    if ticket.level == Level.SECOND and ticket.team_id is not None:
        return Responsible("team", ticket.team.name)
    return first_level_for(ticket.school, roster)


def works_on(ticket: Ticket, roster: Roster) -> bool:
    """Whether the person who took a ticket works for it today."""
    if ticket.level == Level.SECOND:
        return ticket.assignee_id not in roster.absent and (ticket.team_id, ticket.assignee_id) in roster.specialists
    return roster.serves(ticket.assignee_id, ticket.school.pk, ticket.school.campus_id)
