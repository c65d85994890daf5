"""The button that takes a list along: at the foot of each list, in nobody's way, and a file comes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campuses.models import Absence
from schools.models import Cover, Room
from textmodules.commands import add_own_text

LISTS = [
    ("teacher", "/tickets/", "meldungen-"),
    ("contact", "/tickets/?q=Beamer&status=open", "meldungen-"),
    ("teacher", "/tickets/{ticket}/clocks/", "fristen-do-"),
    ("teacher", "/notices/", "mitteilungen-"),
    ("contact", "/schools/100001/rooms/", "räume-100001-"),
    ("contact", "/schools/100001/contacts/", "ansprechpersonen-100001-"),
    ("manager", "/queue/", "meldungen-zu-tun-"),
    ("helpdesk", "/schools/", "schulen-"),
    ("specialist", "/triage/", "meldungen-systemhaus-"),
    ("manager", "/texts/", "textbausteine-"),
    ("coordinator", "/campuses/", "campus-"),
    ("coordinator", "/campuses/map/", "schulen-nach-stadtbezirk-"),
    ("coordinator", "/campuses/absences/", "abwesenheiten-"),
    ("coordinator", "/campuses/absences/{absence}/", "abwesenheit-mona-mobil-"),
    ("coordinator", "/campuses/responsibility/", "offene-meldungen-"),
]


@pytest.fixture
def names(city):
    """Something in every list, with a second page of reports."""
    now = timezone.now()
    for number in range(27):
        room = (city.a204, city.b112)[number % 2]
        at = now - timedelta(hours=number)
        ticket = city.report(at=at, room=room, description=f"Der Beamer summt im {number}. Ton")
    city.escalated(at=now - timedelta(minutes=9))
    Room.objects.create(school=city.brecht, name="Aula", building="Altbau", active=False)
    today = timezone.localdate()
    absence = Absence.objects.create(
        person=city.manager, starts_on=today + timedelta(days=7), ends_on=today + timedelta(days=12)
    )
    Cover.objects.create(
        absence=absence,
        school=city.brecht,
        substitute=city.asseln_manager,
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
    )
    add_own_text(title="Gruß", body="Guten Tag", kinds=["message"], by=city.manager, at=now)
    return {"ticket": ticket.number, "absence": absence.pk}


def test_a_file_comes_of_it(city, names, page, sign_in, live_server, check_page, pictures):
    wrong = []
    for who, address, begins in LISTS:
        sign_in(page, getattr(city, who))
        page.goto(live_server.url + address.format(**names))
        button = page.get_by_role("button", name="Als Tabelle herunterladen (CSV)")
        if button.count() != 1:
            wrong.append((address, button.count()))
            continue
        check_page(page)
        pictures(page, f"export-{who}{address.partition('?')[0].replace('/', '-')}")
        with page.expect_download() as download:
            button.click()
        if not download.value.suggested_filename.startswith(begins):
            wrong.append((address, download.value.suggested_filename))
        lines = download.value.path().read_text("utf-8-sig").splitlines()
        if len(lines) < 2:
            wrong.append((address, lines))
    assert not wrong


def test_in_the_settings_too(city, page, sign_in, live_server, pictures):
    sign_in(page, city.administrator)
    page.goto(live_server.url + "/settings/accounts/user/")
    pictures(page, "export-settings")
    page.get_by_label("Alle auswählen").or_(page.locator("#action-toggle")).first.check()
    page.locator("select[name=action]").select_option("download_table")
    with page.expect_download() as download:
        page.locator("button[name=index]").click()
    assert download.value.suggested_filename.endswith(".csv")
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert any(city.teacher.email in line for line in lines)
