"""Roles for the city and keys for the API: granted and withdrawn, never edited."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import commands
from accounts.admin_site import PeriodAdmin, ReadOnlyAdmin, site
from accounts.models import ApiToken, CityRole


@admin.register(CityRole, site=site)
class CityRoleAdmin(PeriodAdmin):
    fields = ["person", "role", "starts_on", "ends_on"]
    autocomplete_fields = ["person"]
    list_display = ["person", "role", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["person"]
    search_fields = ["person__first_name", "person__last_name", "person__email"]
    ordering = ["person__sort_key", "role", "starts_on"]
    actions = ["withdraw"]

    def grant(self, **facts):
        return commands.grant_role(**facts)

    @admin.action(description=_("Withdraw: the role ends at once"), permissions=["view"])
    def withdraw(self, request, roles):
        done = self.each(request, roles, "role", commands.withdraw_role)
        self.tell(request, ngettext("%(count)s role withdrawn.", "%(count)s roles withdrawn.", done), done)


@admin.register(ApiToken, site=site)
class ApiTokenAdmin(ReadOnlyAdmin):
    fields = list_display = ["person", "name", "prefix", "created_at", "expires_at", "revoked_at"]
    list_select_related = ["person"]
    search_fields = ["person__first_name", "person__last_name", "name", "prefix"]
    ordering = ["-created_at"]
    actions = ["revoke"]

    @admin.action(description=_("Withdraw: the keys open nothing any more"), permissions=["view"])
    def revoke(self, request, keys):
        done = self.each(request, keys, "token", commands.revoke_token)
        self.tell(request, ngettext("%(count)s key withdrawn.", "%(count)s keys withdrawn.", done), done)
