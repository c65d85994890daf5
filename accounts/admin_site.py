"""Django's admin for settings: a site of its own, for those who hold the administrator role today."""

from collections.abc import Callable
from functools import update_wrapper

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.admin_tables import download_table
from accounts.permissions import is_administrator
from accounts.views.signing_in import sign_out
from foundation.berlin import berlin_day


class SettingsSite(admin.AdminSite):
    """Asks the roles at every request; to everybody else its pages do not exist."""

    site_header = _("Campusruf: settings")
    site_title = _("Settings")
    index_title = _("Settings")
    site_url = "/"

    def has_permission(self, request) -> bool:
        # The admin asks many times a request; the roles are read once.
        known = getattr(request, "_administers", None)
        if known is None:
            known = request._administers = is_administrator(request.user, at=request.at)
        return known

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def gate(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), "login")
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(gate, inner)

    def login(self, request, extra_context=None):
        return redirect_to_login(request.GET.get("next") or self.site_url, "login")

    def logout(self, request, extra_context=None):
        return sign_out(request)

    def password_change(self, request, extra_context=None):
        return redirect("password-change")


site = SettingsSite(name="settings")
site.add_action(download_table)


class SettingsAdmin(admin.ModelAdmin):
    """Behind the gate an administrator may do everything; what is refused says so itself."""

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def each(self, request, rows, name: str, command: Callable, **facts) -> int:
        """Give the command each row as `name`, say why where one is refused, and return how many it took."""
        done = 0
        for row in rows:
            try:
                command(**{name: row}, by=request.user, at=request.at, **facts)
                done += 1
            except ValidationError as refused:
                self.message_user(request, f"{row}: {refused.messages[0]}", messages.ERROR)
        return done

    def tell(self, request, sentence: str, done: int) -> None:
        """Say how many it was, if it was any."""
        if done:
            self.message_user(request, sentence % {"count": done}, messages.SUCCESS)


class PeriodAdmin(SettingsAdmin):
    """Rows that hold from a first to a last day: entered and ended by commands, never edited otherwise.

    `grant` names the command that enters one.
    """

    def get_changeform_initial_data(self, request):
        return {"starts_on": berlin_day(request.at), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def grant(self, *, by, at, **facts):
        """Enter the row and return it."""
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        obj.__dict__.update(self.grant(**form.cleaned_data, by=request.user, at=request.at).__dict__)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refused:  # what a command alone can know, or somebody was faster
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return redirect(request.get_full_path())


class ReadOnlyInline(admin.TabularInline):
    """Rows shown on the page of what they belong to; they are changed elsewhere."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(SettingsAdmin):
    """Rows to look at: histories, and what other people sent."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
