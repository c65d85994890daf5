"""Photos through the API: cleaned on their way in, handed out to those who see the ticket."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tickets.models import Attachment


def photo(name="tafel.jpg", colour="red", kind="JPEG", size=(40, 30)):
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera mit Namen"
    Image.new("RGB", size, colour).save(data, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return SimpleUploadedFile(name, data.getvalue())


def send(someone, ticket, *files, **headers):
    return someone.upload(f"tickets/{ticket.number}/attachments/", {"file": list(files)}, **headers)


def test_a_photo_is_added_listed_and_read_without_what_the_camera_noted(city, program):
    ticket = city.report()
    teacher = program(city.teacher)
    added = send(teacher, ticket, photo())
    assert added.status_code == 201
    (told,) = added.json()["results"]
    assert (told["width"], told["height"], told["added_by"]) == (40, 30, "Tilda Tafel")
    manager = program(city.manager)
    assert manager.get(f"tickets/{ticket.number}/attachments/").json()["results"] == [told]
    file = manager.get(told["url"].partition("8000")[2])
    content = b"".join(file.streaming_content)
    assert file.headers["Content-Type"] == "image/jpeg"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert b"Kamera" not in content
    assert Image.open(io.BytesIO(content)).size == (40, 30)


@pytest.mark.parametrize(
    "who", ["colleague", "kant_teacher", "asseln_manager", "city_reader", "administrator", "stranger"]
)
def test_nobody_else_reads_it(city, program, who):
    ticket = city.report()
    url = send(program(city.teacher), ticket, photo()).json()["results"][0]["url"].partition("8000")[2]
    assert program(getattr(city, who)).get(url).status_code == 404


def test_a_photo_is_found_under_its_own_ticket_only(city, program):
    mine, other = city.report(), city.report()
    url = send(program(city.teacher), mine, photo()).json()["results"][0]["url"].partition("8000")[2]
    assert program(city.teacher).get(url.replace(mine.number, other.number)).status_code == 404


def test_the_same_photos_sent_twice_are_there_once(city, program):
    ticket = city.report()
    teacher = program(city.teacher)
    first = send(teacher, ticket, photo(), photo("b.png", "blue", "PNG"), Idempotency_Key="k")
    again = send(teacher, ticket, photo(), photo("b.png", "blue", "PNG"), Idempotency_Key="k")
    assert again.json() == first.json()
    assert Attachment.objects.count() == 2
    assert send(teacher, ticket, photo(colour="green"), Idempotency_Key="k").status_code == 422


def bomb():
    data = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(data, "PNG")
    return SimpleUploadedFile("bombe.png", data.getvalue())


def archive():
    data = io.BytesIO()
    zipfile.ZipFile(data, "w").close()
    return data.getvalue()


@pytest.mark.parametrize(
    "bad",
    [
        lambda: SimpleUploadedFile("brief.jpg", b"%PDF-1.7 kein Bild"),
        lambda: SimpleUploadedFile("leer.jpg", b" "),
        lambda: SimpleUploadedFile("halb.jpg", photo().read()[:200]),
        lambda: SimpleUploadedFile("archiv.png", archive()),
        lambda: SimpleUploadedFile("bild.svg", b"<svg onload='alert(1)'/>"),
        bomb,
    ],
)
def test_what_is_no_harmless_photo_is_refused_and_leaves_nothing(city, program, bad):
    ticket = city.report()
    answer = send(program(city.teacher), ticket, photo(), bad())
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["file"]
    assert not Attachment.objects.exists()
    assert city.verbs_of(ticket) == ["reported"]


def test_too_many_none_or_something_beside_them_is_refused(city, program):
    ticket = city.report()
    teacher = program(city.teacher)
    assert send(teacher, ticket, *[photo() for _ in range(6)]).status_code == 422
    assert send(teacher, ticket).status_code == 422
    address = f"tickets/{ticket.number}/attachments/"
    assert teacher.upload(address, {"file": photo(), "public": "yes"}).status_code == 400
    assert teacher.post(address, {"file": "x"}).status_code == 415
    assert teacher.upload(address, {"file": photo()}, Content_Length=str(90 * 1024 * 1024)).status_code == 413
    assert not Attachment.objects.exists()


def test_a_photo_whose_file_is_gone_is_not_found(city, program):
    ticket = city.report()
    url = send(program(city.teacher), ticket, photo()).json()["results"][0]["url"].partition("8000")[2]
    row = Attachment.objects.get()
    row.file.storage.delete(row.file.name)
    assert program(city.teacher).get(url).status_code == 404
