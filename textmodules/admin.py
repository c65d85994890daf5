"""The texts everybody shares, in the settings. What people keep for themselves is nobody's business here."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import ReadOnlyAdmin, SettingsAdmin, site
from foundation.text import LineField, TextField

from . import commands
from .forms import LONGEST_TITLE
from .models import LONGEST, Kind, TextModule, TextModuleEvent
from .placeholders import PLACEHOLDERS, require_known


def how_to_write() -> str:
    """Return what may stand in braces, in the language of the page."""
    return ", ".join(f"{placeholder.word} – {placeholder.meaning}" for placeholder in PLACEHOLDERS)


class SharedTextForm(forms.ModelForm):
    title = LineField(label=_("Title"), max_length=LONGEST_TITLE)
    kinds = forms.MultipleChoiceField(
        label=_("What is the text for?"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    body = TextField(label=_("Text"), max_length=LONGEST, validators=[require_known])

    class Meta:
        model = TextModule
        fields = ["title", "kinds", "body", "active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = how_to_write()


@admin.register(TextModule, site=site)
class SharedTextAdmin(SettingsAdmin):
    form = SharedTextForm
    list_display = ["title", "offered_for", "active", "changed_at"]
    list_filter = ["active"]
    search_fields = ["title", "body"]
    ordering = ["sort_key", "pk"]
    view_on_site = False  # its page is for those who work on reports

    def get_fields(self, request, obj=None):
        return ["title", "kinds", "body", "active"] if obj else ["title", "kinds", "body"]

    def get_queryset(self, request):
        return super().get_queryset(request).shared()

    def has_delete_permission(self, request, obj=None):
        return False  # its history stays; one that ends goes out of use

    def save_model(self, request, obj, form, change):
        words = {name: form.cleaned_data[name] for name in ("title", "kinds", "body")}
        if change:
            active = form.cleaned_data["active"]
            row = commands.change_shared_text(module=obj, **words, active=active, by=request.user, at=request.at)
        else:
            row = commands.add_shared_text(**words, by=request.user, at=request.at)
        obj.__dict__.update(row.__dict__)

    @admin.display(description=_("offered for"))
    def offered_for(self, module):
        return ", ".join(str(name) for name in module.kind_names)


@admin.register(TextModuleEvent, site=site)
class TextModuleEventAdmin(ReadOnlyAdmin):
    fields = list_display = ["at", "event", "module", "by", "data"]
    list_select_related = ["module", "by"]
    list_filter = ["at"]
    search_fields = ["module__title"]
    ordering = ["-at", "-pk"]

    @admin.display(description=_("event"), ordering="verb")
    def event(self, event):
        return TextModuleEvent.Verb(event.verb).label
