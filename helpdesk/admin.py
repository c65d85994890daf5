"""Service calendars in the settings. They are here because `calendars` lies below and knows no roles."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.admin_site import SettingsAdmin, site
from calendars.business_time import GIVE_UP_AFTER, MIDNIGHT, NeverOpens
from calendars.commands import note_another_default, note_change, note_changed_holidays
from calendars.models import BusinessCalendar, ClosedDay, OpeningHours, SchoolHoliday
from foundation.berlin import start_of_day
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
        if self.instance.pk:
            _check_that_it_opens(self.instance, rows, self.instance.closed_days.values_list("day", flat=True))


class ClosedDayFormSet(forms.BaseInlineFormSet):
    """Refuses so many closed days that the calendar would hardly open again."""

    def clean(self):
        super().clean()
        if any(self.errors) or not self.instance.pk:
            return
        kept = [form.instance for form in self.forms if form not in self.deleted_forms]
        days = [row.day for row in kept if row.day is not None]
        _check_that_it_opens(self.instance, self.instance.opening_hours.all(), days)


def _check_that_it_opens(calendar: BusinessCalendar, opening: Iterable[OpeningHours], days: Iterable[date]) -> None:
    closed = dict.fromkeys(days, "")
    hours = calendar.hours(opening=opening, closed_days=closed)
    # A day later the same stretch is asked about again; the first of each run of closed days is enough.
    for day in (day for day in closed if day - timedelta(days=1) not in closed):
        try:
            hours.next_open(start_of_day(day))
        except NeverOpens as error:
            years = GIVE_UP_AFTER.days // 365
            sentence = _("With these closed days nothing opens for %(years)s years: no clock would run.")
            raise ValidationError(sentence % {"years": years}) from error


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
    formset = ClosedDayFormSet
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
    list_display = ["name_de", "slug", "is_default", "school_free_rule", "version", "changed_at"]
    ordering = ["-is_default", "name_de"]

    def get_fields(self, request, obj=None):
        return [*self.fields, *(["version", "changed_at"] if obj else [])]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["slug", "version", "changed_at"] if obj else [])]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rules_changed = "school_free_rule" in form.changed_data or any(rows.has_changed() for rows in formsets)
        if change and rules_changed:
            note_change(calendar=form.instance, at=request.at, by=request.user)
        elif form.instance.is_default and "is_default" in form.changed_data:
            note_another_default(calendar=form.instance, at=request.at, by=request.user)


@admin.register(SchoolHoliday, site=site)
class SchoolHolidayAdmin(SettingsAdmin):
    fields = list_display = ["name", "starts_on", "ends_on", "source"]
    search_fields = ["name"]
    ordering = ["-starts_on"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if {"name", "starts_on", "ends_on"} & set(form.changed_data):
            note_changed_holidays(at=request.at, by=request.user)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        note_changed_holidays(at=request.at, by=request.user)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        note_changed_holidays(at=request.at, by=request.user)
