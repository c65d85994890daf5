"""What hot pages ask is answered by the index made for it, however many reports there are.

Asked of what the pages really send, among thousands of reports of three years: each statement is run under EXPLAIN.
"""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from campuses.models import Campus, CampusAssignment
from helpdesk.seed.bulk import add_bulk
from notifications import delivery
from notifications.models import OutboxMessage
from schools.models import Room, School, SchoolMembership
from tests.city import MONDAY, SINCE, City
from tests.plans import LARGE, statements
from tickets import letters
from tickets.commands.recompute import measure_some
from tickets.commands.sweep import sweep
from tickets.models.words import NEWEST

pytestmark = pytest.mark.django_db

MANY, SCHOOLS = 5000, 60
NOW = MONDAY + timedelta(hours=2)
#: Rows of large tables a page may look at: 25 of a list with what belongs to them, and the open ones it counts.
FEW = 700
SEARCHED = FEW + NEWEST
STATEMENTS = 10

#: Who asks for what, the indexes that must answer it, and how many rows of large tables it may look at.
PAGES = [
    ("teacher", "/tickets/", {"reports_of_a_person"}, FEW),
    ("teacher", "/tickets/{number}/", {"a_clock_starts_once"}, FEW),
    ("contact", "/tickets/?school=100001", {"reports_of_a_school"}, FEW),
    ("contact", "/tickets/?q=Phishing", {"words_of_a_report"}, SEARCHED),
    ("head", "/schools/100001/", set(), FEW),
    ("head", "/schools/100001/statistics/", set(), FEW),
    ("manager", "/queue/", {"queue_of_a_school_by_due", "solved_at_the_second_level"}, FEW),
    ("manager", "/queue/?tab=solved", {"solved_at_the_second_level"}, FEW),
    ("manager", "/tickets/?status=merged", {"reports_in_a_state"}, FEW),
    ("manager", "/tickets/new/?school=100001", {"recent_reports_of_a_room"}, FEW),
    ("manager", "/notices/", {"notices_of_a_person", "unread_notices_of_a_person"}, FEW),
    ("helpdesk", "/tickets/", set(), FEW),
    ("helpdesk", "/tickets/{number}/", set(), FEW),
    ("helpdesk", "/tickets/?q=Phishing", {"words_of_a_report"}, SEARCHED),
    ("helpdesk", "/tickets/?q=WLAN", set(), SEARCHED),
    ("helpdesk", "/tickets/?q={number}", {"words_of_a_report"}, SEARCHED),
    ("helpdesk", "/tickets/?status=merged", {"reports_in_a_state"}, FEW),
    ("helpdesk", "/api/v1/tickets/?priority=critical&status=merged", {"reports_in_a_state"}, FEW),
    ("helpdesk", "/api/v1/tickets/?category=security", {"reports_of_a_category"}, FEW),
    ("helpdesk", "/api/v1/tickets/?ordering=due_at", {"reports_by_due_time"}, FEW),
    ("helpdesk", "/calls/?school=100001", set(), FEW),
    ("specialist", "/triage/", {"open_reports_ever_handed_over"}, FEW),
    ("specialist", "/triage/?view=all", {"open_reports_ever_handed_over"}, FEW),
    ("specialist", "/tickets/{number}/", set(), FEW),
    ("coordinator", "/tickets/", set(), FEW),
    ("coordinator", "/campuses/responsibility/", set(), FEW),
]


def spread(city):
    """Add schools with somebody who reports there, so that one school or one person is a small part of the whole."""
    campuses = Campus.objects.bulk_create(Campus(slug=f"c{n}", name=f"Campus {n}") for n in range(SCHOOLS // 10))
    CampusAssignment.objects.bulk_create(
        CampusAssignment(person=city.asseln_manager, campus=campus, starts_on=SINCE) for campus in campuses
    )
    schools = School.objects.bulk_create(
        School(
            number=f"{200_000 + n}", name=f"Schule {n}", form="grundschule", campus=campuses[n // 10], city="Dortmund"
        )
        for n in range(SCHOOLS)
    )
    Room.objects.bulk_create(Room(school=school, name=f"R {n}") for school in schools for n in range(5))
    people = User.objects.bulk_create(
        User(email=f"lehrkraft-{n}@city.example", first_name="Petra", last_name=f"Person-{n}")
        for n in range(3 * SCHOOLS)
    )
    SchoolMembership.objects.bulk_create(
        SchoolMembership(person=person, school=schools[n // 3], role="teacher", starts_on=SINCE)
        for n, person in enumerate(people)
    )


@pytest.fixture(scope="module")
def many(django_db_setup, django_db_blocker):
    """The city with thousands of reports and messages; each test is a savepoint, and in the end all is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            # What earlier tests left on the disk would be weighed as well.
            cursor.execute("TRUNCATE tickets_ticket, notifications_outboxmessage, notifications_mail CASCADE")
        city = City()
        spread(city)
        add_bulk(MANY, now=NOW, years=3, seed="1")
        city.newest = city.escalated(at=NOW - timedelta(minutes=5))
        OutboxMessage.objects.bulk_create(
            OutboxMessage(key=f"{n}", recipient=(city.helpdesk, city.manager)[n % 50 == 0], kind="x", created_at=NOW)
            for n in range(MANY)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            # Thousands of rows may be read as a whole, a million may not.
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield city
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def plans_of(ask):
    """Return the plans of all that is read meanwhile."""
    with statements() as sent:
        ask()
    return [statement.plan(run=True) for statement in sent if statement.reads]


def held(plans, indexes, most):
    whole = {table for plan in plans for table in plan.read_whole}
    assert not whole & LARGE
    assert indexes <= {name for plan in plans for name in plan.indexes}
    looked_at = {plan.told["Plan"]["Node Type"]: plan.looked_at for plan in plans if plan.looked_at}
    assert sum(plan.looked_at for plan in plans) <= most, looked_at


@pytest.mark.parametrize(("who", "address", "indexes", "most"), PAGES)
def test_a_page_looks_at_what_it_shows(many, who, address, indexes, most):
    client = Client()
    client.force_login(getattr(many, who))
    client.get("/account/")  # the first page of a session writes it
    address = address.format(number=many.newest.number)
    plans = plans_of(lambda: client.get(address))
    held(plans, indexes, most)
    assert len(plans) <= STATEMENTS
    assert client.get(address).status_code == 200


def test_the_sweep_finds_what_is_due_by_its_index(many):
    held(plans_of(lambda: sweep(at=NOW, limit=1)), {"clocks_with_a_step_due"}, FEW)


def test_the_post_office_finds_what_is_owed_by_its_indexes(many):
    plans = plans_of(lambda: delivery.deliver_outbox(at=NOW + timedelta(days=1), compose=letters.compose))
    held(plans, {"messages_owed_by_mail", "mails_to_send"}, FEW)


def test_what_was_not_measured_yet_is_found_by_its_index(many):
    held(plans_of(measure_some), {"clocks_to_measure"}, FEW)
