"""Bad input to the report page: a clear sentence or a 4xx, nothing half done, and every good word kept."""

import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from schools.models import Room, SchoolMembership
from tests.city import MONDAY, SINCE
from tests.tickets.test_photos import bomb, picture
from tickets.models import Attachment, Category, Draft, Ticket
from tickets.models.draft import KEPT_FOR

NEW = "/tickets/new/"
HUGE = str(10**40)


@pytest.fixture
def teacher(city, client, clock):
    client.force_login(city.teacher)
    return client


def report(city, **more):
    """Return a report that is complete, with whatever is to be wrong about it; None leaves a field out."""
    fields = {
        "idempotency_key": str(uuid.uuid4()),
        "school": city.brecht.number,
        "category": "display",
        "urgency": "hampered",
        "room": str(city.a204.pk),
        "description": "Der Beamer summt.",
        **more,
    }
    return {name: value for name, value in fields.items() if value is not None}


def photo(kind="JPEG", name="tafel.jpg", **more):
    return SimpleUploadedFile(name, picture(kind, **more))


def told(answer):
    """Return the errors a page shows."""
    text = answer.content.decode()
    return re.findall(r'class="[^"]*(?:error|danger)[^"]*"', text)


class TestReporting:
    MISTAKES = {
        "no category": {"category": None},
        "an unknown category": {"category": "teleporter"},
        "a category that is out of use": {"category": "retired"},
        "a category with NUL": {"category": "dis\x00play"},
        "no urgency": {"urgency": None},
        "an unknown urgency": {"urgency": "yesterday"},
        "neither room nor place": {"room": None},
        "another room that is not named": {"room": "other"},
        "a room of another school": {"room": "{kant_room}"},
        "a room that is out of use": {"room": "{retired_room}"},
        "a room of the list of another school": {"room": "other", "other_room": "{kant_room}"},
        "a huge room": {"room": HUGE},
        "a negative room": {"room": "-1"},
        "a room in words": {"room": "A 204'; DROP TABLE tickets_ticket;--"},
        "a room with NUL": {"room": "\x00"},
        "1 MB of description": {"description": "Ä" * 500_000},
        "5,001 characters": {"description": "x" * 5001},
        "a place longer than a line": {"room": "other", "place": "x" * 81},
        "a place nobody can see": {"room": "other", "place": "\u200b\u202e \t"},
    }

    @pytest.mark.parametrize("mistake", MISTAKES)
    def test_a_mistake_is_answered_with_the_form_and_its_words(self, city, teacher, mistake):
        Category.objects.create(slug="retired", name_de="Alt", name_en="Old", active=False)
        retired = Room.objects.create(school=city.brecht, name="Alt 1", active=False)
        ids = {"kant_room": city.kant_room.pk, "retired_room": retired.pk}
        wrong = {
            name: value.format(**ids) if value and "{" in value else value
            for name, value in self.MISTAKES[mistake].items()
        }
        sent = report(city, **{"description": "Der Beamer summt.", **wrong})
        answer = teacher.post(NEW, sent)
        assert answer.status_code == 422
        assert told(answer)
        assert sent["description"][:10] in answer.content.decode()
        assert not Ticket.objects.exists()
        assert Draft.objects.count() == 1
        # Mended with the same key, it goes through.
        draft = Draft.objects.get()
        mended = report(city, idempotency_key=sent["idempotency_key"], draft=draft.key)
        assert teacher.post(NEW, mended).status_code == 302
        assert Ticket.objects.count() == 1 and not Draft.objects.exists()

    @pytest.mark.parametrize("school", ["100003", "999999", "", "abc", "\x00", "1" * 100, HUGE])
    def test_a_school_that_is_not_ones_own(self, city, teacher, school):
        answer = teacher.post(NEW, report(city, school=school, room=str(city.kant_room.pk)))
        assert answer.status_code == 422
        assert not Ticket.objects.exists()
        assert teacher.get(NEW, {"school": school}).status_code in ((200,) if school == "" else (404,))

    def test_nothing_at_all(self, city, teacher):
        assert teacher.post(NEW, {}).status_code == 422
        assert teacher.post(NEW, b"{}", content_type="application/json").status_code == 422
        assert teacher.post(NEW, b"\xff\xfe\x00", content_type="text/plain").status_code == 422
        broken = teacher.post(NEW, b"--x\r\nbroken", content_type="multipart/form-data; boundary=x")
        assert 400 <= broken.status_code < 500
        assert not Ticket.objects.exists()

    def test_more_than_a_form_can_hold(self, city, teacher):
        answer = teacher.post(NEW, report(city, description="x" * 3_000_000))
        assert answer.status_code in (400, 413)
        answer = teacher.post(NEW, {**report(city), **{f"x{number}": "1" for number in range(1100)}})
        assert answer.status_code in (400, 413)
        assert not Ticket.objects.exists()

    def test_control_characters_and_odd_spellings_are_cleaned(self, city, teacher):
        answer = teacher.post(NEW, report(city, description="Kein\x00 Bild\x1b[31m\u202e \r\nu\u0308ber Nacht \u200b"))
        assert answer.status_code == 302
        ticket = Ticket.objects.get()
        assert ticket.description == "Kein Bild[31m\nüber Nacht"
        assert ticket.title == "Kein Bild[31m"

    def test_words_are_shown_as_words(self, city, teacher):
        words = "<script>alert(1)</script>{{ 7*7 }}<img src=x onerror=alert(1)>"
        answer = teacher.post(NEW, report(city, description=words), follow=True)
        for page in (answer, teacher.get("/tickets/"), teacher.get("/tickets/", {"q": words})):
            text = page.content.decode()
            assert "<script>alert" not in text and "<img src=x" not in text

    @pytest.mark.parametrize("person", ["nobody", HUGE, "\x00", "{colleague}", "{kant_teacher}"])
    def test_in_whose_name_one_may_not_report(self, city, teacher, client, person):
        ids = {who: person.public_id for who, person in city.everybody.items()}
        sent = report(city, reporter=person.format(**ids))
        # A teacher is not even asked: the field counts for nothing.
        assert teacher.post(NEW, sent).status_code == 302
        assert Ticket.objects.get().reporter == city.teacher
        client.force_login(city.contact)
        answer = client.post(NEW, {**sent, "idempotency_key": "k"})
        assert answer.status_code == (302 if person == "{colleague}" else 422)

    def test_other_peoples_drafts_and_drafts_that_are_no_key_count_for_nothing(self, city, teacher, client):
        teacher.post(NEW, report(city, room="", photos=[photo()]))
        draft = Draft.objects.get()
        client.force_login(city.colleague)
        for key in (draft.key, uuid.uuid4(), "x", "\x00"):
            answer = client.post(NEW, report(city, draft=key, remove_photo=[draft.photos.get().key, "x", "\x00"]))
            assert answer.status_code == 302
        assert Draft.objects.get().photos.count() == 1 and not Attachment.objects.exists()
        assert client.post(f"/tickets/drafts/{draft.key}/removal/").status_code == 404

    def test_one_that_is_gone_after_a_day(self, city, teacher, clock):
        teacher.post(NEW, report(city, room="", photos=[photo()]))
        draft = Draft.objects.get()
        address = f"/tickets/drafts/{draft.key}/photos/{draft.photos.get().key}/"
        assert teacher.get(address).status_code == 200
        clock.at = MONDAY + KEPT_FOR
        teacher.force_login(city.teacher)
        assert teacher.get(address).status_code == 404
        assert str(draft.key) not in teacher.get(NEW).content.decode()


class TestPhotos:
    def send(self, client, city, *photos, **more):
        return client.post(NEW, report(city, photos=list(photos), **more))

    @pytest.mark.parametrize(
        "bad, says",
        [
            (lambda: SimpleUploadedFile("brief.jpg", b"%PDF-1.7 kein Bild"), "brief.jpg"),
            (lambda: SimpleUploadedFile("bild.svg", b"<svg onload='alert(1)'/>"), "bild.svg"),
            (lambda: photo("GIF", "lustig.gif"), "lustig.gif"),
            (lambda: SimpleUploadedFile("halb.jpg", picture(size=(900, 600))[:1500]), "halb.jpg"),
            (lambda: SimpleUploadedFile("bombe.png", bomb()), "64"),
            (lambda: SimpleUploadedFile("riesig.jpg", picture() + bytes(15 * 1024 * 1024)), "15"),
        ],
    )
    def test_a_bad_one_is_refused_and_the_good_ones_wait_with_the_words(self, city, teacher, bad, says):
        answer = self.send(teacher, city, photo(), bad(), photo("HEIF", "zwei.heic"))
        text = answer.content.decode()
        assert answer.status_code == 422 and says in text and "Der Beamer summt." in text
        draft = Draft.objects.get()
        assert draft.photos.count() == 2 and text.count(f"/tickets/drafts/{draft.key}/photos/") == 2
        # Sent again without choosing them again, they come along.
        answer = self.send(teacher, city, draft=draft.key)
        assert answer.status_code == 302
        assert Ticket.objects.get().attachments.count() == 2 and not Draft.objects.exists()
        for attachment in Attachment.objects.all():
            sent = b"".join(teacher.get(attachment.get_absolute_url()).streaming_content)
            assert Image.open(io.BytesIO(sent)).format == "JPEG"

    def test_of_six_the_first_five_are_kept(self, city, teacher):
        answer = self.send(teacher, city, *[photo() for _ in range(6)])
        assert answer.status_code == 422
        draft = Draft.objects.get()
        assert draft.photos.count() == 5
        # With five waiting, a sixth is one too many again; taken out, there is room.
        assert self.send(teacher, city, photo(), draft=draft.key).status_code == 422
        out = draft.photos.first().key
        assert self.send(teacher, city, photo(), draft=draft.key, remove_photo=str(out)).status_code == 302
        assert Ticket.objects.get().attachments.count() == 5

    def test_what_was_taken_out_stays_out_when_the_form_is_rejected_again(self, city, teacher):
        self.send(teacher, city, photo(), photo(), room="")
        draft = Draft.objects.get()
        out = draft.photos.first().key
        answer = self.send(teacher, city, room="", draft=draft.key, remove_photo=str(out))
        assert str(out) not in answer.content.decode()
        assert self.send(teacher, city, draft=draft.key).status_code == 302
        assert Attachment.objects.count() == 1

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
    def test_every_accepted_kind_arrives(self, city, teacher, kind):
        assert self.send(teacher, city, photo(kind, "IMG_0001.HEIC")).status_code == 302
        assert Attachment.objects.count() == 1

    def test_a_field_of_photos_that_holds_words(self, city, teacher):
        assert teacher.post(NEW, report(city, photos="tafel.jpg")).status_code == 302
        assert not Attachment.objects.exists()

    def test_a_bad_photo_with_a_message_sends_neither(self, city, teacher):
        ticket = city.report()
        sent = {"text": "Siehe Bild", "photos": [photo(), SimpleUploadedFile("x.jpg", b"%PDF")]}
        answer = teacher.post(f"/tickets/{ticket.number}/comment/", sent)
        assert answer.status_code == 422 and "Siehe Bild" in answer.content.decode()
        assert city.verbs_of(ticket) == ["reported"] and not Attachment.objects.exists()


class TestKeys:
    def test_the_same_key_for_another_report_is_refused(self, city, teacher):
        sent = report(city)
        assert teacher.post(NEW, sent).status_code == 302
        answer = teacher.post(NEW, {**sent, "description": "Etwas anderes"})
        assert answer.status_code == 422
        assert Ticket.objects.count() == 1

    def test_pressed_twice_with_photos_is_one_report(self, city, teacher):
        sent = report(city)
        answers = [teacher.post(NEW, {**sent, "photos": [photo()]}) for _ in range(2)]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert Ticket.objects.count() == Attachment.objects.count() == 1

    def test_pressed_twice_out_of_a_draft_is_one_report(self, city, teacher):
        teacher.post(NEW, report(city, room="", photos=[photo()]))
        sent = report(city, draft=Draft.objects.get().key)
        answers = [teacher.post(NEW, sent) for _ in range(2)]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert Ticket.objects.count() == Attachment.objects.count() == 1

    @pytest.mark.parametrize("key", ["x" * 129, "ä", "a b", "\x00"])
    def test_a_key_that_is_none(self, city, teacher, key):
        assert teacher.post(NEW, report(city, idempotency_key=key)).status_code == 400
        assert not Ticket.objects.exists()


def test_a_school_closed_meanwhile_takes_no_report(city, teacher):
    SchoolMembership.objects.create(
        person=city.teacher, school=city.kant, role=SchoolMembership.Role.TEACHER, starts_on=SINCE
    )
    city.kant.closes_on = MONDAY.date().replace(day=1)
    city.kant.save()
    answer = teacher.post(NEW, report(city, school=city.kant.number, room=str(city.kant_room.pk)))
    assert answer.status_code == 422 and not Ticket.objects.exists()
