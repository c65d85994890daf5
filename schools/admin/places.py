"""The rooms of all schools, for bulk work; the IT contact keeps them on the page of the school."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_site import SettingsAdmin, site
from foundation.text import LineField
from schools.commands import require_unlike_others
from schools.models import Room


class RoomForm(forms.ModelForm):
    """Asks for the same as the page of the school: one room of a name, and a site of the same school."""

    name = LineField(label=Room._meta.get_field("name").verbose_name, max_length=60)
    building = LineField(label=Room._meta.get_field("building").verbose_name, max_length=60, required=False)

    class Meta:
        model = Room
        fields = ["school", "name", "building", "site", "active"]

    def clean(self):
        facts = super().clean()
        school = facts.get("school") or getattr(self.instance, "school", None)
        if school and facts.get("name"):
            unsaved = Room(pk=self.instance.pk, school=school, name=facts["name"], site=facts.get("site"))
            try:
                require_unlike_others(unsaved)
            except ValidationError as refused:
                self.add_error(None, refused)
        return facts


@admin.register(Room, site=site)
class RoomAdmin(SettingsAdmin):
    form = RoomForm
    autocomplete_fields = ["school"]
    list_display = ["name", "building", "school", "active"]
    list_filter = ["active", "school__campus"]
    list_select_related = ["school"]
    search_fields = ["name", "building", "school__name", "school__number"]
    ordering = ["school__sort_key", "sort_key"]
    show_full_result_count = False
    actions = ["retire"]

    def get_readonly_fields(self, request, obj=None):
        return ["school"] if obj else []  # reports and devices lie in the room

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "site":
            field.label_from_instance = lambda place: f"{place.school}: {place.name}"
            field.queryset = field.queryset.select_related("school").order_by("school__sort_key", "name")
        return field

    def has_delete_permission(self, request, obj=None):
        return False  # a room that is given up goes out of use; its reports keep their place

    @admin.action(description=_("Take out of use"), permissions=["change"])
    def retire(self, request, rooms):
        done = rooms.update(active=False)
        told = ngettext("%(count)s room is out of use.", "%(count)s rooms are out of use.", done)
        self.message_user(request, told % {"count": done})
