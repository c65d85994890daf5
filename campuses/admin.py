"""Campuses in the settings. Who manages one and who is absent opens schools to people: that is a floor higher."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.admin_site import SettingsAdmin, site
from campuses.models import Campus
from campuses.slugs import RESERVED
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

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise ValidationError(_("This short name is the address of another page. Choose another one."))
        return slug


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
