"""Writes the mails about reports: what happened, what to do, why one is told, as far as one may read it now.

What stands in a mail is decided at the moment it is sent, by the same scopes that decide what a page shows. Somebody
who sees a report in full reads its title and what was said to them; who follows it, category and room; the
coordination, who is responsible; who sees it no longer, that there was something. Of a confidential report a mail
names the number and nothing else, because mailboxes are read by others.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from accounts.models import User
from foundation import wording
from notifications.letter import Item, Letter
from notifications.models import Mail, OutboxMessage
from notifications.topics import Topic
from schools.duties import viewer_of
from tickets.known_faults import TYPED
from tickets.lifecycle import Level
from tickets.models import Ticket, TicketEvent
from tickets.notice_words import notice_words
from tickets.permissions import is_asked_to_rate
from tickets.routing import responsible_for

MOST_IN_FULL = 20  # subjects; of the others a mail tells one line each

#: What happened, without the mark at its end: words may follow.
HAPPENED = {
    "reported": gettext_lazy("%(name)s has reported this"),
    "accepted": gettext_lazy("%(name)s has taken it over and takes care of it"),
    "released": gettext_lazy("%(name)s has put it back into the queue"),
    "assigned": gettext_lazy("%(name)s has assigned it to you"),
    "commented": gettext_lazy("%(name)s writes"),
    "asked": gettext_lazy("%(name)s asks"),
    "answered": gettext_lazy("%(name)s answers"),
    "waiting": gettext_lazy("%(name)s waits for %(party)s, until %(until)s at the latest"),
    "escalated": gettext_lazy("%(name)s has handed it over to the Systemhaus"),
    "escalation_accepted": gettext_lazy("%(name)s of the Systemhaus has taken it over"),
    "transferred": gettext_lazy("%(name)s has passed it on to another team of the Systemhaus"),
    "asked_mediator": gettext_lazy("%(name)s of the Systemhaus asks you"),
    "returned": gettext_lazy("%(name)s of the Systemhaus has returned it"),
    "resolved": gettext_lazy("%(name)s has solved it"),
    "confirmed": gettext_lazy("%(name)s has confirmed that it works again"),
    "reopened": gettext_lazy("%(name)s has opened it again"),
    "closed": gettext_lazy("%(name)s has closed it"),
    "withdrawn": gettext_lazy("%(name)s has withdrawn it"),
    "merged": gettext_lazy("%(name)s has merged it with the report %(into)s; it goes on there"),
    "absorbed": gettext_lazy("%(name)s has merged the report %(merged)s with this one"),
    "restricted": gettext_lazy("%(name)s has changed who may see it"),
}
INTERNAL = gettext_lazy("%(name)s has left an internal remark; you read it in the report")
#: What happened by itself, by the verb and what the data say about it.
BY_ITSELF = {
    ("escalated", "deadline"): gettext_lazy("Its due time has passed, so it went to the Systemhaus by itself"),
    ("closed", "no_answer"): gettext_lazy("No answer has come, so it was closed"),
    ("closed", "not_contested"): gettext_lazy("Nobody has objected to the solution, so it is closed now"),
    ("reminded", "first_response"): gettext_lazy("%(percent)s of the time for the first response has passed"),
    ("reminded", "resolution"): gettext_lazy("%(percent)s of the time for the solution has passed"),
    ("reminded", "second_response"): gettext_lazy("%(percent)s of the time for the Systemhaus to respond has passed"),
    ("reminded", "answer"): gettext_lazy("The answer to the question has not come yet"),
    ("deadline_missed", "first_response"): gettext_lazy("The first response is overdue"),
    ("deadline_missed", "resolution"): gettext_lazy("The solution is overdue"),
    ("deadline_missed", "second_response"): gettext_lazy("The response of the Systemhaus is overdue"),
    ("reporter_reminded", ""): gettext_lazy("We are still waiting for your answer to this question"),
    ("follow_up_due", ""): gettext_lazy("The day has come until which it waits for %(party)s"),
    ("follow_up_due", "nobody"): gettext_lazy("The day has come until which it was to wait"),
}
#: What the reporter may do about it.
TO_DO_FOR_THE_REPORTER = {
    "asked": gettext_lazy("Please answer in the report. Until then the work on it rests."),
    "reporter_reminded": gettext_lazy(
        "Please answer in the report. If no answer comes, we close it; a later answer opens it again."
    ),
    "resolved": gettext_lazy("Does it work again? Say so in the report, or say within 7 days that it does not."),
    ("closed", "no_answer"): gettext_lazy(
        "Is it still there? Answer in the report within 28 days, and it is open again."
    ),
}
#: What is to be done by those who work on it.
TO_DO_FOR_WORKERS = {
    "reported": gettext_lazy("Please look at it and take it over."),
    "assigned": gettext_lazy("Please look at it."),
    "released": gettext_lazy("Please look at it and take it over."),
    "reopened": gettext_lazy("Please look at it again."),
    "escalated": gettext_lazy("Please look at it and take it over."),
    "transferred": gettext_lazy("Please look at it and take it over."),
    "returned": gettext_lazy("Please look at it again."),
    "asked_mediator": gettext_lazy("Please answer in the report."),
    "answered": gettext_lazy("You can go on working on it."),
    "reminded": gettext_lazy("Please take care of it in time, or pass it on."),
    "deadline_missed": gettext_lazy("Please make sure that somebody takes care of it now."),
    "follow_up_due": gettext_lazy("Please ask there, then go on or set another day."),
}


def compose(messages: Sequence[OutboxMessage], person: User, at: datetime) -> Letter:
    """Return the letter made of these messages, in the person's language; the same few statements for any number."""
    return Letters(messages, person, at).letter(messages)


class Letters:
    """Letters to one person at one instant; what all of them need is read once."""

    def __init__(self, messages: Sequence[OutboxMessage], person: User, at: datetime):
        self.person, self.at = person, at
        self.viewer = viewer_of(person, at)
        self._numbers = {message.about for message in messages}
        self._event_keys = {message.data["event"] for message in messages if "event" in message.data}

    def letter(self, messages: Sequence[OutboxMessage]) -> Letter:
        """Return the letter made of these of the messages."""
        with override(self.person.language):
            subjects: dict[str, list[OutboxMessage]] = {}
            for message in messages:
                subjects.setdefault(message.about, []).append(message)
            items = [self._item(number, told) for number, told in subjects.items()]
            kind = messages[0].mail.kind if messages[0].mail_id else ""
            if len(items) == 1 and kind != Mail.Kind.DIGEST:
                return Letter(self._subject(*subjects.popitem(), items[0]), "", items, thread=items[0].number)
            return Letter(_summary(kind, len(items)), _why_so_many(kind), items[:MOST_IN_FULL], items[MOST_IN_FULL:])

    @cached_property
    def _seen(self) -> dict[str, Ticket]:
        works = Ticket.objects.worked_on_by(self.viewer).filter(pk=OuterRef("pk"))
        seen = Ticket.objects.visible_to(self.viewer).filter(number__in=self._numbers)
        rows = seen.with_names().with_due_times().defer("words", "description").annotate(works=Exists(works))
        return {ticket.number: ticket for ticket in rows}

    @cached_property
    def _followed(self) -> dict[str, Ticket]:
        numbers = self._numbers - self._seen.keys()
        if not numbers:
            return {}
        rows = Ticket.objects.followed_by(self.viewer).filter(number__in=numbers)
        rows = rows.select_related("school", "room", "category").with_due_times().defer(*TYPED)
        return {ticket.number: ticket for ticket in rows}

    @cached_property
    def _overseen(self) -> dict[str, Ticket]:
        numbers = self._numbers - self._seen.keys() - self._followed.keys()
        if not numbers or not self.viewer.is_coordinator:
            return {}
        rows = Ticket.objects.overseen_by(self.viewer).filter(number__in=numbers)
        rows = rows.select_related("school", "category", "assignee", "team").defer(*TYPED)
        return {ticket.number: ticket for ticket in rows}

    @cached_property
    def _events(self) -> dict[int, TicketEvent]:
        """Return the events these messages tell of, as far as they may be read, by key."""
        seen = [ticket.pk for ticket in self._seen.values()]
        followed = [ticket.pk for ticket in self._followed.values()]
        asked = {"pk__in": self._event_keys}
        rows = []
        if seen:
            rows += TicketEvent.objects.visible_to(self.viewer).filter(**asked, ticket__in=seen).select_related("by")
        if followed:
            rows += TicketEvent.objects.for_followers().filter(**asked, ticket__in=followed).select_related("by")
        return {event.pk: event for event in rows}

    def _item(self, number: str, messages: list[OutboxMessage]) -> Item:
        if number in self._seen:
            return self._report(self._seen[number], messages)
        if number in self._followed:
            return self._fault(self._followed[number], messages)
        if number in self._overseen:
            return self._responsibility(self._overseen[number], messages)
        gone = _("There was something about this report. You can no longer see it.")
        return Item(number, reverse("notices"), happened=[(gone, "")], why=_("you were concerned by it at that time"))

    def _report(self, ticket: Ticket, messages) -> Item:
        own = ticket.reporter_id == self.person.pk
        if ticket.confidential:
            told = [(_ended(notice_words(message.kind, own=own)), "") for message in messages]
            return Item(ticket.number, ticket.get_absolute_url(), happened=told, why=self._why(ticket))
        return Item(
            ticket.number,
            ticket.get_absolute_url(),
            title=ticket.title,
            where=", ".join(filter(None, [ticket.school.name, wording.glued(ticket.where)])),
            happened=[self._told(message, ticket, own=own, works=ticket.works) for message in messages],
            due=self._due(ticket, messages, own),
            to_do=_to_do(messages, own=own, works=ticket.works),
            question=self._question(ticket, messages),
            why=self._why(ticket),
        )

    def _fault(self, ticket: Ticket, messages) -> Item:
        return Item(
            ticket.number,
            ticket.get_absolute_url(),
            title=ticket.fault_title,
            where=ticket.school.name,
            happened=[self._told(message, ticket, own=False, works=False) for message in messages],
            due=self._moment(ticket.resolution_due_at) if ticket.is_open else "",
            why=_("you said that you are affected too"),
        )

    def _responsibility(self, ticket: Ticket, messages) -> Item:
        told = []
        for message in messages:
            sentence = self._of_itself(message, ticket) or notice_words(message.kind, own=False)
            told.append((_ended(sentence), ""))
        if ticket.is_open:
            who = responsible_for(ticket, self.viewer.roster).name
            told.append((_("Responsible now: %(name)s.") % {"name": who}, ""))
        return Item(
            ticket.number,
            f"{reverse('responsibility')}?school={ticket.school.number}",
            title=ticket.category.name,
            where=ticket.school.name,
            happened=told,
            due=self._moment(ticket.due_at) if ticket.is_open else "",
            to_do=_to_do(messages, own=False, works=True),
            why=_("you coordinate the campuses"),
        )

    def _told(self, message: OutboxMessage, ticket: Ticket, *, own: bool, works: bool) -> tuple[str, str]:
        """Return what happened in a sentence, and the words that were written if they are the receiver's to read."""
        event = self._events.get(message.data.get("event"))
        words = event.text_for(works) if event is not None else ""
        if message.kind == "reporter_reminded" and own:
            words = ticket.question
        if sentence := self._of_itself(message, ticket):
            return _ended(sentence, words), words
        if event is None or event.by is None or message.kind not in HAPPENED:
            return _ended(notice_words(message.kind, own=own), words), words
        if message.kind == "commented" and not event.public:
            return _ended(INTERNAL % {"name": event.by.name}), ""
        facts = {"party": "", "until": "", "into": "", "merged": "", **event.data, "name": event.by.name}
        if facts["until"]:
            facts["until"] = date_format(date.fromisoformat(facts["until"]), "SHORT_DATE_FORMAT")
        return _ended(HAPPENED[message.kind] % facts, words), words

    def _of_itself(self, message: OutboxMessage, ticket: Ticket) -> str:
        """Return the sentence about what nobody did; empty where somebody did it."""
        data = message.data
        details = [data.get(code, "") for code in ("clock", "reason", "because")]
        party = "" if "waiting_party" in ticket.get_deferred_fields() else ticket.waiting_party
        if message.kind == "follow_up_due" and not party:
            details = ["nobody"]
        sentence = next(filter(None, (BY_ITSELF.get((message.kind, detail)) for detail in [*details, ""])), None)
        if sentence is None:
            return ""
        return sentence % {"percent": wording.percent(data.get("percent", 0) / 100), "party": party}

    def _subject(self, number: str, messages, item: Item) -> str:
        """Return what matters most: what is to be acted on, else what came last."""
        most = next((message for message in reversed(messages) if Topic(message.topic).is_to_act_on), messages[-1])
        ticket = self._seen.get(number)
        own = ticket is not None and ticket.reporter_id == self.person.pk
        if number in self._seen or number in self._followed or number in self._overseen:
            told = notice_words(most.kind, own=own)
        else:
            told = _("News about a report")
        return f"[{number}] {told}: {item.title}" if item.title else f"[{number}] {told}"

    def _question(self, ticket: Ticket, messages) -> tuple[str, str] | None:
        """Return how well they were helped, as a link to the question: mail systems follow links, so none writes."""
        if not any(message.kind == "resolved" for message in messages) or not is_asked_to_rate(self.viewer, ticket):
            return None
        return _("How well were you helped? Say it with one tap."), f"{ticket.get_absolute_url()}#rating"

    def _due(self, ticket: Ticket, messages, own: bool) -> str:
        told = [message.data["due"] for message in messages if message.data.get("due")]
        if told and not own:
            return self._moment(datetime.fromisoformat(told[-1]))
        if not ticket.is_open:
            return ""
        for_the_team = not own and ticket.level == Level.SECOND and ticket.team_id in self.viewer.teams
        return self._moment(ticket.team_due_at if for_the_team else ticket.resolution_due_at)

    def _moment(self, due: datetime | None) -> str:
        return wording.moment(due, self.at) if due is not None else ""

    def _why(self, ticket: Ticket) -> str:
        """Return why the person is told, as the end of a sentence that begins with "You get this because"."""
        viewer, school = self.viewer, ticket.school
        if ticket.reporter_id == self.person.pk:
            return _("you have reported it, or it was entered for you")
        if ticket.assignee_id == self.person.pk:
            return _("you have taken it over, or it was assigned to you")
        if viewer.has_on_duty(school):
            if school.pk in viewer.covered_schools:
                return _("you stand in for a colleague at this school today")
            return _("you are on duty for this school")
        if ticket.team_id is not None and ticket.team_id in viewer.teams:
            team = {"team": ticket.team.name}
            if ticket.team_id in viewer.leads:
                return _("you lead the team %(team)s") % team
            return _("you work in the team %(team)s") % team
        if school.pk in viewer.unattended_schools:
            return _("nobody is on duty for this school, so the coordination looks after it")
        if ticket.works:
            return _("you work on reports of this school")
        return _("you can see this report")


def _to_do(messages, *, own: bool, works: bool) -> str:
    """Return what is to be done after the last message; empty where there is nothing to do."""
    last = messages[-1]
    table = TO_DO_FOR_THE_REPORTER if own else TO_DO_FOR_WORKERS if works else {}
    return str(table.get((last.kind, last.data.get("because", ""))) or table.get(last.kind, ""))


def _summary(kind: str, count: int) -> str:
    if kind == Mail.Kind.DIGEST:
        text = ngettext("Your day: news about %(count)s report", "Your day: news about %(count)s reports", count)
    else:
        text = ngettext("News about %(count)s report", "News about %(count)s reports", count)
    return text % {"count": wording.number(count)}


def _why_so_many(kind: str) -> str:
    if kind == Mail.Kind.DIGEST:
        return _("Here is what has happened since the last daily e-mail.")
    return _("Much has happened in a short time. So that your mailbox stays readable, it comes in one e-mail.")


def _ended(sentence, words: str = "") -> str:
    """Return the sentence with its mark: a colon where words follow."""
    return f"{sentence}:" if words else f"{sentence}."
