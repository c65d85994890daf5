"""The devices of the schools in the settings."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.admin_site import SettingsAdmin, site
from devices.models import Device


class DeviceForm(forms.ModelForm):
    class Meta:
        model = Device
        fields = ["code", "serial", "kind", "model", "school", "room"]

    def clean(self):
        facts = super().clean()
        school, room = facts.get("school"), facts.get("room")
        if school and room and room.school_id != school.pk:
            raise ValidationError({"room": _("This room belongs to another school. Choose a room of this school.")})
        return facts


@admin.register(Device, site=site)
class DeviceAdmin(SettingsAdmin):
    form = DeviceForm
    autocomplete_fields = ["school", "room"]
    list_display = ["code", "kind", "model", "serial", "school", "room"]
    list_filter = ["kind", "school__campus"]
    list_select_related = ["school", "room"]
    search_fields = ["code", "serial", "model", "school__name"]
    ordering = ["code"]
    show_full_result_count = False  # counting all devices of the city would take longer than the page
