"""The form of a telephone call. What it hands to a command is clean; whether it is allowed, the command decides."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.forms import ChipRadio
from foundation.text import LineField, TextField
from textmodules.models import Kind
from textmodules.widgets import StaffText
from tickets.calls import Call
from tickets.forms import NO_PUPILS, URGENCY_ICONS, WORDS
from tickets.lifecycle import Urgency
from tickets.models import Ticket

NO_SCHOOL = _("The school is missing. Type a part of its name and choose it.")
NOT_MINE = {"autocomplete": "off"}  # it is about somebody else than whoever types


class Ending(models.TextChoices):
    """What a call ends with; the values are those of the form's buttons."""

    REPORTED = "reported"
    SOLVED = "solved"
    COUNTED = "counted"


class CallForm(forms.Form):
    """Who calls, what does not work, and what helped if it works again.

    `call` says which school and person were picked, `ending` which of the fields are needed.
    """

    wanted = LineField(
        max_length=100,
        required=False,
        label=_("School or name"),
        widget=forms.TextInput(NOT_MINE),
        error_messages={"required": NO_SCHOOL},
    )
    caller_name = LineField(
        max_length=120,
        required=False,
        label=_("Who is calling?"),
        widget=forms.TextInput(NOT_MINE),
        error_messages={"required": _("The name is missing. Say who is calling.")},
    )
    caller_phone = LineField(
        max_length=40,
        required=False,
        label=_("Telephone to call back"),
        widget=forms.TextInput({**NOT_MINE, "inputmode": "tel"}),
    )
    category = forms.TypedChoiceField(
        empty_value=None,
        label=_("What does not work?"),
        widget=ChipRadio(),
        error_messages={
            "required": _("The kind of fault is missing. Choose one of the list."),
            "invalid_choice": _("This kind of fault does not exist. Choose one of the list."),
        },
    )
    place = LineField(
        max_length=80,
        required=False,
        label=_("Room or place"),
        widget=forms.TextInput({**NOT_MINE, "list": "call-rooms"}),
    )
    urgency = forms.ChoiceField(
        choices=Urgency.choices,
        initial=Urgency.HAMPERED,
        label=_("How much does it hinder?"),
        widget=ChipRadio(icons=URGENCY_ICONS),
    )
    description = TextField(
        max_length=WORDS,
        required=False,
        label=_("Short description"),
        help_text=NO_PUPILS,
        widget=forms.Textarea({"rows": 3}),
    )
    confidential = forms.BooleanField(
        required=False,
        label=_("Confidential"),
        help_text=_("Only the caller, you and whoever takes care will see it."),
    )
    cause = forms.ChoiceField(
        choices=Ticket.Cause.choices, required=False, label=_("What helped?"), widget=ChipRadio()
    )
    solution = TextField(
        max_length=WORDS,
        required=False,
        label=_("In words, for the caller"),
        help_text=NO_PUPILS,
        widget=StaffText(Kind.SOLUTION, attrs={"rows": 2}),
    )

    use_required_attribute = False  # what is needed depends on the button

    def __init__(self, *args, call: Call, ending: str = Ending.REPORTED, **kwargs):
        super().__init__(*args, **kwargs)
        self.call, self.ending = call, ending
        self.fields["wanted"].required = call.school is None
        self.fields["caller_name"].required = call.school is not None and call.person is None
        self.fields["category"].required = self.fields["urgency"].required = ending != Ending.COUNTED
        by_slug = {category.slug: category for category in call.categories}
        kind = self.fields["category"]
        kind.choices = [(slug, category.name) for slug, category in by_slug.items()]
        kind.coerce = by_slug.get
        kind.widget.icons = {slug: category.icon for slug, category in by_slug.items()}

    def clean(self):
        data = super().clean()
        if self.call.school is None and "wanted" not in self.errors:
            self.add_error("wanted", NO_SCHOOL)  # words were typed, and nothing was picked
        if self.ending == Ending.SOLVED:
            self._need_a_solution(data)
        return data

    def _need_a_solution(self, data):
        if not data.get("cause") and not data.get("solution") and "solution" not in self.errors:
            self.add_error("solution", ValidationError(_("Tap what helped, or describe it in a few words.")))
        if not data.get("solution") and data.get("cause"):
            data["solution"] = str(Ticket.Cause(data["cause"]).label)

    @property
    def who(self) -> dict:
        """Return the caller as a command takes them: a person of the school, or a name with a telephone."""
        if self.call.person is not None:
            return {"reporter": self.call.person}
        return {"caller_name": self.cleaned_data["caller_name"], "caller_phone": self.cleaned_data["caller_phone"]}

    @property
    def report(self) -> dict:
        """Return what the call says, as `report_incident` takes it."""
        data, room = self.cleaned_data, self.call.room(self.cleaned_data["place"])
        return {
            "school": self.call.school,
            "category": data["category"],
            "room": room,
            "place": "" if room else data["place"],
            "urgency": data["urgency"],
            "description": data["description"],
            "confidential": data["confidential"],
            **self.who,
        }
