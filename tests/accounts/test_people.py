import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts import commands
from accounts.models import AccountEvent, CityRole, User
from tests.city import MONDAY

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_however_it_is_typed(tilda):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Tilda.Tafel@City.example", first_name="T", last_name="T")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(" TILDA.TAFEL@city.example ", first_name="T", last_name="T")
    with pytest.raises(ValidationError):
        commands.create_person(email="TILDA.tafel@city.example", first_name="T", last_name="T", by=None, at=MONDAY)


def test_people_are_sorted_as_in_a_german_telephone_book(db):
    names = ["Zander", "Öztürk", "ohm", "Straßer", "Strasser", "Ämter", "Anders", "Élise", "Ebert"]
    for number, name in enumerate(names):
        User.objects.create_user(f"{number}@city.example", first_name="A", last_name=name)
    ordered = list(User.objects.in_order().values_list("last_name", flat=True))
    assert ordered == ["Ämter", "Anders", "Ebert", "Élise", "ohm", "Öztürk", "Straßer", "Strasser", "Zander"]


def test_only_administrators_see_everybody(ada, tilda):
    closed = User.objects.create_user("x@city.example", first_name="X", last_name="X", is_active=False)
    assert set(User.objects.visible_to(tilda, at=MONDAY)) == {tilda}
    assert set(User.objects.visible_to(ada, at=MONDAY)) == {ada, tilda}
    assert closed not in User.objects.visible_to(ada, at=MONDAY)


def test_people_are_found_by_words_of_their_name_or_address(ada, tilda):
    assert list(User.objects.matching("tafel til")) == [tilda]
    assert list(User.objects.matching("city.example").in_order()) == [ada, tilda]
    assert not User.objects.matching("tafel ada")


def test_those_with_a_role_today_are_found(ada, tilda):
    assert list(User.objects.with_city_role(CityRole.Role.ADMINISTRATOR, at=MONDAY)) == [ada]
    assert not User.objects.with_city_role(CityRole.Role.HELPDESK, at=MONDAY)


def test_a_new_person_cannot_sign_in_until_a_link_has_set_a_password(ada):
    person = commands.create_person(
        email=" Nora.Neu@city.example ", first_name="Nora", last_name="Neu", by=ada, at=MONDAY
    )
    assert person.email == "nora.neu@city.example"
    assert not person.has_usable_password()
    assert AccountEvent.objects.get(person=person).verb == "created"


def test_nobody_but_an_administrator_changes_accounts(tilda, ada):
    for attempt in (
        lambda: commands.create_person(email="n@c.example", first_name="N", last_name="N", by=tilda, at=MONDAY),
        lambda: commands.invite(person=ada, by=tilda, at=MONDAY),
        lambda: commands.deactivate(person=ada, by=tilda, at=MONDAY),
        lambda: commands.record_changes(person=ada, fields=["phone"], by=tilda, at=MONDAY),
        lambda: commands.grant_role(person=tilda, role="administrator", starts_on=MONDAY.date(), by=tilda, at=MONDAY),
        lambda: commands.withdraw_role(role=ada.city_roles.get(), by=tilda, at=MONDAY),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert not AccountEvent.objects.exists()


def test_a_closed_account_is_refused_at_once_everywhere(client, ada, tilda):
    _key, secret = commands.create_token(person=tilda, name="Skript", by=tilda, at=MONDAY)
    client.force_login(tilda)
    assert client.get("/account/").status_code == 200
    commands.deactivate(person=tilda, by=ada, at=MONDAY)
    assert client.get("/account/").status_code == 302
    assert tilda.api_tokens.model.objects.opened_by(secret, at=MONDAY) is None
    with pytest.raises(ValidationError):
        commands.invite(person=User.objects.get(pk=tilda.pk), by=ada, at=MONDAY)


def test_opening_an_account_again_revives_no_old_session(client, ada, tilda):
    client.force_login(tilda)
    commands.deactivate(person=tilda, by=ada, at=MONDAY)
    commands.reactivate(person=tilda, by=ada, at=MONDAY)
    assert client.get("/account/").status_code == 302


def test_somebody_always_administers(ada, tilda):
    with pytest.raises(ValidationError):
        commands.deactivate(person=ada, by=ada, at=MONDAY)
    with pytest.raises(ValidationError):
        commands.withdraw_role(role=ada.city_roles.get(), by=ada, at=MONDAY)
    commands.grant_role(person=tilda, role="administrator", starts_on=MONDAY.date(), by=ada, at=MONDAY)
    commands.withdraw_role(role=ada.city_roles.get(), by=tilda, at=MONDAY)
    assert not ada.city_roles.on(MONDAY.date())
