"""People: adding, inviting, closing and opening accounts."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import commands
from accounts.admin_site import ReadOnlyInline, SettingsAdmin, site
from accounts.models import CityRole, User
from foundation.text import LineField


class PersonForm(forms.ModelForm):
    """The person's details; on adding also whether to invite at once."""

    first_name = LineField(label=_("First name"), max_length=80)
    last_name = LineField(label=_("Last name"), max_length=80)
    phone = LineField(label=_("Phone"), max_length=40, required=False)
    invite = forms.BooleanField(
        label=_("Send an invitation"),
        required=False,
        initial=True,
        help_text=_("A mail with a link to choose a password. The link is valid for 7 days."),
    )

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "phone", "language"]


class HeldRoles(ReadOnlyInline):
    """What the person holds, to look at; granting has its own page."""

    model = CityRole
    fields = readonly_fields = ["role", "starts_on", "ends_on"]


@admin.register(User, site=site)
class PersonAdmin(SettingsAdmin):
    form = PersonForm
    list_display = ["name", "email", "phone", "is_active", "last_login"]
    list_filter = ["is_active", "city_roles__role"]
    search_fields = ["first_name", "last_name", "email"]
    ordering = ["sort_key", "pk"]
    readonly_fields = ["is_active", "created_at", "last_login"]
    inlines = [HeldRoles]
    actions = ["invite", "close", "open_again"]

    @admin.display(description=_("name"), ordering="sort_key")
    def name(self, person):
        return person.name

    def get_fieldsets(self, request, obj=None):
        own = ["email", "first_name", "last_name", "phone", "language"]
        return [(None, {"fields": [*own, *(self.readonly_fields if obj else ["invite"])]})]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def save_model(self, request, obj, form, change):
        by, at = request.user, request.at
        if change:
            fields = [name for name in form.changed_data if name in PersonForm.Meta.fields]
            commands.record_changes(person=obj, fields=fields, by=by, at=at)
            return
        details = {name: form.cleaned_data[name] for name in PersonForm.Meta.fields}
        person = commands.create_person(**details, by=by, at=at)
        obj.__dict__.update(person.__dict__)  # the admin goes on with the object of its form
        if form.cleaned_data["invite"]:
            commands.invite(person=person, by=by, at=at)

    def has_delete_permission(self, request, obj=None):
        return False  # accounts are closed, not deleted: histories name their people

    @admin.action(description=_("Invite: send a link to choose a password"))
    def invite(self, request, people):
        done = self.each(request, people, "person", commands.invite)
        told = ngettext("%(count)s person is being invited.", "%(count)s people are being invited.", done)
        self.tell(request, told, done)

    @admin.action(description=_("Close accounts: sessions and API keys end at once"))
    def close(self, request, people):
        done = self.each(request, people, "person", commands.deactivate)
        self.tell(request, ngettext("%(count)s account closed.", "%(count)s accounts closed.", done), done)

    @admin.action(description=_("Open closed accounts again"))
    def open_again(self, request, people):
        done = self.each(request, people, "person", commands.reactivate)
        self.tell(request, ngettext("%(count)s account opened.", "%(count)s accounts opened.", done), done)
