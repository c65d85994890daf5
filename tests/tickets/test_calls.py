"""Somebody calls the helpdesk: found, heard, entered, and told the number."""

import pytest
from django.urls import reverse

from calendars.models import OpeningHours
from schools.models import Contact, School
from tests.city import MONDAY, berlin
from tickets.calls import Call
from tickets.commands.calls import solve_on_the_phone
from tickets.commands.join import join_caller
from tickets.lifecycle import StepNotAllowed
from tickets.models import Deadline, Follower, Ticket


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def desk(city, client):
    """The browser of the helpdesk."""
    client.force_login(city.helpdesk)
    return client


def said(city, **words):
    """Return what a form of a call sends: a known teacher whose picture is gone, unless told otherwise."""
    usual = {
        "idempotency_key": "call-1",
        "action": "reported",
        "school": city.brecht.number,
        "person": city.teacher.public_id,
        "category": "display",
        "urgency": "hampered",
        "place": "a204",
        "description": "Beamer bleibt dunkel",
    }
    return {name: value for name, value in (usual | words).items() if value is not None}


def test_a_report_is_entered_for_a_teacher(city, desk):
    answer = desk.post("/calls/", said(city), follow=True)
    ticket = Ticket.objects.get()
    assert (ticket.reporter, ticket.created_by) == (city.teacher, city.helpdesk)
    assert (ticket.room, ticket.place, ticket.title) == (city.a204, "", "Beamer bleibt dunkel")
    page = answer.content.decode()
    assert f'<p class="calls__number" id="receipt">{ticket.number}</p>' in page
    assert city.manager.name in page
    history = desk.get(ticket.get_absolute_url()).context["page"].history
    assert history[-1].sentence in (
        "Hedwig Hörer entered it for Tilda Tafel",
        "Von Hedwig Hörer aufgenommen für Tilda Tafel",
    )


def test_somebody_without_an_account_is_a_name_and_a_telephone(city, desk):
    caller = {"person": None, "caller_name": "Vera  Vertretung", "caller_phone": "0231 555-77"}
    desk.post("/calls/", said(city, **caller, place="Aula links"))
    ticket = Ticket.objects.get()
    assert (ticket.reporter, ticket.reporter_name, ticket.reporter_phone) == (None, "Vera Vertretung", "0231 555-77")
    assert (ticket.room, ticket.place) == (None, "Aula links")
    page = desk.get(ticket.get_absolute_url()).content.decode()
    assert 'href="tel:023155577"' in page and "Vera Vertretung" in page
    assert 'href="tel:023155577"' in desk.get(f"{ticket.get_absolute_url()}ask/").content.decode()


def test_the_school_does_not_read_the_telephone_of_a_caller(city, desk, client):
    desk.post("/calls/", said(city, person=None, caller_name="Vera Vertretung", caller_phone="0231 555-77"))
    client.force_login(city.contact)
    page = client.get(Ticket.objects.get().get_absolute_url()).content.decode()
    assert "Vera Vertretung" in page and "555-77" not in page


def test_what_is_solved_on_the_phone_has_met_both_clocks(city, desk):
    desk.post("/calls/", said(city, action="solved", cause="restart"))
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.cause, ticket.assignee) == ("resolved", "restart", city.helpdesk)
    assert ticket.solution
    assert set(ticket.deadlines.values_list("kind", "met_at")) == {
        (Deadline.Kind.FIRST_RESPONSE, MONDAY),
        (Deadline.Kind.RESOLUTION, MONDAY),
        (Deadline.Kind.CONFIRMATION, None),
    }
    assert city.verbs_of(ticket) == ["reported", "resolved"]


def test_nothing_is_left_of_a_call_whose_solution_fails(city, monkeypatch):
    def refuse(**_facts):
        raise StepNotAllowed("resolve", "new")

    monkeypatch.setattr("tickets.commands.calls.resolve", refuse)
    with pytest.raises(StepNotAllowed):
        solve_on_the_phone(
            solution="Neu gestartet",
            cause="restart",
            by=city.helpdesk,
            at=MONDAY,
            school=city.brecht,
            category=city.display,
            reporter=city.teacher,
        )
    assert not Ticket.objects.exists()


def test_taking_a_call_is_no_first_response(city, desk):
    desk.post("/calls/", said(city))
    assert Ticket.objects.get().deadlines.get(kind=Deadline.Kind.FIRST_RESPONSE).met_at is None


def test_a_double_press_enters_it_once(city, desk):
    first, second = (desk.post("/calls/", said(city)) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "gap, field",
    [
        ({"school": None, "person": None}, "wanted"),
        ({"school": "999999", "wanted": "Irgendwo"}, "wanted"),
        ({"person": None}, "caller_name"),
        ({"person": "nobody"}, "caller_name"),
        ({"category": None}, "category"),
        ({"category": "magic"}, "category"),
        ({"urgency": "soon"}, "urgency"),
        ({"action": "solved"}, "solution"),
        ({"description": "x" * 5001}, "description"),
    ],
)
def test_a_gap_is_named_and_everything_is_kept(city, desk, gap, field):
    answer = desk.post("/calls/", said(city, **gap))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    if field != "description":
        assert "Beamer bleibt dunkel" in answer.content.decode()
    assert 'value="call-1"' in answer.content.decode()
    assert not Ticket.objects.exists()


def test_who_belongs_to_another_school_cannot_be_named(city, desk):
    answer = desk.post("/calls/", said(city, person=city.kant_teacher.public_id))
    assert answer.status_code == 422 and not Ticket.objects.exists()


def test_without_a_script_the_matches_are_buttons_and_what_was_typed_stays(city, desk):
    words = said(city, school=None, person=None, action="find", wanted="taf bre")
    page = desk.post("/calls/", words).content.decode()
    choice = f"{city.brecht.number}/person/{city.teacher.public_id}"
    assert f'name="pick" value="{choice}"' in page and "Beamer bleibt dunkel" in page
    answer = desk.post("/calls/", said(city, school=None, person=None, pick=choice))
    page = answer.content.decode()
    assert answer.context["call"].person == city.teacher
    assert "Beamer bleibt dunkel" in page and f'value="{city.teacher.public_id}"' in page
    assert not Ticket.objects.exists()


def test_a_contact_of_the_school_brings_name_and_telephone(city, desk):
    contact = Contact.objects.create(school=city.brecht, name="Hanno Heizung", phone="0231 000-77")
    for answer in (
        desk.get(f"/calls/?school=100001&contact={contact.pk}"),
        desk.post("/calls/", said(city, pick=f"100001/contact/{contact.pk}")),
    ):
        form = answer.context["form"]
        assert (form["caller_name"].value(), form["caller_phone"].value()) == ("Hanno Heizung", "0231 000-77")
    other = desk.get(f"/calls/?school=100002&contact={contact.pk}").context["form"]
    assert not other["caller_name"].value()


def test_the_matches_are_told_while_typing(city, desk):
    page = desk.get("/calls/found/?wanted=brecht").content.decode()
    assert 'role="option"' in page and "?school=100001" in page
    page = desk.get("/calls/found/?school=100001&caller_name=til").content.decode()
    assert str(city.teacher.public_id) in page
    assert "Anton" not in desk.get("/calls/found/?school=100001&caller_name=anton").content.decode()


class TestCountingIn:
    def test_one_tap_counts_a_teacher_in(self, city, desk):
        fault = city.report(by=city.colleague)
        words = said(city, into=fault.number, action=None, category=None)
        for _ in range(2):
            answer = desk.post("/calls/counted/", words)
            assert answer.status_code == 302 and "counted" in answer["Location"]
        assert Follower.objects.get().person == city.teacher
        assert Ticket.objects.count() == 1
        page = desk.get(answer["Location"]).content.decode()
        assert fault.number in page and "<dd>2</dd>" in page

    def test_somebody_without_an_account_counts_too(self, city, desk):
        fault = city.report(by=city.colleague)
        caller = {"person": None, "caller_name": "Vera Vertretung", "caller_phone": "1"}
        desk.post("/calls/counted/", said(city, into=fault.number, **caller))
        assert Follower.objects.get().caller_name == "Vera Vertretung"

    def test_who_works_on_it_sees_whom_to_call_back(self, city, desk, client):
        fault = city.report(by=city.colleague)
        caller = {"person": None, "caller_name": "Vera Vertretung", "caller_phone": "0231 555-77"}
        desk.post("/calls/counted/", said(city, into=fault.number, **caller))
        for person, told in ((city.manager, True), (city.contact, False), (city.colleague, False)):
            client.force_login(person)
            page = client.get(fault.get_absolute_url()).content.decode()
            assert ("Vera Vertretung" in page, 'href="tel:023155577"' in page) == (told, told)
        client.force_login(city.manager)
        sentences = [line.sentence for line in client.get(fault.get_absolute_url()).context["page"].history]
        assert sentences[0].endswith("Hedwig Hörer") and "affected" not in sentences[0]

    def test_counting_in_and_then_entering_something_else_are_two_matters(self, city, desk):
        fault = city.report(by=city.colleague)
        desk.post("/calls/counted/", said(city, into=fault.number))
        assert desk.post("/calls/", said(city)).status_code == 302
        assert Ticket.objects.count() == 2

    def test_somebody_has_to_be_named(self, city, desk):
        fault = city.report(by=city.colleague)
        answer = desk.post("/calls/counted/", said(city, into=fault.number, person=None))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["caller_name"]
        assert "Beamer bleibt dunkel" in answer.content.decode()
        assert not Follower.objects.exists()

    def test_who_reported_it_is_counted_already(self, city, desk):
        fault = city.report(by=city.teacher)
        assert desk.post("/calls/counted/", said(city, into=fault.number)).status_code == 422

    def test_what_is_over_takes_nobody_in(self, city, desk):
        fault = city.report(by=city.colleague)
        Ticket.objects.filter(pk=fault.pk).update(status="closed")
        answer = desk.post("/calls/counted/", said(city, into=fault.number))
        assert answer.status_code == 409
        assert "Beamer bleibt dunkel" in answer.content.decode()

    def test_a_confidential_report_of_others_is_not_there(self, city, desk):
        secret = city.report(by=city.colleague, confidential=True)
        assert desk.post("/calls/counted/", said(city, into=secret.number)).status_code == 404


class TestConfidential:
    def test_the_agent_who_entered_it_sees_it_and_the_colleague_does_not(self, city, desk, client):
        answer = desk.post("/calls/", said(city, confidential="on"))
        assert desk.get(answer["Location"]).status_code == 200
        colleague = city._city_role("Heino", "Hörmuschel", "helpdesk")
        client.force_login(colleague)
        assert client.get(answer["Location"]).status_code == 404
        assert Call(city.viewer(colleague), school="100001").groups == []

    def test_it_can_be_solved_on_the_phone(self, city, desk):
        desk.post("/calls/", said(city, action="solved", category="security", solution="Passwort geändert"))
        ticket = Ticket.objects.get()
        assert ticket.confidential and ticket.status == "resolved"


class TestBeside:
    """What one sees of the school while somebody is speaking."""

    def groups(self, city, *, person=None, **told):
        call = Call(city.viewer(city.helpdesk), school="100001", person=str(person.public_id) if person else "")
        call.told = told
        return {group.key: [ticket.title for ticket in group.tickets] for group in call.groups}

    @pytest.fixture
    def open_reports(self, city):
        city.report(by=city.colleague, title="WLAN weg", category=city.network, room=city.b112)
        city.report(by=city.teacher, title="Beamer flackert")
        city.report(by=city.kant_teacher, title="Woanders", school=city.kant)
        city.report(by=city.colleague, title="Geheim", confidential=True)

    def test_known_faults_come_first_and_others_are_out_of_sight(self, city, open_reports):
        assert self.groups(city) == {"faults": ["Beamer flackert", "WLAN weg"]}

    def test_the_callers_own_come_before_all(self, city, open_reports):
        assert self.groups(city, person=city.teacher) == {"own": ["Beamer flackert"], "faults": ["WLAN weg"]}

    @pytest.mark.parametrize(
        "told",
        [
            {"category": "network", "description": "Das WLAN ist schon wieder weg"},
            {"category": "network", "place": "b112"},
        ],
    )
    def test_what_sounds_alike_rises(self, city, open_reports, told):
        assert self.groups(city, **told)["similar"] == ["WLAN weg"]

    def test_whoever_counts_already_is_not_offered_again(self, city, open_reports):
        fault = Ticket.objects.get(title="WLAN weg")
        join_caller(ticket=fault, person=city.teacher, by=city.helpdesk, at=MONDAY)
        call = Call(city.viewer(city.helpdesk), school="100001", person=str(city.teacher.public_id))
        shown = {
            ticket.title: (ticket.may_count, ticket.affected) for group in call.groups for ticket in group.tickets
        }
        assert shown == {"WLAN weg": (False, 1), "Beamer flackert": (False, 0)}

    def test_it_is_told_anew_while_typing(self, city, desk, open_reports):
        page = desk.post("/calls/beside/", said(city, person=None, category="network", place="B 112"))
        assert page.status_code == 200 and b"WLAN weg" in page.content
        assert Ticket.objects.count() == 4

    @pytest.mark.parametrize(
        "at, is_open, turns_at",
        [
            (MONDAY, True, berlin(2026, 3, 2, 16)),
            (berlin(2026, 3, 2, 17), False, berlin(2026, 3, 3, 7, 30)),
            (berlin(2026, 3, 7, 12), False, berlin(2026, 3, 9, 7, 30)),
        ],
    )
    def test_the_service_hours_are_told(self, city, at, is_open, turns_at):
        hours = Call(city.viewer(city.helpdesk, at), school="100001").hours
        assert (hours.is_open, hours.turns_at) == (is_open, turns_at)

    def test_who_is_on_duty_is_told(self, city):
        call = Call(city.viewer(city.helpdesk), school="100001")
        assert call.on_duty.name == city.manager.name
        city.away(city.manager)
        assert Call(city.viewer(city.helpdesk, berlin(2026, 3, 2, 10)), school="100001").on_duty is None

    def test_a_calendar_without_hours_says_nothing(self, city):
        OpeningHours.objects.all().delete()
        assert Call(city.viewer(city.helpdesk), school="100001").hours is None


@pytest.mark.parametrize("address", ["/calls/", "/calls/found/?wanted=brecht", "/calls/?school=100001"])
def test_the_page_is_for_the_helpdesk(city, client, address):
    for who, person in city.everybody.items():
        client.force_login(person)
        assert client.get(address).status_code == (200 if who == "helpdesk" else 403), who


@pytest.mark.parametrize(
    "query",
    [
        "school=%00",
        "school=100001&person=%00",
        "school=100001&contact=" + "9" * 30,
        "school=100001&contact=١٢",
        "person=x&contact=y",
        "school=100001&person=00000000-0000-0000-0000-000000000000",
    ],
)
def test_any_address_is_answered(city, desk, query):
    assert desk.get(f"/calls/?{query}").status_code == 200


@pytest.mark.parametrize("words", [{"into": "\x00"}, {"into": ""}, {"into": "DO-2026-9999"}])
def test_counting_in_at_nothing_is_not_found(city, desk, words):
    assert desk.post("/calls/counted/", said(city, **words)).status_code == 404


@pytest.mark.parametrize(
    "words", [{"place": "\x00"}, {"description": "\u202e"}, {"pick": "\x00"}, {"pick": "/person/"}]
)
def test_nothing_that_is_typed_breaks_it(city, desk, words):
    assert desk.post("/calls/", said(city, **words)).status_code in (200, 302, 422)


def test_the_queue_leads_to_the_next_call(city, desk):
    assert f'href="{reverse("calls")}"' in desk.get("/queue/").content.decode()
    assert f'href="{reverse("calls")}?school=100001"' in desk.get("/queue/?school=100001").content.decode()


def test_a_closed_school_cannot_be_called_from(city, desk):
    School.objects.filter(pk=city.brecht.pk).update(closes_on=berlin(2026, 2, 1).date())
    assert desk.get("/calls/?school=100001").context["call"].school is None
