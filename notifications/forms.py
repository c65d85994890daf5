"""What people choose about how they hear of things."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import LineRadio

from .models import Preference
from .topics import Topic


def time_of_day() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class PreferenceForm(forms.ModelForm):
    """Per topic how one hears of it; the daily e-mail, quiet hours and how many e-mails a day at most."""

    class Meta:
        model = Preference
        fields = [*Topic.values, "digest_at", "quiet", "quiet_from", "quiet_until", "budget"]
        widgets = {
            "digest_at": time_of_day(),
            "quiet": LineRadio,
            "quiet_from": time_of_day(),
            "quiet_until": time_of_day(),
        }
        labels = {"quiet": _("When shall no e-mail come?")}
        help_texts = {
            "quiet": _("What cannot wait comes all the same."),
            "quiet_from": _("Counts if you have chosen times of your own."),
            "budget": _("Above half of them several reports share an e-mail. Nothing is left out."),
        }

    @property
    def topics(self):
        """The fields that ask about a topic."""
        return [self[name] for name in Topic.values]

    @property
    def times(self):
        """All other fields."""
        return [self[name] for name in self.fields if name not in Topic.values]
