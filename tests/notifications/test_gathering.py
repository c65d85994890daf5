"""What is owed becomes mails people like: not at night, not too many, nothing lost."""

from collections import Counter
from datetime import time, timedelta
from random import Random

import pytest
from django.db import IntegrityError, transaction

from calendars.models import BusinessCalendar, OpeningHours
from calendars.reading import hours_of
from foundation.berlin import berlin_day
from notifications import commands, gathering
from notifications.models import Mail, OutboxMessage, Preference
from notifications.plan import plan
from notifications.topics import Topic
from notifications.waking import waking_of
from teams.models import Team
from tests.city import MONDAY, berlin
from tests.notifications.conftest import mails_of, minutes

SATURDAY, NEXT_MONDAY = berlin(2026, 3, 7, 11), berlin(2026, 3, 9, 7, 30)
EVENING, MORNING = berlin(2026, 3, 2, 20), berlin(2026, 3, 3, 7, 30)
ALWAYS = {"quiet": "never"}


def prefers(person, **wishes):
    commands.change_preference(person=person, at=MONDAY, **wishes)


class TestWhen:
    def test_several_messages_about_one_report_are_one_mail(self, city, office, mailoutbox):
        for about in ("DO-2026-1", "DO-2026-2", "DO-2026-1"):
            office.owe(city.manager, about)
        assert office.came() == [["DO-2026-1"], ["DO-2026-2"]]

    @pytest.mark.parametrize("at, opens", [(EVENING, MORNING), (SATURDAY, NEXT_MONDAY)])
    def test_nothing_comes_outside_the_service_hours(self, city, office, mailoutbox, at, opens):
        office.owe(city.manager, at=at)
        assert office.came(at) == office.came(opens - minutes(1)) == []
        assert office.came(opens) == [["DO-2026-1"]]

    def test_what_cannot_wait_comes_at_night(self, city, office, mailoutbox):
        office.owe(city.manager, "DO-2026-1", at=EVENING, urgent=True)
        office.owe(city.manager, "DO-2026-2", at=EVENING)
        assert office.came(EVENING) == [["DO-2026-1"]]
        assert office.came(MORNING) == [["DO-2026-2"]]

    def test_only_who_has_to_act_is_told_urgently(self, city, office, mailoutbox):
        office.owe(city.teacher, at=EVENING, urgent=True, topic=Topic.RESULTS)
        assert office.came(EVENING) == []

    def test_a_specialist_has_the_hours_of_the_team(self, city, office, mailoutbox):
        calendar = BusinessCalendar.objects.create(slug="spaet", name_de="Spätdienst")
        for weekday in range(5):
            OpeningHours.objects.create(calendar=calendar, weekday=weekday, opens=time(12), closes=time(21))
        Team.objects.filter(slug="network").update(calendar=calendar)
        for person in (city.specialist, city.tablet_specialist):
            office.owe(person, at=EVENING)
        office.round(EVENING)
        assert [mail.to for mail in mailoutbox] == [[f"Siri Switch <{city.specialist.email}>"]]

    @pytest.mark.parametrize(
        "quiet_from, quiet_until, at, expected",
        [
            (time(18), time(6), EVENING, berlin(2026, 3, 3, 6)),
            (time(12), time(14), berlin(2026, 3, 2, 13), berlin(2026, 3, 2, 14)),
            (time(12), time(14), EVENING, EVENING),
            (time(0), time(9), berlin(2026, 3, 3, 1), berlin(2026, 3, 3, 9)),
            (time(20), time(0), EVENING, berlin(2026, 3, 3)),
        ],
    )
    def test_quiet_hours_of_ones_own(self, city, office, mailoutbox, quiet_from, quiet_until, at, expected):
        prefers(city.manager, quiet="own", quiet_from=quiet_from, quiet_until=quiet_until)
        office.owe(city.manager, at=at)
        if expected > at:
            assert office.came(at) == office.came(expected - minutes(1)) == []
        assert office.came(expected) == [["DO-2026-1"]]

    def test_whoever_wants_no_rest_is_told_at_once(self, city, office, mailoutbox):
        prefers(city.manager, **ALWAYS)
        office.owe(city.manager, at=SATURDAY)
        assert office.came(SATURDAY) == [["DO-2026-1"]]

    def test_the_digest_comes_once_a_day_at_its_hour(self, city, office, mailoutbox):
        prefers(city.teacher, progress="digest", digest_at=time(14))
        for hour in (9, 10, 11):
            at = berlin(2026, 3, 2, hour)
            office.owe(city.teacher, f"DO-2026-{hour}", at=at, topic=Topic.PROGRESS)
            assert office.came(at) == []
        assert office.came(berlin(2026, 3, 2, 14)) == [["DO-2026-10", "DO-2026-11", "DO-2026-9"]]
        assert mails_of(city.teacher).get().kind == "digest"
        office.owe(city.teacher, at=berlin(2026, 3, 2, 15), topic=Topic.PROGRESS)
        assert office.came(berlin(2026, 3, 2, 15, 30)) == []
        assert office.came(berlin(2026, 3, 3, 14)) == [["DO-2026-1"]]

    def test_a_digest_of_the_weekend_comes_on_monday(self, city, office, mailoutbox):
        office.owe(city.teacher, at=berlin(2026, 3, 6, 15), topic=Topic.PROGRESS)
        assert office.came(berlin(2026, 3, 7, 8)) == office.came(berlin(2026, 3, 8, 12)) == []
        assert office.came(NEXT_MONDAY) == [["DO-2026-1"]]

    def test_what_is_not_wanted_stays_in_the_program_and_says_so(self, city, office, mailoutbox):
        prefers(city.teacher, questions="program")
        office.owe(city.teacher, topic=Topic.QUESTIONS)
        assert office.came() == []
        row = OutboxMessage.objects.get(channel="email")
        assert (row.settled_as, row.settled_at, row.mail) == ("not_wanted", MONDAY, None)
        assert OutboxMessage.objects.unread().filter(recipient=city.teacher).count() == 1

    def test_a_change_acts_on_what_still_waits(self, city, office, mailoutbox):
        office.owe(city.manager, at=EVENING)
        assert office.came(EVENING) == []
        commands.change_preference(person=city.manager, at=EVENING + minutes(5), **ALWAYS)
        assert office.came(EVENING + minutes(6)) == [["DO-2026-1"]]

    def test_we_never_write_to_ourselves(self, city, office, mailoutbox, settings):
        settings.DEFAULT_FROM_EMAIL = f"Campusruf <{city.manager.email.upper()}>"
        office.owe(city.manager)
        assert office.came() == []
        assert OutboxMessage.objects.get(channel="email").settled_as == "own_address"


class TestHowMany:
    def test_above_half_of_the_budget_they_are_bundled_every_half_hour(self, city, office, mailoutbox):
        prefers(city.manager, budget=10)
        for number in range(8):
            office.owe(city.manager, f"DO-2026-{number}")
        came = office.came()
        assert [len(about) for about in came] == [1] * 5 + [3]
        office.owe(city.manager, "DO-2026-8")
        assert office.came(MONDAY + minutes(1)) == office.came(MONDAY + minutes(29)) == []
        office.owe(city.manager, "DO-2026-9")
        assert office.came(MONDAY + minutes(31)) == [["DO-2026-8", "DO-2026-9"]]

    def test_a_used_up_budget_waits_for_the_next_morning_but_keeps_something_for_what_cannot_wait(
        self, city, office, mailoutbox
    ):
        prefers(city.manager, budget=5)
        at = MONDAY
        for number in range(20):
            office.owe(city.manager, f"DO-2026-{number}", at=at)
            office.round(at)
            at += minutes(15)
        assert len(mailoutbox) == 4
        office.owe(city.manager, "DO-2026-99", at=at, urgent=True)
        [about] = office.came(at)
        assert "DO-2026-99" in about
        office.owe(city.manager, "DO-2026-100", at=at, urgent=True)
        assert office.came(at + minutes(60)) == []
        assert office.came(MORNING) == [["DO-2026-100"]]

    def test_mails_that_could_not_be_sent_count_on_the_day_they_are(self, city, office, smtp):
        prefers(city.manager, budget=4, **ALWAYS)
        smtp.down()
        for number in range(9):
            office.owe(city.manager, f"DO-2026-{number}", at=EVENING)
            office.round(EVENING + timedelta(hours=number / 2))
        smtp.up()
        for hour in range(20):
            office.round(berlin(2026, 3, 3, 1) + timedelta(hours=hour))
        assert len(smtp.letters) <= 4

    def test_a_loop_about_one_report_is_cut_and_nothing_is_lost(self, city, office, mailoutbox):
        prefers(city.teacher, budget=50)
        for count in range(50):
            at = MONDAY + minutes(count)
            office.owe(city.teacher, "DO-2026-1", at=at)
            office.round(at)
        assert len(mailoutbox) == 6
        office.owe(city.teacher, "DO-2026-2", at=MONDAY + minutes(50))
        assert office.came(MONDAY + minutes(50)) == [["DO-2026-2"]]
        assert office.came(MONDAY + minutes(61)) == [["DO-2026-1"]]
        assert office.waits() == 0
        assert Mail.objects.latest("pk").messages.count() == 44

    def test_five_hundred_reports_in_a_minute(self, city, office, mailoutbox):
        """Nobody gets more than the budget on any day; every message is in the program and in exactly one mail."""
        for number in range(500):
            office.owe(city.manager, f"DO-2026-{number}", at=MONDAY, urgent=number % 2 == 0)
            if number % 150 == 0:
                office.round(MONDAY)
        at = MONDAY
        for number in range(150):
            office.round(at)
            at += minutes(30)
            if at < MONDAY + timedelta(days=1):
                office.owe(city.manager, f"DO-2026-1{number}", at=at)
        a_day = Counter(berlin_day(mail.sent_at) for mail in mails_of(city.manager))
        assert max(a_day.values()) <= 20
        owed = OutboxMessage.objects.filter(channel="email")
        assert office.waits() == 0 and not owed.filter(mail=None).exists()
        assert owed.count() == OutboxMessage.objects.unread().count() > 500
        told = sum(mail.messages.count() for mail in Mail.objects.filter(sent_at__isnull=False))
        assert told == owed.count()


class TestTheRows:
    def test_one_for_each_event_receiver_and_channel(self, city, office):
        from notifications import outbox

        for _ in range(2):
            outbox.post(
                recipients=[city.teacher.pk, city.manager.pk], kind="asked", about="DO-2026-1", effect="e", at=MONDAY
            )
        keys = sorted(OutboxMessage.objects.values_list("key", flat=True))
        assert keys == sorted(
            f"e:{person.pk}:{channel}" for person in (city.teacher, city.manager) for channel in ("in_app", "email")
        )

    @pytest.mark.parametrize(
        "facts",
        [
            {"channel": "in_app", "due_at": MONDAY},
            {"channel": "email", "due_at": None},
            {"channel": "email", "due_at": MONDAY, "read_at": MONDAY},
            {"channel": "email", "due_at": MONDAY, "settled_at": MONDAY},
            {"channel": "email", "due_at": MONDAY, "settled_as": "past"},
        ],
    )
    def test_the_database_holds_what_a_row_means(self, city, facts):
        row = {"key": "k", "recipient": city.teacher, "kind": "a", "about": "b", "created_at": MONDAY, **facts}
        with transaction.atomic(), pytest.raises(IntegrityError):
            OutboxMessage.objects.create(**row)

    def test_a_mail_ends_in_one_way_only(self, city):
        mail = Mail.objects.create(recipient=city.teacher, kind="single", created_at=MONDAY, due_at=MONDAY)
        mail.sent_at = mail.dropped_at = MONDAY
        with transaction.atomic(), pytest.raises(IntegrityError):
            mail.save()

    def test_one_person_whose_messages_cannot_be_gathered_holds_up_nobody(self, city, office, mailoutbox):
        Preference.objects.bulk_create([Preference(person=city.manager)])
        office.owe(city.manager)
        office.owe(city.teacher)
        OutboxMessage.objects.filter(recipient=city.manager).update(topic="unheard")
        office.round()
        assert [mail.to for mail in mailoutbox] == [[f"Tilda Tafel <{city.teacher.email}>"]]
        assert OutboxMessage.objects.owed().get().due_at == MONDAY + gathering.REST_AFTER_FAILURE


def test_in_a_year_of_school_life_nothing_comes_outside_the_hours_and_everything_comes(city):
    """With school and public holidays, both clock changes, and every topic; four messages a day, at any hour."""
    hours, chance = hours_of(), Random("a year")
    preference = Preference(person=city.manager)
    waking = waking_of(preference, hours)
    for day in range(365):
        for topic in (Topic.WORK, Topic.PROGRESS, Topic.REMINDERS, Topic.QUESTIONS):
            at = start = berlin(2026, 1, 1) + timedelta(days=day, seconds=chance.randrange(86_400))
            message = OutboxMessage(topic=topic, about="DO-2026-1", created_at=start)
            for _ in range(5):
                made = plan([message], preference=preference, waking=waking, sent=[], at=at)
                if made.mails:
                    break
                [(at, _message)] = made.waiting
            assert made.mails and hours.is_open(at)
            assert at - start < timedelta(days=7)
