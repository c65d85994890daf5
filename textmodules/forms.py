"""The form of a text module."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import ChipCheckboxes
from foundation.text import LineField, TextField
from schools.forms import OnceForm

from .models import LONGEST, Kind, TextModule
from .placeholders import require_known

LONGEST_TITLE = TextModule._meta.get_field("title").max_length


class TextModuleForm(OnceForm):
    """Title, kinds and the text itself; used by the pages and by the settings."""

    title = LineField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        help_text=_("By this you find the text again. Nobody else reads it."),
        error_messages={"required": _("The title is missing.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What is the text for?"),
        choices=Kind.choices,
        widget=ChipCheckboxes(),
        error_messages={"required": _("Choose what the text is for.")},
    )
    body = TextField(
        label=_("Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What stands in braces is filled in on the report. Please do not write names of pupils."),
        error_messages={"required": _("The text is missing.")},
        validators=[require_known],
    )
