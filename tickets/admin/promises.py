"""The promises: for which reports, how fast, and what happens as time runs out. A change is the next version."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, Max
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_site import SettingsAdmin, site
from foundation.berlin import berlin_day
from schools.admin.parts import DeletedOneByOne
from tickets.admin.versions import VersionedAdmin, VersionInline
from tickets.commands.policies import first_ladder, publish_policy, require_ladder, require_targets
from tickets.ladder import ACTIONS, Action
from tickets.lifecycle import OPEN, Priority, Status
from tickets.models import LadderStep, PolicyVersion, SlaPolicy, SlaTarget
from tickets.sla import SERVICE_DAY

FIVE_SERVICE_DAYS = 5 * SERVICE_DAY // timedelta(minutes=1)


@admin.register(SlaPolicy, site=site)
class PolicyAdmin(DeletedOneByOne, SettingsAdmin):
    """For which reports there is a promise of its own; what it says is published as versions."""

    fields = ["name", "support_type", "kind"]
    list_display = ["name", "support_type", "kind", "number"]
    ordering = ["support_type", "kind"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(latest=Max("versions__number"))

    def get_readonly_fields(self, request, obj=None):
        # Clocks name the promise they run by: what it is for does not change under them.
        return ["support_type", "kind"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """A promise without a version was never used; any other stays for the clocks that ran by it."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.versions.exists())

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, _("Now enter what is promised. Until then nothing changes."), messages.INFO)
        return redirect(f"{reverse('admin:tickets_policyversion_add')}?policy={obj.pk}")

    @admin.display(description=gettext_lazy("version"))
    def number(self, policy):
        return policy.latest or _("none yet")


class VersionForm(forms.ModelForm):
    """Asks that nobody published another version since this one was opened."""

    paused_in = forms.MultipleChoiceField(
        label=PolicyVersion._meta.get_field("paused_in").verbose_name,
        choices=[(status.value, status.label) for status in Status if status in OPEN],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = PolicyVersion
        fields = ["policy", "valid_from", "paused_in", "answer_minutes", "automatic_team"]
        help_texts = {
            "valid_from": gettext_lazy(
                "A report keeps what was promised on its day. Take the day of the version in use to correct that one."
            )
        }

    def clean(self):
        facts = super().clean()
        policy = self.instance.policy if self.instance.pk else facts.get("policy")
        if policy is None:
            return facts
        # Locked until the version is published, so that two administrators come one after the other.
        SlaPolicy.objects.select_for_update().get(pk=policy.pk)
        latest = policy.versions.order_by("-number").first()
        if latest and latest.pk != self.instance.pk:
            raise ValidationError(
                _("Version %(number)s is in use meanwhile. Open that one and enter your changes there."),
                params={"number": latest.number},
            )
        return facts


class PublishedFormSet(forms.BaseInlineFormSet):
    """Rows that are published with the next version, all of them, changed or not."""

    told: tuple[str, ...] = ()
    require: Callable[[Iterable], None]

    def clean(self):
        super().clean()
        if not any(self.errors):
            type(self).require(self.model(**facts) for facts in self.facts)

    @property
    def facts(self) -> list[dict]:
        kept = [form for form in self.forms if form not in self.deleted_forms and form.has_content]
        return [{name: form.cleaned_data[name] for name in self.told} for form in kept]


class TargetFormSet(PublishedFormSet):
    told = ("priority", "first_response_minutes", "resolution_minutes", "second_response_minutes")
    require = staticmethod(require_targets)


class LadderFormSet(PublishedFormSet):
    told = ("clock", "percent", "action")
    require = staticmethod(require_ladder)


class RowForm(forms.ModelForm):
    """A row that may be left empty."""

    @property
    def has_content(self) -> bool:
        return self.is_valid() and (bool(self.instance.pk) or not self.empty_permitted or self.has_changed())


class LadderForm(RowForm):
    action = forms.ChoiceField(
        label=LadderStep._meta.get_field("action").verbose_name,
        choices=[
            ("", "---------"),
            *((action.value, action.label) for action in Action if any(action in known for known in ACTIONS.values())),
        ],
    )

    class Meta:
        model = LadderStep
        fields = ["clock", "percent", "action"]


class TargetInline(VersionInline):
    counter = "number"
    model = SlaTarget
    form = RowForm
    formset = TargetFormSet
    fields = list(TargetFormSet.told)

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else len(Priority)

    def get_formset(self, request, obj=None, **kwargs):
        return _begun(super().get_formset(request, obj, **kwargs), [{"priority": p.value} for p in Priority], obj)


class LadderInline(VersionInline):
    counter = "number"
    model = LadderStep
    form = LadderForm
    formset = LadderFormSet
    fields = list(LadderFormSet.told)
    ordering = ["clock", "percent", "action"]

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj else len(first_ladder())

    def get_formset(self, request, obj=None, **kwargs):
        return _begun(super().get_formset(request, obj, **kwargs), first_ladder(), obj)


def _begun(formset, rows, obj):
    """Let a new version begin with these rows, which count as entered."""

    class Begun(formset):
        def __init__(self, *args, **kwargs):
            if obj is None:
                kwargs.setdefault("initial", rows)
            super().__init__(*args, **kwargs)

        def _construct_form(self, i, **kwargs):
            form = super()._construct_form(i, **kwargs)
            form.empty_permitted = form.empty_permitted and (obj is not None or i >= len(rows))
            return form

    return Begun


@admin.register(PolicyVersion, site=site)
class PolicyVersionAdmin(VersionedAdmin):
    counter = "number"
    of = "policy"
    form = VersionForm
    inlines = [TargetInline, LadderInline]
    fields = [*VersionForm.Meta.fields, "versions"]
    list_display = ["policy", "number", "valid_from", "published", "publisher"]
    ordering = ["policy__support_type", "policy__kind"]

    def rows(self):
        rows = PolicyVersion.objects.select_related("policy", "created_by", "automatic_team")
        return rows.annotate(latest=Max("policy__versions__number"))

    def get_queryset(self, request):
        """Of each promise the latest version; the others are reached from its page."""
        return self.rows().filter(number=F("latest")).order_by(*self.ordering)

    def get_changeform_initial_data(self, request):
        return {
            "valid_from": berlin_day(request.at),
            "answer_minutes": 2550,
            **super().get_changeform_initial_data(request),
        }

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["policy"].queryset = SlaPolicy.objects.filter(versions=None)
            form.base_fields["policy"].help_text = _("Promises that have no version yet.")
        return form

    def get_readonly_fields(self, request, obj=None):
        return ["policy", "versions"] if obj else ["versions"]

    def get_fields(self, request, obj=None):
        return self.fields if obj else VersionForm.Meta.fields

    def save_related(self, request, form, formsets, change):
        obj = form.instance
        changed = form.has_changed() or any(formset.has_changed() for formset in formsets)
        for formset in formsets:
            formset.save(commit=False)  # the admin's own history wants to know what was changed
        if change and not changed:
            return
        targets, ladder = formsets
        published = publish_policy(
            policy=obj.policy,
            valid_from=obj.valid_from,
            paused_in=obj.paused_in,
            answer_minutes=obj.answer_minutes,
            automatic_team=obj.automatic_team,
            targets=targets.facts,
            ladder=ladder.facts,
            by=request.user,
            at=request.at,
        )
        obj.__dict__.update(published.__dict__ | {"latest": published.number})

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, self.told_published(obj), messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    def told_published(self, obj) -> str:
        told = _(
            "%(policy)s: version %(number)s holds for reports from %(day)s on. "
            "The due times of open reports are being worked out anew."
        )
        day = date_format(obj.valid_from, "SHORT_DATE_FORMAT")
        return told % {"policy": obj.policy, "number": obj.number, "day": day}

    def line(self, row, shown) -> list:
        number, *others = super().line(row, shown)
        return [number, _("from %(day)s") % {"day": date_format(row.valid_from, "SHORT_DATE_FORMAT")}, *others]
