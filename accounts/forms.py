"""What people type to come in and to look after their account."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models.people import Language, Theme
from foundation.text import LineField

# Longer than any password manager makes them, short enough to be hashed at once.
LONGEST_PASSWORD = 256


def password_field(label, autocomplete: str, **kwargs) -> forms.CharField:
    """Return a field that password managers recognise and nobody trims."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=LONGEST_PASSWORD, strip=False, widget=widget, **kwargs)


def email_attrs(**attrs) -> dict:
    return {"autocapitalize": "none", "spellcheck": "false", "inputmode": "email", **attrs}


class SignInForm(forms.Form):
    """Address and password. Anything wrong with either is told in one and the same sentence."""

    email = LineField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs=email_attrs(autocomplete="username", autofocus=True)),
    )
    password = password_field(gettext_lazy("Password"), "current-password")


class ResetForm(forms.Form):
    """The address of an account whose password is not known."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs=email_attrs(autocomplete="username", autofocus=True)),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice, since nobody sees it."""

    new_password = password_field(
        gettext_lazy("New password"),
        "new-password",
        help_text=gettext_lazy("At least 12 characters. Three or four words you can remember are good."),
    )
    repeated = password_field(gettext_lazy("New password again"), "new-password")

    def __init__(self, person, *args, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def clean(self):
        password, repeated = self.cleaned_data.get("new_password"), self.cleaned_data.get("repeated")
        if not password or not repeated:
            return
        if password != repeated:
            self.add_error("repeated", _("The two passwords differ. Type the new one again."))
            return
        try:
            password_validation.validate_password(password, self.person)
        except ValidationError as refused:
            self.add_error("new_password", refused)


class ChangePasswordForm(NewPasswordForm):
    """The old password, then the new one twice."""

    old_password = password_field(gettext_lazy("Current password"), "current-password")
    field_order = ["old_password", "new_password", "repeated"]


class ProfileForm(forms.Form):
    """What people set about themselves."""

    phone = LineField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Where you can be reached in school. Shown to those who help you."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    theme = forms.ChoiceField(label=gettext_lazy("Colours"), choices=Theme.choices)


class ApiKeyForm(forms.Form):
    """What a key is for and how long it opens the API."""

    name = LineField(
        label=gettext_lazy("What is the key for?"),
        max_length=80,
        help_text=gettext_lazy("For example the name of the program that uses it."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        coerce=int,
        choices=[
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            ("365", gettext_lazy("one year")),
        ],
        initial="90",
    )
