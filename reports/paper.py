"""What the paper of a school's figures says: the same as the page, cut to what one page has room for."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from foundation.typesetting import printable, typeset
from foundation.wording import clock, glued, number, percent, short_day, span
from reports.arithmetic import Figures
from reports.statistics import Group, Statistics
from reports.templatetags.figures import loose, parted
from reports.told import Compared
from schools.models.school import ATTRIBUTION

SOURCE = Path(settings.BASE_DIR) / "templates" / "reports" / "statistics.typ"
MOST_GROUPS = 9  # rows of kinds or of rooms; the others are counted together
NOTHING = "–"


def paper_of(statistics: Statistics, at: datetime) -> bytes:
    """Return the figures as one tagged page (PDF/UA-1). Raises foundation.typesetting.TypesettingFailed."""
    return typeset(SOURCE, words_of(statistics), at=at)


def words_of(statistics: Statistics) -> dict:
    """Return everything the template sets, in the language of the reader."""
    period, school = statistics.period.label, printable(statistics.school.name)
    if statistics.is_running:
        period += " " + pgettext("a period", "(until today)")
    reported, as_of = statistics.told.figures.reported, statistics.as_of
    words = {
        "lang": get_language(),
        "product": "Campusruf",
        "title": f"{_('Statistics')}: {school}, {period}",
        "heading": _("Statistics"),
        "school": school,
        "period": period,
        "printed": _("As of %(day)s, %(time)s") % {"day": short_day(as_of), "time": clock(as_of)},
        "nothing": "" if reported else _nothing(statistics),
        "rules": [*_rules(statistics), ATTRIBUTION],
    }
    if reported:
        words |= {
            "tiles": _tiles(statistics),
            "months": _months(statistics),
            "speed": _speed(statistics),
            "compared": _compared(statistics),
            "kinds": _groups(statistics.kinds, _("Most frequent kinds"), pgettext("of a report", "Kind")),
            "rooms": _groups(statistics.rooms, _("Most frequent rooms"), _("Room")),
        }
    return words


def _nothing(statistics: Statistics) -> str:
    if statistics.was_never_counted:
        return _("The figures of this school are being counted for the first time.")
    return _("Nothing was reported in this period")


def _tiles(statistics: Statistics) -> list[dict]:
    told, before, others = statistics.told, statistics.before, statistics.others
    figures = told.figures
    earlier = "{}: {}".format
    is_compared = told.is_comparable and before.is_comparable
    times = [_("Others of this school form:") + " " + span(others.solution)] if others.solution else []
    return [
        _tile(
            pgettext("figure", "Reported"),
            [(number(figures.reported), "")],
            [earlier(before.period.label, number(before.figures.reported))] if is_compared else [],
        ),
        _tile(
            pgettext("figure", "Solved"),
            [(number(figures.solved), _("of %(all)s") % {"all": number(figures.reported)})],
            [_left_of(figures)],
        ),
        _tile(
            _("Usual time to the solution"),
            parted(span(told.solution.usual)) if told.solution.number else None,
            [_("Half were solved faster"), *times],
        ),
        _tile(
            _("Deadlines kept"),
            parted(percent(told.kept.value)) if told.kept.number else None,
            [earlier(before.period.label, percent(before.kept.value))] if before.kept.number else [],
        ),
    ]


def _tile(name: str, parts: list | None, notes: list[str]) -> dict:
    if parts is None:
        return {"name": name, "parts": [(NOTHING, "")], "notes": [_("Not told of small numbers")]}
    return {"name": name, "parts": parts, "notes": notes}


def _left_of(figures: Figures) -> str:
    """Say what became of those that are not solved."""
    if not figures.open:
        told = _("Nothing is open any more")
    else:
        told = ngettext("%(text)s is still open", "%(text)s are still open", figures.open)
        told %= {"text": number(figures.open)}
    if figures.unsolved:
        told += ", " + _("%(text)s ended without a solution") % {"text": number(figures.unsolved)}
    return told


def _months(statistics: Statistics) -> dict:
    total = statistics.months_total
    title = _("Reports by month")
    told = _("%(all)s reported, %(solved)s of them solved. All values are in the table below.")
    return {
        "title": title,
        "chart": render_to_string("reports/paper_chart.svg", {"chart": statistics.chart}).strip(),
        "alt": f"{title}: " + told % {"all": number(total.reported), "solved": number(total.solved)},
        "legend": [pgettext("legend", "solved"), _("open or ended without a solution")],
        "table": _("Month by month"),
        "head": [_("Month"), _("reported"), _("solved"), _("still open"), _("without a solution")],
        "rows": [[month.label, *_counts(figures)] for month, figures in statistics.by_month],
        "total": [_("Total"), *_counts(total)],
    }


def _counts(figures: Figures) -> list[str]:
    return [number(count) for count in (figures.reported, figures.solved, figures.open, figures.unsolved)]


def _speed(statistics: Statistics) -> dict:
    note = _("Only service hours count, without the time in which an answer was waited for.")
    if statistics.school.calendar:
        note += f" {printable(str(statistics.school.calendar))}."
    return {
        "title": _("How fast it was solved"),
        "rows": [[name, percent(share), share] for name, share in statistics.speeds],
        "nothing": _("Times are told from 5 reports on, so that nobody can be recognised by them."),
        "note": note,
    }


def _compared(statistics: Statistics) -> dict:
    others = _("%(form)s, others") % {"form": statistics.school.get_form_display()}
    return {
        "title": _("In comparison"),
        "head": [_("Figure"), statistics.period.label, statistics.before.period.label, others],
        "rows": [_line(line) for line in statistics.comparison] if statistics.is_compared else [],
        "nothing": _("Too few reports yet"),
    }


def _line(line: Compared) -> list[str]:
    written = _loose_span if line.form == "span" else percent
    name = f"{line.name} ({glued(line.note)})" if line.note else line.name
    return [name, *(NOTHING if value is None else written(value) for value in line.values)]


def _loose_span(length: timedelta) -> str:
    return loose(span(length))


def _groups(groups: list[Group], title: str, head: str) -> dict:
    rows = [_row(group) for group in shortened(groups)] if groups[0].name else []
    return {
        "title": title,
        "head": [head, _("Reports"), _("Solution, usually")],
        "rows": rows,
        "nothing": _("From 5 reports on they are told apart."),
    }


def _row(group: Group) -> list:
    usual = NOTHING if group.usual is None else span(group.usual)
    if not group.name:
        return [_("All others"), number(group.number), None, usual]
    return [printable(group.name), number(group.number), group.share, usual]


def shortened(groups: list[Group]) -> list[Group]:
    """Return the most frequent groups; from MOST_GROUPS on the rest is added to those that are not named."""
    if len(groups) <= MOST_GROUPS:
        return groups
    shown, rest = groups[: MOST_GROUPS - 1], groups[MOST_GROUPS - 1 :]
    return [*shown, Group("", sum(group.number for group in rest))]


def _rules(statistics: Statistics) -> list[str]:
    asked = _(
        "Satisfied are those who answered “good” to the question how well they were helped. "
        "Answers are told in fives, and for whole school years."
    )
    return [
        _(
            "The figures name no persons. Withdrawn, merged and confidential reports are in none of them; a solution "
            "counts as it was last recorded. Kinds and rooms with fewer than 5 reports are counted together."
        ),
        _(
            "“–” means: fewer than 5 reports, or a number that would give away a smaller one. "
            "The other schools are their median, from 5 of them on."
        )
        + (f" {asked}" if statistics.told.satisfied.number else ""),
    ]
