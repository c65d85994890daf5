"""A table that is taken along is on record: before its first line leaves, and with what really left."""

import pytest
from django.utils import translation

from accounts.commands import export
from accounts.models import AccountEvent
from foundation.tables import ROWS_AT_ONCE, Column, Table
from tests.city import MONDAY


def table_of(rows, *, count, **more):
    heading = translation.gettext_lazy("number")
    return Table("things", "Things", [Column(heading, lambda row: row)], rows, count, **more)


def recorded():
    return list(AccountEvent.objects.filter(verb="exported").order_by("pk").values_list("data", flat=True))


def test_it_is_on_record_before_the_first_row_is_read(city):
    def rows():
        assert recorded() == [{"what": "things", "rows": 1, "asked": {"status": "open"}}]
        yield "x"

    lines = export(table=table_of(rows(), count=1, asked={"status": "open"}), by=city.contact, at=MONDAY)
    assert "".join(lines).endswith("\r\nx\r\n")
    assert len(recorded()) == 1
    event = AccountEvent.objects.get(verb="exported")
    assert (event.person, event.by, event.at) == (city.contact, city.contact, MONDAY)


def test_a_stream_that_breaks_off_says_how_much_had_left(city):
    count = 3 * ROWS_AT_ONCE
    lines = export(table=table_of(iter(range(count)), count=count), by=city.contact, at=MONDAY)
    next(lines), next(lines)
    lines.close()  # as the server does when nobody listens any more
    assert recorded() == [
        {"what": "things", "rows": count},
        {"what": "things", "rows": count, "sent": ROWS_AT_ONCE},
    ]


def test_a_stream_that_nobody_begins_to_read_is_on_record_all_the_same(city):
    export(table=table_of(["x"], count=1), by=city.contact, at=MONDAY).close()
    assert recorded() == [{"what": "things", "rows": 1}]


def test_a_list_that_grows_meanwhile_says_how_much_it_was(city):
    "".join(export(table=table_of(["x", "y"], count=1), by=city.contact, at=MONDAY))
    assert recorded()[1] == {"what": "things", "rows": 1, "sent": 2}


def test_what_was_searched_for_is_not_kept_and_nothing_long_is(city):
    asked = {"q": "Vera Vertretung", "status": "\x00\n" + "x" * 500}
    export(table=table_of([], count=0, asked=asked), by=city.contact, at=MONDAY)
    assert recorded() == [{"what": "things", "rows": 0, "asked": {"q": True, "status": "x" * 60}}]


@pytest.mark.parametrize("language, heading", [("de", "Nummer"), ("en", "Number")])
def test_it_speaks_the_language_of_the_request_after_that_is_over(city, language, heading):
    with translation.override(language):
        lines = export(table=table_of(["x"], count=1), by=city.contact, at=MONDAY)
    with translation.override("en" if language == "de" else "de"):
        assert next(lines) == f"\ufeff{heading}\r\n"
        assert translation.get_language() != language
        lines.close()
