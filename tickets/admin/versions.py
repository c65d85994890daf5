"""Settings that are never changed: what is saved is published as the next version, and the old ones are kept."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_site import SettingsAdmin
from foundation.berlin import BERLIN
from schools.admin.parts import EditableInline


def is_open(request, obj, counter: str) -> bool:
    """Whether the page may be sent: that of an earlier version only to be told which one is in use meanwhile."""
    return obj is None or getattr(obj, counter) == obj.latest or request.method == "POST"


class VersionInline(EditableInline):
    """Rows of the version in use; those of an earlier one are to be read only. `counter` as the page has it."""

    counter = "version"

    def has_change_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and is_open(request, obj, self.counter)

    has_add_permission = has_delete_permission = has_change_permission


class VersionedAdmin(SettingsAdmin):
    """The latest version of each; the others are reached from its page.

    A subclass names the field that numbers versions (`counter`) and the one they are versions of (`of`), offers `rows`
    and `told_published`, and publishes when it is saved; the object of the request is the new version then.
    """

    counter = "version"
    of = ""

    rows: Callable  # all versions with `latest`, the number of the one in use
    told_published: Callable[..., str]  # what the new version means, for whoever has published it

    def get_object(self, request, object_id, from_field=None):
        try:
            return self.rows().get(pk=object_id)
        except (self.model.DoesNotExist, ValueError):
            return None

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_open(request, obj, self.counter)

    def has_delete_permission(self, request, obj=None):
        return False  # what was made by a version keeps it

    def save_model(self, request, obj, form, change):
        """Nothing yet: a version is published together with its rows."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {"show_save_and_add_another": False, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def response_change(self, request, obj):
        if str(obj.pk) == request.resolver_match.kwargs["object_id"]:
            self.message_user(request, _("Nothing was changed; the version in use stays."), messages.INFO)
            return self.response_post_save_change(request, obj)
        self.message_user(request, self.told_published(obj), messages.SUCCESS)
        if "_continue" in request.POST:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", obj.pk)
        return self.response_post_save_change(request, obj)

    @admin.display(description=gettext_lazy("published"))
    def published(self, obj):
        return date_format(localtime(obj.created_at, BERLIN), "SHORT_DATETIME_FORMAT") if obj.created_at else ""

    @admin.display(description=gettext_lazy("by"))
    def publisher(self, obj):
        return obj.created_by.name if obj.created_by else _("comes with the product")

    @admin.display(description=gettext_lazy("versions"))
    def versions(self, obj):
        """List all versions with when and by whom, the latest first; each leads to its words."""
        every = self.rows().filter(**{self.of: getattr(obj, f"{self.of}_id")}).order_by(f"-{self.counter}")
        lines = ((format_html_join(" · ", "{}", ((part,) for part in self.line(row, obj) if part)),) for row in every)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines))

    def line(self, row, shown) -> list:
        """Return the parts of a line about one version."""
        number = _("Version %(number)s") % {"number": getattr(row, self.counter)}
        if row.pk != shown.pk:
            address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
            number = format_html('<a href="{}">{}</a>', address, number)
        return [number, self.published(row), self.publisher(row)]
