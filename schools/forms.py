"""What the IT contact types about the school."""

import re
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campuses.models import Campus
from foundation.text import LineField, TextField

from .models import Contact, Room, TechnicalProfile

_HOST = re.compile(r"(?=.{4,120}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


def limit(model, field: str) -> int:
    """Return how long the column is: the form asks for no more."""
    return model._meta.get_field(field).max_length


class OnceForm(forms.Form):
    """A form that carries a key of its own, so that pressing twice does it once."""

    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput, initial=lambda: str(uuid4()))

    @property
    def facts(self) -> dict:
        """The cleaned values without the key: what a command takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "idempotency_key"}


class RoomForm(OnceForm):
    """Name and place of a room. A school with one site is not asked for the site."""

    name = LineField(
        label=gettext_lazy("Room"),
        max_length=limit(Room, "name"),
        error_messages={"required": gettext_lazy("The name of the room is missing.")},
        help_text=gettext_lazy("As it stands on the door, for example A 204 or Library."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    building = LineField(
        label=gettext_lazy("Building or floor"),
        max_length=limit(Room, "building"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "buildings"}),
    )

    def __init__(self, sites, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(sites) > 1:
            self.fields["site"] = forms.TypedChoiceField(
                label=gettext_lazy("Site"),
                choices=[("", _("Not stated")), *((str(site.pk), site.name) for site in sites)],
                coerce={str(site.pk): site for site in sites}.get,
                empty_value=None,
                required=False,
            )


class ContactForm(OnceForm):
    """A person or an office, and how to reach it."""

    name = LineField(
        label=gettext_lazy("Name"),
        max_length=limit(Contact, "name"),
        error_messages={"required": gettext_lazy("The name is missing.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    function = LineField(
        label=gettext_lazy("Function"),
        max_length=limit(Contact, "function"),
        required=False,
        help_text=gettext_lazy("For example office, caretaker, IT contact."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = LineField(
        label=gettext_lazy("Telephone"),
        max_length=limit(Contact, "phone"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=limit(Contact, "email"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reachable = LineField(
        label=gettext_lazy("When to reach"),
        max_length=limit(Contact, "reachable"),
        required=False,
        help_text=gettext_lazy("For example Monday to Thursday, 7:30 to 14:00."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone and sum(character.isdigit() for character in phone) < 3:
            raise ValidationError(_("A telephone number needs digits, for example 0231 50-0."))
        return phone

    def clean(self):
        typed = self.cleaned_data
        unreachable = "phone" in typed and "email" in typed and not (typed["phone"] or typed["email"])
        if unreachable:
            self.add_error("phone", _("Enter a telephone number or an e-mail address."))


class AccessForm(OnceForm):
    """How to get in, for those who come to help."""

    access_notes = TextField(
        label=gettext_lazy("Access"),
        max_length=limit(TechnicalProfile, "access_notes"),
        required=False,
        help_text=gettext_lazy("Keys, opening times, where the distributors are. No codes and no passwords."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    iserv_host = LineField(
        label=gettext_lazy("IServ address"),
        max_length=limit(TechnicalProfile, "iserv_host"),
        required=False,
        help_text=gettext_lazy("The name of the server, for example schule.example."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_iserv_host(self):
        host = self.cleaned_data["iserv_host"].lower().removeprefix("https://").removeprefix("http://").rstrip("/")
        if host and not _HOST.fullmatch(host):
            raise ValidationError(_("This is not the name of a server. Enter it like schule.example."))
        return host


class DirectoryForm(forms.Form):
    """What narrows the list of schools; all of it stands in the address."""

    q = LineField(
        label=gettext_lazy("Search schools"),
        max_length=80,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "placeholder": gettext_lazy("Name, number, street")}
        ),
    )
    campus = forms.ModelChoiceField(
        label=gettext_lazy("Campus"),
        queryset=Campus.objects.none(),
        to_field_name="slug",
        empty_label=gettext_lazy("All campuses"),
        required=False,
    )

    def __init__(self, viewer, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = Campus.objects.visible_to(viewer).order_by("sort_key")
