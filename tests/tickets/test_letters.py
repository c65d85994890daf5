"""What stands in a mail: what happened, what to do, why one is told, and never a word one may not read."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from campuses.models import CampusAssignment
from notifications import delivery, outbox
from notifications.letter import Letter
from notifications.models import Mail, OutboxMessage
from notifications.topics import Topic
from schools.models import SchoolMembership
from tests.city import berlin
from tickets import letters
from tickets.commands import escalate, finish, join, work
from tickets.commands.sweep import sweep
from tickets.models import TicketEvent

TEN, ELEVEN, TUESDAY = berlin(2026, 3, 2, 10), berlin(2026, 3, 2, 11), berlin(2026, 3, 3, 10)
SECRET = "Nachtigall"


@pytest.fixture(autouse=True)
def nothing_to_sort_out(settings):
    settings.BASE_URL = "http://127.0.0.1:8000"


def letter_to(person, *, kind=None, at=ELEVEN, ticket=None) -> Letter:
    """Return the letter made of everything the person is owed, or of what there is of one kind."""
    rows = OutboxMessage.objects.filter(recipient=person, channel="email").order_by("pk")
    if kind:
        rows = rows.filter(kind=kind)
    if ticket:
        rows = rows.filter(about=ticket.number)
    return letters.compose(list(rows), User.objects.get(pk=person.pk), at)


def words_of(letter: Letter) -> str:
    return f"{letter}"


def sent_to(person, mailoutbox, at=ELEVEN):
    """Let one round pass and return what came to the person."""
    delivery.deliver_outbox(at=at, compose=letters.compose)
    return [mail for mail in mailoutbox if person.email in mail.to[0]]


def owe(ticket, person, kind, topic=Topic.REMINDERS, **data):
    outbox.post(
        recipients=[person.pk],
        kind=kind,
        about=ticket.number,
        effect=f"t:{kind}:{person.pk}:{data}",
        at=TEN,
        data=data,
        topic=topic,
    )


class TestWhatItSays:
    def test_a_question_to_the_reporter(self, city, mailoutbox):
        ticket = city.report(title="Beamer bleibt dunkel")
        work.ask(ticket=ticket, text="Welche Lampe leuchtet?\nRot oder grün?", by=city.manager, at=TEN)
        [mail] = sent_to(city.teacher, mailoutbox)
        assert mail.subject == f"[{ticket.number}] Eine Rückfrage an Sie: Beamer bleibt dunkel"
        for told in (
            "Guten Tag Tilda Tafel,",
            "Mona Mobil fragt:",
            "> Welche Lampe leuchtet?\n> Rot oder grün?",
            "Bert-Brecht-Gymnasium, A\N{NO-BREAK SPACE}204",
            "Antworten Sie bitte in der Meldung.",
            f"http://127.0.0.1:8000/tickets/{ticket.number}/\n",
            "weil Sie das gemeldet haben",
            "Wir fragen nie nach Ihrem Passwort.",
            "http://127.0.0.1:8000/account/notifications/",
        ):
            assert told in mail.body, mail.body
        assert "nie nach Ihrem Passwort" in mail.alternatives[0].content

    def test_new_work_to_the_manager_with_its_due_time(self, city):
        ticket = city.report()
        [item] = letter_to(city.manager).items
        assert item.happened == [("Tilda Tafel hat das gemeldet.", "")]
        assert item.due == "Do., 5. März, 9:00\N{NO-BREAK SPACE}Uhr"
        assert item.why == "Sie für diese Schule zuständig sind"
        assert item.link == f"/tickets/{ticket.number}/"

    def test_the_substitute_reads_that_they_stand_in(self, city):
        city.away(city.manager, cover=city.asseln_manager, schools=[city.brecht])
        city.report()
        [item] = letter_to(city.asseln_manager).items
        assert item.why == "Sie heute die Vertretung an dieser Schule haben"

    def test_the_team_and_its_mediator(self, city):
        ticket = city.escalated()
        [item] = letter_to(city.specialist).items
        assert item.happened == [("Mona Mobil hat die Meldung an das Systemhaus weitergegeben.", "")]
        assert item.why == "Sie im Team Netz & WLAN arbeiten"
        escalate.ask_mediator(ticket=ticket, text="Welcher Schrank?", by=city.specialist, at=TEN)
        [item] = letter_to(city.manager, kind="asked_mediator").items
        assert item.happened == [("Siri Switch vom Systemhaus fragt Sie:", "Welcher Schrank?")]

    def test_an_english_person_reads_english(self, city, mailoutbox):
        User.objects.filter(pk=city.teacher.pk).update(language="en")
        ticket = city.report(title="Projector stays dark")
        finish.resolve(ticket=ticket, solution="Bulb replaced", cause="", by=city.manager, at=TEN)
        [mail] = sent_to(city.teacher, mailoutbox)
        assert mail.subject == f"[{ticket.number}] Your report is solved: Projector stays dark"
        assert "Mona Mobil has solved it:\n> Bulb replaced" in mail.body
        assert "We never ask for your password." in mail.body and 'lang="en"' in mail.alternatives[0].content

    @pytest.mark.parametrize(
        "kind, data, sentence",
        [
            (
                "reminded",
                {"clock": "first_response", "percent": 50},
                "50\N{NO-BREAK SPACE}% der Zeit bis zur ersten Rückmeldung sind um.",
            ),
            (
                "reminded",
                {"clock": "resolution", "percent": 80},
                "80\N{NO-BREAK SPACE}% der Zeit bis zur Lösung sind um.",
            ),
            (
                "reminded",
                {"clock": "second_response", "percent": 80},
                "80\N{NO-BREAK SPACE}% der Zeit bis zur Rückmeldung des Systemhauses sind um.",
            ),
            ("deadline_missed", {"clock": "first_response"}, "Die erste Rückmeldung ist überfällig."),
            ("deadline_missed", {"clock": "resolution"}, "Die Lösung ist überfällig."),
            ("deadline_missed", {"clock": "second_response"}, "Die Rückmeldung des Systemhauses ist überfällig."),
            (
                "escalated",
                {"reason": "deadline"},
                "Die Frist ist abgelaufen, deshalb ging die Meldung von selbst an das Systemhaus.",
            ),
            ("closed", {"because": "no_answer"}, "Es kam keine Antwort, deshalb wurde die Meldung abgeschlossen."),
            (
                "closed",
                {"because": "not_contested"},
                "Niemand hat der Lösung widersprochen, deshalb ist die Meldung jetzt abgeschlossen.",
            ),
            ("follow_up_due", {}, "Bis heute sollte die Meldung warten."),
        ],
    )
    def test_what_the_clock_does_by_itself(self, city, kind, data, sentence):
        ticket = city.report()
        owe(ticket, city.manager, kind, due=ELEVEN.isoformat(), **data)
        [item] = letter_to(city.manager, kind=kind).items
        assert item.happened == [(sentence, "")]
        assert item.due == "heute, 11:00\N{NO-BREAK SPACE}Uhr"

    def test_what_the_sweep_owes_arrives(self, city, mailoutbox):
        ticket = city.report(title="Beamer bleibt dunkel")
        for hour in range(9, 16):
            sweep(at=berlin(2026, 3, 2, hour))
        sweep(at=TUESDAY)
        delivery.deliver_outbox(at=TUESDAY, compose=letters.compose)
        told = {mail.to[0].split("<")[1][:-1]: mail.body for mail in mailoutbox if ticket.number in mail.subject}
        assert "der Zeit bis zur ersten Rückmeldung sind um." in told[city.manager.email]
        assert "Die erste Rückmeldung ist überfällig." in told[city.manager.email]
        assert "Die erste Rückmeldung ist überfällig." in told[city.coordinator.email]
        assert "Jetzt zuständig: Mona Mobil." in told[city.coordinator.email]
        assert "Beamer" not in told[city.coordinator.email] and city.teacher.email not in told

    def test_the_reporter_is_reminded_with_the_question(self, city):
        ticket = work.ask(ticket=city.report(), text="Welche Lampe?", by=city.manager, at=TEN)
        owe(ticket, city.teacher, "reporter_reminded")
        [item] = letter_to(city.teacher, kind="reporter_reminded").items
        assert item.happened == [("Wir warten noch auf Ihre Antwort auf diese Frage:", "Welche Lampe?")]
        assert "Eine spätere Antwort öffnet sie wieder" in item.to_do

    def test_waiting_says_for_whom_and_until_when(self, city):
        work.wait(ticket=city.report(), party="DOKOM21", until=date(2026, 3, 6), by=city.manager, at=TEN)
        [item] = letter_to(city.teacher).items
        assert item.happened == [("Mona Mobil wartet auf DOKOM21, längstens bis 06.03.2026.", "")]

    def test_many_reports_are_told_shortly_and_none_is_left_out(self, city, mailoutbox):
        numbers = {city.report(title=f"Fehler {count}").number for count in range(30)}
        with CaptureQueriesContext(connection) as few:
            letter_to(city.manager, kind="reported")
        letter = letter_to(city.manager)
        assert letter.subject == "Neues zu 30 Meldungen"
        assert len(letter.items) == letters.MOST_IN_FULL
        assert {item.number for item in [*letter.items, *letter.others]} == numbers
        assert len(few) <= 8


class TestWhatItKeepsToItself:
    def test_an_internal_remark(self, city):
        ticket = city.report()
        work.comment(ticket=ticket, text=SECRET, internal=True, by=city.helpdesk, at=TEN)
        told = words_of(letter_to(city.manager))
        assert "Hedwig Hörer hat eine interne Notiz hinterlassen" in told and SECRET not in told

    def test_words_between_those_who_work_on_it(self, city):
        ticket = escalate.accept_escalation(ticket=city.escalated(), by=city.specialist, at=TEN)
        escalate.return_to_first_level(ticket=ticket, text=SECRET, by=city.specialist, at=TEN)
        assert SECRET in words_of(letter_to(city.manager))
        event = TicketEvent.objects.get(verb="returned")
        outbox.post(
            recipients=[city.teacher.pk],
            kind="returned",
            about=ticket.number,
            effect="x",
            at=TEN,
            data={"event": event.pk},
        )
        assert SECRET not in words_of(letter_to(city.teacher))

    @pytest.mark.parametrize("who", ["teacher", "manager", "specialist"])
    def test_everything_of_a_confidential_report(self, city, who):
        ticket = city.escalated(title=SECRET, description=SECRET, confidential=True)
        work.comment(ticket=ticket, text=SECRET, by=city.manager, at=TEN)
        work.comment(ticket=ticket, text=SECRET, by=city.teacher, at=TEN)
        letter = letter_to(getattr(city, who))
        assert ticket.number in letter.subject
        told = words_of(letter)
        assert SECRET not in told and "204" not in told and "Brecht" not in told

    def test_what_the_reporter_wrote_from_those_who_are_affected_too(self, city):
        ticket = city.report(category=city.network, title=SECRET, description=SECRET)
        join.join(ticket=ticket, by=city.colleague, at=TEN)
        work.comment(ticket=ticket, text="Wir tauschen den Router", by=city.manager, at=TEN)
        letter = letter_to(city.colleague)
        [item] = letter.items
        assert item.happened == [("Mona Mobil schreibt:", "Wir tauschen den Router")]
        assert item.title == "Internet, WLAN: A 204"
        assert item.why == "Sie gesagt haben, dass Sie auch betroffen sind"
        assert SECRET not in words_of(letter) and "Tilda" not in words_of(letter)

    def test_titles_and_words_from_the_coordination(self, city):
        ticket = city.report(title=SECRET, description=SECRET)
        owe(ticket, city.coordinator, "deadline_missed", clock="first_response")
        letter = letter_to(city.coordinator)
        [item] = letter.items
        assert item.link == "/campuses/responsibility/?school=100001"
        assert item.happened == [
            ("Die erste Rückmeldung ist überfällig.", ""),
            ("Jetzt zuständig: Mona Mobil.", ""),
        ]
        assert (item.title, item.where) == ("Bild, Ton, Tafel", "Bert-Brecht-Gymnasium")
        assert SECRET not in words_of(letter) and "204" not in words_of(letter)

    @pytest.mark.parametrize("lost", ["right", "membership"])
    def test_what_one_may_no_longer_see_when_it_is_sent(self, city, mailoutbox, lost):
        ticket = city.report(category=city.network, title=SECRET)
        person = city.manager
        if lost == "right":
            CampusAssignment.objects.filter(person=city.manager).delete()
        else:
            join.join(ticket=ticket, by=city.colleague, at=TEN)
            work.comment(ticket=ticket, text=SECRET, by=city.manager, at=TEN)
            SchoolMembership.objects.filter(person=city.colleague).delete()
            person = city.colleague
        letter = letter_to(person)
        [item] = letter.items
        assert letter.subject == f"[{ticket.number}] Neues zu einer Meldung"
        assert item.happened == [
            ("Zu dieser Meldung gab es etwas Neues. Sie können die Meldung nicht mehr sehen.", "")
        ]
        assert item.link == "/notices/" and SECRET not in words_of(letter)


class TestHowItTravels:
    HEADERS = ("Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "List-Unsubscribe", "X-Loop", "Message-ID")

    def test_it_says_that_a_machine_has_written_it(self, city, mailoutbox):
        city.report()
        [mail] = sent_to(city.manager, mailoutbox)
        head = mail.message()
        assert [head[name] for name in self.HEADERS] == [
            "auto-generated",
            "All",
            "<notices.127.0.0.1>",
            "<http://127.0.0.1:8000/account/notifications/>",
            "127.0.0.1",
            f"<{Mail.objects.get(recipient=city.manager).public_id}@127.0.0.1>",
        ]
        assert head["From"] == "Campusruf <campusruf@127.0.0.1>"

    def test_mails_about_one_report_are_one_thread_for_each_receiver(self, city, mailoutbox):
        ticket = city.report()
        other = city.report()
        work.ask(ticket=ticket, text="Welche?", by=city.manager, at=TEN)
        sent_to(city.teacher, mailoutbox)
        work.comment(ticket=ticket, text="Und?", by=city.helpdesk, at=ELEVEN)
        sent_to(city.teacher, mailoutbox, at=ELEVEN)
        roots = {}
        for mail in mailoutbox:
            roots.setdefault((mail.to[0], mail.subject[:14]), set()).add(mail.message()["References"])
        assert all(len(found) == 1 for found in roots.values())
        assert len({root for found in roots.values() for root in found}) == len(roots) >= 3
        assert other.number in mailoutbox[1].subject + mailoutbox[0].subject

    def test_nobody_writes_a_header_of_their_own(self, city, mailoutbox):
        User.objects.filter(pk=city.manager.pk).update(first_name="Mona\r\nBcc: a@b.example", last_name='"<x@y>"')
        ticket = city.report(title="Dunkel\r\nBcc: c@d.example\u2028X-Own: 1")
        [mail] = sent_to(city.manager, mailoutbox)
        head = mail.message()
        assert head["Bcc"] is None and head["X-Own"] is None
        assert mail.subject == f"[{ticket.number}] Neue Meldung: Dunkel Bcc: c@d.example X-Own: 1"
        assert mail.recipients() == mail.to and len(mail.to) == 1
        assert head["To"].count("\n") == 0

    def test_what_people_type_is_text_and_no_markup(self, city, mailoutbox):
        ticket = city.report(title="<script>alert(1)</script>")
        work.ask(ticket=ticket, text="<img src=x onerror=alert(1)>\nZwei", by=city.manager, at=TEN)
        [mail] = sent_to(city.teacher, mailoutbox)
        html = mail.alternatives[0].content
        assert "<script" not in html and "<img" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;<br>Zwei" in html
        assert "> <img src=x onerror=alert(1)>" in mail.body and "&lt;" not in mail.body

    def test_it_brings_nothing_from_elsewhere(self, city, mailoutbox):
        city.report()
        [mail] = sent_to(city.manager, mailoutbox)
        html = mail.alternatives[0].content
        assert "src=" not in html and "url(" not in html and "@import" not in html
        assert {part.split('"')[0] for part in html.split('href="')[1:]} == {
            f"http://127.0.0.1:8000/tickets/{city.brecht.tickets.get().number}/",
            "http://127.0.0.1:8000/account/notifications/",
        }


class TestHowWellOneWasHelped:
    def solve(self, city, ticket):
        return finish.resolve(ticket=ticket, solution="Kabel gesteckt", cause="", by=city.manager, at=TEN)

    def test_the_mail_about_the_solution_leads_to_the_question(self, city, mailoutbox):
        ticket = self.solve(city, city.report())
        [mail] = sent_to(city.teacher, mailoutbox)
        address = f"http://127.0.0.1:8000/tickets/{ticket.number}/#rating"
        assert f"Wie gut wurde Ihnen geholfen? Mit einem Tipp antworten\n{address}\n" in mail.body
        assert f'href="{address}"' in mail.alternatives[0].content

    def test_other_mails_and_other_people_are_not_asked(self, city):
        ticket = city.report(category=city.network)
        join.join(ticket=ticket, by=city.colleague, at=TEN)
        work.comment(ticket=ticket, text="Ich sehe nach", by=city.manager, at=TEN)
        [item] = letter_to(city.teacher).items
        assert item.question is None
        self.solve(city, ticket)
        [item] = letter_to(city.colleague).items
        assert item.happened and item.question is None

    def test_nor_is_anybody_about_what_is_confidential_or_open_again(self, city):
        hidden = self.solve(city, city.report(confidential=True))
        [item] = letter_to(city.teacher, ticket=hidden).items
        assert item.question is None
        again = self.solve(city, city.report())
        finish.reopen(ticket=again, by=city.manager, at=TEN)
        [item] = letter_to(city.teacher, ticket=again).items
        assert item.question is None
