"""The promises: how fast whom is answered. Reports are not in the settings: only the commands change them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.admin_site import SettingsAdmin, site
from schools.admin.parts import DefaultForm, EditableInline, OneDefault
from tickets.lifecycle import OPEN, Priority, Status
from tickets.models import SlaPolicy, SlaTarget


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
