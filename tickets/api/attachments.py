"""The photos of a ticket: listed, added, handed out to those who see the ticket."""

from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from foundation.api.bodies import Filters, refuse_unknown
from foundation.api.parsers import PartsParser
from foundation.api.schema import IDEMPOTENCY_KEY, READING, WRITING, operation, page_schema
from foundation.api.views import MEGABYTE
from idempotency.api import answer_once
from tickets import permissions
from tickets.commands.attach import attach_photos
from tickets.lifecycle import Step
from tickets.models import Attachment
from tickets.photos import LARGEST_FILE, PHOTOS_A_REPORT, CleanPhoto, clean_photo
from tickets.uploads import photo_answer

from .scope import NUMBER, TicketsView
from .serializers import AttachmentSerializer

KEY = OpenApiParameter("key", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The `id` of the photo.")


class PhotoParts(serializers.Serializer):
    """A form with files. Every part that is a file counts, whatever it is called."""

    file = serializers.FileField(help_text="JPEG, PNG, WebP or HEIC, up to 15 MB and 64 megapixels; up to 5 at once.")


class Attachments(TicketsView):
    def _context(self, ticket):
        return {"number": ticket.number, "works": permissions.may_write_internally(self.viewer, ticket)}

    parser_classes = [PartsParser]
    largest_body = PHOTOS_A_REPORT * LARGEST_FILE + MEGABYTE

    @operation(
        "list_attachments",
        "List photos",
        "The photos of a ticket, the oldest first.",
        tag="Tickets",
        answers={200: page_schema(AttachmentSerializer)},
        parameters=[NUMBER, Filters],
        problems_of=READING,
    )
    def get(self, request, number):
        ticket = self.found(number)
        rows = Attachment.objects.of([ticket]).select_related("added_by")
        cursor = Filters.read(request)["cursor"]
        return self.listed(rows, AttachmentSerializer, order=("id",), after=cursor, context=self._context(ticket))

    @operation(
        "add_attachments",
        "Add photos",
        "Adds photos; whoever may comment may. They are decoded and written anew, without position and camera data.",
        tag="Tickets",
        body={"multipart/form-data": PhotoParts},
        answers={201: page_schema(AttachmentSerializer)},
        parameters=[NUMBER, IDEMPOTENCY_KEY],
        problems_of=WRITING,
    )
    def post(self, request, number):
        return answer_once(request, partial(self._add, request, number))

    def _add(self, request, number):
        ticket = self.found(number)
        permissions.require(self.viewer, Step.COMMENT, ticket)
        photos = clean_parts(request)
        added = attach_photos(ticket=ticket, photos=photos, by=request.user, at=request.at)
        context = self._context(ticket)
        results = AttachmentSerializer(added, many=True, context=context).data
        return Response({"results": results, "next": None}, status=201)


class AttachmentFile(TicketsView):
    @operation(
        "get_attachment",
        "Read a photo",
        "The photo itself, as JPEG.",
        tag="Tickets",
        answers={(200, "image/jpeg"): OpenApiTypes.BINARY},
        parameters=[NUMBER, KEY],
        problems_of=READING,
    )
    def get(self, request, number, key):
        photo = get_object_or_404(Attachment.objects.of(self.scope.numbered(number)), key=key)
        answer = photo_answer(photo)
        answer.headers["Content-Disposition"] = f'attachment; filename="{photo.key}.jpg"'
        return answer


def clean_parts(request) -> list[CleanPhoto]:
    """Return the parts of the request as clean photos; ValidationError where one is none, or none is there."""
    files = [file for _name, files in request.FILES.lists() for file in files]
    refuse_unknown(request.POST, ["file"])
    if not files:
        raise ValidationError({"file": _("The photo is missing. Send it as a part of a form.")})
    if len(files) > PHOTOS_A_REPORT:
        raise ValidationError({"file": _("At most %(limit)s photos at once.") % {"limit": PHOTOS_A_REPORT}})
    try:
        return [clean_photo(file) for file in files]
    except ValidationError as error:
        raise ValidationError({"file": error}) from error
