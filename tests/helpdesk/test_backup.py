"""What was backed up comes back as it was; what is damaged, foreign or in the way changes nothing."""

import hashlib
import io
import re
import tarfile
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image

from accounts.models import User
from helpdesk.backup import database
from helpdesk.backup.archive import DATABASE, Archive, new_archive
from helpdesk.backup.making import media_files
from helpdesk.backup.manifest import FORMAT, BadArchive, Manifest
from pulse.models import Heartbeat
from reports.keeping import keep_figures
from reports.models import PeriodFigures, StaleMonth
from reports.verifying import verify
from tests.city import MONDAY, City
from tickets.commands.attach import attach_photos
from tickets.models import Attachment, Ticket
from tickets.photos import clean_photo


@pytest.fixture(autouse=True)
def nobody_else(transactional_db, django_db_serialized_rollback):
    """Hang up what browsers and threads of earlier tests have left open: a restore wants the database to itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def picture(color):
    data = io.BytesIO()
    Image.new("RGB", (40, 20), color).save(data, "PNG")
    return clean_photo(SimpleUploadedFile("tafel.png", data.getvalue()))


def everything():
    """Return every row of every table but those of the backups themselves, and the hash of every file."""
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            if table not in ("pulse_heartbeat", *database.WITHOUT_ROWS):
                cursor.execute(
                    f'SELECT md5(string_agg(told, chr(10) ORDER BY told)) FROM (SELECT t::text told FROM "{table}" t)'
                )
                rows[table] = cursor.fetchone()[0]
    return rows, {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in media_files()}


def call(command, *arguments):
    told = io.StringIO()
    call_command(command, *map(str, arguments), stdout=told)
    return told.getvalue().strip()


@pytest.fixture
def city(transactional_db, django_db_serialized_rollback):
    """The city, in rows that other programs see too, with two photos."""
    city = City()
    ticket = city.report(description="Der Beamer „Süd“ bleibt dunkel; nichts geht mehr.")
    attach_photos(ticket=ticket, photos=[picture("red"), picture("blue")], by=city.teacher, at=ticket.created_at)
    return city


def test_backed_up_wiped_restored_everything_is_as_it_was(city, client, settings, tmp_path):
    client.force_login(city.teacher)
    keep_figures(at=MONDAY)
    before = everything()
    archive = tmp_path / "safe" / "campusruf.tar"
    archive.parent.mkdir()
    told = call("backup", archive)
    assert re.fullmatch(rf"Backed up [0-9,]+ rows and 2 files into {archive} \([0-9,]+ bytes\)\.", told)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert list(archive.parent.iterdir()) == [archive]
    facts = Heartbeat.objects.get(name=Heartbeat.BACKUP).facts
    assert (facts["files"], facts["bytes"]) == (2, archive.stat().st_size)

    with pytest.raises(CommandError, match="already"):
        call("backup", archive)
    with pytest.raises(CommandError, match=r"Nothing was changed\. There are people, .* --replace"):
        call("restore", archive)

    city.report(by=city.colleague)
    (Path(settings.MEDIA_ROOT) / "later.jpg").write_bytes(b"later")
    next(path for _, path in media_files()).unlink()
    User.objects.filter(pk=city.teacher.pk).update(first_name="Jemand")
    told = call("restore", archive, "--replace")
    assert re.fullmatch(
        r"Restored and compared: [0-9,]+ rows in \d+ tables and 2 files are as they were on .*\.", told
    )
    assert everything() == before
    assert not Session.objects.exists()  # everybody signs in again
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {Heartbeat.BACKUP, Heartbeat.RESTORE}
    assert Attachment.objects.filter(ticket=Ticket.objects.get()).count() == 2
    assert PeriodFigures.objects.exists() and not verify().different and not StaleMonth.objects.exists()
    city.report()  # numbers go on where they were, and so do the triggers of the figures
    assert keep_figures(at=MONDAY).schools == 1 and not verify(city.brecht).different

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for _, path in media_files():
        path.unlink()
    assert call("restore", archive).startswith("Restored and compared")  # into nothing at all
    assert everything() == before


def test_an_older_backup_comes_back_and_then_gets_its_migrations(city, tmp_path):
    archive = tmp_path / "campusruf.tar"
    call_command("migrate", "accounts", "0002", verbosity=0)
    call("backup", archive)
    call_command("migrate", verbosity=0)
    told = call("restore", archive, "--replace")
    assert re.search(r"Now bring them up to date: \d+ migrations? \(manage\.py migrate\)\.$", told)
    call_command("migrate", verbosity=0)
    assert Ticket.objects.get().reporter == city.teacher


def test_a_database_that_does_not_hold_what_it_should_is_left_as_it_was(city, tmp_path):
    archive = tmp_path / "campusruf.tar"
    call("backup", archive)
    before = everything()
    with tarfile.open(archive) as tar:
        tar.extract(DATABASE, tmp_path, filter="data")
    dump = tmp_path / DATABASE
    rows = Archive(archive).manifest.rows
    with pytest.raises(database.DatabaseTrouble, match="tickets_ticket does not hold 2 rows"):
        database.restore(dump, {**rows, "tickets_ticket": 2})
    dump.write_bytes(dump.read_bytes()[:-2000])
    with pytest.raises(database.DatabaseTrouble):
        database.restore(dump, rows)
    assert everything() == before


def test_nothing_lies_around_when_a_backup_cannot_be_made(city, settings, tmp_path):
    settings.POSTGRES_PROGRAMS = str(tmp_path)
    with pytest.raises(CommandError, match=r"Nothing was backed up\. pg_dump is not here"):
        call("backup", tmp_path / "campusruf.tar")
    with pytest.raises(CommandError, match="No such file or directory"):
        call("backup", tmp_path / "nowhere" / "campusruf.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["media"]
    assert not Heartbeat.objects.filter(name=Heartbeat.BACKUP).exists()


# --- What an archive may be; none of this needs a database --------------------------------------------------


@pytest.fixture
def archive(tmp_path):
    """An archive whose dump and photo are a few words; reading it does not ask for more."""

    def make(**changes):
        (tmp_path / "photo").write_bytes(b"a photo " * 500)
        target = tmp_path / f"{len(list(tmp_path.iterdir()))}.tar"
        workshop = tmp_path / f"workshop-{target.stem}"
        workshop.mkdir()
        with new_archive(target, workshop) as writer:
            writer.add(DATABASE, tmp_path / "photo")
            writer.add("media/reports/a.jpg", tmp_path / "photo")
            told = {"format": FORMAT, "version": "0.1.0", "made_at": "2026-03-02T09:00:00+01:00"}
            told |= {"migrations": ["tickets.0001_initial"], "rows": {"tickets_ticket": 1}, "files": writer.files}
            writer.close_with(Manifest(**{**told, **changes}))
        return target

    return make


def test_an_archive_is_read_as_it_was_written(archive, tmp_path):
    whole = Archive(archive())
    assert whole.manifest.rows == {"tickets_ticket": 1}
    whole.unpack(tmp_path / "here", under="media/")
    assert (tmp_path / "here" / "reports" / "a.jpg").read_bytes() == b"a photo " * 500
    assert not (tmp_path / "here" / DATABASE).exists()


@pytest.mark.parametrize("place", [600, 5000, -15000, -11000])
def test_an_archive_with_one_wrong_bit_is_refused(archive, place):
    damaged = archive()
    data = bytearray(damaged.read_bytes())
    data[place] ^= 1
    damaged.write_bytes(data)
    with pytest.raises(BadArchive):
        Archive(damaged)


@pytest.mark.parametrize("part", [0, 0.2, 0.4, 0.5])
def test_an_archive_that_ends_too_early_is_refused(archive, part):
    damaged = archive()
    damaged.write_bytes(damaged.read_bytes()[: int(damaged.stat().st_size * part)])
    with pytest.raises(BadArchive):
        Archive(damaged)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": 2}, "format 2"),
        ({"rows": {"tickets_ticket": -1}}, "cannot be read"),
        ({"made_at": "gestern"}, "cannot be read"),
        ({"files": {}}, "does not hold what its manifest says"),
        ({"files": {"../../etc/passwd": "0" * 64}}, "cannot be read"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(archive, changes, reason):
    with pytest.raises(BadArchive, match=reason):
        Archive(archive(**changes))


def test_what_is_no_archive_is_refused(tmp_path):
    letter = tmp_path / "letter.tar"
    with pytest.raises(BadArchive, match="No such file"):
        Archive(letter)
    letter.write_text("Sehr geehrte Damen und Herren, " * 100)
    with pytest.raises(BadArchive, match="no archive of Campusruf"):
        Archive(letter)
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(letter, DATABASE)
    with pytest.raises(BadArchive, match="no manifest"):
        Archive(tmp_path / "other.tar")


def test_a_link_in_an_archive_is_refused(archive, tmp_path):
    target = archive()
    with tarfile.open(target, "a") as tar:
        link = tarfile.TarInfo("media/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BadArchive, match="no backup puts there"):
        Archive(target)


def test_an_archive_of_a_newer_version_changes_nothing(archive, db):
    newer = archive(version="9.0.0", migrations=["tickets.9999_much_later"])
    with pytest.raises(CommandError, match=r"Nothing was changed.* version 9\.0\.0, which knows tickets\.9999"):
        call("restore", newer, "--replace")
