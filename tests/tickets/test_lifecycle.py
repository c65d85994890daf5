"""The table of states and steps, written down a second time the way the glossary puts it."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from foundation.berlin import BERLIN
from tickets.lifecycle import (
    ENDED,
    OPEN,
    RULES,
    Impact,
    Level,
    Priority,
    Status,
    Step,
    StepNotAllowed,
    Urgency,
    answer_until,
    last_day_to_answer,
    last_day_to_reopen,
    level_after,
    priority_of,
    reopen_until,
    status_after,
    steps_from,
)

OPEN_STATES = "new in_progress waiting_reporter escalated waiting_external reopened"
ALL_BUT_MERGED = OPEN_STATES + " resolved closed withdrawn"
BOTH, FIRST, SECOND = "first second", "first", "second"

# step: from, at level, to state (- for no change), to level (- for the same)
TABLE = {
    "accept": ("new reopened", FIRST, "in_progress", "-"),
    "release": ("in_progress", FIRST, "new", "-"),
    "assign": (OPEN_STATES, FIRST, "-", "-"),
    "classify": (OPEN_STATES, BOTH, "-", "-"),
    "comment": (ALL_BUT_MERGED, BOTH, "-", "-"),
    "ask": (OPEN_STATES, BOTH, "waiting_reporter", "-"),
    "ask-mediator": (OPEN_STATES, SECOND, "-", "-"),
    "answer": ("waiting_reporter", BOTH, "in_progress", "-"),
    "wait": (OPEN_STATES, BOTH, "waiting_external", "-"),
    "resume": ("waiting_external", BOTH, "in_progress", "-"),
    "escalate": (OPEN_STATES, FIRST, "escalated", "second"),
    "accept-escalation": ("escalated", SECOND, "in_progress", "-"),
    "transfer": (OPEN_STATES, SECOND, "escalated", "-"),
    "return": (OPEN_STATES, SECOND, "in_progress", "first"),
    "resolve": (OPEN_STATES, BOTH, "resolved", "-"),
    "confirm": ("resolved", BOTH, "closed", "-"),
    "reopen": ("resolved", BOTH, "reopened", "first"),
    "close": (OPEN_STATES, BOTH, "closed", "-"),
    "withdraw": (OPEN_STATES, FIRST, "withdrawn", "-"),
    "merge": (OPEN_STATES, BOTH, "merged", "-"),
    "join": (OPEN_STATES, BOTH, "-", "-"),
    "leave": (OPEN_STATES, BOTH, "-", "-"),
    "restrict": (OPEN_STATES, BOTH, "-", "-"),
}


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize("level", Level.values)
@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("step", Step.values)
def test_every_step_from_every_state_is_as_the_glossary_says(step, status, level):
    froms, levels, to, to_level = TABLE[step]
    if status in froms.split() and level in levels.split():
        assert status_after(step, status, level) == (status if to == "-" else to)
        assert level_after(step, status, level) == (level if to_level == "-" else to_level)
        assert step in steps_from(status, level)
    else:
        with pytest.raises(StepNotAllowed):
            status_after(step, status, level)
        with pytest.raises(StepNotAllowed):
            level_after(step, status, level)
        assert step not in steps_from(status, level)


def test_every_step_has_a_rule():
    assert set(RULES) == set(Step) and set(TABLE) == set(Step.values)


def test_open_are_the_first_five_states_and_reopened():
    assert {status.value for status in OPEN} == set(OPEN_STATES.split())
    assert {status.value for status in ENDED} == {"resolved", "closed", "withdrawn", "merged"}


@pytest.mark.parametrize("level", Level)
def test_closed_withdrawn_and_merged_are_final(level):
    assert steps_from(Status.CLOSED, level) == (Step.COMMENT,)
    assert steps_from(Status.WITHDRAWN, level) == (Step.COMMENT,)
    assert steps_from(Status.MERGED, level) == ()


def test_an_answer_reopens_what_was_closed_while_waiting_for_it():
    assert status_after(Step.ANSWER, Status.CLOSED, Level.SECOND, closed_while_waiting=True) == Status.REOPENED
    assert level_after(Step.ANSWER, Status.CLOSED, Level.SECOND, closed_while_waiting=True) == Level.FIRST
    assert Step.ANSWER in steps_from(Status.CLOSED, closed_while_waiting=True)
    assert Step.REOPEN not in steps_from(Status.CLOSED, closed_while_waiting=True)


def test_having_waited_once_changes_nothing_about_the_other_states():
    for status in set(Status) - {Status.CLOSED}:
        assert steps_from(status, closed_while_waiting=True) == steps_from(status)


def test_an_answer_goes_back_to_the_level_that_asked():
    asked = status_after(Step.ASK, Status.IN_PROGRESS, Level.SECOND)
    assert status_after(Step.ANSWER, asked, Level.SECOND) == Status.IN_PROGRESS
    assert level_after(Step.ANSWER, asked, Level.SECOND) == Level.SECOND


@pytest.mark.parametrize(
    ("resolved_at", "last_day", "too_late"),
    [
        (berlin(2026, 3, 2, 9), date(2026, 3, 9), berlin(2026, 3, 10)),
        (berlin(2026, 3, 2, 0), date(2026, 3, 9), berlin(2026, 3, 10)),
        (berlin(2026, 3, 2, 23, 59), date(2026, 3, 9), berlin(2026, 3, 10)),
        (berlin(2026, 3, 25, 9), date(2026, 4, 1), datetime(2026, 4, 1, 22, tzinfo=UTC)),
        (berlin(2026, 10, 20, 9), date(2026, 10, 27), datetime(2026, 10, 27, 23, tzinfo=UTC)),
    ],
)
def test_a_solution_may_be_contested_to_the_end_of_the_seventh_day_in_dortmund(resolved_at, last_day, too_late):
    assert last_day_to_reopen(resolved_at) == last_day
    assert reopen_until(resolved_at) == too_late


def test_a_late_answer_is_taken_for_28_days():
    assert last_day_to_answer(berlin(2026, 3, 2, 9)) == date(2026, 3, 30)
    assert answer_until(berlin(2026, 3, 2, 9)) == datetime(2026, 3, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        ("person", "can_wait", "low"),
        ("person", "hampered", "normal"),
        ("person", "blocked", "high"),
        ("class", "can_wait", "normal"),
        ("class", "hampered", "normal"),
        ("class", "blocked", "high"),
        ("school", "can_wait", "normal"),
        ("school", "hampered", "high"),
        ("school", "blocked", "critical"),
    ],
)
def test_priority_follows_from_impact_and_urgency(impact, urgency, priority):
    assert priority_of(impact, urgency) == Priority(priority)
    assert priority_of(Impact(impact), Urgency(urgency)) == priority


@pytest.mark.parametrize(("impact", "urgency"), [("city", "blocked"), ("person", "soon")])
def test_there_is_no_priority_for_other_words(impact, urgency):
    with pytest.raises(ValueError, match="not a valid"):
        priority_of(impact, urgency)


def test_a_step_nobody_has_heard_of_is_not_a_question_of_state():
    with pytest.raises(ValueError, match="not a valid"):
        status_after("delete", Status.NEW)


def test_a_step_that_is_not_possible_is_refused_in_a_sentence_with_the_state():
    with pytest.raises(StepNotAllowed) as refusal:
        status_after(Step.RESOLVE, Status.CLOSED)
    assert refusal.value.step == Step.RESOLVE and refusal.value.status == Status.CLOSED
    with translation.override("en"):
        sentence = "“Record the solution” is not possible now. The report is in the state “Closed”."
        assert str(refusal.value) == sentence
