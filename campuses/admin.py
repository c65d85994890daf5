"""Campuses and absences in the settings. Who manages a campus is a role: those rows are granted on a higher floor."""

from django import forms
from django.contrib import admin

from accounts.admin_site import SettingsAdmin, site
from campuses.models import Absence, Campus
from foundation.berlin import berlin_day
from foundation.text import LineField


class CampusForm(forms.ModelForm):
    name = LineField(label=Campus._meta.get_field("name").verbose_name, max_length=80)
    note = LineField(
        label=Campus._meta.get_field("note").verbose_name,
        max_length=200,
        required=False,
        help_text=Campus._meta.get_field("note").help_text,
    )

    class Meta:
        model = Campus
        fields = ["name", "slug", "note"]


@admin.register(Campus, site=site)
class CampusAdmin(SettingsAdmin):
    form = CampusForm
    fields = CampusForm.Meta.fields
    list_display = ["name", "slug", "note"]
    search_fields = ["name", "slug"]
    ordering = ["sort_key"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []  # other programs know a campus by its short name

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def has_delete_permission(self, request, obj=None):
        return False  # reports remember the campus of their day


@admin.register(Absence, site=site)
class AbsenceAdmin(SettingsAdmin):
    fields = ["person", "starts_on", "ends_on"]
    autocomplete_fields = ["person"]
    list_display = ["person", "starts_on", "ends_on"]
    search_fields = ["person__first_name", "person__last_name", "person__email"]
    ordering = ["-starts_on", "person__sort_key"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")

    def get_changeform_initial_data(self, request):
        return {"starts_on": berlin_day(request.at), **super().get_changeform_initial_data(request)}
