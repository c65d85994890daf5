"""The checklists of the categories: what is changed is published as the next version, and the old ones are kept."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_site import site
from foundation.text import LineField
from tickets.admin.versions import VersionedAdmin, VersionInline
from tickets.commands.checklists import publish_checklist
from tickets.models import Category, Checklist, ChecklistItem


def label(field: str):
    return ChecklistItem._meta.get_field(field).verbose_name


class ChecklistForm(forms.ModelForm):
    """Asks that nobody published another version since this one was opened."""

    class Meta:
        model = Checklist
        fields = ["category"]

    def clean(self):
        facts = super().clean()
        category = self.instance.category if self.instance.pk else facts.get("category")
        if category is None:
            return facts
        # Locked until the version is published, so that two administrators come one after the other.
        Category.objects.select_for_update().get(pk=category.pk)
        latest = category.checklists.order_by("-version").first()
        if latest and latest.pk != self.instance.pk:
            raise ValidationError(
                _("Version %(number)s is in use meanwhile. Open that one and enter your changes there."),
                params={"number": latest.version},
            )
        return facts


class ItemForm(forms.ModelForm):
    key = LineField(
        label=label("key"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and “_”: other programs answer by it."),
        widget=forms.TextInput({"size": 16}),
    )
    text_de = LineField(label=label("text_de"), max_length=160, widget=forms.TextInput({"size": 40}))
    text_en = LineField(label=label("text_en"), max_length=160, widget=forms.TextInput({"size": 40}))
    order = forms.IntegerField(
        label=label("order"), required=False, min_value=0, max_value=9999, widget=forms.NumberInput({"size": 4})
    )

    class Meta:
        model = ChecklistItem
        fields = ["key", "text_de", "text_en", "order"]

    def has_changed(self):
        """A row in which nothing but a place was entered is empty."""
        return super().has_changed() and (bool(self.instance.pk) or set(self.changed_data) != {"order"})


class ItemFormSet(forms.BaseInlineFormSet):
    """At least one item, each under a short name of its own."""

    def clean(self):
        super().clean()
        if not any(self.errors) and not self.items:
            raise ValidationError(_("A checklist needs at least one item."))

    def get_unique_error_message(self, unique_check):
        return _("Two items have the same short name. Give each its own.")

    @property
    def items(self) -> list[dict]:
        """What the next version says, in its order; a row without a place comes last."""
        kept = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("key")]
        last = max((form.cleaned_data["order"] or 0 for form in kept), default=0) + 1
        kept.sort(key=lambda form: last if form.cleaned_data["order"] is None else form.cleaned_data["order"])
        return [{name: form.cleaned_data[name] for name in ("key", "text_de", "text_en")} for form in kept]


class ItemInline(VersionInline):
    model = ChecklistItem
    form = ItemForm
    formset = ItemFormSet
    fields = ItemForm.Meta.fields
    verbose_name_plural = gettext_lazy("items: statements that are true, false, or could not be looked at")

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj else 4


@admin.register(Checklist, site=site)
class ChecklistAdmin(VersionedAdmin):
    of = "category"
    form = ChecklistForm
    inlines = [ItemInline]
    fields = ["category", "versions"]
    list_display = ["category", "number", "item_count", "published", "publisher"]
    search_fields = ["category__name_de", "category__name_en", "category__slug"]
    ordering = ["category__order", "category__slug"]

    def rows(self):
        told = {"item_count": Count("items", distinct=True), "latest": Max("category__checklists__version")}
        return Checklist.objects.select_related("category", "created_by").annotate(**told)

    def get_queryset(self, request):
        """Of each category the version in use; the others are reached from its page."""
        return self.rows().filter(version=F("latest")).order_by(*self.ordering)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["category"].queryset = Category.objects.filter(checklists=None)
            form.base_fields["category"].help_text = _("Categories that have none yet.")
        return form

    def get_readonly_fields(self, request, obj=None):
        return ["category", "versions"] if obj else ["versions"]

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["category"]

    def save_formset(self, request, form, formset, change):
        obj = formset.instance
        formset.save(commit=False)  # the admin's own history wants to know what was changed
        if not change or formset.has_changed():
            published = publish_checklist(category=obj.category, items=formset.items, by=request.user, at=request.at)
            obj.__dict__.update(published.__dict__ | {"latest": published.version})

    def told_published(self, obj) -> str:
        told = _("%(category)s: version %(number)s is in use now. What was handed over before keeps its own.")
        return told % {"category": obj.category, "number": obj.version}

    def line(self, row, shown) -> list:
        return [*super().line(row, shown), _("in use") if row.version == row.latest else ""]

    @admin.display(description=gettext_lazy("version"))
    def number(self, checklist):
        return checklist.version

    @admin.display(description=gettext_lazy("items"))
    def item_count(self, checklist):
        return checklist.item_count
