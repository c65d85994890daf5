"""A school with its sites, contacts, technical profile and movable days on one page."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_site import SettingsAdmin, site
from calendars.models import Recomputation
from calendars.recomputing import ask_to_recompute
from schools.admin.parts import EditableInline
from schools.models import Contact, MovableDay, School, Site, TechnicalProfile
from schools.steering.campuses import move_school


class SiteForm(forms.ModelForm):
    """Leaves the question which site is the main one to the formset, which sees all of them."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"is_main"}


class SiteFormSet(forms.BaseInlineFormSet):
    """At most one main site; it may move from one row to another."""

    def clean(self):
        super().clean()
        if len(self._main) > 1:
            raise ValidationError(_("A school has one main site. Tick one only."))

    def save(self, commit=True):
        if commit:  # the old one first, because two main sites cannot be kept even for a moment
            self.instance.sites.exclude(pk__in=[form.instance.pk for form in self._main]).update(is_main=False)
        return super().save(commit)

    @property
    def _main(self):
        kept = (form for form in self.forms if form not in self.deleted_forms)
        return [form for form in kept if getattr(form, "cleaned_data", {}).get("is_main")]


class SiteInline(EditableInline):
    model = Site
    form = SiteForm
    formset = SiteFormSet
    fields = ["name", "street", "is_main", "note"]
    ordering = ["-is_main", "name"]


class ContactInline(EditableInline):
    model = Contact
    template = "admin/edit_inline/stacked.html"  # in one line it would be wider than the page
    fields = [("name", "function"), ("phone", "email"), "reachable", ("person", "order")]
    autocomplete_fields = ["person"]
    ordering = ["order", "name"]


class TechnicalProfileInline(EditableInline):
    model = TechnicalProfile
    template = "admin/edit_inline/stacked.html"  # its notes need the width of the page
    fields = ["broadband", "lan", "wlan", "iserv_host", "access_notes"]


class MovableDayInline(EditableInline):
    model = MovableDay
    fields = ["day", "name"]
    ordering = ["day"]


class SchoolForm(forms.ModelForm):
    website = forms.URLField(
        label=School._meta.get_field("website").verbose_name, max_length=200, required=False, assume_scheme="https"
    )


@admin.register(School, site=site)
class SchoolAdmin(SettingsAdmin):
    form = SchoolForm
    list_display = ["name", "number", "form", "campus", "support_type", "district"]
    list_filter = ["campus", "form", "support_type", "demo_facts"]
    list_select_related = ["campus"]
    search_fields = ["name", "official_name", "number", "street", "district"]
    ordering = ["sort_key", "number"]
    inlines = [SiteInline, ContactInline, TechnicalProfileInline, MovableDayInline]
    fieldsets = [
        (None, {"fields": ["number", "name", "official_name", "form", "form_key", "focus"]}),
        (
            gettext_lazy("Support"),
            {"fields": ["campus", "support_type", "calendar", "opened_on", "closes_on", "demo_facts"]},
        ),
        (
            gettext_lazy("Place"),
            {"fields": ["street", "postal_code", "city", "district", "latitude", "longitude", "website"]},
        ),
        (gettext_lazy("Register"), {"fields": ["students", "source"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["number"] if obj else []  # the official key, by which everybody knows a school

    def save_model(self, request, obj, form, change):
        """Save the school; another campus gets it by the command, because its reports change hands."""
        moves = change and "campus" in form.changed_data
        to, obj.campus_id = obj.campus, form.initial.get("campus") if moves else obj.campus_id
        super().save_model(request, obj, form, change)
        if moves:
            obj.campus = to
            move_school(school=obj, campus=to, by=request.user, at=request.at, accepts_load=True)

    def save_related(self, request, form, formsets, change):
        """Save what belongs to the school, and have its due times worked out anew where its service times changed."""
        super().save_related(request, form, formsets, change)
        days = any(formset.model is MovableDay and formset.has_changed() for formset in formsets)
        if change and (days or {"calendar", "support_type"} & set(form.changed_data)):
            school = form.instance
            ask_to_recompute(
                Recomputation.Reason.SCHOOL, at=request.at, by=request.user, name=school.name, school=school.pk
            )

    def has_delete_permission(self, request, obj=None):
        return False  # a school that closes gets a closing day; its reports stay

    def view_on_site(self, school):
        return school.get_absolute_url()
