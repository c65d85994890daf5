"""Roles at schools and campuses, absences, covers: entered, ended on a day or at once; never edited otherwise.

Each change goes through a command, because each opens or closes reports to somebody and is on record.
"""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_site import PeriodAdmin, site
from campuses.models import Absence, CampusAssignment
from schools import covers, memberships
from schools.models import Cover, SchoolMembership
from schools.steering import absences
from schools.withdrawal import withdraw


class PeriodForm(forms.ModelForm):
    """Checks the whole row against the others, also where only its last day can be edited."""

    def _get_validation_exclusions(self):
        left_out = super()._get_validation_exclusions()
        return left_out if self.instance.pk is None else left_out & set(self.errors)


class LastDayAdmin(PeriodAdmin):
    """A role for a period whose last day can be changed."""

    form = PeriodForm
    autocomplete_fields = ["person"]
    actions = ["end_now"]

    def set_last_day(self, row, ends_on, *, by, at):
        memberships.set_last_day(row=row, ends_on=ends_on, by=by, at=at)

    def withdraw(self, *, row, by, at):
        withdraw(row=row, by=by, at=at)

    def has_change_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def get_readonly_fields(self, request, obj=None):
        return [name for name in self.fields if name != "ends_on"] if obj else []

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
        elif "ends_on" in form.changed_data:
            self.set_last_day(obj, form.cleaned_data["ends_on"], by=request.user, at=request.at)

    @admin.action(description=_("Withdraw: ends at once"), permissions=["view"])
    def end_now(self, request, rows):
        done = self.each(request, rows, "row", self.withdraw)
        self.tell(request, ngettext("%(count)s entry withdrawn.", "%(count)s entries withdrawn.", done), done)


@admin.register(SchoolMembership, site=site)
class SchoolMembershipAdmin(LastDayAdmin):
    fields = ["person", "school", "role", "starts_on", "ends_on"]
    autocomplete_fields = ["person", "school"]
    list_display = ["person", "school", "role", "starts_on", "ends_on"]
    list_filter = ["role", "school__campus"]
    list_select_related = ["person", "school"]
    search_fields = ["person__first_name", "person__last_name", "person__email", "school__name", "school__number"]
    ordering = ["school__sort_key", "role", "person__sort_key", "starts_on"]

    def grant(self, *, by, at, **facts):
        return memberships.grant_school_role(**facts, by=by, at=at)


@admin.register(CampusAssignment, site=site)
class CampusAssignmentAdmin(LastDayAdmin):
    fields = ["campus", "person", "starts_on", "ends_on"]
    list_display = ["campus", "person", "starts_on", "ends_on"]
    list_filter = ["campus"]
    list_select_related = ["person", "campus"]
    search_fields = ["campus__name", "person__first_name", "person__last_name", "person__email"]
    ordering = ["campus__sort_key", "-starts_on"]

    def grant(self, *, by, at, **facts):
        return memberships.assign_campus(**facts, by=by, at=at)


@admin.register(Absence, site=site)
class AbsenceAdmin(LastDayAdmin):
    fields = ["person", "starts_on", "ends_on"]
    list_display = ["person", "starts_on", "ends_on"]
    list_select_related = ["person"]
    search_fields = ["person__first_name", "person__last_name", "person__email"]
    ordering = ["-starts_on", "person__sort_key"]

    def grant(self, *, by, at, **facts):
        return absences.enter_absence(**facts, by=by, at=at)

    def set_last_day(self, row, ends_on, *, by, at):
        absences.change_absence(absence=row, starts_on=row.starts_on, ends_on=ends_on, by=by, at=at)

    def withdraw(self, *, row, by, at):
        absences.end_absence(absence=row, by=by, at=at)


class CoverForm(PeriodForm):
    """One substitute for one school, or for all the absent person looks after."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "school" in self.fields:
            self.fields["school"].required = False
            self.fields["school"].help_text = _("Empty: all schools the absent person looks after.")

    def clean(self):
        facts = super().clean()
        absence, substitute = facts.get("absence"), facts.get("substitute")
        if absence and substitute and absence.person_id == substitute.pk:
            self.add_error("substitute", _("Nobody stands in for themselves. Choose another person."))
        return facts


@admin.register(Cover, site=site)
class CoverAdmin(LastDayAdmin):
    form = CoverForm
    fields = ["absence", "substitute", "school", "starts_on", "ends_on"]
    autocomplete_fields = ["absence", "substitute", "school"]
    list_display = ["school", "absent", "substitute", "starts_on", "ends_on"]
    list_select_related = ["school", "substitute", "absence__person"]
    search_fields = ["school__name", "substitute__last_name", "absence__person__last_name"]
    ordering = ["-starts_on", "school__sort_key"]

    @admin.display(description=_("absent"), ordering="absence__person__sort_key")
    def absent(self, cover):
        return cover.absence.person.name

    def grant(self, *, by, at, school, **facts):
        if school is not None:
            return covers.cover_school(school=school, **facts, by=by, at=at)
        return covers.cover_all_schools(**facts, by=by, at=at)[0]

    def set_last_day(self, row, ends_on, *, by, at):
        covers.set_last_day(row=row, ends_on=ends_on, by=by, at=at)
