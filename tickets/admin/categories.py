"""What can be reported, with the tile, the team and the checklist of each."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_site import SettingsAdmin, site
from foundation.icons import wanted
from foundation.text import LineField, TextField
from tickets.models import Category, Checklist


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
    list_display = ["name_de", "slug", "under", "team", "checklist", "order", "active"]
    list_filter = ["active", "team"]
    list_select_related = ["under", "team"]
    search_fields = ["name_de", "name_en", "slug"]
    ordering = ["order", "slug"]

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []  # other programs know a category by its short name

    def has_delete_permission(self, request, obj=None):
        return False  # reports remember their category; one that ends goes out of use

    def get_queryset(self, request):
        latest = Checklist.objects.filter(category=OuterRef("pk")).order_by("-version")
        return (
            super()
            .get_queryset(request)
            .annotate(
                checklist_id=Subquery(latest.values("pk")[:1]),
                checklist_version=Subquery(latest.values("version")[:1]),
            )
        )

    @admin.display(description=gettext_lazy("checklist"))
    def checklist(self, category):
        """Lead to what is looked at before a report is handed over, or to a first one."""
        if category.checklist_id is None:
            address = reverse("admin:tickets_checklist_add", query={"category": category.pk})
            return format_html('<a href="{}">{}</a>', address, _("Write one"))
        address = reverse("admin:tickets_checklist_change", args=[category.checklist_id])
        version = _("Version %(number)s") % {"number": category.checklist_version}
        return format_html('<a href="{}">{}</a>', address, version)
