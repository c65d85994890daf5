"""The teams of the Systemhaus in the settings."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_site import SettingsAdmin, site
from foundation.berlin import berlin_day
from foundation.text import LineField
from teams import commands
from teams.models import Team, TeamMembership


class TeamForm(forms.ModelForm):
    name_de = LineField(label=_("German name"), max_length=80)
    name_en = LineField(label=_("English name"), max_length=80)

    class Meta:
        model = Team
        fields = ["slug", "name_de", "name_en", "order", "is_active"]


@admin.register(Team, site=site)
class TeamAdmin(SettingsAdmin):
    form = TeamForm
    list_display = ["name_de", "slug", "order", "is_active"]
    ordering = ["order", "slug"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []  # other programs know a team by its slug

    def has_delete_permission(self, request, obj=None):
        return False  # reports remember their teams; a team that ends takes no new work


@admin.register(TeamMembership, site=site)
class TeamMembershipAdmin(SettingsAdmin):
    fields = ["person", "team", "is_lead", "starts_on", "ends_on"]
    autocomplete_fields = ["person"]
    list_display = ["person", "team", "is_lead", "starts_on", "ends_on"]
    list_filter = ["team", "is_lead"]
    list_select_related = ["person", "team"]
    search_fields = ["person__first_name", "person__last_name", "person__email"]
    ordering = ["team__order", "person__sort_key", "starts_on"]
    actions = ["end"]

    def get_changeform_initial_data(self, request):
        return {"starts_on": berlin_day(request.at), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        row = commands.join_team(**form.cleaned_data, by=request.user, at=request.at)
        obj.__dict__.update(row.__dict__)

    @admin.action(description=_("End: the membership ends at once"), permissions=["view"])
    def end(self, request, memberships):
        done = 0
        for membership in memberships:
            try:
                commands.leave_team(membership=membership, by=request.user, at=request.at)
                done += 1
            except ValidationError as refused:
                self.message_user(request, f"{membership}: {refused.messages[0]}", messages.ERROR)
        if done:
            told = ngettext("%(count)s membership ended.", "%(count)s memberships ended.", done)
            self.message_user(request, told % {"count": done}, messages.SUCCESS)
