"""Tells the reports of Kirchlinde and Asseln, one by one as `tales` has them."""

from collections.abc import Iterator
from random import Random

from helpdesk.seed import pictures
from helpdesk.seed.people import DOMAIN
from helpdesk.seed.phrases import Phrase, saying
from helpdesk.seed.play import Course, Stage, Story
from helpdesk.seed.tale import Tale
from helpdesk.seed.tales import KIRCHLINDE
from helpdesk.seed.tales_asseln import ASSELN

TALES = (*KIRCHLINDE, *ASSELN)


def stories(stage: Stage, lot: Random) -> Iterator[Story]:
    """Yield the stories whose school and people are there."""
    told: dict[tuple[str, str], Course] = {}
    for tale in TALES:
        school = stage.schools.get(tale.school)
        reporter = _reporter(stage, tale, told, lot)
        if school is not None and (reporter is not None or tale.caller):
            phrase = saying(tale.words)
            course = Course(stage, school, reporter, phrase, lot)
            told[tale.school, phrase.text] = course
            yield _told(course, tale, phrase, told)


def _reporter(stage, tale, told, lot):
    if tale.caller:
        return None
    if tale.reporter:
        return stage.by_account.get(f"{tale.reporter}@{DOMAIN}")
    school = stage.schools.get(tale.school)
    teachers = stage.members.get((school.pk, "teacher"), []) if school else []
    if tale.merged_into:  # two have reported the same
        first = told[tale.school, saying(tale.merged_into).text].reporter
        teachers = [person for person in teachers if person != first] or teachers
    return lot.choice(teachers) if teachers else None


def _told(course: Course, tale: Tale, phrase: Phrase, told: dict) -> Story:
    stage = course.stage
    yield (at := stage.ago(tale.ago))
    by = stage.account(tale.by) if tale.by else None
    caller = {}
    if tale.caller:
        by, caller = stage.helpdesk[0], {"caller_name": tale.caller, "caller_phone": "0231 000-199"}
    photos = [getattr(pictures, tale.picture)()] if tale.picture else []
    facts = {"impact": phrase.impact, "urgency": "hampered", **tale.facts}
    course.report(at, by=by, room=_room(course, tale, phrase), photos=photos, **caller, **facts)
    if tale.merged_into:
        target = told[tale.school, saying(tale.merged_into).text]
        yield (at := stage.ago(tale.ago - 40))
        course.merge(at, target.ticket)
    for ago, name, words in tale.steps:
        yield (at := stage.ago(ago))
        getattr(course, name)(at, *words)


def _room(course, tale, phrase) -> str:
    if tale.room is not None:
        return tale.room
    rooms = course.stage.rooms.get(course.school.pk, {})
    if phrase.usual_room in rooms:
        return phrase.usual_room
    return course.lot.choice([name for name, room in rooms.items() if room.building] or [""])
