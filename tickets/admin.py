"""Categories and promises in the settings. Reports are not here: only the commands change them, in their scope."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_site import SettingsAdmin, site
from foundation.icons import wanted
from foundation.text import LineField, TextField
from schools.admin.parts import DefaultForm, EditableInline, OneDefault
from tickets.lifecycle import OPEN, Priority, Status
from tickets.models import Category, SlaPolicy, SlaTarget


def label(field: str):
    return Category._meta.get_field(field).verbose_name


class CategoryForm(forms.ModelForm):
    """What a tile says and what it opens; the icon is one of those the pages have."""

    name_de = LineField(label=label("name_de"), max_length=60)
    name_en = LineField(label=label("name_en"), max_length=60)
    icon = forms.ChoiceField(label=label("icon"), choices=[(name, name) for name in sorted(wanted())], initial="help")
    tips_de = TextField(
        label=label("tips_de"), max_length=1000, required=False, help_text=gettext_lazy("One tip a line.")
    )
    tips_en = TextField(
        label=label("tips_en"), max_length=1000, required=False, help_text=gettext_lazy("One tip a line.")
    )

    class Meta:
        model = Category
        fields = [
            "slug",
            "name_de",
            "name_en",
            "icon",
            "under",
            "team",
            "default_impact",
            "confidential_at_first",
            "is_known_fault",
            "tips_de",
            "tips_en",
            "order",
            "active",
        ]

    def clean_under(self):
        """A tile opens categories; what it opens, opens nothing more."""
        under = self.cleaned_data["under"]
        if under is None:
            return None
        if under.pk == self.instance.pk or under.under_id is not None:
            raise ValidationError(_("Choose a category that has a tile of its own."))
        if self.instance.pk and self.instance.refinements.exists():
            raise ValidationError(_("This category opens others itself, so it needs its own tile."))
        return under


@admin.register(Category, site=site)
class CategoryAdmin(SettingsAdmin):
    form = CategoryForm
    fields = CategoryForm.Meta.fields
    list_display = ["name_de", "slug", "under", "team", "default_impact", "order", "active"]
    list_filter = ["active", "team"]
    list_select_related = ["under", "team"]
    search_fields = ["name_de", "name_en", "slug"]
    ordering = ["order", "slug"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []  # other programs know a category by its short name

    def has_delete_permission(self, request, obj=None):
        return False  # reports remember their category; one that ends goes out of use


class PolicyForm(DefaultForm):
    paused_in = forms.MultipleChoiceField(
        label=SlaPolicy._meta.get_field("paused_in").verbose_name,
        choices=[(status.value, status.label) for status in Status if status in OPEN],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = SlaPolicy
        fields = ["name", "is_default", "paused_in"]


class TargetFormSet(forms.BaseInlineFormSet):
    """A promise for every priority: without one, no report of that priority could be taken."""

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        promised = {form.cleaned_data.get("priority") for form in kept if form.is_valid()}
        missing = [str(priority.label) for priority in Priority if priority not in promised]
        if missing and not any(self.errors):
            raise ValidationError(
                _("Every priority needs its times. Missing: %(names)s.") % {"names": ", ".join(missing)}
            )


class TargetInline(EditableInline):
    model = SlaTarget
    formset = TargetFormSet
    fields = ["priority", "first_response_minutes", "resolution_minutes", "second_response_minutes"]


@admin.register(SlaPolicy, site=site)
class PolicyAdmin(OneDefault, SettingsAdmin):
    form = PolicyForm
    fields = PolicyForm.Meta.fields
    inlines = [TargetInline]
    list_display = ["name", "is_default"]
    ordering = ["name"]
