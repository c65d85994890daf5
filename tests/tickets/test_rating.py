"""One question after the solution: answered with one tap by whom it was reported for, and read by nobody else."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from notifications.models import OutboxMessage
from schools.models import SchoolMembership
from tests.city import SINCE, berlin
from tickets.commands import escalate, finish, report, work
from tickets.commands.rate import rate
from tickets.lifecycle import Status
from tickets.models import Rating, Ticket
from tickets.permissions import RatingNotPossible, is_asked_to_rate

TUESDAY, WEDNESDAY = berlin(2026, 3, 3, 9), berlin(2026, 3, 4, 9)
QUESTION = "Wie gut wurde Ihnen geholfen?"


def solve(city, ticket=None, *, by=None, at=TUESDAY):
    return finish.resolve(
        ticket=ticket or city.report(), solution="Kabel gesteckt", cause="cable", by=by or city.manager, at=at
    )


@pytest.fixture
def solved(city):
    return solve(city)


def answer_of(ticket):
    return Rating.objects.filter(ticket=ticket).values_list("value", "words").first()


class TestAnswering:
    def test_one_tap_says_it(self, city, solved):
        rate(ticket=solved, value="good", by=city.teacher, at=TUESDAY)
        assert answer_of(solved) == ("good", "")

    def test_it_moves_no_state_no_clock_and_no_version(self, city, solved):
        before = Ticket.objects.values().get(pk=solved.pk), list(solved.deadlines.order_by("pk").values())
        rate(ticket=solved, value="poor", words="Hat lange gedauert", by=city.teacher, at=TUESDAY)
        assert (Ticket.objects.values().get(pk=solved.pk), list(solved.deadlines.order_by("pk").values())) == before

    def test_nobody_is_told(self, city, solved):
        before = OutboxMessage.objects.count()
        rate(ticket=solved, value="poor", words="Hat lange gedauert", by=city.teacher, at=TUESDAY)
        assert OutboxMessage.objects.count() == before

    def test_words_may_come_later_and_stay_when_the_answer_changes(self, city, solved):
        rate(ticket=solved, value="good", by=city.teacher, at=TUESDAY)
        rate(ticket=solved, value="good", words="Sehr nett", by=city.teacher, at=TUESDAY)
        rate(ticket=solved, value="partly", by=city.teacher, at=WEDNESDAY)
        assert answer_of(solved) == ("partly", "Sehr nett")
        rate(ticket=solved, value="partly", words="", by=city.teacher, at=WEDNESDAY)
        assert answer_of(solved) == ("partly", "")

    def test_the_history_says_that_it_was_answered_and_not_what(self, city, solved):
        rate(ticket=solved, value="poor", words="Hat lange gedauert", by=city.teacher, at=TUESDAY)
        rate(ticket=solved, value="poor", words="Hat lange gedauert", by=city.teacher, at=WEDNESDAY)  # once more
        [event] = solved.events.filter(verb="rated")
        assert (event.by, event.at, event.text, event.data) == (city.teacher, TUESDAY, "", {})

    def test_also_after_it_was_confirmed(self, city, solved):
        finish.confirm(ticket=solved, by=city.teacher, at=TUESDAY)
        rate(ticket=solved, value="good", by=city.teacher, at=WEDNESDAY)
        assert answer_of(solved) == ("good", "")

    def test_until_the_end_of_the_28th_day_in_dortmund(self, city, solved):
        rate(ticket=solved, value="good", by=city.teacher, at=berlin(2026, 3, 31, 23, 59))
        with pytest.raises(RatingNotPossible):
            rate(ticket=solved, value="poor", by=city.teacher, at=berlin(2026, 4, 1))
        assert answer_of(solved) == ("good", "")


class TestWhoIsAsked:
    @pytest.mark.parametrize("who", ["contact", "head", "manager", "helpdesk"])
    def test_nobody_else_who_sees_it(self, city, solved, who):
        with pytest.raises(PermissionDenied):
            rate(ticket=solved, value="good", by=getattr(city, who), at=TUESDAY)

    @pytest.mark.parametrize("who", ["colleague", "kant_teacher", "stranger", "coordinator", "administrator"])
    def test_who_does_not_see_it_learns_nothing(self, city, solved, who):
        with pytest.raises(Ticket.DoesNotExist):
            rate(ticket=solved, value="good", by=getattr(city, who), at=TUESDAY)

    def test_for_whom_it_was_entered_not_who_entered_it(self, city):
        ticket = solve(city, city.report(by=city.contact, reporter=city.teacher))
        assert is_asked_to_rate(city.viewer(city.teacher, TUESDAY), ticket)
        assert not is_asked_to_rate(city.viewer(city.contact, TUESDAY), ticket)

    def test_nobody_for_a_caller_without_an_account(self, city):
        ticket = report.report_incident(
            school=city.brecht,
            category=city.display,
            by=city.helpdesk,
            caller_name="Vera Vertretung",
            caller_phone="0231 1",
            at=TUESDAY,
        )
        solve(city, ticket)
        with pytest.raises(PermissionDenied):
            rate(ticket=ticket, value="good", by=city.helpdesk, at=TUESDAY)

    @pytest.mark.parametrize("who", ["manager", "helpdesk"])
    def test_nobody_judges_what_they_work_on_themselves(self, city, who):
        ticket = solve(city, city.report(by=getattr(city, who)), by=city.helpdesk)
        with pytest.raises(PermissionDenied):
            rate(ticket=ticket, value="good", by=getattr(city, who), at=TUESDAY)

    def test_a_manager_who_teaches_elsewhere_is_asked_there_as_a_teacher(self, city):
        role = SchoolMembership.Role.TEACHER
        SchoolMembership.objects.create(person=city.manager, school=city.kant, role=role, starts_on=SINCE)
        ticket = solve(city, city.report(by=city.manager, school=city.kant), by=city.asseln_manager)
        rate(ticket=ticket, value="partly", by=city.manager, at=TUESDAY)
        assert answer_of(ticket) == ("partly", "")

    def test_not_about_a_confidential_report(self, city):
        ticket = solve(city, city.report(confidential=True))
        with pytest.raises(RatingNotPossible):
            rate(ticket=ticket, value="good", by=city.teacher, at=TUESDAY)

    def test_not_before_there_is_a_solution_and_not_without_one(self, city):
        ended = {
            "new": city.report(),
            "withdrawn": finish.withdraw(ticket=city.report(), by=city.teacher, at=TUESDAY),
            "closed": finish.close(ticket=city.report(), by=city.manager, at=TUESDAY),
            "waiting_reporter": work.ask(ticket=city.report(), text="Wo?", by=city.manager, at=TUESDAY),
        }
        for status, ticket in ended.items():
            with pytest.raises(RatingNotPossible) as refused:
                rate(ticket=ticket, value="good", by=city.teacher, at=TUESDAY)
            assert refused.value.status == status


class TestOpeningAgain:
    @pytest.mark.parametrize("who", ["teacher", "manager", "helpdesk"])
    def test_the_answer_goes_with_its_solution(self, city, solved, who):
        rate(ticket=solved, value="good", words="Sehr nett", by=city.teacher, at=TUESDAY)
        ticket = finish.reopen(ticket=solved, by=getattr(city, who), at=WEDNESDAY)
        assert answer_of(ticket) is None
        with pytest.raises(RatingNotPossible):
            rate(ticket=ticket, value="good", by=city.teacher, at=WEDNESDAY)

    def test_and_is_asked_anew_about_the_next_one(self, city, solved):
        rate(ticket=solved, value="good", by=city.teacher, at=TUESDAY)
        ticket = finish.reopen(ticket=solved, by=city.teacher, at=WEDNESDAY)
        solve(city, ticket, at=WEDNESDAY)
        assert answer_of(ticket) is None
        rate(ticket=ticket, value="poor", by=city.teacher, at=WEDNESDAY)
        assert answer_of(ticket) == ("poor", "")


@pytest.fixture
def browser(monkeypatch):
    """Return somebody's browser on Wednesday."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: WEDNESDAY)

    def of(person):
        client = Client()
        client.force_login(person)
        return client

    return of


def page_of(client, ticket):
    return client.get(f"/tickets/{ticket.number}/").content.decode()


class TestThePage:
    def test_asks_the_reporter_below_the_solution(self, city, solved, browser):
        page = page_of(browser(city.teacher), solved)
        assert page.index("Kabel gesteckt") < page.index(QUESTION) < page.index("Auf einen Blick")
        assert re.findall(r'name="value" value="(\w+)"', page) == ["good", "partly", "poor"]
        assert "Möchten Sie etwas dazu sagen?" not in page

    def test_one_tap_without_a_script_leads_back_to_the_answer(self, city, solved, browser):
        client = browser(city.teacher)
        answer = client.post(f"/tickets/{solved.number}/rating/", {"value": "partly"})
        assert (answer.status_code, answer.url) == (302, f"/tickets/{solved.number}/#rating")
        page = page_of(client, solved)
        assert re.findall(r'name="value" value="(\w+)" aria-pressed="true"', page) == ["partly"]
        assert "Möchten Sie etwas dazu sagen?" in page and "Bitte keine Namen von Schülerinnen und Schülern." in page
        assert "Das liest nur die Koordination" in page

    def test_with_a_script_the_card_alone_comes_back(self, city, solved, browser):
        client = browser(city.teacher)
        answer = client.post(
            f"/tickets/{solved.number}/rating/", {"value": "good"}, headers={"HX-Request": "true"}
        ).content.decode()
        assert answer.lstrip().startswith('<section class="card stack" id="rating"') and "<html" not in answer
        assert "Danke für Ihre Antwort" in answer and "data-focus" in answer

    def test_a_double_tap_and_a_change_of_mind(self, city, solved, browser):
        client = browser(city.teacher)
        for value in ("good", "good", "poor"):
            assert client.post(f"/tickets/{solved.number}/rating/", {"value": value}).status_code == 302
        client.post(f"/tickets/{solved.number}/rating/", {"value": "poor", "text": " Zu spät \x00"})
        assert answer_of(solved) == ("poor", "Zu spät")
        assert "Zu spät" in page_of(client, solved)

    def test_what_is_no_answer_is_asked_again(self, city, solved, browser):
        client = browser(city.teacher)
        rate(ticket=solved, value="good", by=city.teacher, at=TUESDAY)
        for sent in ({}, {"value": "great"}, {"value": "good", "text": "x" * 1001}):
            assert client.post(f"/tickets/{solved.number}/rating/", sent).status_code == 422
        assert answer_of(solved) == ("good", "")

    def test_a_link_only_leads_to_the_question(self, city, solved, browser):
        answer = browser(city.teacher).get(f"/tickets/{solved.number}/rating/?value=good")
        assert (answer.status_code, answer.url) == (302, f"/tickets/{solved.number}/#rating")
        assert answer_of(solved) is None

    @pytest.mark.parametrize(
        ("who", "status"), [("head", 403), ("manager", 403), ("colleague", 404), ("stranger", 404)]
    )
    def test_others_are_refused(self, city, solved, browser, who, status):
        client = browser(getattr(city, who))
        for sent in ({"value": "good"}, {}):
            assert client.post(f"/tickets/{solved.number}/rating/", sent).status_code == status
        assert answer_of(solved) is None

    def test_too_late_is_said_in_a_sentence(self, city, solved, browser, monkeypatch):
        client = browser(city.teacher)
        monkeypatch.setattr("django.utils.timezone.now", lambda: WEDNESDAY + timedelta(days=30))
        client.force_login(city.teacher)
        answer = client.post(f"/tickets/{solved.number}/rating/", {"value": "good"})
        assert answer.status_code == 409 and "die Zeit zum Antworten ist vorbei" in answer.content.decode()
        assert QUESTION not in page_of(client, solved)

    def test_one_reads_ones_own_answer_when_it_is_too_late_to_change_it(self, city, solved, browser, monkeypatch):
        rate(ticket=solved, value="poor", words="Zu spät", by=city.teacher, at=TUESDAY)
        monkeypatch.setattr("django.utils.timezone.now", lambda: WEDNESDAY + timedelta(days=30))
        client = Client()
        client.force_login(city.teacher)
        page = page_of(client, solved)
        assert "Nicht gut" in page and "Zu spät" in page and 'name="value"' not in page

    @pytest.mark.parametrize("who", ["contact", "head", "manager", "helpdesk"])
    def test_nobody_else_sees_what_was_answered_or_that_it_was(self, city, solved, browser, who):
        client = browser(getattr(city, who))
        before = page_of(client, solved), client.get(f"/api/v1/tickets/{solved.number}/events/").json()
        seen = dict(re.findall(r'<input type="hidden" name="(stamp|here)" value="([^"]*)"', before[0]))
        rate(ticket=solved, value="poor", words="Zu spät", by=city.teacher, at=TUESDAY)
        after = page_of(client, solved), client.get(f"/api/v1/tickets/{solved.number}/events/").json()
        assert neutral(after[0]) == neutral(before[0]) and after[1] == before[1]
        told = client.get(f"/api/v1/tickets/{solved.number}/").json()
        assert (told["rating"], told["may_rate"]) == (None, False)
        live = client.post(f"/tickets/{solved.number}/live/", seen, headers={"HX-Request": "true"})
        assert live.status_code == 204 or b"Nicht gut" not in live.content

    def test_nor_do_those_of_the_second_level_who_solved_it(self, city, browser):
        ticket = city.escalated()
        ticket = escalate.accept_escalation(ticket=ticket, by=city.specialist, at=TUESDAY)
        solve(city, ticket, by=city.specialist)
        client = browser(city.specialist)
        before = page_of(client, ticket)
        rate(ticket=ticket, value="poor", by=city.teacher, at=TUESDAY)
        assert neutral(page_of(client, ticket)) == neutral(before)


def neutral(page):
    """Return a page without what differs each time it is made: keys and tokens."""
    return re.sub(r"\b([A-Za-z0-9]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", "", page)


def test_withdrawn_and_merged_reports_never_carry_an_answer(city, solved):
    rate(ticket=solved, value="good", by=city.teacher, at=TUESDAY)
    finish.reopen(ticket=solved, by=city.teacher, at=WEDNESDAY)
    finish.withdraw(ticket=solved, by=city.teacher, at=WEDNESDAY)
    assert Ticket.objects.get(pk=solved.pk).status == Status.WITHDRAWN and answer_of(solved) is None
