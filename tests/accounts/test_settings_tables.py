"""Every list of the settings is taken along with what it shows, by administrators, and never unnoticed."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst

from accounts.admin_site import site
from accounts.commands.tokens import create_token
from accounts.models import AccountEvent, CityRole, User
from devices.models import Device
from pages.models import BarrierReport
from schools.models import Cover, Room, School, SchoolMembership
from teams.models import Team, TeamMembership
from tests.access.world import World
from tests.city import MONDAY, SINCE

ADMINS = sorted(site._registry.values(), key=lambda admin: admin.opts.label_lower)
FEW = 12  # statements, however many rows there are; two of them are the turn


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)


@pytest.fixture
def full(db, clock):
    """The small city with a few dozen rows of what there is much of."""
    world = World()
    people = User.objects.bulk_create(
        User(email=f"p{n}@city.example", first_name="=1+1", last_name=f"Person {n}") for n in range(30)
    )
    servers = Team.objects.get(slug="servers")
    for person in people:
        SchoolMembership.objects.create(person=person, school=world.kant, role="teacher", starts_on=SINCE)
        CityRole.objects.create(person=person, role="city_reader", starts_on=SINCE)
        TeamMembership.objects.create(person=person, team=servers, starts_on=SINCE)
        AccountEvent.objects.create(verb="signed_in", person=person, by=person, at=MONDAY)
    days = {"starts_on": world.absence.starts_on, "ends_on": world.absence.starts_on}
    Cover.objects.create(absence=world.absence, school=world.kant, substitute=world.manager, **days)
    Room.objects.bulk_create(Room(school=world.kant, name=f"R {n}") for n in range(30))
    School.objects.bulk_create(School(number=f"2000{n}", name=f"Schule {n}", form="other") for n in range(10, 40))
    Device.objects.bulk_create(
        Device(code=f"D-{n}", kind="tablet", school=world.kant, room=world.kant_room) for n in range(30)
    )
    BarrierReport.objects.create(reported_at=MONDAY, address="/login/", hindrance="Kontrast")
    return world


@pytest.fixture
def ada(full):
    client = Client()
    client.force_login(full.administrator)
    return client


def address_of(admin):
    return f"/settings/{admin.opts.app_label}/{admin.opts.model_name}/"


def download(client, admin, *keys, every=True, query=""):
    sent = {"action": "download_table", "index": "0", "select_across": "1" if every else "0"}
    return client.post(address_of(admin) + query, {**sent, "_selected_action": [str(key) for key in keys] or ["0"]})


def told(answer):
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("admin", ADMINS, ids=lambda admin: admin.opts.label_lower)
def test_a_table_has_the_rows_and_the_columns_of_its_list(full, ada, admin):
    page = ada.get(address_of(admin))
    if page.status_code == 302:  # of what there is one of, the list leads there
        assert admin.opts.label_lower == "pages.sitesettings"
        return
    shown = page.context["cl"]
    if not shown.result_count:
        return
    assert "download_table" in page.content.decode()
    with CaptureQueriesContext(connection) as captured:
        heading, *rows = told(download(ada, admin))
    statements = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= FEW, "\n".join(statements)
    assert len(heading) == len(admin.get_list_display(page.wsgi_request))
    assert all(title == capfirst(title) and "_" not in title for title in heading)
    taken = AccountEvent.objects.filter(verb="exported")
    # The list of what happened holds the record of its own export as well.
    own = admin.opts.label_lower == "accounts.accountevent"
    assert len(rows) == shown.result_count + own
    first = taken.earliest("pk")
    assert (first.by, first.data) == (
        full.administrator,
        {"what": f"settings:{admin.opts.label_lower}", "rows": shown.result_count},
    )
    text = "\n".join(";".join(row) for row in rows)
    assert "<a " not in text
    assert "None" not in text
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_chosen_rows_alone(full, ada):
    rows = told(download(ada, site._registry[User], full.teacher.pk, full.head.pk, every=False))
    assert [row[:2] for row in rows[1:]] == [[p.name, p.email] for p in (full.head, full.teacher)]
    assert AccountEvent.objects.get(verb="exported").data == {"what": "settings:accounts.user", "rows": 2}


def test_a_narrowed_list_is_told_as_that_without_the_words(full, ada):
    answer = download(ada, site._registry[User], query="?q=Tilda&is_active__exact=1&o=1&p=1")
    assert [row[0] for row in told(answer)[1:]] == ["Tilda Tafel"]
    event = AccountEvent.objects.get(verb="exported")
    assert event.data["asked"] == {"q": True, "is_active__exact": "1"}


def test_nothing_secret_is_in_any_table(full, ada):
    key, secret = create_token(person=full.teacher, name="Skript", by=full.teacher, at=MONDAY)
    for admin in ADMINS:
        if admin.opts.label_lower == "pages.sitesettings":
            continue
        text = download(ada, admin).getvalue().decode()
        assert secret not in text and key.digest not in text
        assert full.teacher.password not in text and "md5$" not in text and "argon2" not in text


def test_the_administrator_reads_who_took_what(full, ada):
    download(ada, site._registry[Room]).getvalue()
    page = ada.get("/settings/accounts/accountevent/?verb=exported").content.decode()
    assert "settings:schools.room" in page and full.administrator.name in page


@pytest.mark.parametrize("who", ["coordinator", "helpdesk", "manager", "teacher"])
def test_for_nobody_else_there_is_such_a_list(full, who, client):
    client.force_login(getattr(full, who))
    assert download(client, site._registry[User]).status_code == 404
    assert not AccountEvent.objects.filter(verb="exported").exists()


def test_promises_are_still_not_deleted_by_the_dozen(full, ada):
    for label in ("tickets.slapolicy", "accounts.accountevent", "tickets.policyversion"):
        admin = next(admin for admin in ADMINS if admin.opts.label_lower == label)
        assert "delete_selected" not in ada.get(address_of(admin)).content.decode()
