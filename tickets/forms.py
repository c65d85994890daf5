"""The forms of the pages. What they hand to a command is clean; whether it is allowed, the command decides."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.forms import ChipRadio, LineRadio
from foundation.text import LineField, TextField
from teams.models import Team
from textmodules.models import Kind
from textmodules.widgets import StaffText
from tickets.lifecycle import Impact, Urgency
from tickets.models import Category, Rating, Ticket
from tickets.models.rating import MOST_WORDS

NO_PUPILS = _("Please do not write names of pupils.")
WORDS = 5000
URGENCY_ICONS = {Urgency.BLOCKED: "bolt", Urgency.HAMPERED: "hourglass_top", Urgency.CAN_WAIT: "schedule"}
URGENCY_ANSWERS = [
    (Urgency.BLOCKED.value, _("No, lessons have come to a stop")),
    (Urgency.HAMPERED.value, _("Yes, with limitations")),
    (Urgency.CAN_WAIT.value, _("Yes, it can wait")),
]


class ReportForm(forms.Form):
    """What a teacher fills in: category and room, and whatever else they like to say.

    `page` is the report page the form stands on (tickets.report_page.ReportPage): its school, rooms, colleagues.
    """

    OTHER_ROOM = "other"

    category = forms.ModelChoiceField(
        Category.objects.none(),
        to_field_name="slug",
        label=_("What does not work?"),
        error_messages={
            "required": _("The kind of fault is missing. Tap one of the tiles."),
            "invalid_choice": _("This kind of fault does not exist. Tap one of the tiles."),
        },
    )
    room = forms.CharField(required=False, label=_("Where?"))
    other_room = forms.CharField(required=False, label=_("Room from the list"))
    place = LineField(max_length=80, required=False, label=_("Or describe the place"))
    urgency = forms.ChoiceField(
        choices=URGENCY_ANSWERS,
        initial=Urgency.HAMPERED,
        label=_("Can you go on working?"),
        widget=LineRadio(icons=URGENCY_ICONS),
    )
    description = TextField(
        max_length=WORDS,
        required=False,
        label=_("Short description"),
        help_text=NO_PUPILS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reporter = forms.ModelChoiceField(
        None,
        required=False,
        to_field_name="public_id",
        label=_("For whom do you report?"),
        empty_label=_("For myself"),
        error_messages={"invalid_choice": _("Choose a person from the list.")},
    )
    confidential = forms.BooleanField(
        required=False,
        label=_("Report confidentially"),
        help_text=_("Only you and whoever takes care will see it."),
    )

    def __init__(self, *args, page, **kwargs):
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["category"].queryset = Category.objects.in_use().select_related("team")
        if page.may_report_for_others:
            self.fields["reporter"].queryset = page.colleagues
        else:
            del self.fields["reporter"]

    def clean(self):
        """Turn the tapped chip, the list and the typed place into `room` and `place`."""
        data = super().clean()
        chip = data.get("room") or (self.OTHER_ROOM if data.get("other_room") or data.get("place") else "")
        if not chip:
            self.add_error("room", _("The room is missing. Choose a room or “Another room”."))
            return data
        chosen = data.get("other_room", "") if chip == self.OTHER_ROOM else chip
        room = self.page.room(chosen) if chosen else None
        if chosen and room is None:
            self.add_error("room", _("This room does not exist at this school. Choose a room or “Another room”."))
        if chip == self.OTHER_ROOM and not chosen and not data.get("place"):
            self.add_error("place", _("The place is missing. Choose a room of the list or describe the place."))
        data["room"] = room
        if room is not None and chip != self.OTHER_ROOM:
            data["place"] = ""
        return data


class CommentForm(forms.Form):
    """A message to those who see the report, or a remark for those who work on it."""

    text = TextField(
        max_length=WORDS,
        label=_("Message"),
        help_text=NO_PUPILS,
        widget=StaffText(Kind.MESSAGE, Kind.INTERNAL, attrs={"rows": 3}),
    )
    internal = forms.BooleanField(
        required=False, label=_("Internal remark"), help_text=_("The school does not see it.")
    )

    def __init__(self, *args, may_write_internally=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_write_internally:
            del self.fields["internal"]


class RatingForm(forms.Form):
    """How well somebody was helped, and what they like to say about it. Nobody has to say anything."""

    value = forms.ChoiceField(
        choices=Rating.Value,
        error_messages={
            "required": _("The answer is missing. Tap one of the three."),
            "invalid_choice": _("There is no such answer. Tap one of the three."),
        },
    )
    text = TextField(
        max_length=MOST_WORDS,
        required=False,
        label=_("Would you like to say something about it?"),
        help_text=_(
            "The coordination reads it, without your name and your report, four weeks after the solution at the "
            "earliest and together with at least four others. Please do not write names of pupils."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        # Not the only text field of the page.
        super().__init__(*args, auto_id="rating_%s", **kwargs)

    @classmethod
    def of(cls, rating: Rating | None) -> "RatingForm":
        """Return the form as it stands below an answer that was given."""
        return cls(initial={"text": rating.words} if rating else None)

    @property
    def answer(self) -> dict:
        """What a valid form says; without a text field, and not with an empty one, words stay as they were."""
        words = self.cleaned_data["text"] if "text" in self.data else None
        return {"value": self.cleaned_data["value"], "words": words}


class TextForm(forms.Form):
    """One text that must be there; `kind` says which text modules fit."""

    kind = Kind.MESSAGE
    text = TextField(max_length=WORDS, label=_("Text"), help_text=NO_PUPILS, widget=StaffText(attrs={"rows": 4}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.kinds = (self.kind,)


class QuestionForm(TextForm):
    """A question to the reporter."""

    kind = Kind.QUESTION


class AddressedQuestionForm(QuestionForm):
    """A question of the second level, to the campus management or to the reporter."""

    MEDIATOR, REPORTER = "mediator", "reporter"

    to = forms.ChoiceField(
        choices=[(MEDIATOR, _("The campus management")), (REPORTER, _("The reporter"))],
        initial=MEDIATOR,
        label=_("Whom do you ask?"),
        widget=LineRadio(
            hints={MEDIATOR: _("The time runs on."), REPORTER: _("The time pauses until the answer comes.")}
        ),
        error_messages={"required": _("Choose whom you ask.")},
    )
    field_order = ["to", "text"]


class InternalTextForm(TextForm):
    """Words among those who work on reports."""

    kind = Kind.INTERNAL


class ReasonForm(forms.Form):
    """One text that may be there: why something is reopened or withdrawn."""

    reason = TextField(
        max_length=WORDS,
        required=False,
        label=_("Why?"),
        help_text=NO_PUPILS,
        widget=StaffText(Kind.MESSAGE, attrs={"rows": 3}),
    )


class TransferForm(forms.Form):
    """Which other team, and why it is the right one."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        to_field_name="slug",
        label=_("Which team?"),
        empty_label=None,
        widget=LineRadio(),
        error_messages={
            "required": _("The team is missing. Choose one."),
            "invalid_choice": _("Choose a team of the list."),
        },
    )
    reason = TextField(
        max_length=WORDS, label=_("Why?"), help_text=NO_PUPILS, widget=StaffText(Kind.INTERNAL, attrs={"rows": 3})
    )

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.active().exclude(pk=team).in_order()


class CloseForm(ReasonForm):
    """Whoever closes without a solution says why; the reporter reads it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = _("The reason is missing. The reporter will read it.")


class ResolveForm(forms.Form):
    """What helped. One tap is enough; words are welcome."""

    cause = forms.ChoiceField(
        choices=Ticket.Cause.choices, required=False, label=_("What helped?"), widget=ChipRadio()
    )
    solution = TextField(
        max_length=WORDS,
        required=False,
        label=_("In words, for the reporter"),
        help_text=NO_PUPILS,
        widget=StaffText(Kind.SOLUTION, attrs={"rows": 3}),
    )

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("cause") and not data.get("solution"):
            raise ValidationError(_("Tap what helped, or describe it in a few words."))
        if not data.get("solution") and data.get("cause"):
            data["solution"] = str(Ticket.Cause(data["cause"]).label)
        return data


class WaitForm(forms.Form):
    """For whom one waits, and until when."""

    party = LineField(max_length=120, label=_("Whom are you waiting for?"))
    until = forms.DateField(
        label=_("Until when?"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is not a day. Enter it as day, month and year.")},
    )
    reference = LineField(max_length=80, required=False, label=_("Their reference"))


class AssignForm(forms.Form):
    """Who takes it."""

    person = forms.ModelChoiceField(
        None,
        to_field_name="public_id",
        label=_("Who takes care?"),
        widget=LineRadio(),
        empty_label=None,
        error_messages={
            "required": _("The person is missing. Choose somebody of the list."),
            "invalid_choice": _("Choose somebody of the list."),
        },
    )

    def __init__(self, *args, workers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = workers


class ClassifyForm(forms.Form):
    """What it is about and how much it hinders; the due time follows."""

    category = forms.ModelChoiceField(
        Category.objects.none(), to_field_name="slug", label=_("Category"), empty_label=None
    )
    impact = forms.ChoiceField(choices=Impact.choices, label=_("Who is affected?"), widget=LineRadio())
    urgency = forms.ChoiceField(choices=Urgency.choices, label=_("How much does it hinder?"), widget=LineRadio())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.in_use()


class PhotosForm(forms.Form):
    """Photos to add; each file is cleaned where the form is read."""


class NoWords(forms.Form):
    """A step that needs nothing but a tap."""
