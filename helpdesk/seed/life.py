"""Some weeks of ordinary life: what is reported where, who does what with it and how it ends is drawn by lot.

Each story is told to its end; what lies after today is simply not played. So reports of the last days are still open,
in just the states reports are in at that age.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from calendars.models import SchoolHoliday
from foundation.berlin import BERLIN, berlin_day
from helpdesk.seed import packets
from helpdesk.seed.phrases import Phrase, draw
from helpdesk.seed.play import Course, Stage, Story
from schools.models import School
from tickets.lifecycle import reopen_until

WEEKS = 6
IN_HOLIDAYS = 0.15  # of what is reported on a school day
PILOT_WEIGHT = 1.6  # the pilot campuses have reported for longer and report more
#: When reports come in: start of the hour, weight. Few write in the evening.
HOURS = ((7.5, 20), (8, 22), (9, 18), (10, 14), (11, 12), (12, 9), (13, 7), (14, 4), (15, 2), (18, 1), (20, 1))

FATES = {
    "solved": 50,
    "asked": 13,
    "handed_over": 21,
    "given_back": 3,
    "waits": 5,
    "withdrawn": 4,
    "closed": 2,
    "unanswered": 2,
}
TOLD = (
    "Ich bin heute im Haus und sehe es mir an.",
    "Danke für die Meldung. Ich melde mich bis zum Mittag.",
    "Ich habe das Gerät aus der Ferne geprüft und komme morgen vorbei.",
    "Bis dahin können Sie das Ersatzgerät aus dem Medienraum nehmen.",
    "Ein Ersatzkabel liegt im Sekretariat für Sie bereit.",
)
NOTED = (
    "Firmwarestand notiert. Bei Wiederholung weitergeben.",
    "Gleiche Störung wie im Nachbarraum, gemeinsamer Verteiler.",
    "Gerät ist über fünf Jahre alt, beim nächsten Rollout tauschen.",
    "Steckdosenleiste war aus. Hinweis an die Hausmeisterei gegeben.",
    "Messung im Raum gemacht, Empfang an der Fensterseite schwach.",
)
ASKED = (
    ("Tritt das auch an einem anderen Gerät im selben Raum auf?", "Ja, beim zweiten Gerät genauso."),
    ("Was genau steht auf dem Bildschirm?", "Nur ein Fehlercode: 0x8007. Ein Foto habe ich nicht."),
    ("Seit wann ist das so, und wurde etwas umgesteckt?", "Seit Montag. Umgesteckt wurde nichts."),
    ("Welche Inventarnummer steht auf dem Aufkleber?", "Der Aufkleber ist abgerieben, es ist das Gerät am Pult."),
    ("Wann ist der Raum frei, damit ich es prüfen kann?", "Ab der sechsten Stunde."),
)
RETURNED = (
    "Aus der Ferne ist nichts zu sehen. Bitte vor Ort das Netzwerkkabel tauschen und erneut prüfen.",
    "Das Gerät ist in der Verwaltung richtig eingetragen. Bitte einmal zurücksetzen.",
)
WITHDRAWN = ("Hat sich erledigt, der Stecker war lose.", "Geht wieder, wurde von selbst besser.", "")
CLOSED = ("Doppelt gemeldet, die andere Meldung läuft weiter.", "Das Gerät gehört dem Förderverein, nicht der Stadt.")
REOPENED = ("Heute früh wieder dasselbe.", "Im Nachbarraum geht es, bei uns immer noch nicht.")
PARTIES = ("Hersteller des Displays", "Glasfaseranbieter", "Reparaturdienst", "Lieferung Ersatzgerät", "Hausmeisterei")


def lives(stage: Stage, count: int, lot: Random) -> Iterator[Story]:
    """Yield `count` stories, as they begin, over the last weeks and all schools."""
    schools = list(stage.schools.values())
    weights = list(accumulate((school.students or 200) ** 0.7 * _weight(school) for school in schools))
    said: set[tuple[str, str]] = set()
    for at in moments(count, stage.now, lot):
        school = lot.choices(schools, cum_weights=weights)[0]
        teachers = stage.members.get((school.pk, "teacher"))
        if not teachers:
            continue
        phrase = _fresh_phrase(school, said, lot)
        course = Course(stage, school, lot.choice(teachers), phrase, lot)
        yield life(course, at, lot.choices(list(FATES), weights=FATES.values())[0])


def _fresh_phrase(school: School, said: set, lot: Random) -> Phrase:
    """Return a phrase nobody has used at this school, if there is one; the same words twice would look made up.

    What is confidential is told in `stories`, not drawn.
    """
    for _ in range(20):
        phrase = draw(lot)
        if phrase.category != "security" and (school.number, phrase.text) not in said:
            break
    said.add((school.number, phrase.text))
    return phrase


def moments(count: int, now: datetime, lot: Random) -> list[datetime]:
    """Return instants of the last weeks at which people report something, in order."""
    today = berlin_day(now)
    days = [today - timedelta(days=back) for back in range(WEEKS * 7, -1, -1)]
    free = school_free_days()
    slots = [(day, hour) for day in days for hour, _ in HOURS]
    weights = list(accumulate(day_weight(day, free) * weight for day in days for _, weight in HOURS))
    found = []
    while len(found) < count:
        day, hour = lot.choices(slots, cum_weights=weights)[0]
        start = datetime.combine(day, time(int(hour), int(hour % 1 * 60)), tzinfo=BERLIN)
        at = start + timedelta(seconds=lot.randrange(55 * 60))
        if at <= now:
            found.append(at)
    return sorted(found)


def life(course: Course, at: datetime, fate: str) -> Story:
    """Tell one report from its first moment to its end."""
    stage, lot = course.stage, course.lot
    yield at
    by_phone = lot.random() < 0.1 and stage.helpdesk
    _report(course, at, by_phone)
    if course.category.is_known_fault and lot.random() < 0.2:
        for _ in range(lot.randint(1, 2)):
            yield (at := at + timedelta(seconds=lot.randint(60, 600)))
            course.join(at)
    if fate == "withdrawn":
        yield (at := _later(stage, at, lot, 30, 300))
        course.withdraw(at, lot.choice(WITHDRAWN))
        return
    if by_phone and fate == "solved" and lot.random() < 0.6:
        yield (at := _later(stage, at, lot, 3, 15))
        course.solve(at, by=lot.choice(stage.helpdesk))
        yield from _end(course, at)
        return
    yield (at := stage.after(at, patience(course.ticket.priority, lot)))
    course.take(at)
    if lot.random() < 0.3:
        yield (at := at + timedelta(seconds=lot.randint(20, 90)))
        course.tell(at, lot.choice(TOLD))
    yield from _middle(course, at, fate)


def _middle(course, at, fate) -> Story:
    stage, lot = course.stage, course.lot
    if fate == "closed":
        yield (at := _later(stage, at, lot, 20, 400))
        course.close(at, lot.choice(CLOSED))
        return
    if fate in ("asked", "unanswered"):
        question, answer = lot.choice(ASKED)
        yield (at := _later(stage, at, lot, 10, 120))
        course.ask(at, question)
        if fate == "unanswered":
            yield stage.after(at, 5 * 510)  # it closes by itself
            return
        yield (at := _later(stage, at, lot, 20, 900))
        course.answer(at, answer)
    if fate in ("handed_over", "given_back"):
        yield (at := _later(stage, at, lot, 60, 500))
        course.hand_over(at, lot.choice(packets.TRIED))
        yield (at := _later(stage, at, lot, 30, 700))
        course.take_over(at)
        if lot.random() < 0.2:
            question, answer = lot.choice(packets.ASKED)
            yield (at := _later(stage, at, lot, 5, 60))
            course.ask_manager(at, question)
            yield (at := _later(stage, at, lot, 20, 400))
            course.reply(at, answer)
        if lot.random() < 0.15:
            yield (at := _later(stage, at, lot, 30, 200))
            course.pass_on(at, _other_team(course), lot.choice(packets.PASSED_ON))
            yield (at := _later(stage, at, lot, 30, 400))
            course.take_over(at)
        if fate == "given_back":
            yield (at := _later(stage, at, lot, 30, 300))
            course.give_back(at, lot.choice(RETURNED))
    if fate == "waits":
        yield (at := _later(stage, at, lot, 60, 300))
        days = lot.randint(3, 9)
        course.wait(at, lot.choice(PARTIES), days, lot.choice(("", f"Demo-{lot.randint(1000, 9999)}")))
        yield (at := stage.after(at + timedelta(days=days - 1), lot.randint(10, 300)))
        course.resume(at)
    work = effort(lot)
    if lot.random() < 0.25:
        yield (at := stage.after(at, work / 2))
        course.note(at, lot.choice(NOTED))
        work /= 2
    yield (at := stage.after(at, work))
    course.solve(at)
    yield from _end(course, at)


def _end(course, solved_at, again=True) -> Story:
    """Let the reporter confirm, contest or keep silent."""
    stage, lot = course.stage, course.lot
    outcome, too_late = lot.random(), reopen_until(solved_at)
    if again and outcome < 0.05:
        yield (at := min(_later(stage, solved_at, lot, 60, 1000), too_late - timedelta(hours=9)))
        course.reopen(at, lot.choice(REOPENED))
        yield (at := _later(stage, at, lot, 20, 240))
        course.take(at)
        yield (at := _later(stage, at, lot, 60, 900))
        course.solve(at)
        yield from _end(course, at, again=False)
        return
    confirmed_at = stage.after(solved_at, lot.expovariate(1 / 300))
    if outcome < 0.6 and confirmed_at < too_late:
        yield confirmed_at
        course.confirm(confirmed_at)
    else:
        yield too_late  # it closes by itself


def _report(course, at, by_phone) -> None:
    lot, phrase = course.lot, course.phrase
    by = lot.choice(course.stage.helpdesk) if by_phone else None
    contacts = course.stage.members.get((course.school.pk, "contact"))
    if by is None and contacts and lot.random() < 0.08:
        by = lot.choice(contacts)
    course.report(at, by=by, room=room_for(course, phrase), impact=phrase.impact, urgency=phrase.urgency(lot))


def room_for(course: Course, phrase: Phrase) -> str:
    """Return where it is: what the words say, a classroom, or nothing for what one carries about."""
    rooms = course.stage.rooms.get(course.school.pk, {})
    if phrase.named_room or phrase.usual_room in rooms:
        return phrase.named_room or phrase.usual_room
    if phrase.category in ("account", "iserv", "advice", "device-incident") or not rooms:
        return ""
    if phrase.category in ("tablet", "software", "computer") and course.lot.random() < 0.5:
        return ""
    classrooms = [name for name, room in rooms.items() if room.building]
    return course.lot.choice(classrooms or list(rooms))


def patience(priority: str, lot: Random) -> float:
    """Return after how many minutes of service time somebody takes it; mostly within the promise."""
    usual = {"critical": 9, "high": 35, "normal": 130, "low": 300}[priority]
    return min(1200, usual * lot.lognormvariate(0, 0.75))


def effort(lot: Random) -> float:
    """Return how many minutes of service time pass until it is solved."""
    return min(4000, lot.lognormvariate(5.7, 0.95))


def _other_team(course: Course) -> str:
    """Return another team that has somebody who takes it over."""
    staffed = course.stage.specialists
    slugs = [slug for slug, team in course.stage.teams.items() if team.pk in staffed and team != course.team]
    return course.lot.choice(slugs)


def _later(stage, at, lot, least, most) -> datetime:
    return stage.after(at, lot.uniform(least, most))


def _weight(school: School) -> float:
    return PILOT_WEIGHT if school.campus.slug in ("kirchlinde", "asseln", "aplerbeck", "scharnhorst") else 1.0


def day_weight(day: date, free: set[date]) -> float:
    if day.weekday() >= 5:
        return 0.01
    return IN_HOLIDAYS if day in free else (1.3 if day.weekday() == 0 else 1.0)


def school_free_days() -> set[date]:
    days = set()
    for first, last in SchoolHoliday.objects.values_list("starts_on", "ends_on"):
        days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return days
