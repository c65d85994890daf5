"""Who hears what: those concerned, once each, and nobody of what they did themselves."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from notifications import outbox
from notifications.models import OutboxMessage
from tests.city import MONDAY, berlin
from tickets.commands import finish, work

TEN = berlin(2026, 3, 2, 10)
ASK = {"text": "Welcher?"}
SOLVE = {"solution": "Neu gestartet", "cause": "restart"}
WAIT = {"party": "DOKOM21", "until": date(2026, 3, 6)}


def heard(city):
    """Return who is told what, by the names of the city, and forget it."""
    names = {person.pk: who for who, person in city.everybody.items()}
    rows = sorted((names[m.recipient_id], m.kind) for m in OutboxMessage.objects.notices())
    OutboxMessage.objects.all().delete()
    return rows


def taken(city):
    return work.accept(ticket=city.report(), by=city.manager, at=TEN)


def asked(city):
    return work.ask(ticket=city.report(), by=city.manager, at=TEN, **ASK)


def solved(city):
    return finish.resolve(ticket=city.report(), by=city.manager, at=TEN, **SOLVE)


def filed(city):
    return city.report()


#: Where it stands, the step, who takes it, what it needs, and who hears of it.
HEARD = [
    (filed, work.accept, "manager", {}, [("teacher", "accepted")]),
    (filed, work.accept, "helpdesk", {}, [("teacher", "accepted")]),
    (filed, work.comment, "teacher", {"text": "Und?"}, [("manager", "commented")]),
    (filed, work.comment, "contact", {"text": "Und?"}, [("manager", "commented"), ("teacher", "commented")]),
    (filed, work.comment, "manager", {"text": "Ich komme"}, [("teacher", "commented")]),
    (filed, work.comment, "helpdesk", {"text": "Intern", "internal": True}, [("manager", "commented")]),
    (filed, work.comment, "manager", {"text": "Intern", "internal": True}, []),
    (filed, work.ask, "manager", ASK, [("teacher", "asked")]),
    (filed, work.classify, "manager", {"urgency": "blocked"}, []),
    (filed, work.wait, "manager", WAIT, [("teacher", "waiting")]),
    (filed, work.restrict, "teacher", {"confidential": True}, [("manager", "restricted")]),
    (filed, finish.resolve, "manager", SOLVE, [("teacher", "resolved")]),
    (filed, finish.close, "manager", {"reason": "Doppelt"}, [("teacher", "closed")]),
    (filed, finish.withdraw, "teacher", {}, [("manager", "withdrawn")]),
    (taken, work.release, "manager", {}, []),
    (taken, work.comment, "teacher", {"text": "Danke"}, [("manager", "commented")]),
    (asked, work.answer, "teacher", {"text": "Der linke"}, [("manager", "answered")]),
    (asked, work.answer, "contact", {"text": "Der linke"}, [("manager", "answered"), ("teacher", "answered")]),
    (asked, work.answer, "helpdesk", {"text": "Der linke"}, [("manager", "answered"), ("teacher", "answered")]),
    (solved, finish.confirm, "teacher", {}, [("manager", "confirmed")]),
    (solved, finish.reopen, "teacher", {}, [("manager", "reopened")]),
    (solved, finish.reopen, "helpdesk", {}, [("manager", "reopened"), ("teacher", "reopened")]),
    (solved, finish.reopen, "manager", {}, [("teacher", "reopened")]),
]


@pytest.mark.parametrize("stands, step, who, facts, expected", HEARD)
def test_those_concerned_hear_of_a_step_once(city, stands, step, who, facts, expected):
    ticket = stands(city)
    heard(city)
    step(ticket=ticket, by=getattr(city, who), at=TEN, **facts)
    assert heard(city) == expected


def test_who_is_given_a_report_hears_of_it(city):
    ticket = city.report()
    heard(city)
    work.assign(ticket=ticket, person=city.helpdesk, by=city.manager, at=TEN)
    assert heard(city) == [("helpdesk", "assigned")]
    work.comment(ticket=ticket, text="Und?", by=city.teacher, at=TEN)
    assert heard(city) == [("helpdesk", "commented")]


def test_reported_for_somebody_else_both_sides_hear_of_it(city):
    city.report(by=city.helpdesk, reporter=city.teacher)
    assert heard(city) == [("manager", "reported"), ("teacher", "reported")]


def test_a_manager_who_reports_for_a_teacher_tells_the_teacher_only(city):
    city.report(by=city.manager, reporter=city.teacher)
    assert heard(city) == [("teacher", "reported")]


def test_the_same_effect_is_owed_once(city):
    for _ in range(2):
        outbox.post(recipients=[city.teacher.pk] * 2, kind="asked", about="DO-2026-1", effect="event:1", at=MONDAY)
    assert heard(city) == [("teacher", "asked")]
    OutboxMessage.objects.create(key="k", recipient=city.teacher, kind="a", about="b", created_at=MONDAY)
    with transaction.atomic(), pytest.raises(IntegrityError):
        OutboxMessage.objects.create(key="k", recipient=city.teacher, kind="a", about="b", created_at=MONDAY)


def test_a_step_that_is_refused_owes_nothing(city):
    ticket = city.report()
    heard(city)
    with pytest.raises(Exception, match="Lösung bestätigen"):
        finish.confirm(ticket=ticket, by=city.teacher, at=TEN)
    assert heard(city) == []


def test_a_notice_carries_no_word_of_the_report(city):
    ticket = city.report(description="Kennwort liegt unter der Tastatur")
    work.comment(ticket=ticket, text="Geheim", by=city.teacher, at=TEN)
    events = set(ticket.events.values_list("pk", flat=True))
    for message in OutboxMessage.objects.all():
        assert message.about == ticket.number
        assert message.data.keys() == {"event"} and message.data["event"] in events


class TestThePage:
    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)

    def test_it_lists_ones_own_and_marks_them_read(self, city, client):
        ticket = taken(city)
        client.force_login(city.teacher)
        page = client.get("/notices/").content.decode()
        assert ticket.number in page and "item--unread" in page
        assert client.post("/notices/read/").status_code == 302
        page = client.get("/notices/").content.decode()
        assert ticket.number in page and "item--unread" not in page
        assert OutboxMessage.objects.unread().count() == 1  # the manager's

    def test_what_one_may_no_longer_see_is_told_by_its_number_alone(self, city, client):
        ticket = work.assign(
            ticket=city.report(description="Nachtigall"), person=city.helpdesk, by=city.manager, at=TEN
        )
        work.restrict(ticket=ticket, confidential=True, by=city.manager, at=TEN)
        work.assign(ticket=ticket, person=city.manager, by=city.manager, at=TEN)
        client.force_login(city.helpdesk)
        page = client.get("/notices/").content.decode()
        assert ticket.number in page
        assert "Nachtigall" not in page and f"/tickets/{ticket.number}/" not in page
