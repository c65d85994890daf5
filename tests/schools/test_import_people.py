"""The import of people: one role a row, each row completely or not at all, and every role in the history."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from accounts.models import AccessMail, AccountEvent, CityRole, User
from campuses.models import Campus, CampusAssignment
from foundation.berlin import berlin_day
from schools import memberships
from schools.duties import viewer_of
from schools.models import SchoolMembership
from schools.viewer import Role
from teams.models import TeamMembership
from tests.city import MONDAY, SINCE

HEADER = "email,first_name,last_name,phone,role,scope,from,until\n"
EVENTS = AccountEvent.Verb


@pytest.fixture
def take(city, tmp_path):
    def run(text, *arguments, header=HEADER):
        path = tmp_path / "people.csv"
        path.write_bytes(text if isinstance(text, bytes) else (header + text).encode())
        out = StringIO()
        with translation.override("en"):
            call_command("import_people", path, *arguments, stdout=out)
        return out.getvalue()

    return run


def everybody():
    models = (User, CityRole, SchoolMembership, CampusAssignment, TeamMembership, AccountEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def person(email):
    return User.objects.get(email=email)


@pytest.mark.parametrize("role", Role.values)
def test_each_of_the_nine_roles_can_be_granted_where_it_belongs(city, take, role):
    Campus.objects.create(slug="aplerbeck", name="Aplerbeck")  # nobody looks after it yet
    scope = {"campus_manager": "aplerbeck", "second_level": "tablets"}.get(role, "")
    if role in ("teacher", "contact", "head"):
        scope = city.widey.number
    said = take(f"neu@demo.example,Nele,Neu,,{role},{scope},2026-01-01,\n")
    assert "Line 2: neu@demo.example: new (new: person; new: " in said
    assert viewer_of(person("neu@demo.example"), MONDAY).roles == [role]
    event = AccountEvent.objects.get(person__email="neu@demo.example", verb=EVENTS.ROLE_GRANTED)
    assert event.data["role"] == role
    assert event.data["starts_on"] == "2026-01-01"


def test_a_person_of_several_roles_has_several_rows(city, take):
    said = take(
        f"vera@demo.example,Vera,Viel,0231 000-1,teacher,{city.widey.number},2026-01-01,2026-07-31\n"
        f"VERA@demo.example,Vera,Viel,,head,{city.kant.number},01.02.2026,\n"
        "vera@demo.example,,,,city_reader,,2026-01-01,\n"
    )
    assert "3 rows: 3 new, 0 changed, 0 unchanged, 0 refused" in said
    vera = person("vera@demo.example")
    assert (vera.name, vera.phone) == ("Vera Viel", "0231 000-1")
    assert not vera.has_usable_password()
    assert list(vera.school_memberships.order_by("starts_on").values_list("role", "starts_on", "ends_on")) == [
        ("teacher", date(2026, 1, 1), date(2026, 7, 31)),
        ("head", date(2026, 2, 1), None),
    ]
    verbs = vera.account_events.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [EVENTS.CREATED, *[EVENTS.ROLE_GRANTED] * 3]


def test_semicolons_are_as_good_as_commas(city, take):
    take("neu@demo.example;Nele;Neu;;helpdesk;;;\n", header=HEADER.replace(",", ";"))
    role = CityRole.objects.get(person__email="neu@demo.example")
    assert (role.role, role.starts_on) == ("helpdesk", berlin_day(timezone.now()))


def test_the_same_file_twice_changes_nothing(city, take):
    text = (
        f"a@demo.example,Anna,Apfel,,teacher,{city.widey.number},2026-01-01,\n"
        f"a@demo.example,Anna,Apfel,,contact,{city.widey.number},,\n"
        "b@demo.example,Bert,Birne,,coordinator,,,\n"
        "c@demo.example,Cora,Clementine,,,,,\n"
    )
    take(text)
    before = everybody()
    assert "4 rows: 0 new, 0 changed, 4 unchanged, 0 refused" in take(text)
    assert everybody() == before


def test_a_campus_is_found_by_its_name_and_is_not_given_away_twice(city, take):
    said = take(
        "m@demo.example,Mia,Mobil,,campus_manager,ASSELN,2027-01-01,\n"
        "t@demo.example,Tom,Tür,,teacher,100001,2026-01-01,\n"
    )
    assert "Line 2: m@demo.example: refused (Somebody already looks after this campus in that period." in said
    assert "1 new" in said and "1 refused" in said
    assert not User.objects.filter(email="m@demo.example").exists()  # not even without the role
    assert person("t@demo.example")
    assert CampusAssignment.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("kein-at-zeichen,Nele,Neu,,teacher,100001,,", "“kein-at-zeichen” is not an e-mail address"),
        (",Nele,Neu,,teacher,100001,,", "is not an e-mail address"),
        ("n@demo.example,Nele,,,teacher,100001,,", "first and last name of a new person are missing"),
        ("n@demo.example,Nele,Neu,,teacher,999999,,", "there is no school with the number “999999”"),
        ("n@demo.example,Nele,Neu,,teacher,,,", "there is no school with the number “”"),
        ("n@demo.example,Nele,Neu,,campus_manager,nirgends,,", "there is no campus “nirgends”"),
        ("n@demo.example,Nele,Neu,,second_level,keins,,", "there is no team “keins”"),
        ("n@demo.example,Nele,Neu,,king,,,", "there is no role “king”; the roles are campus_manager, helpdesk"),
        ("n@demo.example,Nele,Neu,,helpdesk,100001,,", "leave the scope empty"),
        ("n@demo.example,Nele,Neu,,helpdesk,,2026-02-30,", "“2026-02-30” is not a date"),
        ("n@demo.example,Nele,Neu,,helpdesk,,2026-02-01,2026-01-31", "the last day lies before the first day"),
        ("n@demo.example," + "x" * 81 + ",Neu,,helpdesk,,,", "The text is too long"),
        ("n@demo.example,Nele", "the row has 2 columns, the header 8"),
        ("gut@demo.example,Anders,Gut,,head,100001,,", "in line 2 this address has another name"),
        ("kolja.kreide@city.example,,,,teacher,100001,2025-09-01,", "already has this role at this school"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_leaves_nothing_behind(city, take, row, reason):
    good = "gut@demo.example,Gerda,Gut,,teacher,100001,2026-01-01,\n"
    before = User.objects.count()
    said = take(f"{good}{row}\n")
    assert "Line 3:" in said and reason in said
    assert "1 new, 0 changed, 0 unchanged, 1 refused" in said
    assert User.objects.count() == before + 1


def test_a_role_whose_last_day_moved_is_changed_and_the_history_says_so(city, take):
    row = "tilda.tafel@city.example,Tilda,Tafel,,teacher,100001,2025-08-01,"
    said = take(f"{row}2027-07-31\n")
    assert "changed (Teacher, Bert-Brecht-Gymnasium: last day)" in said
    assert city.teacher.school_memberships.get().ends_on == date(2027, 7, 31)
    event = AccountEvent.objects.get(person=city.teacher, verb=EVENTS.ROLE_WITHDRAWN)
    assert event.data["ends_on"] == "2027-07-31"


def test_a_new_name_or_number_is_taken_over_and_noted(city, take):
    said = take("tilda.tafel@city.example,Tilda,Tafel-Schwamm,0231 000-7,,,,\n")
    assert "changed (last name; phone)" in said
    city.teacher.refresh_from_db()
    assert (city.teacher.last_name, city.teacher.phone) == ("Tafel-Schwamm", "0231 000-7")
    assert AccountEvent.objects.get(verb=EVENTS.CHANGED).data["fields"] == ["last_name", "phone"]


def test_only_the_new_are_invited(city, take):
    said = take("neu@demo.example,Nele,Neu,,,,,\ntilda.tafel@city.example,,,,,,,\n", "--invite")
    assert "1 invitation is on its way." in said
    assert list(AccessMail.objects.values_list("email", "kind")) == [("neu@demo.example", "invitation")]
    take("neu@demo.example,Nele,Neu,,,,,\n", "--invite")
    assert AccessMail.objects.count() == 1


def test_a_trial_run_stores_and_sends_nothing(city, take):
    before = everybody()
    said = take(f"neu@demo.example,Nele,Neu,,head,{city.widey.number},,\n", "--dry-run", "--invite")
    assert "Line 2: neu@demo.example: new" in said and "nothing was stored" in said
    assert everybody() == before
    assert not AccessMail.objects.exists()


def test_a_closed_account_gets_no_role(city, take):
    User.objects.filter(pk=city.stranger.pk).update(is_active=False)
    assert "this account is closed" in take("fred.fremd@city.example,,,,helpdesk,,,\n")
    assert not CityRole.objects.filter(person=city.stranger).exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "The file is empty"),
        (HEADER.encode() + b"m\xfcller@demo.example,,,,,,,\n", "not encoded in UTF-8"),
        (HEADER.encode() + b"a\0b,,,,,,,\n", "NUL bytes"),
        (HEADER.replace(",", "|").encode(), "No columns were found"),
        (b"email,role\n", "no column first_name, last_name"),
        (HEADER.encode() + b"x" * 200_000 + b"@demo.example,,,,,,,\n", "a field is longer than"),
    ],
)
def test_a_file_that_is_no_good_is_refused_with_a_sentence(city, take, content, complaint):
    before = everybody()
    with pytest.raises(CommandError, match=complaint) as refusal:
        take(content)
    assert refusal.value.returncode == 1
    assert everybody() == before


def test_an_administrator_can_be_the_first_of_an_empty_city(db, tmp_path):
    path = tmp_path / "first.csv"
    path.write_text("email,first_name,last_name,role\nada@demo.example,Ada,Anfang,administrator\n")
    call_command("import_people", path, stdout=StringIO())
    assert viewer_of(person("ada@demo.example"), timezone.now()).is_administrator


# --- The commands behind it ---


def test_roles_are_granted_by_administrators_and_campuses_by_the_coordinator_too(city):
    period = {"starts_on": SINCE, "at": MONDAY}
    for by in (city.teacher, city.manager, city.coordinator, city.city_reader):
        with pytest.raises(PermissionDenied):
            memberships.grant(person=city.stranger, role="head", scope=city.widey, by=by, **period)
    memberships.grant(person=city.stranger, role="head", scope=city.widey, by=city.administrator, **period)
    free = Campus.objects.create(slug="aplerbeck", name="Aplerbeck")
    memberships.assign_campus(campus=free, person=city.stranger, by=city.coordinator, **period)
    assert viewer_of(city.stranger, MONDAY).campuses == {free.pk}


def test_a_last_day_before_the_first_is_refused(city):
    row = city.teacher.school_memberships.get()
    with pytest.raises(ValidationError):
        memberships.set_last_day(row=row, ends_on=SINCE - timedelta(days=1), by=None, at=MONDAY)
    assert city.teacher.school_memberships.get().ends_on is None


def test_the_last_administrator_stays(city):
    row = CityRole.objects.get(person=city.administrator)
    with pytest.raises(ValidationError):
        memberships.set_last_day(row=row, ends_on=SINCE, by=None, at=MONDAY)
    assert CityRole.objects.get(pk=row.pk).ends_on is None
