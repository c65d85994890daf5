import pytest

from accounts.models import AccountEvent
from audit.models import HistoryIsNeverEdited
from tests.city import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return AccountEvent.objects.create(verb="created", at=MONDAY, data={"n": 1})


@pytest.mark.parametrize(
    "edit",
    [
        lambda event: event.save(),
        lambda event: event.save(update_fields=["verb"]),
        lambda event: event.save(force_update=True),
        lambda event: event.delete(),
        lambda event: AccountEvent.objects.update(verb="changed"),
        lambda event: AccountEvent.objects.filter(pk=event.pk).update(verb="changed"),
        lambda event: AccountEvent.objects.filter(pk=event.pk).delete(),
        lambda event: AccountEvent.objects.all().delete(),
        lambda event: AccountEvent.objects.bulk_update([event], ["verb"]),
        lambda event: AccountEvent.objects.update_or_create(pk=event.pk, defaults={"verb": "changed"}),
        lambda event: AccountEvent.objects.bulk_create(
            [event], update_conflicts=True, update_fields=["verb"], unique_fields=["id"]
        ),
    ],
)
def test_history_is_never_edited(event, edit):
    event.verb = "changed"
    with pytest.raises(HistoryIsNeverEdited):
        edit(event)
    kept = AccountEvent.objects.get()
    assert (kept.verb, kept.at, kept.data) == ("created", MONDAY, {"n": 1})


def test_rows_are_added_one_by_one_or_many_at_once():
    AccountEvent.objects.create(verb="created", at=MONDAY)
    AccountEvent.objects.bulk_create([AccountEvent(verb="invited", at=MONDAY) for _ in range(3)])
    assert AccountEvent.objects.count() == 4


def test_only_the_retention_run_replaces_persons_and_removes_what_is_over(event):
    assert AccountEvent.objects.filter(pk=event.pk).pseudonymise(data={}) == 1
    assert AccountEvent.objects.get().data == {}
    assert AccountEvent.objects.filter(at__lte=MONDAY).expire() == 1
    assert not AccountEvent.objects.exists()
