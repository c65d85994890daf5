"""The figures of a school against what was counted by hand, and by brute force."""

import statistics as others
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from foundation.berlin import BERLIN
from reports.arithmetic import Share
from reports.facts import facts_by_part
from reports.keeping import keep_figures
from reports.others import FormMedians, form_medians
from reports.period_page import PeriodUnknown
from reports.periods import Period
from reports.statistics import Statistics
from schools.models import School
from tests.city import MONDAY, berlin
from tests.reports.rows import bulk
from tests.reports.twenty import NOW, twenty_kept, twenty_reports
from tickets.commands import finish, work
from tickets.commands.recompute import measure_some
from tickets.models import Deadline, Ticket

pytestmark = pytest.mark.django_db
#: Sorted by hand from `twenty.py`.
RESPONSES = [5, 10, 15, 15, 20, 30, 30, 40, 45, 60, 75, 90, 90, 120, 120, 180]
SOLUTIONS = [40, 60, 120, 120, 135, 180, 180, 240, 270, 270, 300, 420, 630, 2100]


def minutes(number):
    return timedelta(minutes=number)


def statistics_of(city, name="", at=NOW):
    return Statistics(city.viewer(city.head, at), city.brecht, name)


def test_twenty_kept_come_to_what_was_counted_by_hand(city):
    twenty_kept(city)
    assert Ticket.objects.count() == 20
    for name in ("2025-2026-1", "2025-2026"):  # the second half has not begun
        told = statistics_of(city, name).told
        assert (told.figures.reported, told.figures.solved, told.figures.open, told.figures.unsolved) == (17, 14, 2, 1)
        assert told.response.number == 16
        assert told.response.usual == minutes(42.5)  # between 40 and 45
        assert told.response.most == minutes(120)
        assert told.solution.number == 14
        assert told.solution.usual == minutes(210)  # between 180 and 240
        assert told.solution.most == minutes(567)  # seven tenths of the way from 420 to 630
        assert told.solution.within == (8 / 14, 12 / 14, 13 / 14)
        assert told.first_level == Share(13, 14)
        assert told.kept == Share(13, 15)  # late: the twelfth and the thirteenth
    facts = [fact for _parts, fact in facts_by_part(Period.named("2025-2026"), city.brecht)]
    assert sorted(fact.responded_in for fact in facts if fact.responded_in) == [minutes(n) for n in RESPONSES]
    assert sorted(fact.solved_in for fact in facts if fact.solved_in) == [minutes(n) for n in SOLUTIONS]


def test_months_kinds_and_rooms_come_to_what_was_counted_by_hand(city):
    twenty_kept(city)
    found = statistics_of(city, "2025-2026-1")
    counts = {period.name: (f.reported, f.solved, f.open, f.unsolved) for period, f in found.by_month}
    assert counts == {
        "2025-08": (0, 0, 0, 0),
        "2025-09": (2, 2, 0, 0),
        "2025-10": (6, 6, 0, 0),
        "2025-11": (9, 6, 2, 1),
        "2025-12": (0, 0, 0, 0),
    }
    display, network = city.display.name, city.network.name
    assert [(row.name, row.number, row.usual) for row in found.kinds] == [
        (display, 11, minutes(180)),
        (network, 6, minutes(285)),
    ]
    rooms = [("A 204", 6, 1), ("B 112", 5, 5 / 6), ("Ohne Raum", 6, None)]
    assert [(row.name, row.number, row.share) for row in found.rooms] == rooms


def test_a_month_with_a_small_one_beside_it_tells_neither(city):
    twenty_kept(city)
    september, october, november = (statistics_of(city, f"2025-{month}").told for month in ("09", "10", "11"))
    assert september.figures.solved == 2 and september.solution.number == 0
    assert october.figures.solved == november.figures.solved == 6
    # Two solutions in September would come out as the half year without October and November.
    assert october.solution.number == 0 and november.solution.number == 6


def test_fewer_than_five_are_counted_and_nothing_else_is_told(city):
    for _ in range(4):
        finish.resolve(ticket=city.report(), solution="Ja", cause="", by=city.manager, at=MONDAY + minutes(30))
    keep_figures(at=MONDAY)
    told = statistics_of(city, at=MONDAY + minutes(60)).told
    assert (told.figures.reported, told.figures.solved) == (4, 4)
    assert not told.solution.number and not told.response.number and not told.kept.number
    assert not told.first_level.number and not told.is_comparable
    found = statistics_of(city, at=MONDAY + minutes(60))
    assert [(row.name, row.number) for row in found.kinds] == [("", 4)]
    assert all(line.now is None for line in found.comparison)


@pytest.mark.parametrize("name", ["2031-2032", "2026-04", "2025", "x"])
def test_a_period_that_has_not_begun_or_is_none_is_unknown(city, name):
    with pytest.raises(PeriodUnknown):
        statistics_of(city, name, at=MONDAY)


def test_a_school_is_compared_with_the_median_of_five_others_of_its_form(city):
    year = Period.named("2025-2026")
    gymnasium = School.Form.GYMNASIUM
    names = [School.objects.create(number=f"20000{n}", name=f"Beispiel {n}", form=gymnasium) for n in range(4)]
    for hours, school in enumerate([*names, city.kant], start=1):
        if hours == 5:
            keep_figures(at=MONDAY)
            assert form_medians(city.brecht, year).solution is None  # four others are too few
        bulk(school, city, MONDAY - timedelta(days=1), timedelta(hours=hours), late=1 if hours > 2 else 0)
    bulk(city.brecht, city, MONDAY, timedelta(hours=50))  # not one's own
    bulk(city.widey, city, MONDAY, timedelta(hours=60))  # not of another form
    small = School.objects.create(number="200009", name="Beispiel klein", form=gymnasium)
    bulk(small, city, MONDAY, timedelta(hours=70), number=4)  # too few to tell of
    keep_figures(at=MONDAY)
    medians = form_medians(city.brecht, year)
    assert medians.solution == medians.response == timedelta(hours=3)
    assert medians.kept == 0.8 and medians.first_level == 1


def test_a_school_that_hides_a_month_is_not_in_the_median_of_that_month(city):
    """Six schools of a form; one hides September and with it October, where its values would be the middle ones."""
    september, october = berlin(2025, 9, 1, 9), berlin(2025, 10, 6, 9)
    whole, half, month = (Period.named(name) for name in ("2025-2026", "2025-2026-1", "2025-10"))
    form, facts = School.Form.GYMNASIUM, {"number": 10}
    names = [School.objects.create(number=f"20000{n}", name=f"Beispiel {n}", form=form) for n in range(5)]
    for hours, school in zip((1, 2, 8, 9), names[:4], strict=True):
        bulk(school, city, october, timedelta(hours=hours), late=5 if hours > 2 else 0, **facts)
    hiding = city.kant
    bulk(hiding, city, september, timedelta(hours=4), number=2)
    bulk(hiding, city, october, timedelta(hours=4), late=2, **facts)
    bulk(hiding, city, berlin(2025, 11, 3, 9), timedelta(hours=4), number=11)
    keep_figures(at=MONDAY)
    told = Statistics(city.viewer(city.head, MONDAY), hiding, "2025-10").told
    assert told.figures.solved == 10 and not told.solution.number and not told.kept.number

    assert form_medians(city.brecht, whole).solution == form_medians(city.brecht, half).solution == timedelta(hours=4)
    assert form_medians(city.brecht, month) == FormMedians()  # four tell of October, and the fifth does not
    assert form_medians(names[0], month) == FormMedians()

    bulk(names[4], city, october, timedelta(hours=7), late=3, **facts)
    keep_figures(at=MONDAY)
    medians = form_medians(city.brecht, month)  # five tell: 1, 2, 7, 8 and 9 hours
    assert medians.response == medians.solution == timedelta(hours=7)
    assert (medians.kept, medians.first_level, medians.satisfied) == (0.7, 1, None)


def test_kinds_and_rooms_tell_no_time_that_leaves_few_others(city):
    """Six of a kind are solved and one of the other, though six of it were reported: its time would come out."""
    bulk(city.brecht, city, MONDAY, timedelta(hours=1), number=6)
    bulk(city.brecht, city, MONDAY, timedelta(hours=35), number=6)
    rest = [ticket.pk for ticket in Ticket.objects.order_by("-pk")[:6]]
    Ticket.objects.filter(pk__in=rest).update(category=city.network, room=city.a204)
    Ticket.objects.filter(pk__in=rest[1:]).update(resolved_at=None, status="new")
    Deadline.objects.filter(ticket__in=rest[1:]).update(met_at=None, used=None)
    keep_figures(at=MONDAY)
    found = statistics_of(city, at=MONDAY)
    assert found.told.solution.number == 7
    for groups in (found.kinds, found.rooms):
        assert [(row.number, row.usual) for row in groups] == [(6, None), (6, None)]


def test_kinds_tell_no_time_of_a_month_whose_times_are_hidden(city):
    """Of six in February two are solved: so March, with six, tells no time, and nor does the one kind it has."""
    bulk(city.brecht, city, berlin(2026, 2, 2, 9), timedelta(hours=1), number=6)
    few = [ticket.pk for ticket in Ticket.objects.order_by("pk")[:4]]
    Ticket.objects.filter(pk__in=few).update(resolved_at=None, status="new")
    Deadline.objects.filter(ticket__in=few).update(met_at=None, used=None)
    bulk(city.brecht, city, berlin(2026, 3, 2, 8), timedelta(hours=2), number=6)
    keep_figures(at=MONDAY)
    found = statistics_of(city, "2026-03", at=MONDAY)
    assert found.told.solution.number == 0
    assert [(row.number, row.usual) for row in found.kinds] == [(6, None)]
    assert statistics_of(city, "2025-2026-2", at=MONDAY).kinds[0].usual == minutes(120)


def test_the_year_before_is_told_beside_it(city):
    bulk(city.brecht, city, berlin(2025, 3, 3, 9), timedelta(hours=2), number=6)
    bulk(city.brecht, city, MONDAY, timedelta(hours=4), number=5)
    keep_figures(at=MONDAY)
    found = statistics_of(city, at=MONDAY)
    assert found.before.figures.reported == 6
    line = found.comparison[2]
    assert (line.now, line.before, line.others) == (timedelta(hours=4), timedelta(hours=2), None)
    assert found.earlier.name == "2024-2025" and found.later is None
    assert statistics_of(city, "2024-2025", at=MONDAY).earlier is None


def test_what_was_met_before_it_was_measured_is_measured_later(city):
    twenty_reports(city)
    known = dict(Deadline.objects.filter(used__isnull=False).values_list("pk", "used"))
    assert len(known) == 32  # 16 responses and 14 solutions that count, 2 of the confidential one
    Deadline.objects.update(used=None)
    rounds = 0
    while measure_some(batch=7):
        rounds += 1
    assert dict(Deadline.objects.filter(used__isnull=False).values_list("pk", "used")) == known
    assert rounds > 2


# --- By brute force ---

HOLIDAYS = {date(2025, 10, 3), date(2025, 11, 1)}


def counted_minutes(since, until, pauses):
    """Count service minutes one by one, by the clock on the wall."""
    total, at = 0, since
    while at < until:
        wall = at.astimezone(BERLIN)
        is_open = wall.weekday() < 5 and wall.date() not in HOLIDAYS and (7, 30) <= (wall.hour, wall.minute) < (16, 0)
        if is_open and not any(begins <= at < ends for begins, ends in pauses):
            total += 1
        at += minutes(1)
    return total


@pytest.mark.parametrize("seed", range(3))
def test_a_random_city_comes_to_what_brute_force_counts(city, seed):
    lot = Random(seed)
    responses, solutions, solved, first_level, months = [], [], 0, 0, {}
    for _ in range(10):
        at = reported = datetime(2025, 9, 29, tzinfo=UTC) + minutes(lot.randrange(0, 35 * 24 * 60))
        fate = lot.choice(["open", "solved", "asked", "again", "handed over"])
        ticket = city.report(at=at, category=city.network if fate == "handed over" else city.display)
        month = reported.astimezone(BERLIN).strftime("%Y-%m")
        months[month] = months.get(month, 0) + 1
        pauses = []

        def later(most=1500):
            nonlocal at
            at += minutes(lot.randrange(1, most))
            return at

        if fate == "open":
            continue
        work.accept(ticket=ticket, by=city.manager, at=later())
        responses.append(counted_minutes(reported, at, []))
        if fate == "asked":
            work.ask(ticket=ticket, text="Welches?", by=city.manager, at=later())
            begins = at
            work.answer(ticket=ticket, text="Dieses", by=city.teacher, at=later())
            pauses.append((begins, at))
        if fate == "handed over":
            city.escalated(ticket, at=later())
        by = city.specialist if fate == "handed over" else city.manager
        finish.resolve(ticket=ticket, solution="Ja", cause="", by=by, at=later())
        if fate == "again":
            begins = at
            finish.reopen(ticket=ticket, by=city.teacher, at=later())
            pauses.append((begins, at))
            finish.resolve(ticket=ticket, solution="Ja", cause="", by=city.manager, at=later())
        solved += 1
        first_level += fate != "handed over"
        solutions.append(counted_minutes(reported, at, pauses))
    keep_figures(at=NOW)
    found = statistics_of(city, "2025-2026-1")
    figures = found.told.figures
    assert (figures.reported, figures.solved, figures.open) == (10, solved, 10 - solved)
    assert {period.name: f.reported for period, f in found.by_month if f.reported} == months
    assert figures.first_level == Share(first_level, solved)
    for times, lengths in ((figures.response, responses), (figures.solution, solutions)):
        assert times.usual == minutes(others.median(lengths))
        assert abs(times.most - minutes(others.quantiles(lengths, n=10, method="inclusive")[8])) < minutes(0.01)
