"""How satisfied a school is: a share from five answers on, and nothing that tells of a single one."""

import csv
from datetime import timedelta
from itertools import combinations

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

    def test_no_month_is_told_beside_one_with_few_answers(self, city):
        answered(city, *["good"] * 6, at=berlin(2026, 2, 2, 9))
        answered(city, "poor", at=MONDAY)
        assert told(city) == told(city, "2025-2026-2") == Share(6, 7)
        # The single one of March would come out as the half year without February.
        assert told(city, "2026-02") == told(city, "2026-03") == Share()
        answered(city, *["poor"] * 4, at=MONDAY)
        assert (told(city, "2026-02"), told(city, "2026-03")) == (Share(6, 6), Share(0, 5))

    def test_nothing_small_comes_out_by_subtraction(self, city):
        """Whatever parts of the year are told beside each other: what is left of the whole is nothing or five."""
        for month, number in ((9, 1), (10, 6), (11, 2), (12, 5)):
            answered(city, *["good"] * number, at=berlin(2025, month, 3, 9))
        for month, number in ((2, 3), (3, 7)):
            answered(city, *["poor"] * number, at=berlin(2026, month, 2, 9))
        for whole in (YEAR, *YEAR.parts):
            parts = [share.number for part in whole.parts if (share := told(city, part.name, JULY)).number]
            number = told(city, whole.name, JULY).number
            for size in range(len(parts) + 1):
                for some in combinations(parts, size):
                    assert not 0 < number - sum(some) < 5, (whole.name, some)


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
        answered(city, "good", "partly", "good")
        answered(city, "poor", school=city.kant, by=city.kant_teacher)
        keep_figures(at=LATER)
        shares = {
            (row.scope, row.key): row.figures.satisfied
            for row in PeriodFigures.objects.over(YEAR).exclude(scope=Scope.CATEGORY)
        }
        assert shares["school", str(city.brecht.pk)] == shares["campus", str(city.kirchlinde.pk)] == Share(2, 3)
        assert shares["city", ""] == shares["form", "gymnasium"] == Share(2, 4)
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

    def test_the_city_and_its_parts_tell_it_where_no_small_school_comes_out(self, city):
        answered(city, *["good"] * 6)
        self.kant(city, "poor", "poor", "poor")
        keep_figures(at=LATER)
        # The three of the one school would be the city without the six of the other, which that one tells itself.
        assert self.shares(city) == (Share(), {"Asseln": Share(), "Kirchlinde": Share(6, 6)})
        self.kant(city, "poor", "good")
        keep_figures(at=LATER + timedelta(hours=1))
        assert self.shares(city) == (Share(7, 11), {"Asseln": Share(1, 5), "Kirchlinde": Share(6, 6)})

    def test_kinds_tell_it_where_answers_are_mixed_in_the_schools(self, city):
        answered(city, *["good"] * 6)
        self.kant(city, *["poor"] * 6, category=city.network)
        for _report in range(6):  # solved, but nobody has answered: there is nobody to hide among
            solved(city, category=city.network)
            solved(city, school=city.kant, by=city.kant_teacher)
        keep_figures(at=LATER)
        kinds = (city.display.name, city.network.name)
        assert self.shares(city, By.CATEGORY) == (Share(6, 12), dict.fromkeys(kinds, Share()))
        answered(city, *["good"] * 5, category=city.network)
        self.kant(city, *["poor"] * 5)
        keep_figures(at=LATER + timedelta(hours=1))
        told = self.shares(city, By.CATEGORY)[1]
        assert told == {city.display.name: Share(6, 11), city.network.name: Share(5, 11)}
