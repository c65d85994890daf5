"""What the coordination fills in: who looks after a campus, where a school belongs, who is away, who stands in."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campuses.models import Campus
from foundation.forms import ChipCheckboxes
from schools.forms import OnceForm

UNTIL_FURTHER_NOTICE = gettext_lazy("The last day. Empty: until further notice.")


def day_field(label, **kwargs) -> forms.DateField:
    """Return a field for one day."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


class PersonField(forms.TypedChoiceField):
    """One of a few people, each with what one wants to know before choosing."""

    def __init__(self, **kwargs):
        super().__init__(empty_value=None, **kwargs)

    def offer(self, people, label, *, empty) -> None:
        """Offer these people; `label` says how each reads."""
        known = {str(person.pk): person for person in people}
        self.choices = [("", empty), *((key, label(person)) for key, person in known.items())]
        self.coerce = known.__getitem__


NOBODY = "-"


class LoadForm(OnceForm):
    """A form after which somebody may have more schools than agreed; then it asks whether that is meant."""

    accepts_load = forms.BooleanField(label=gettext_lazy("It is meant like this"), required=False)

    @property
    def asks_about_load(self) -> bool:
        return "accepts_load" in self.errors or bool(self["accepts_load"].value())


class ManagerForm(LoadForm):
    """Who looks after the campus from a day on. Somebody who has never done it is named by e-mail address."""

    person = PersonField(label=gettext_lazy("New campus management"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Somebody else, by e-mail address"),
        required=False,
        help_text=gettext_lazy("For a person who has an account and is not in the list."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    starts_on = day_field(gettext_lazy("From"), help_text=gettext_lazy("The present one ends the day before."))

    def __init__(self, people, label, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.offer(people, label, empty=_("Choose a person"))
        # Chosen, never left over: whoever sends the form in a hurry takes the campus from nobody.
        field.choices = [*field.choices, (NOBODY, _("Nobody for now: the coordination"))]
        known = field.coerce
        field.coerce = lambda key: NOBODY if key == NOBODY else known(key)

    def clean(self):
        facts = super().clean()
        email, person = facts.pop("email", ""), facts.get("person")
        if not email:
            facts["person"] = None if person == NOBODY else person
            if person is None and not self.errors:
                self.add_error("person", _("Choose a person or enter an address."))
            return facts
        if person is not None:
            self.add_error("email", _("Choose a person above or enter an address, not both."))
            return facts
        facts["person"] = User.objects.active().filter(email=email.strip().lower()).first()
        if facts["person"] is None:
            self.add_error("email", _("Nobody with an open account has this address."))
        return facts


class MoveForm(LoadForm):
    """The campus a school belongs to from now on."""

    campus = forms.ModelChoiceField(
        label=gettext_lazy("New campus"),
        queryset=Campus.objects.none(),
        to_field_name="slug",
        empty_label=gettext_lazy("Choose a campus"),
        error_messages={"required": gettext_lazy("The campus is missing.")},
    )

    def __init__(self, viewer, label, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = Campus.objects.visible_to(viewer).order_by("sort_key")
        self.fields["campus"].label_from_instance = label


class DaysForm(OnceForm):
    """The days of an absence."""

    starts_on = day_field(gettext_lazy("First day"))
    ends_on = day_field(gettext_lazy("Last day"), required=False, help_text=UNTIL_FURTHER_NOTICE)

    def clean(self):
        facts = super().clean()
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first day."))
        return facts


class AbsenceForm(DaysForm):
    """Who is away, and when."""

    person = PersonField(
        label=gettext_lazy("Who is absent?"),
        error_messages={"required": gettext_lazy("The person is missing.")},
    )
    field_order = ["person", "starts_on", "ends_on"]

    def __init__(self, people, label, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(people, label, empty=_("Choose a person"))


class CoverForm(DaysForm):
    """Who stands in, at which of the schools, and for how long."""

    substitute = PersonField(
        label=gettext_lazy("Who stands in?"),
        error_messages={"required": gettext_lazy("The substitute is missing.")},
    )
    schools = forms.TypedMultipleChoiceField(
        label=gettext_lazy("At which schools?"),
        widget=ChipCheckboxes,
        error_messages={"required": gettext_lazy("Choose at least one school.")},
    )
    field_order = ["substitute", "schools", "starts_on", "ends_on"]

    def __init__(self, people, label, schools, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["substitute"].offer(people, label, empty=_("Choose a person"))
        known = {str(school.pk): school for school in schools}
        self.fields["schools"].choices = [(key, school.name) for key, school in known.items()]
        self.fields["schools"].coerce = known.__getitem__
        self.fields["ends_on"].help_text = _("The last day. Empty: as long as the absence lasts.")
