"""Campuses, schools, rooms and people in the API. Read only; rooms are kept right on the pages of the school."""

from functools import cached_property

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, Value
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from accounts.models import User
from campuses.models import Campus
from foundation.api.bodies import Filters
from foundation.api.fields import Line, Named
from foundation.api.schema import READING, operation, page_schema
from foundation.api.views import ApiView

from .duties import viewer_of
from .models import Room, School, SchoolMembership
from .models.school import ATTRIBUTION
from .people import people_visible_to, workers_for
from .viewer import Viewer


class ScopedView(ApiView):
    """A view whose every read starts from `viewer`: who asks, now, with the reach of all their roles."""

    @cached_property
    def viewer(self) -> Viewer:
        return viewer_of(self.request.user, self.request.at)


class SchoolByNumber(Named):
    """A school one sees, by its number."""

    default_error_messages = {"unknown": _("You know no school with this number.")}

    def found(self, name):
        schools = School.objects.visible_to(self.context["viewer"]).select_related("campus")
        return schools.filter(number=name).first()


class CampusBySlug(Named):
    default_error_messages = {"unknown": _("There is no campus of this name.")}

    def found(self, name):
        return Campus.objects.visible_to(self.context["viewer"]).filter(slug=name).first()


class SchoolSerializer(serializers.ModelSerializer):
    campus = serializers.SlugRelatedField(
        "slug", read_only=True, allow_null=True, help_text="The campus that looks after the school."
    )

    class Meta:
        model = School
        fields = ["number", "name", "form", "support_type", "campus"]
        read_only_fields = fields


class SchoolDetailSerializer(SchoolSerializer):
    attribution = serializers.SerializerMethodField(help_text="To be shown wherever the data of schools is shown.")

    class Meta(SchoolSerializer.Meta):
        fields = [*SchoolSerializer.Meta.fields, "address", "district", "website", "attribution"]
        read_only_fields = fields

    def get_attribution(self, school) -> str:
        return ATTRIBUTION


class RoomSerializer(serializers.ModelSerializer):
    school = serializers.SlugRelatedField("number", read_only=True, help_text="The number of the school.")

    class Meta:
        model = Room
        fields = ["id", "name", "building", "school"]
        read_only_fields = fields


class PersonSerializer(serializers.ModelSerializer):
    """Somebody one may name. Only those who hand out work or report for others see more than themselves here."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "name", "email"]
        read_only_fields = fields


class CampusSerializer(serializers.ModelSerializer):
    manager = serializers.SerializerMethodField(
        help_text="Who looks after the campus today, absent or not; null where nobody does."
    )
    on_duty = serializers.SerializerMethodField(
        help_text="Who is on duty for its schools today: the manager, or whoever stands in. Empty where nobody is; "
        "then it is the coordination."
    )
    schools = serializers.IntegerField(source="school_count", help_text="How many schools belong to it.")

    class Meta:
        model = Campus
        fields = ["slug", "name", "manager", "on_duty", "schools"]
        read_only_fields = fields

    def get_manager(self, campus) -> str | None:
        manager = self.context["roster"].managers.get(campus.pk)
        return manager.name if manager else None

    def get_on_duty(self, campus) -> list[str]:
        roster = self.context["roster"]
        people = {roster.manager_of(school, campus.pk) for school in campus.school_keys}
        return sorted(person.name for person in people if person is not None)


class SchoolFilters(Filters):
    q = Line(max_length=100, required=False, help_text="A part of the name, or the beginning of the number.")
    campus = CampusBySlug(required=False, help_text="The slug of a campus.")


class CampusFilters(Filters):
    """Nothing narrows the few campuses."""


class RoomFilters(Filters):
    school = SchoolByNumber(required=False, help_text="The number of a school.")


class PersonFilters(Filters):
    q = Line(max_length=100, required=False, help_text="Words of the name or of the e-mail address.")
    school = SchoolByNumber(required=False, help_text="Who belongs to this school or works for it.")


class Schools(ScopedView):
    @operation(
        "list_schools",
        "List schools",
        "The schools you belong to, look after or cover; all of them for roles of the whole city. In German order.",
        tag="Schools",
        answers={200: page_schema(SchoolSerializer, attribution=serializers.CharField())},
        parameters=[SchoolFilters],
        problems_of=(400, 401),
    )
    def get(self, request):
        filters = SchoolFilters.read(request, viewer=self.viewer)
        rows = School.objects.visible_to(self.viewer).select_related("campus")
        for word in filters.get("q", "").split()[:6]:
            rows = rows.filter(Q(name__icontains=word) | Q(number__startswith=word))
        if "campus" in filters:
            rows = rows.filter(campus=filters["campus"])
        order, cursor = ("sort_key", "number"), filters["cursor"]
        return self.listed(rows, SchoolSerializer, order=order, after=cursor, attribution=ATTRIBUTION)


class SchoolDetail(ScopedView):
    @operation(
        "get_school",
        "Read a school",
        "One school you see, by its number.",
        tag="Schools",
        answers={200: SchoolDetailSerializer},
        parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)],
        problems_of=READING,
    )
    def get(self, request, number):
        rows = School.objects.visible_to(self.viewer).select_related("campus")
        return Response(SchoolDetailSerializer(get_object_or_404(rows, number=number)).data)


class Campuses(ScopedView):
    @operation(
        "list_campuses",
        "List campuses",
        "All campuses, with who looks after each and who is on duty today. In German order.",
        tag="Schools",
        answers={200: page_schema(CampusSerializer)},
        parameters=[CampusFilters],
        problems_of=(400, 401),
    )
    def get(self, request):
        cursor = CampusFilters.read(request)["cursor"]
        rows = Campus.objects.visible_to(self.viewer).annotate(
            school_keys=ArrayAgg("schools", filter=Q(schools__isnull=False), default=Value([])),
            school_count=Count("schools"),
        )
        context = {"roster": self.viewer.roster}
        return self.listed(rows, CampusSerializer, order=("sort_key", "id"), after=cursor, context=context)


class Rooms(ScopedView):
    @operation(
        "list_rooms",
        "List rooms",
        "The rooms in use of the schools you see, in German order; usually narrowed to one school.",
        tag="Schools",
        answers={200: page_schema(RoomSerializer)},
        parameters=[RoomFilters],
        problems_of=(400, 401),
    )
    def get(self, request):
        filters = RoomFilters.read(request, viewer=self.viewer)
        rows = Room.objects.visible_to(self.viewer).in_use().select_related("school")
        if "school" in filters:
            rows = rows.filter(school=filters["school"])
        return self.listed(rows, RoomSerializer, order=("sort_key", "id"), after=filters["cursor"])


class People(ScopedView):
    @operation(
        "list_people",
        "List people",
        "Whom you may name: yourself; for an IT contact the members of the school; for campus management, helpdesk "
        "and coordination also those who work at the first level.",
        tag="People",
        answers={200: page_schema(PersonSerializer)},
        parameters=[PersonFilters],
        problems_of=(400, 401),
    )
    def get(self, request):
        filters = PersonFilters.read(request, viewer=self.viewer)
        rows = people_visible_to(self.viewer).matching(filters.get("q", ""))
        if "school" in filters:
            rows = rows.filter(self._has_to_do_with(filters["school"]))
        return self.listed(rows, PersonSerializer, order=("sort_key", "id"), after=filters["cursor"])

    def _has_to_do_with(self, school):
        members = SchoolMembership.objects.on(self.viewer.day).filter(school=school)
        return Q(pk__in=members.values("person")) | Q(pk__in=workers_for(school, self.viewer).values("pk"))
