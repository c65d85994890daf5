"""Service calendars in the settings. They are here because `calendars` lies below and knows no roles."""

from itertools import combinations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.admin_site import SettingsAdmin, site
from calendars.business_time import MIDNIGHT
from calendars.models import BusinessCalendar, ClosedDay, OpeningHours, SchoolHoliday
from schools.admin.parts import DefaultForm, EditableInline, OneDefault


class HoursFormSet(forms.BaseInlineFormSet):
    """Refuses hours that overlap with each other, which no row alone can see, and a calendar that never opens."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        kept = [form.instance for form in self.forms if form not in self.deleted_forms]
        rows = [row for row in kept if row.opens is not None]
        for one, other in combinations(rows, 2):
            if _meet(one, other):
                raise ValidationError(_("%(one)s overlaps with %(other)s.") % {"one": one, "other": other})
        if not any(row.applies == OpeningHours.Applies.SCHOOL for row in rows):
            raise ValidationError(_("Enter hours for at least one school day: else no clock would ever run."))


def _meet(one: OpeningHours, other: OpeningHours) -> bool:
    same = (one.applies, one.weekday) == (other.applies, other.weekday)
    return same and _begins_within(one, other) and _begins_within(other, one)


def _begins_within(one, other) -> bool:
    return other.closes == MIDNIGHT or one.opens < other.closes


class HoursInline(EditableInline):
    model = OpeningHours
    formset = HoursFormSet
    fields = ["weekday", "opens", "closes", "applies"]
    ordering = ["applies", "weekday", "opens"]


class ClosedDayInline(EditableInline):
    model = ClosedDay
    fields = ["day", "name"]
    ordering = ["day"]


class CalendarForm(DefaultForm):
    class Meta:
        model = BusinessCalendar
        fields = ["name_de", "name_en", "slug", "is_default", "school_free_rule"]


@admin.register(BusinessCalendar, site=site)
class CalendarAdmin(OneDefault, SettingsAdmin):
    form = CalendarForm
    fields = CalendarForm.Meta.fields
    inlines = [HoursInline, ClosedDayInline]
    list_display = ["name_de", "slug", "is_default", "school_free_rule"]
    ordering = ["-is_default", "name_de"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]


@admin.register(SchoolHoliday, site=site)
class SchoolHolidayAdmin(SettingsAdmin):
    fields = list_display = ["name", "starts_on", "ends_on", "source"]
    search_fields = ["name"]
    ordering = ["-starts_on"]
