"""Photos on their way in and out."""

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from tickets.models.attachment import Photo
from tickets.photos import CleanPhoto, clean_photo


def clean_uploads(files, *, room_for: int) -> tuple[list[CleanPhoto], list[ValidationError]]:
    """Return the clean photos among the files, and what is wrong with the others; the good ones are kept."""
    files = [file for file in files if file.name]
    photos, problems = [], []
    if len(files) > max(room_for, 0):
        problems.append(
            ValidationError(
                _("At most 5 photos can be sent with a report. The first ones were kept."), code="too_many"
            )
        )
        files = files[: max(room_for, 0)]
    for file in files:
        try:
            photos.append(clean_photo(file))
        except ValidationError as error:
            problems.append(error)
    return photos, problems


def photo_answer(photo: Photo) -> FileResponse:
    """Return the file as an answer no shared cache keeps and no browser runs; 404 when the file is gone."""
    try:
        file = photo.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(file, content_type="image/jpeg", filename=f"{photo.key}.jpg")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
