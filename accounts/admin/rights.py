"""Roles for the city and keys for the API: granted and withdrawn, never edited."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import commands
from accounts.admin_site import ReadOnlyAdmin, SettingsAdmin, site
from accounts.models import ApiToken, CityRole
from foundation.berlin import berlin_day


@admin.register(CityRole, site=site)
class CityRoleAdmin(SettingsAdmin):
    fields = ["person", "role", "starts_on", "ends_on"]
    autocomplete_fields = ["person"]
    list_display = ["person", "role", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["person"]
    search_fields = ["person__first_name", "person__last_name", "person__email"]
    ordering = ["person__sort_key", "role", "starts_on"]
    actions = ["withdraw"]

    def get_changeform_initial_data(self, request):
        return {"starts_on": berlin_day(request.at), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        role = commands.grant_role(**form.cleaned_data, by=request.user, at=request.at)
        obj.__dict__.update(role.__dict__)

    @admin.action(description=_("Withdraw: the role ends at once"), permissions=["view"])
    def withdraw(self, request, roles):
        done = 0
        for role in roles:
            try:
                commands.withdraw_role(role=role, by=request.user, at=request.at)
                done += 1
            except ValidationError as refused:
                self.message_user(request, f"{role}: {refused.messages[0]}", messages.ERROR)
        if done:
            told = ngettext("%(count)s role withdrawn.", "%(count)s roles withdrawn.", done) % {"count": done}
            self.message_user(request, told, messages.SUCCESS)


@admin.register(ApiToken, site=site)
class ApiTokenAdmin(ReadOnlyAdmin):
    fields = list_display = ["person", "name", "prefix", "created_at", "expires_at", "revoked_at"]
    list_select_related = ["person"]
    search_fields = ["person__first_name", "person__last_name", "name", "prefix"]
    ordering = ["-created_at"]
    actions = ["revoke"]

    @admin.action(description=_("Withdraw: the keys open nothing any more"), permissions=["view"])
    def revoke(self, request, keys):
        for key in keys:
            commands.revoke_token(token=key, by=request.user, at=request.at)
        told = ngettext("%(count)s key withdrawn.", "%(count)s keys withdrawn.", len(keys)) % {"count": len(keys)}
        self.message_user(request, told, messages.SUCCESS)
