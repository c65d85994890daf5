"""Photos from outside, made harmless: decoded, turned upright, made smaller and written anew as JPEG.

What comes out carries no EXIF, no GPS position, no name and nothing that was hidden behind the picture. Formats
are recognised by content, never by name (OWASP ASVS 5.0, 5.2.2 and 5.2.6).
"""

import io
import logging
import warnings
from dataclasses import dataclass
from typing import Self

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from PIL import ExifTags, Image
from pillow_heif import register_heif_opener

from tickets.models.attachment import Photo

register_heif_opener()

log = logging.getLogger(__name__)

PHOTOS_A_REPORT = 5
PHOTOS_A_TICKET = 30
LARGEST_FILE = 15 * 1024 * 1024
MOST_PIXELS = 64_000_000  # phones of 48 megapixels make pictures of 48.8
LONGEST_SIDE = 2560
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
#: How a picture is turned upright, by what its camera noted.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class CleanPhoto:
    """A harmless photo: its bytes, or the name under which it already lies in the store."""

    width: int
    height: int
    data: bytes = b""
    stored_as: str = ""

    @classmethod
    def kept(cls, photo: Photo) -> Self:
        """Return the photo of a draft; its file changes owner, it is not written again."""
        return cls(photo.width, photo.height, stored_as=photo.file.name)

    def store(self, row: Photo) -> None:
        """Put the file behind `row` into the store; the row is saved by the caller."""
        if self.stored_as:
            row.file.name = self.stored_as
        else:
            row.file.save("photo.jpg", ContentFile(self.data), save=False)


def clean_photo(upload) -> CleanPhoto:
    """Return the uploaded file as a clean photo.

    Raises ValidationError with a sentence that says what is accepted, for anything that is too large, too many
    pixels, broken, or no photo at all.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s MB. Send a smaller photo."),
            code="too_large",
            params={"name": upload.name, "limit": LARGEST_FILE // 1024 // 1024},
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _rewritten(upload)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("“%(name)s” has too many pixels. Photos of up to %(limit)s megapixels are accepted."),
            code="too_many_pixels",
            params={"name": upload.name, "limit": number_format(MOST_PIXELS // 1_000_000)},
        ) from error
    except Exception as error:
        # Files that are broken on purpose make Pillow and libheif raise whatever comes, `struct.error` for one.
        log.info("A photo could not be read: %s", type(error).__name__)
        raise ValidationError(
            _("“%(name)s” could not be read as a photo. JPEG, PNG, WebP and HEIC are accepted."),
            code="no_photo",
            params={"name": upload.name},
        ) from error


def _rewritten(upload) -> CleanPhoto:
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError(f"{image.width} x {image.height}")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.seek(0)
        # Smaller first: every copy of a full picture takes a quarter of a gigabyte.
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
        upright = image if turn is None else image.transpose(turn)
        target = io.BytesIO()
        _on_white(upright).save(target, "JPEG", quality=85, optimize=True)
    return CleanPhoto(upright.width, upright.height, data=target.getvalue())


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture in plain RGB without anything attached; what is transparent becomes white."""
    if "A" in image.getbands() or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain
