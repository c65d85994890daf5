"""Forms in KERN's markup. A page writes {{ form }} or {{ form.room.as_field_group }}, never a field by hand.

The renderer gives every form the same templates (templates/forms/), every field its label, hint and error
tied together for screen readers, and every input its class. Besides, there are choices to tap.
"""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

INPUT = "kern-form-input__input"
CLASSES = {
    forms.CheckboxInput: "kern-form-check__checkbox",
    forms.FileInput: "field__file",
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
    forms.Select: "kern-form-input__select",
    forms.Textarea: INPUT,
    forms.widgets.Input: INPUT,
}


class KernBoundField(BoundField):
    """A field of a form that is about to be drawn: knows its kind, and gives the input its classes."""

    @property
    def kind(self):
        """Return how the field is drawn: tick, choices, select, file or text."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return "choices"
        if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
            return "select"
        if isinstance(widget, forms.CheckboxInput):
            return "tick"
        return "file" if isinstance(widget, forms.FileInput) else "text"

    @property
    def optional(self):
        """Return whether the label says "(freiwillig)"; a tick is a choice in itself.

        `needed` marks a field that a form asks for as a whole, not by itself.
        """
        needed = self.field.required or getattr(self.field, "needed", False)
        return not needed and self.kind != "tick" and not self.field.disabled

    @property
    def label_in_summary(self):
        """Return the label as it stands before its error: a question as it is, anything else with a colon."""
        label = str(self.label)
        return label if label.endswith(("?", ":")) else f"{label}:"

    @property
    def legend_class(self):
        """Return how the question above choices is drawn; the heading of the page may have asked it already."""
        return "sr" if getattr(self.field.widget, "asked", False) else "legend"

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        own = next((name for kind, name in CLASSES.items() if isinstance(widget, kind)), "")
        if self.errors and own.startswith("kern-"):
            own = f"{own} {own}--error"
        classes = [given for given in (widget.attrs.get("class"), attrs.get("class"), own) if given]
        if classes and not widget.is_hidden:
            attrs["class"] = " ".join(classes)
        return attrs


class KernFormRenderer(TemplatesSetting):
    """Draw forms with the templates of this project."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = KernBoundField


class TapChoices:
    """Choices as large targets. `icons` and `hints` map a choice to an icon name and a second line.

    `asked` says that the heading of the page asks the question; the label is then for screen readers only.
    """

    template_name = "forms/choices.html"
    option_template_name = "forms/choice.html"
    group_class = "lines"
    choice_class = "choice--line"
    ticked = True

    def __init__(self, attrs=None, choices=(), *, icons=None, hints=None, asked=False):
        super().__init__(attrs, choices)
        self.icons = icons or {}
        self.hints = hints or {}
        self.asked = asked

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.icons, copy.hints = dict(self.icons), dict(self.hints)
        return copy

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["group_class"] = self.group_class
        return context

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        key = getattr(value, "value", value)  # a choice of a queryset wraps its key
        option["icon"], option["hint"] = self.icons.get(key, ""), self.hints.get(key, "")
        option["choice_class"], option["ticked"] = self.choice_class, self.ticked
        option["attrs"].pop("aria-invalid", None)  # a single choice cannot be invalid; the fieldset tells the error
        return option


class LineRadio(TapChoices, forms.RadioSelect):
    """One of a few sentences, each a line."""


class LineCheckboxes(TapChoices, forms.CheckboxSelectMultiple):
    """Any of a few sentences, each a line."""


class TileRadio(LineRadio):
    """One of a few things, each a tile with its icon."""

    group_class = "tiles"
    choice_class = "choice--tile"


class ChipRadio(LineRadio):
    """One of a few short words, side by side."""

    group_class = "chips"
    choice_class = "choice--chip"
    ticked = False


class ChipCheckboxes(LineCheckboxes):
    """Any of a few short words, side by side."""

    group_class = "chips"
    choice_class = "choice--chip"
