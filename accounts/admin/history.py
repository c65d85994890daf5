"""What happened to accounts, and mails that could not be sent."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import ReadOnlyAdmin, site
from accounts.models import AccessMail, AccountEvent


@admin.register(AccountEvent, site=site)
class AccountEventAdmin(ReadOnlyAdmin):
    fields = list_display = ["at", "event", "person", "by", "data"]
    list_select_related = ["person", "by"]
    list_filter = ["at", ("verb", admin.AllValuesFieldListFilter)]
    search_fields = ["person__first_name", "person__last_name", "person__email"]
    ordering = ["-at", "-pk"]
    show_full_result_count = False

    @admin.display(description=_("event"), ordering="verb")
    def event(self, event):
        return AccountEvent.Verb(event.verb).label


@admin.register(AccessMail, site=site)
class AccessMailAdmin(ReadOnlyAdmin):
    # Never the address that was typed: it may be a stranger's, or a password in the wrong field.
    fields = list_display = ["requested_at", "kind", "attempts", "done_at", "outcome"]
    list_filter = ["kind", "outcome", "attempts"]
    ordering = ["-requested_at"]
