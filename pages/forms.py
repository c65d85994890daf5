"""What somebody hindered by a barrier tells us."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.text import LineField, TextField


class BarrierForm(forms.Form):
    """A page, what hinders there, and perhaps how to answer."""

    hindrance = TextField(
        label=_("What hinders you?"),
        max_length=4000,
        help_text=_("Describe what you wanted to do and what did not work."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    address = LineField(
        label=_("On which page?"),
        max_length=300,
        required=False,
        help_text=_("The address of the page, or what it is about."),
    )
    contact = LineField(
        label=_("How do we reach you?"),
        max_length=200,
        required=False,
        help_text=_("E-mail or phone, if you would like an answer."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
