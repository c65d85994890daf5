"""Parts of settings pages, also for the floors above: rows edited with what they belong to, and the one default."""

from django import forms
from django.contrib import admin


class EditableInline(admin.TabularInline):
    """Rows on the page of what they belong to, as open as that page itself."""

    extra = 0

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class DefaultForm(forms.ModelForm):
    """Lets another row become the default: the old one steps back when this one is saved."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"is_default"}


class DeletedOneByOne:
    """An admin whose rows are deleted on their own page: it asks about each, the action for many does not."""

    def get_actions(self, request):
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}


class OneDefault(DeletedOneByOne):
    """An admin of rows of which exactly one is the default; the default can move and never go."""

    def get_readonly_fields(self, request, obj=None):
        fixed = list(super().get_readonly_fields(request, obj))
        return [*fixed, "is_default"] if obj and obj.is_default else fixed

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_default)

    def save_model(self, request, obj, form, change):
        if obj.is_default:
            type(obj).objects.exclude(pk=obj.pk).filter(is_default=True).update(is_default=False)
        super().save_model(request, obj, form, change)
