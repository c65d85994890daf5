"""Texts everybody reads, the facts on every page, and reported barriers."""

from django import forms
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import ReadOnlyAdmin, SettingsAdmin, site
from foundation.text import LineField, TextField
from pages.models import BarrierReport, Page, SiteSettings

LONGEST_PAGE = 50_000
HOW_TO_WRITE = _(
    "A blank line begins a paragraph, # a heading, - an item of a list. **bold**, [words](https://address) for a link."
)


class PageForm(forms.ModelForm):
    title_de = LineField(label=_("German title"), max_length=120)
    title_en = LineField(label=_("English title"), max_length=120)
    body_de = TextField(label=_("German text"), max_length=LONGEST_PAGE, help_text=HOW_TO_WRITE)
    body_en = TextField(label=_("English text"), max_length=LONGEST_PAGE, required=False, help_text=HOW_TO_WRITE)

    class Meta:
        model = Page
        fields = ["title_de", "title_en", "body_de", "body_en"]


@admin.register(Page, site=site)
class PageAdmin(SettingsAdmin):
    form = PageForm
    list_display = ["title_de", "slug", "updated_at"]
    ordering = ["title_de"]

    def has_add_permission(self, request):
        return False  # the foot of every page links to exactly these

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.updated_at = request.at
        obj.save()


class SiteSettingsForm(forms.ModelForm):
    service_name = LineField(label=_("Name of the service"), max_length=60)
    hotline_phone = LineField(
        label=_("Phone number of the hotline"),
        max_length=40,
        required=False,
        help_text=_("Empty: the hotline is not shown."),
    )
    hotline_hours_de = LineField(label=_("German hotline hours"), max_length=80, required=False)
    hotline_hours_en = LineField(label=_("English hotline hours"), max_length=80, required=False)

    class Meta:
        model = SiteSettings
        fields = ["service_name", "hotline_phone", "hotline_hours_de", "hotline_hours_en", "support_email"]


@admin.register(SiteSettings, site=site)
class SiteSettingsAdmin(SettingsAdmin):
    form = SiteSettingsForm

    def has_add_permission(self, request):
        return not SiteSettings.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        """There is one row: go to it."""
        if SiteSettings.objects.exists():
            view = f"{self.admin_site.name}:pages_sitesettings_change"
            return HttpResponseRedirect(reverse(view, args=[SiteSettings.ONLY]))
        return super().changelist_view(request, extra_context)


@admin.register(BarrierReport, site=site)
class BarrierReportAdmin(ReadOnlyAdmin):
    fields = ["reported_at", "address", "hindrance", "contact"]
    list_display = ["reported_at", "__str__", "address"]
    ordering = ["-reported_at"]
