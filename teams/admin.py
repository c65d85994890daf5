"""The teams of the Systemhaus in the settings."""

from django import forms
from django.contrib import admin
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_site import PeriodAdmin, ReadOnlyInline, SettingsAdmin, site
from foundation.berlin import berlin_day
from foundation.text import LineField
from teams import commands
from teams.models import Team, TeamMembership


class TeamForm(forms.ModelForm):
    slug = forms.SlugField(label=_("short name"), max_length=50)
    name_de = LineField(label=_("German name"), max_length=80)
    name_en = LineField(label=_("English name"), max_length=80)

    phone = LineField(
        label=_("telephone"),
        max_length=40,
        required=False,
        help_text=_("The first level calls it while handing over. Empty: in writing only."),
    )

    class Meta:
        model = Team
        fields = ["slug", "name_de", "name_en", "phone", "calendar", "order", "is_active"]


class MembersInline(ReadOnlyInline):
    """Who works in the team today or later; the leads first."""

    model = TeamMembership
    fields = ["person", "is_lead", "starts_on", "ends_on"]
    verbose_name_plural = _("members")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("person").overlapping(berlin_day(request.at), None)
        return rows.order_by("-is_lead", "person__sort_key", "starts_on")


@admin.register(Team, site=site)
class TeamAdmin(SettingsAdmin):
    form = TeamForm
    inlines = [MembersInline]
    list_display = ["name_de", "short_name", "phone", "leads", "member_count", "order", "is_active"]
    ordering = ["order", "slug"]

    def get_queryset(self, request):
        rows = TeamMembership.objects.on(berlin_day(request.at)).select_related("person").order_by("person__sort_key")
        return super().get_queryset(request).prefetch_related(Prefetch("memberships", rows, to_attr="today"))

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        return ["slug", "membership"] if obj else []  # other programs know a team by its slug

    def get_fields(self, request, obj=None):
        return [*TeamForm.Meta.fields, *(["membership"] if obj else [])]

    @admin.display(description=_("short name"), ordering="slug")
    def short_name(self, team):
        return team.slug

    @admin.display(description=_("leads"))
    def leads(self, team):
        return ", ".join(row.person.name for row in team.today if row.is_lead) or _("nobody")

    @admin.display(description=_("members"))
    def member_count(self, team):
        return len(team.today)

    @admin.display(description=_("members"))
    def membership(self, team):
        """Lead to where people come into the team and leave it, which is on record."""
        add = reverse("admin:teams_teammembership_add", query={"team": team.pk})
        every = reverse("admin:teams_teammembership_changelist", query={"team__id__exact": team.pk})
        links = '<a href="{}">{}</a> · <a href="{}">{}</a>'
        return format_html(links, add, _("Add a member"), every, _("End memberships, name leads"))

    def has_delete_permission(self, request, obj=None):
        return False  # reports remember their teams; a team that ends takes no new work


@admin.register(TeamMembership, site=site)
class TeamMembershipAdmin(PeriodAdmin):
    fields = ["person", "team", "is_lead", "starts_on", "ends_on"]
    autocomplete_fields = ["person"]
    list_display = ["person", "team", "is_lead", "starts_on", "ends_on"]
    list_filter = ["team", "is_lead"]
    list_select_related = ["person", "team"]
    search_fields = ["person__first_name", "person__last_name", "person__email"]
    ordering = ["team__order", "person__sort_key", "starts_on"]
    actions = ["lead", "lead_no_longer", "end"]

    def grant(self, **facts):
        return commands.join_team(**facts)

    @admin.action(description=_("End: the membership ends at once"), permissions=["view"])
    def end(self, request, memberships):
        done = self.each(request, memberships, "membership", commands.leave_team)
        self.tell(request, ngettext("%(count)s membership ended.", "%(count)s memberships ended.", done), done)

    @admin.action(description=_("Lead: hears when nobody of the team responds"), permissions=["view"])
    def lead(self, request, memberships):
        self._name_leads(request, memberships, is_lead=True)

    @admin.action(description=_("No longer lead"), permissions=["view"])
    def lead_no_longer(self, request, memberships):
        self._name_leads(request, memberships, is_lead=False)

    def _name_leads(self, request, memberships, *, is_lead):
        done = self.each(request, memberships, "membership", commands.name_lead, is_lead=is_lead)
        self.tell(request, ngettext("%(count)s membership changed.", "%(count)s memberships changed.", done), done)
