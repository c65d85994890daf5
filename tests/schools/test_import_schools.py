"""The import of schools: two files, one city; it says what it did with each row and can run any number of times."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from campuses.models import Campus
from schools.importing.own import extra_sites
from schools.importing.utm import latitude_longitude
from schools.models import School, Site

pytestmark = pytest.mark.django_db

OURS = Path("schools/data/schools.csv")
HEADER = (
    "Schulnummer;Schulform;Schulbezeichnung_1;Schulbezeichnung_2;Schulbezeichnung_3;Kurzbezeichnung;PLZ;Ort;"
    "Strasse;Telefonvorwahl;Telefon;Faxvorwahl;Fax;E-Mail;Homepage;Rechtsform;Traegernummer;Gemeindeschluessel;"
    "Schulbetriebsschluessel;Schulbetriebsdatum;EPSG;UTMRechtswert;UTMHochwert;"
)


def register_row(number="162863", **values):
    """Return a row as the register writes it: the Droste-Hülshoff-Realschule, but for `values`."""
    fields = {
        "Schulnummer": number,
        "Schulform": "10",
        "Schulbezeichnung_1": "Droste-Hülshoff-Schule",
        "Schulbezeichnung_2": "Realschule für Jungen und Mädchen",
        "Schulbezeichnung_3": "",
        "Kurzbezeichnung": "Dortmund, RS Droste-Hülshoff-Schule",
        "PLZ": "44379",
        "Ort": "Dortmund",
        "Strasse": "Sumbecks Holz 5",
        "Telefonvorwahl": "0231",
        "Telefon": "0",
        "Faxvorwahl": "0231",
        "Fax": "0",
        "E-Mail": f"{number}@schule.nrw.de",
        "Homepage": "http://www.droste-huelshoff-realschule.de",
        "Rechtsform": "1",
        "Traegernummer": "10297",
        "Gemeindeschluessel": "05913000",
        "Schulbetriebsschluessel": "1",
        "Schulbetriebsdatum": "01.08.1973",
        "EPSG": "EPSG:25832",
        "UTMRechtswert": "386215",
        "UTMHochwert": "5708689",
        **values,
    }
    return ";".join(f'"{fields[name]}"' for name in HEADER.rstrip(";").split(";"))


def register_file(*rows, header=HEADER):
    return "\n".join(["sep=;", header, *rows]) + "\n"


@pytest.fixture
def take(tmp_path):
    """Import a text, some bytes or a file and return what the command said."""

    def run(content, *arguments):
        path = content
        if not isinstance(content, Path):
            path = tmp_path / "schools.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = StringIO()
        with translation.override("en"):
            call_command("import_schools", path, *arguments, stdout=out)
        return out.getvalue()

    return run


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (School, Site, Campus)]


# --- The register of NRW ---


def test_a_school_of_the_register_becomes_a_school_of_ours(take):
    said = take(register_file(register_row()))
    school = School.objects.get()
    assert "Line 3: 162863 Droste-Hülshoff-Schule: new" in said
    assert (school.number, school.form, school.form_key) == ("162863", School.Form.REALSCHULE, "10")
    assert school.name == "Droste-Hülshoff-Schule"
    assert school.official_name == "Droste-Hülshoff-Schule Realschule für Jungen und Mädchen"
    assert school.address == "Sumbecks Holz 5, 44379 Dortmund"
    assert (float(school.latitude), float(school.longitude)) == (51.517848, 7.360057)
    assert "dl-de/by-2-0" in school.source
    assert list(school.sites.values_list("street", "is_main")) == [("Sumbecks Holz 5", True)]


def test_coordinates_are_those_of_the_check_value():
    latitude, longitude = latitude_longitude(386215, 5708689)
    assert (round(latitude, 6), round(longitude, 6)) == (51.517848, 7.360057)
    with pytest.raises(ValueError):
        latitude_longitude(float("nan"), 5708689)


@pytest.mark.parametrize(
    ("number", "values", "reason"),
    [
        ("162917", {"Traegernummer": "10030"}, "carried by somebody else (number 10030)"),
        ("170010", {"Rechtsform": "2", "Traegernummer": "99001"}, "a private school"),
        ("600913", {"Schulform": "0A", "Traegernummer": "0"}, "a school authority"),
        ("196990", {"Schulbetriebsschluessel": "9", "Schulbetriebsdatum": "31.07.2021"}, "the school is closed"),
        ("196991", {"Schulbetriebsschluessel": "4"}, "teaching is suspended"),
    ],
)
def test_what_is_no_running_school_of_the_city_is_left_out_with_the_reason(take, number, values, reason):
    said = take(register_file(register_row(), register_row(number, **values)))
    assert f"Line 4: {number} Droste-Hülshoff-Schule: left out ({reason}" in said
    assert "1 new" in said and "1 left out" in said
    assert School.objects.get().number == "162863"


def test_schools_of_other_municipalities_are_counted_and_not_listed(take):
    said = take(register_file(register_row(), register_row("100001", Gemeindeschluessel="05911000")))
    assert "1 row of another municipality was skipped." in said
    assert "100001" not in said
    assert School.objects.count() == 1


def test_the_layout_with_a_column_more_is_read_by_name(take):
    header = HEADER.replace("Kurzbezeichnung;", "Kurzbezeichnung;Bezirksregierung;")
    cells = register_row().split(";")
    row = ";".join([*cells[:6], '"9"', *cells[6:]])
    take(register_file(row, header=header))
    assert School.objects.get().postal_code == "44379"


def test_a_byte_order_mark_crlf_and_no_separator_line_do_no_harm(take):
    take("\ufeff" + f"{HEADER}\r\n{register_row()}\r\n")
    assert School.objects.get().city == "Dortmund"


def test_an_unknown_school_form_is_kept_as_text_and_reported(take):
    said = take(register_file(register_row(Schulform="14")))
    school = School.objects.get()
    assert (school.form, school.form_key) == (School.Form.OTHER, "14")
    assert "the school form “14” is unknown" in said


def test_the_school_for_sick_children_counts_as_special_needs_school(take):
    take(register_file(register_row(Schulform="83")))
    assert School.objects.get().form == School.Form.SPECIAL


@pytest.mark.parametrize(
    ("key", "day", "opened_on", "closes_on"),
    [
        ("1", "01.08.1973", None, None),  # "since before the register"
        ("1", "01.08.2023", date(2023, 8, 1), None),
        ("3", "01.08.2027", date(2027, 8, 1), None),
        ("2", "31.07.2028", None, date(2028, 7, 31)),
        ("0", "31.07.2027", None, date(2027, 7, 31)),
    ],
)
def test_the_date_opens_or_closes_by_the_key_beside_it(take, key, day, opened_on, closes_on):
    take(register_file(register_row(Schulbetriebsschluessel=key, Schulbetriebsdatum=day)))
    school = School.objects.get()
    assert (school.opened_on, school.closes_on) == (opened_on, closes_on)


def test_a_school_we_have_gets_its_last_day_when_the_register_calls_it_closed(take):
    take(register_file(register_row()))
    said = take(register_file(register_row(Schulbetriebsschluessel="9", Schulbetriebsdatum="31.07.2026")))
    assert "162863 Droste-Hülshoff-Schule: changed (closes on; the school is closed)" in said
    assert School.objects.get().closes_on == date(2026, 7, 31)


@pytest.mark.parametrize("place", [("0", "0"), ("", ""), ("1", "1"), ("x", "5708689"), ("386215", "9" * 400)])
def test_a_missing_or_impossible_position_is_left_out_and_the_school_is_taken(take, place):
    take(register_file(register_row(UTMRechtswert=place[0], UTMHochwert=place[1])))
    assert School.objects.get().latitude is None


def test_the_text_null_stands_for_the_usual_coordinate_system(take):
    take(register_file(register_row(EPSG="null")))
    assert float(School.objects.get().latitude) == 51.517848


def test_the_register_changes_the_official_name_and_keeps_the_everyday_one(take):
    School.objects.create(number="162863", name="Droste-Hülshoff-Realschule", form="realschule", form_key="10")
    said = take(register_file(register_row()))
    school = School.objects.get()
    assert school.name == "Droste-Hülshoff-Realschule"
    assert school.official_name.startswith("Droste-Hülshoff-Schule")
    assert "162863 Droste-Hülshoff-Realschule: changed (official name, street" in said


def test_reading_the_register_twice_changes_nothing(take):
    content = register_file(register_row(), register_row("187483", Schulform="83"))
    take(content)
    before = everything()
    assert "2 rows: 0 new, 0 changed, 2 unchanged, 0 refused, 0 left out." in take(content)
    assert everything() == before


def test_a_changed_address_is_told_by_the_names_of_the_fields(take):
    take(register_file(register_row()))
    said = take(register_file(register_row(Strasse="Neue Str. 1")))
    assert "changed (street, main site)" in said
    assert Site.objects.get().street == "Neue Str. 1"


def test_a_number_that_comes_twice_counts_once(take):
    said = take(register_file(register_row(), register_row(Strasse="Woanders 1")))
    assert "Line 4: 162863 Droste-Hülshoff-Schule: refused (the number 162863 already stands in line 3)" in said
    assert School.objects.get().street == "Sumbecks Holz 5"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (register_row("12345"), "“12345” is not a school number"),
        (register_row("١٢٣٤٥٦"), "is not a school number"),
        (register_row("100002", Schulbetriebsdatum="31.13.2020"), "“31.13.2020” is not a date like 31.07.2028"),
        (register_row("100002", Strasse="x" * 200), "street: The text is too long"),
        (register_row("100002", Schulbezeichnung_1=""), "the name is missing"),
        ('"100002";"10"', "the row has 2 columns, the header 23"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_others_are_taken(take, row, reason):
    said = take(register_file(row, register_row()))
    assert "refused" in said and reason in said
    assert School.objects.get().number == "162863"


def test_a_school_that_vanished_from_the_file_is_named_and_kept(take):
    take(register_file(register_row(), register_row("187483")))
    said = take(register_file(register_row()))
    assert "187483 Droste-Hülshoff-Schule is not in this file; the school was kept." in said
    assert School.objects.count() == 2


def test_a_trial_run_says_the_same_and_stores_nothing(take):
    content = register_file(register_row())
    said = take(content, "--dry-run")
    assert "Line 3: 162863 Droste-Hülshoff-Schule: new" in said
    assert "nothing was stored" in said
    assert everything() == [[], [], []]


# --- Files that are something else ---


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "The file is empty"),
        (b"sep=;\n\n", "The file is empty"),
        (b"\xff\xfeS\x00c\x00h", "not encoded in UTF-8"),
        (register_file(register_row()).encode("latin-1"), "not encoded in UTF-8"),
        (register_file(register_row()).encode() + b"\0", "NUL bytes"),
        (register_file(register_row()).replace(";", "\t").encode(), "neither a semicolon nor a comma"),
        (f"{HEADER}\n{register_row()}\n".replace(";", "|").encode(), "No columns were found"),
        (f"{HEADER}\n{register_row()}\n".replace(";", ",").encode(), "separated by semicolons"),
        (register_file(register_row(Strasse="x" * 200_000)).encode(), "a field is longer than 131072 characters"),
        (register_file(register_row() + '"').encode(), "a quotation mark is missing or in the wrong place"),
        (register_file(register_row()[:-1]).encode(), "a quotation mark is missing or in the wrong place"),
        (register_file(header=HEADER.replace("Traegernummer;", "")).encode(), "no column Traegernummer"),
        (register_file(header=HEADER + "PLZ").encode(), "the column PLZ twice"),
        (b"name,start\n", "neither the school file of NRW"),
        (b"school_number,name\n129150,Widey\n", "no column school_form"),
    ],
)
def test_a_file_that_is_no_good_is_refused_with_a_sentence_and_nothing_is_stored(take, content, complaint):
    with pytest.raises(CommandError, match=complaint) as refusal:
        take(content)
    assert "Nothing was stored." in str(refusal.value)
    assert refusal.value.returncode == 1
    assert everything() == [[], [], []]


def test_a_missing_file_is_refused_with_a_sentence(take, tmp_path):
    with pytest.raises(CommandError, match="cannot be opened"):
        take(tmp_path / "nowhere.csv")
    with pytest.raises(CommandError, match="cannot be opened"):
        take(tmp_path)


# --- Our own list ---


def test_our_list_holds_the_city_with_its_pilot_campuses(take):
    said = take(OURS)
    rows = len(OURS.read_text("utf-8").splitlines()) - 1
    assert School.objects.count() == rows
    assert f"{rows} new, 0 changed, 0 unchanged, 0 refused" in said
    assert list(Campus.objects.order_by("slug").values_list("slug", flat=True)) == [
        "aplerbeck",
        "asseln",
        "kirchlinde",
        "scharnhorst",
    ]
    brecht = School.objects.select_related("campus").get(number="169274")
    assert (brecht.name, brecht.form, brecht.district) == ("Bert-Brecht-Gymnasium", "gymnasium", "Huckarde")
    assert (brecht.campus.slug, brecht.students) == ("kirchlinde", 965)
    assert School.objects.get(number="162784").closes_on == date(2028, 7, 31)
    assert not School.objects.filter(form=School.Form.OTHER).exists()
    assert not School.objects.filter(latitude=None).exists()


def test_our_list_twice_changes_nothing(take):
    take(OURS)
    before = everything()
    assert "0 new, 0 changed" in take(OURS)
    assert everything() == before


def test_only_clearly_named_places_become_further_sites(take):
    take(OURS)
    extra = Site.objects.filter(is_main=False).order_by("school__number", "name").values_list("school__number", "name")
    assert list(extra) == [
        ("129653", "Teilstandort Langeloh"),
        ("157442", "Standort Gretelweg 35-37"),
        ("179966", "Außenstelle Bauabteilung"),
        ("179966", "Außenstelle Bildungszentrum Hansemann"),
        ("179966", "Außenstelle Ruhrallee"),
    ]
    assert extra_sites("Former building Gneisenaustr. 60, 44147 (address of 2021)") == ((), True)


def test_the_register_after_our_list_keeps_names_campus_and_district(take):
    take(OURS)
    take(register_file(register_row()))
    school = School.objects.select_related("campus").get(number="162863")
    assert (school.name, school.district, school.campus.slug) == (
        "Droste-Hülshoff-Realschule",
        "Huckarde",
        "kirchlinde",
    )


def test_our_list_does_not_move_a_school_the_coordinator_has_moved(take):
    take(OURS)
    other = Campus.objects.get(slug="asseln")
    School.objects.filter(number="169274").update(campus=other)
    assert "0 changed" in take(OURS)
    assert School.objects.get(number="169274").campus == other


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("100002,,Gymnasium,,,,", "the name is missing"),
        ("100002,Schule,Gymnasium,abc,7.4,,", "“abc” is not a coordinate"),
        ("100002,Schule,Gymnasium,,,many,", "“many” is not a number of pupils"),
        ("100002,Schule,Gymnasium,,,,2028", "“2028” is not a date"),
        ("100002," + "x" * 121 + ",Gymnasium,,,,", "name: The text is too long"),
    ],
)
def test_a_bad_row_of_our_list_is_refused_with_its_reason(take, row, reason):
    header = "school_number,name,school_form,lat,lon,students_2024_25,operating_status_date,operating_status"
    said = take(f"{header}\n{row},2\n100003,Gute Schule,Gymnasium,51.5,7.4,300,,\n")
    assert reason in said
    assert School.objects.get().name == "Gute Schule"


def test_words_are_cleaned_before_they_are_kept(take):
    take("school_number,name,school_form\n100002,  Gute\u200b   Schule ,Gymnasium\n")
    assert School.objects.get().name == "Gute Schule"
