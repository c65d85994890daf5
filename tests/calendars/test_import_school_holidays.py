"""The import of school holidays: it says what it did with each row and can run any number of times."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from calendars.models import BusinessCalendar, SchoolHoliday

pytestmark = pytest.mark.django_db
HEADER = "name,start,end,source\n"


def take(file=None):
    out = StringIO()
    call_command("import_school_holidays", *([file] if file else []), stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "holidays.csv"
        path.write_bytes((HEADER + text).encode(encoding))
        return path

    return write


def test_the_product_comes_with_the_holidays_up_to_summer_2030():
    assert "29 new, 0 changed, 0 unchanged, 0 refused" in take()
    summer = SchoolHoliday.objects.get(name="Sommerferien 2026")
    assert (summer.starts_on, summer.ends_on) == (date(2026, 7, 20), date(2026, 9, 1))
    assert "OpenHolidays" in summer.source
    assert SchoolHoliday.objects.latest("ends_on").ends_on == date(2030, 8, 6)


def test_running_it_twice_changes_nothing():
    take()
    rows = list(SchoolHoliday.objects.order_by("pk").values())
    assert take() == "0 new, 0 changed, 29 unchanged, 0 refused\n"
    assert list(SchoolHoliday.objects.order_by("pk").values()) == rows


def test_a_corrected_row_changes_the_one_of_the_same_name(file):
    take(file("Herbstferien 2031,2031-10-13,2031-10-25,first\n"))
    report = take(file("Herbstferien 2031,2031-10-20,2031-10-31,corrected\n"))
    assert "line 2: Herbstferien 2031: changed" in report
    assert SchoolHoliday.objects.get().starts_on == date(2031, 10, 20)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Ferien,2031-13-01,2031-12-02,x", "2026-07-20"),
        ("Ferien,,2031-12-02,x", "2026-07-20"),
        ("Ferien,2031-12-02,2031-12-01,x", "Ferien: refused"),
        (",2031-12-01,2031-12-02,x", "no name: refused"),
        ("Ferien", "Ferien: refused"),
        ("F" * 101 + ",2031-12-01,2031-12-02,x", "refused"),
        ("Ferien,2031-06-01,2031-06-02,x", "Ferien: refused"),
        ("Pfingstferien 2031,2031-07-01,2031-07-02,x", "already stands in line 2"),
    ],
)
def test_a_bad_row_is_refused_with_a_reason_and_the_others_are_taken(file, row, reason):
    before, after = "Pfingstferien 2031,2031-06-01,2031-06-03,x", "Weihnachtsferien 2031,2031-12-20,2032-01-03,x"
    report = take(file(f"{before}\n{row}\n{after}\n"))
    assert reason in report
    assert "2 new, 0 changed, 0 unchanged, 1 refused" in report
    assert set(SchoolHoliday.objects.values_list("name", flat=True)) == {
        "Pfingstferien 2031",
        "Weihnachtsferien 2031",
    }


def test_a_file_that_is_not_utf_8_is_refused_as_a_whole(file):
    with pytest.raises(CommandError, match="cannot be read"):
        take(file("Fête,2031-06-01,2031-06-03,x\n", encoding="latin-1"))
    assert not SchoolHoliday.objects.exists()


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes(("\ufeff" + HEADER + "Ferien,2031-06-01,2031-06-03,x\n").encode())
    assert "1 new" in take(path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"name,start\n", "no column end, source"), (b"", "no column"), (b"a\0b", "not a text file")],
)
def test_a_file_that_is_something_else_is_refused_with_a_sentence(tmp_path, content, complaint):
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=complaint):
        take(path)


def test_a_missing_file_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        take(tmp_path / "nowhere.csv")


def test_imported_holidays_are_a_new_version_of_the_calendars_that_mind_them(file):
    versions = BusinessCalendar.objects.order_by("slug").values_list("slug", "version")
    BusinessCalendar.objects.filter(slug="systemhaus").update(school_free_rule="closed")
    path = file("Herbstferien 2031,2031-10-13,2031-10-25,first\n")
    take(path)
    assert list(versions.all()) == [("default", 1), ("systemhaus", 2)]
    take(path)
    assert list(versions.all()) == [("default", 1), ("systemhaus", 2)]
