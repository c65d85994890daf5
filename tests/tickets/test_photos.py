"""Photos from outside come out harmless: small, upright, without anything their camera noted; or are refused."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from tests.city import MONDAY
from tickets.commands.attach import attach_photos
from tickets.photos import LARGEST_FILE, clean_photo

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(kind="JPEG", size=(40, 20), **more) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new(more.pop("mode", "RGB"), size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    data = io.BytesIO()
    image.save(data, kind, **more)
    return data.getvalue()


def upload(data, name="tafel.jpg"):
    return SimpleUploadedFile(name, data)


def opened(data, name="tafel.jpg") -> Image.Image:
    return Image.open(io.BytesIO(clean_photo(upload(data, name)).data))


def is_like(pixel, colour):
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width=20_000, height=20_000) -> bytes:
    """Return a PNG of few bytes that unfolds to 400 million pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compressobj()
    body = b"".join([*(rows.compress(bytes(1 + (width + 7) // 8)) for _ in range(height)), rows.flush()])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def with_camera_data() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kamera Nachtigall"
    exif[ExifTags.Base.Orientation] = 6
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (51.0, 30.0, 48.0)
    return exif


class TestAccepted:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
    def test_what_phones_and_screens_make_becomes_a_jpeg(self, kind):
        photo = opened(picture(kind))
        assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (40, 20))
        assert is_like(photo.getpixel((5, 10)), RED) and is_like(photo.getpixel((35, 10)), BLUE)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
    def test_position_and_camera_are_gone_and_it_stands_upright(self, kind):
        data = picture(kind, exif=with_camera_data().tobytes())
        photo = opened(data)
        assert photo.size == (20, 40)
        assert is_like(photo.getpixel((10, 5)), RED) and is_like(photo.getpixel((10, 35)), BLUE)
        assert not photo.getexif() and set(photo.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        cleaned = clean_photo(upload(data)).data
        assert b"Exif" not in cleaned and b"Nachtigall" not in cleaned

    @pytest.mark.parametrize("turn", range(1, 9))
    def test_however_it_was_held(self, turn):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = turn
        photo = opened(picture(exif=exif.tobytes()))
        assert photo.size == ((40, 20) if turn < 5 else (20, 40))
        # Where the left half, the red one, ends up: mirrored 2 and 3, turned 5 to 8.
        red_at = {1: (5, 10), 2: (35, 10), 3: (35, 10), 4: (5, 10), 5: (10, 5), 6: (10, 5), 7: (10, 35), 8: (10, 35)}
        assert is_like(photo.getpixel(red_at[turn]), RED)

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
    def test_every_way_to_store_colours(self, mode):
        data = io.BytesIO()
        Image.new(mode, (30, 30)).save(data, "PNG")
        assert opened(data.getvalue()).mode == "RGB"

    def test_cmyk_from_a_print_shop(self):
        data = io.BytesIO()
        Image.new("CMYK", (30, 30)).save(data, "JPEG")
        assert opened(data.getvalue()).mode == "RGB"

    def test_what_is_transparent_becomes_white(self):
        data = io.BytesIO()
        image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
        image.paste((*RED, 255), (0, 0, 20, 20))
        image.save(data, "PNG")
        photo = opened(data.getvalue(), "bildschirm.png")
        assert is_like(photo.getpixel((5, 10)), RED) and photo.getpixel((38, 10)) == (255, 255, 255)

    def test_a_moving_webp_becomes_its_first_picture(self):
        frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE, BLUE)]
        data = io.BytesIO()
        frames[0].save(data, "WEBP", save_all=True, append_images=frames[1:], duration=100)
        photo = opened(data.getvalue())
        assert is_like(photo.getpixel((10, 10)), RED) and getattr(photo, "n_frames", 1) == 1

    def test_two_pictures_in_one_file_as_some_phones_make_them(self):
        data = io.BytesIO()
        Image.new("RGB", (20, 20), RED).save(
            data, "MPO", save_all=True, append_images=[Image.new("RGB", (20, 20), BLUE)]
        )
        assert is_like(opened(data.getvalue()).getpixel((10, 10)), RED)

    def test_48_megapixels_become_a_photo_of_handy_size(self):
        photo = clean_photo(upload(picture(size=(8000, 6000))))
        assert (photo.width, photo.height) == (2560, 1920)
        assert len(photo.data) < 1024 * 1024

    def test_the_name_says_nothing(self):
        assert opened(picture("PNG"), "brief.pdf").format == "JPEG"
        assert opened(picture("WEBP"), "../../etc/passwd").format == "JPEG"

    def test_what_hides_behind_the_picture_is_gone(self):
        data = picture() + b"<?php system($_GET['x']); ?>" + b"PK\x03\x04"
        assert b"php" not in clean_photo(upload(data)).data


class TestRefused:
    FILES = {
        "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "html": b"<html><script>alert(1)</script></html>",
        "text": "Grüße".encode(),
        "zip": b"PK\x03\x04" + bytes(60),
        "nothing": b"",
        "zeros": bytes(4000),
        "gif": picture("GIF"),
        "tiff": picture("TIFF"),
        "bmp": picture("BMP"),
        "half a jpeg": picture(size=(800, 600), quality=95)[:4000],
        "half a png": picture("PNG", size=(800, 600))[:-40],
        "half a webp": picture("WEBP", size=(800, 600), lossless=True)[:-20],
        "half a heic": picture("HEIF", size=(800, 600))[:-200],
    }

    @pytest.mark.parametrize("what", FILES)
    def test_anything_else_is_refused_with_what_is_accepted(self, what):
        with pytest.raises(ValidationError) as refused:
            clean_photo(upload(self.FILES[what]))
        [sentence] = refused.value.messages
        assert "tafel.jpg" in sentence and "JPEG, PNG, WebP" in sentence and "HEIC" in sentence

    @pytest.mark.parametrize("size", [(20_000, 20_000), (9_000, 8_000), (1, 200_000_000), (2**31 - 1, 2**31 - 1)])
    def test_a_bomb_does_not_go_off(self, size):
        width, height = size
        data = bomb() if size == (20_000, 20_000) else bomb_of_one_row(width, height)
        assert len(data) < 200_000
        with pytest.raises(ValidationError) as refused:
            clean_photo(upload(data))
        assert "64" in refused.value.messages[0]

    def test_more_than_15_mb_is_refused_without_a_look(self):
        with pytest.raises(ValidationError) as refused:
            clean_photo(upload(picture() + bytes(LARGEST_FILE)))
        assert "15" in refused.value.messages[0]

    def test_exif_that_is_broken_on_purpose_does_no_harm(self):
        exif = with_camera_data().tobytes()
        for position in range(8, len(exif), 3):
            broken = bytearray(exif)
            broken[position] ^= 0xFF
            assert clean_photo(upload(picture(exif=bytes(broken)))).width in (20, 40)


def bomb_of_one_row(width, height):
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


class TestHandedOut:
    def test_it_lies_under_a_random_name_and_leaves_as_a_picture_and_nothing_else(self, city, client, monkeypatch):
        monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
        photo = clean_photo(upload(picture(), "Klasse 7b Meier.jpg"))
        [attachment] = attach_photos(ticket=city.report(), photos=[photo], by=city.teacher, at=MONDAY)
        assert "Meier" not in attachment.file.name and attachment.key.hex in attachment.file.name
        client.force_login(city.teacher)
        answer = client.get(attachment.get_absolute_url())
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content) == photo.data
        default_storage.delete(attachment.file.name)
        assert client.get(attachment.get_absolute_url()).status_code == 404

    def test_a_report_holds_thirty(self, city):
        ticket = city.report()
        photos = [clean_photo(upload(picture(size=(4, 4))))] * 5
        for _ in range(6):
            attach_photos(ticket=ticket, photos=photos, by=city.teacher, at=MONDAY)
        with pytest.raises(ValidationError):
            attach_photos(ticket=ticket, photos=photos[:1], by=city.teacher, at=MONDAY)
        assert ticket.attachments.count() == 30
