"""Text modules at the text boxes of reports: filled in with what is known, for staff, usable without scripts."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.forms import Textarea
from django.test.utils import CaptureQueriesContext

from pages.models import SiteSettings
from tests.city import MONDAY, berlin
from textmodules.commands import add_own_text
from textmodules.models import Kind, TextModule
from textmodules.widgets import StaffText
from tickets.call_form import CallForm
from tickets.commands import work
from tickets.commands.join import join
from tickets.forms import CommentForm
from tickets.models import Category, Ticket, TicketEvent
from tickets.packet_form import PacketForm
from tickets.text_modules import TextChoice
from tickets.views.steps import PAGES

OPENER = "data-source="


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def tablet(city):
    """A report nobody can join, as nobody sees it who does not see it in full."""
    return city.report(category=Category.objects.get(slug="tablet"))


def rendered(city, ticket, body, *, by=None, kinds=(Kind.MESSAGE,), at=MONDAY, school=None):
    """Return how a text reads at a box of this report."""
    person = by or city.manager
    TextModule.objects.filter(owner=person).delete()
    add_own_text(title="Probe", body=body, kinds=[*kinds], by=person, at=MONDAY)
    ticket = ticket and Ticket.objects.with_names().with_due_times().get(pk=ticket.pk)
    choice = TextChoice(city.viewer(person, at), kinds, ticket=ticket, school=school)
    return choice.texts[0].words


def button(page, words):
    """Return what the button with these words sends."""
    return re.search(rf'name="text_module" value="(text:\d+)"[^>]*>(?:(?!</button>).)*{words}', page, re.DOTALL)[1]


class TestFilledIn:
    def test_with_what_the_report_knows(self, city, tablet):
        city.manager.phone = "0231 000-200"
        city.manager.save()
        SiteSettings.objects.filter(pk=1).update(hotline_phone="0231 000-300")
        words = "{Nummer}, {Schule}, {Raum}, {Kategorie}, {Name}, {Ich}, {Mein Telefon}, {Campusmanagement}, {Hotline}"
        assert rendered(city, tablet, words) == (
            f"{tablet.number}, Bert-Brecht-Gymnasium, A 204, Tablet, Tilda Tafel, Mona Mobil, 0231 000-200, "
            "Mona Mobil, 0231 000-300"
        )

    def test_the_language_of_the_word_decides(self, city, tablet):
        german, english = rendered(city, tablet, "{Frist} / {due}").split(" / ")
        assert "Uhr" in german and "März 2026" in german
        assert "March 2026" in english

    def test_a_promise_that_is_broken_or_paused_is_none(self, city, tablet):
        late = MONDAY + timedelta(days=300)
        assert rendered(city, tablet, "Bis {Frist}", at=late) == "Bis …"
        work.ask(ticket=tablet, text="Welches Gerät?", by=city.manager, at=MONDAY)
        assert rendered(city, tablet, "Bis {Frist}") == "Bis …"

    def test_who_reported_a_confidential_one_is_named_nowhere(self, city):
        category = Category.objects.get(slug="tablet")
        ticket = city.report(category=category, confidential=True)
        for kind in Kind:
            assert rendered(city, ticket, "{Name}", kinds=[kind]) == "…"

    def test_who_reported_is_not_named_to_those_who_join(self, city):
        ticket = city.report(category=city.network)
        assert rendered(city, ticket, "{Name}") == "…"
        assert rendered(city, ticket, "{Name}", kinds=[Kind.MESSAGE, Kind.INTERNAL]) == "…"
        assert rendered(city, ticket, "{Name}", kinds=[Kind.INTERNAL]) == "Tilda Tafel"

    def test_those_who_joined_go_on_reading_when_the_category_changes(self, city):
        ticket = city.report(category=city.network)
        join(ticket=ticket, by=city.colleague, at=MONDAY)
        tablets = Category.objects.get(slug="tablet")
        work.classify(ticket=ticket, category=tablets, by=city.manager, at=MONDAY)
        assert rendered(city, ticket, "{Name}") == "…"

    def test_a_caller_without_an_account_has_a_name_too(self, city):
        ticket = city.report(
            by=city.helpdesk, category=Category.objects.get(slug="tablet"), caller_name="Cora Anruf", caller_phone="1"
        )
        assert rendered(city, ticket, "{Name}", by=city.helpdesk) == "Cora Anruf"

    def test_nobody_on_duty_leaves_a_gap(self, city, tablet):
        city.away(city.manager)
        assert rendered(city, tablet, "{Campusmanagement}", by=city.helpdesk) == "…"

    def test_on_the_telephone_only_the_school_is_known(self, city):
        words = "{Schule}, {Campusmanagement}, {Nummer}, {Raum}, {Name}, {Frist}"
        told = rendered(city, None, words, by=city.helpdesk, school=city.brecht)
        assert told == "Bert-Brecht-Gymnasium, Mona Mobil, …, …, …, …"

    def test_the_list_is_one_statement_however_long(self, city, tablet):
        viewer = city.viewer(city.manager)
        ticket = Ticket.objects.with_names().with_due_times().get(pk=tablet.pk)
        with CaptureQueriesContext(connection) as captured:
            assert len(TextChoice(viewer, [Kind.QUESTION], ticket=ticket).texts) > 2
        assert len(captured) == 1


class TestOffered:
    def test_below_every_box_of_staff_and_never_to_the_school(self, city, client):
        ticket = city.report()
        pages = [f"/tickets/{ticket.number}/", *[f"/tickets/{ticket.number}/{step}/" for step in ("ask", "resolve")]]
        for person in (city.manager, city.helpdesk):
            client.force_login(person)
            for page in pages:
                assert client.get(page).content.decode().count(OPENER) == 1, page
        client.force_login(city.teacher)
        assert OPENER not in client.get(pages[0]).content.decode()
        assert "textmodules.js" not in client.get(pages[0]).content.decode()
        client.force_login(city.contact)
        assert OPENER not in client.get(pages[0]).content.decode()

    def test_no_text_box_of_a_step_goes_without(self):
        forms = {page.form for page in PAGES.values()} | {CommentForm, PacketForm, CallForm}
        plain = {
            (form.__name__, name)
            for form in forms
            for name, field in form.base_fields.items()
            if isinstance(field.widget, Textarea) and not isinstance(field.widget, StaffText)
        }
        # Facts about one place or one call, which nobody writes twice.
        assert plain == {("PacketForm", "access"), ("CallForm", "description")}

    def test_who_works_elsewhere_and_teaches_here_is_a_teacher_here(self, city, client):
        ticket = city.report(by=city.asseln_manager, school=city.kant, room=city.kant_room)
        Ticket.objects.filter(pk=ticket.pk).update(school=city.brecht)
        client.force_login(city.asseln_manager)
        page = client.get(f"/tickets/{ticket.number}/")
        assert page.status_code == 200 and OPENER not in page.content.decode()
        assert client.get(f"/texts/for/{ticket.number}/?kind=message").status_code == 403

    def test_each_box_has_its_kinds(self, city, client):
        ticket = city.report()
        client.force_login(city.manager)
        asked = client.get(f"/texts/for/{ticket.number}/?kind=question").content.decode()
        assert "Welches Gerät?" in asked and "Kabel getauscht" not in asked
        solved = client.get(f"/texts/for/{ticket.number}/?kind=solution").content.decode()
        assert "Kabel getauscht" in solved and "Welches Gerät?" not in solved
        assert client.get(f"/texts/for/{ticket.number}/?kind=poem").status_code == 404

    def test_what_was_typed_into_a_text_or_a_room_stays_text(self, city, client):
        add_own_text(
            title="<b>Fett</b>", body="<script>{Raum}</script>", kinds=["message"], by=city.manager, at=MONDAY
        )
        nobody_joins = Category.objects.get(slug="tablet")  # elsewhere a typed place is not filled in
        ticket = city.report(room=None, place='"><img src=x>', category=nobody_joins)
        client.force_login(city.manager)
        page = client.get(f"/texts/for/{ticket.number}/?kind=message").content.decode()
        assert "<script>" not in page and "<img" not in page and "<b>" not in page
        assert "&lt;script&gt;&quot;&gt;&lt;img src=x&gt;&lt;/script&gt;" in page

    def test_the_list_is_not_kept_by_anybody_between(self, city, client):
        client.force_login(city.manager)
        answer = client.get(f"/texts/for/{city.report().number}/?kind=message")
        assert "no-store" in answer["Cache-Control"]

    def test_it_costs_few_statements(self, city, client):
        address = f"/texts/for/{city.report().number}/?kind=message"
        client.force_login(city.manager)
        client.get("/account/")
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert len(captured) <= 7, [query["sql"][:80] for query in captured]


class TestWithoutScripts:
    """The buttons of the form bring list and text; nothing typed is lost and nothing else happens."""

    def send(self, client, address, **typed):
        return client.post(address, {"idempotency_key": str(uuid4()), "version": "1", **typed})

    def test_a_solution_is_put_together_and_sent(self, city, client):
        ticket = city.report()
        address = f"/tickets/{ticket.number}/resolve/"
        client.force_login(city.manager)
        typed = {"cause": "restart", "solution": "Ich war da."}
        listed = self.send(client, address, **typed, text_module="solution")
        page = listed.content.decode()
        assert listed.status_code == 200 and "Ich war da." in page and 'id="errors"' not in page
        assert re.search(r'value="restart"[^>]*checked', page)
        key = TextModule.objects.get(title="Kabel getauscht").pk
        chosen = self.send(client, address, **typed, text_module=f"solution:{key}").content.decode()
        assert "Ich war da.\n\nEin Kabel war defekt." in chosen
        ticket.refresh_from_db()
        assert ticket.status == "new" and city.verbs_of(ticket) == ["reported"]
        assert self.send(client, address, **typed).status_code == 302

    def test_an_empty_message_is_no_mistake_yet(self, city, client):
        ticket = city.report()
        client.force_login(city.manager)
        address = f"/tickets/{ticket.number}/comment/"
        listed = self.send(client, address, text="", internal="on", text_module="text")
        page = listed.content.decode()
        assert listed.status_code == 200 and 'id="errors"' not in page
        assert re.search(r'name="internal"[^>]*checked', page)
        chosen = self.send(client, address, text="", text_module=button(page, "Gerät neu starten")).content.decode()
        assert "bitte starten Sie das Gerät neu" in chosen
        assert TicketEvent.objects.filter(verb="commented").count() == 0

    def test_a_text_of_somebody_else_or_of_another_kind_is_not_put_in(self, city, client):
        foreign = add_own_text(title="Geheim", body="Geheimes", kinds=["message"], by=city.helpdesk, at=MONDAY)
        ticket = city.report()
        client.force_login(city.manager)
        for key in (foreign.pk, TextModule.objects.get(title="Kabel getauscht").pk, "x"):
            page = self.send(client, f"/tickets/{ticket.number}/comment/", text="Ja", text_module=f"text:{key}")
            assert "Geheimes" not in page.content.decode() and "Ein Kabel war" not in page.content.decode()

    def test_a_call_is_still_being_typed(self, city, client):
        client.force_login(city.helpdesk)
        typed = {"school": city.brecht.number, "caller_name": "Cora Anruf", "description": "Ton weg"}
        key = TextModule.objects.get(title="Kabel getauscht").pk
        answer = self.send(client, "/calls/", **typed, solution="", text_module=f"solution:{key}")
        page = answer.content.decode()
        assert answer.status_code == 200 and 'id="errors"' not in page
        assert "Ein Kabel war defekt." in page and "Cora Anruf" in page and "Ton weg" in page
        assert not Ticket.objects.exists()

    def test_a_teacher_who_sends_the_button_gets_the_form(self, city, client):
        ticket = city.report()
        client.force_login(city.teacher)
        answer = self.send(client, f"/tickets/{ticket.number}/comment/", text="Danke", text_module="text")
        assert "Meldung angekommen" not in answer.content.decode()
        assert city.verbs_of(ticket) == ["reported"]

    def test_a_step_that_is_not_ones_own_stays_refused(self, city, client):
        ticket = city.report()
        client.force_login(city.teacher)
        answer = self.send(client, f"/tickets/{ticket.number}/resolve/", solution="x", text_module="solution")
        assert answer.status_code == 403


def test_a_due_time_reads_as_a_day_and_not_as_today(city, tablet):
    told = rendered(city, tablet, "{Frist}", at=berlin(2026, 3, 2, 10))
    assert re.fullmatch(r"\w+, \d{1,2}\. März 2026, \d{1,2}:\d\d\sUhr", told)
