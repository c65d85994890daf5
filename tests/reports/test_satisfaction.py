"""How satisfied a school is: a share from five answers on, and nothing that tells of a single one."""

import csv
from datetime import timedelta
from random import Random

import pytest
from django.db import connection

from reports.arithmetic import Share
from reports.city.pages import CityPage
from reports.city.parts import By
from reports.keeping import keep_figures
from reports.models import PeriodFigures, Scope, StaleMonth
from reports.others import form_medians
from reports.periods import Period
from reports.statistics import Statistics
from reports.truth import counted, differences, kept
from schools.models import School
from tests.city import MONDAY, berlin
from tests.reports.rows import solved_row
from tickets.commands import finish
from tickets.commands.rate import rate
from tickets.models import Rating, Ticket

pytestmark = pytest.mark.django_db
YEAR = Period.named("2025-2026")
LATER = MONDAY + timedelta(hours=1)
JULY = berlin(2026, 7, 15, 9)
PAGE = "/schools/100001/statistics/"


def solved(city, *, at=MONDAY, **fields):
    by = city.asseln_manager if fields.get("school") == city.kant else city.manager
    return finish.resolve(ticket=city.report(at=at, **fields), solution="Ja", cause="", by=by, at=at)


def answered(city, *values, at=MONDAY, **fields):
    """Let one report for each of the answers be solved and judged; return the reports."""
    tickets = []
    for value in values:
        tickets.append(solved(city, at=at, **fields))
        rate(ticket=tickets[-1], value=value, by=tickets[-1].reporter, at=at)
    return tickets


def told(city, name="2025-2026", at=LATER):
    keep_figures(at=at)
    return Statistics(city.viewer(city.head, at), city.brecht, name).told.satisfied


class TestTheShare:
    def test_four_answers_show_nothing_and_five_show(self, city):
        answered(city, "good", "good", "partly", "poor")
        solved(city)
        assert told(city) == Share()
        answered(city, "good")
        assert told(city) == Share(3, 5)

    def test_a_change_of_mind_counts_and_words_do_not(self, city):
        first, *_others = answered(city, "good", "good", "good", "good", "good")
        rate(ticket=first, value="good", words="Sehr nett", by=city.teacher, at=LATER)
        assert told(city) == Share(5, 5)
        rate(ticket=first, value="partly", by=city.teacher, at=LATER)
        assert told(city) == Share(4, 5)

    def test_opening_again_takes_it_out_until_it_is_answered_anew(self, city):
        first, *_others = answered(city, "good", "good", "good", "good", "good")
        finish.reopen(ticket=first, by=city.manager, at=LATER)
        assert told(city) == Share()
        finish.resolve(ticket=first, solution="Jetzt", cause="", by=city.manager, at=LATER)
        assert told(city) == Share()
        rate(ticket=first, value="poor", by=city.teacher, at=LATER)
        assert told(city) == Share(4, 5)

    def test_what_became_confidential_is_in_none(self, city):
        tickets = answered(city, "good", "good", "good", "good", "good", "poor")
        Ticket.objects.filter(pk=tickets[-1].pk).update(confidential=True)
        assert told(city) == Share(5, 5)

    def test_it_is_told_in_steps_of_five_in_the_order_of_the_answers(self, city):
        answered(city, *["good"] * 5)
        for value in ("poor", "poor", "partly", "poor"):
            answered(city, value, at=LATER)
            assert told(city) == Share(5, 5)
        late, *_others = answered(city, "good", at=LATER + timedelta(minutes=1))
        assert told(city) == Share(6, 10)
        rate(ticket=late, value="good", words="Danke", by=city.teacher, at=LATER + timedelta(minutes=2))
        assert told(city) == Share(6, 10)

    def test_who_adds_words_keeps_their_place(self, city):
        first, *_others = answered(city, *["good"] * 5)
        answered(city, "poor", "poor", at=LATER)
        rate(ticket=first, value="good", words="Immer noch", by=city.teacher, at=LATER + timedelta(minutes=1))
        assert told(city) == Share(5, 5)

    def test_parts_of_a_school_year_tell_nothing(self, city):
        answered(city, *["good"] * 6, at=berlin(2026, 2, 2, 9))
        answered(city, *["poor"] * 6, at=MONDAY)
        assert told(city) == Share(6, 10)
        assert told(city, "2025-2026-2") == told(city, "2026-02") == told(city, "2026-03") == Share()

    def test_whoever_looks_after_each_answer_learns_of_none(self, city):
        """Everything that is told, on all pages, before and after each of twelve answers at two schools."""
        lot, before, steps = Random(1), {}, 0
        for number in range(12):
            fields = {"at": berlin(2026, 1 + number // 4, 12, 9), "category": lot.choice([city.display, city.network])}
            if number % 3 == 2:
                fields |= {"school": city.kant, "by": city.kant_teacher}
            answered(city, lot.choice(["good", "poor"]), **fields)
            now = self.everything(city)
            for place, share in now.items():
                old = before.get(place, Share())
                assert share == old or share.number == old.number + 5, (number, place)
                steps += share != old
            before = now
        assert steps >= 4

    def everything(self, city):
        """Return each share of satisfied people there is on any page of head and city, by where it stands."""
        keep_figures(at=JULY + timedelta(minutes=10 * Rating.objects.count()))  # the city takes its turn every five
        reader, found = city.viewer(city.coordinator, JULY), {}
        for period in (YEAR, *YEAR.parts, *YEAR.each_month):
            for school in (city.brecht, city.kant):
                found[school.pk, period] = Statistics(reader, school, period.name).told.satisfied
            for by in By:
                page = CityPage(reader, period.name, by)
                found["city", period] = page.told.satisfied
                found |= {(by, line.name, period): line.told.satisfied for line in page.lines}
        return found


class TestBesideOthers:
    def test_the_year_before_and_the_median_of_five_other_schools(self, city):
        form, others = School.Form.GYMNASIUM, []
        answered(city, "good", "good", "good", "good", "poor")
        for value in ("good", "good", "poor", "poor", "poor"):
            judged(city, city.brecht, value, at=berlin(2025, 3, 3, 9))
        for place in range(5):
            keep_figures(at=LATER)
            assert form_medians(city.brecht, YEAR).satisfied is None
            others.append(School.objects.create(number=f"20000{place}", name=f"Beispiel {place}", form=form))
            for value in ["good"] * place + ["poor"] * (5 - place):
                judged(city, others[-1], value)
        small = School.objects.create(number="200009", name="Beispiel klein", form=form)
        for _answer in range(4):
            judged(city, small, "good")
        keep_figures(at=LATER)
        found = Statistics(city.viewer(city.head, LATER), city.brecht, "")
        [line] = [line for line in found.comparison if line.note]
        assert (line.now, line.before, line.others, line.note) == (0.8, 0.4, 0.4, "5 Antworten")


def judged(city, school, value, at=MONDAY):
    """Write a solved report of another school with its answer."""
    Rating.objects.create(ticket=solved_row(school, city, at), value=value, at=at)


class TestThePage:
    @pytest.fixture
    def head(self, city, client, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
        client.force_login(city.head)
        return client

    def row(self, client):
        answer = client.post(f"{PAGE}export/", {"period": "2025-2026"})
        lines = b"".join(answer.streaming_content).decode().removeprefix("\ufeff").split("\r\n")
        return next(csv.DictReader(lines, delimiter=";"))

    def test_tells_it_from_five_answers_on_and_so_does_the_table(self, city, head):
        answered(city, "good", "good", "good", "poor")
        solved(city)
        keep_figures(at=LATER)
        page = head.get(PAGE).content.decode()
        assert "nach der Hilfe" not in page and "Antworten</span>" not in page
        assert (self.row(head)["Zufrieden (%)"], self.row(head)["Antworten zur Hilfe"]) == ("", "")
        answered(city, "good")
        keep_figures(at=LATER)
        page = head.get(PAGE).content.decode()
        assert "Zufrieden" in page and "5 Antworten" in page and "80\N{NO-BREAK SPACE}%" in page
        assert (self.row(head)["Zufrieden (%)"], self.row(head)["Antworten zur Hilfe"]) == ("80", "5")


class TestKept:
    """The read model."""

    def test_answers_are_kept_in_every_scope_as_they_are_counted(self, city):
        answered(city, "good", "partly", "good", "poor", "good", "good", "good")
        answered(city, *["poor"] * 5, school=city.kant, by=city.kant_teacher)
        keep_figures(at=LATER)
        shares = {
            (row.scope, row.key): row.figures.satisfied
            for row in PeriodFigures.objects.over(YEAR).exclude(scope=Scope.CATEGORY)
        }
        assert shares["school", str(city.brecht.pk)] == shares["campus", str(city.kirchlinde.pk)] == Share(3, 5)
        assert shares["city", ""] == shares["form", "gymnasium"] == Share(3, 10)
        assert not list(differences(counted(YEAR), kept(YEAR)))

    def test_whatever_changes_an_answer_leaves_a_mark_and_other_words_leave_none(self, city):
        [ticket] = answered(city, "good")
        rounds = iter(LATER + timedelta(minutes=10 * n) for n in range(9))
        keep_figures(at=next(rounds))

        def marks():
            found = list(StaleMonth.objects.exclude(school=None).values_list("school", "month"))
            keep_figures(at=next(rounds))
            return found

        month = (city.brecht.pk, MONDAY.date().replace(day=1))
        rate(ticket=ticket, value="good", words="Danke", by=city.teacher, at=LATER)
        assert marks() == []
        rate(ticket=ticket, value="poor", by=city.teacher, at=LATER)
        assert marks() == [month]
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tickets_rating")
        assert marks() == [month]
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO tickets_rating VALUES (%s, 'good', '', %s)", [ticket.pk, LATER])
        assert marks() == [month]
        assert not list(differences(counted(YEAR), kept(YEAR)))


class TestTheCity:
    def shares(self, city, by=By.CAMPUS):
        page = CityPage(city.viewer(city.coordinator, LATER), "", by)
        return page.told.satisfied, {line.name: line.told.satisfied for line in page.lines}

    def kant(self, city, *values, **fields):
        answered(city, *values, school=city.kant, by=city.kant_teacher, **fields)

    def test_the_city_and_its_parts_tell_what_their_schools_tell(self, city):
        answered(city, *["good"] * 6)
        self.kant(city, "poor", "poor", "poor")
        keep_figures(at=LATER)
        assert self.shares(city) == (Share(5, 5), {"Asseln": Share(), "Kirchlinde": Share(5, 5)})
        self.kant(city, "poor", "good")
        keep_figures(at=LATER + timedelta(hours=1))
        assert self.shares(city) == (Share(6, 10), {"Asseln": Share(1, 5), "Kirchlinde": Share(5, 5)})

    def test_kinds_tell_nothing_of_it(self, city):
        """Five answers of a school may be four of one kind and one of another."""
        for category in (city.display, city.network):
            answered(city, *["good"] * 10, category=category)
            self.kant(city, *["poor"] * 10, category=category)
        keep_figures(at=LATER)
        kinds = (city.display.name, city.network.name)
        assert self.shares(city, By.CATEGORY) == (Share(20, 40), dict.fromkeys(kinds, Share()))
