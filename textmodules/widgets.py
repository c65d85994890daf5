"""A text box for those who work on reports: beside it, their text modules of the kinds that fit.

A form names the kinds; whoever shows the form to somebody tells the box where its texts come from
(`tickets.text_modules.offer_texts`). A box that was told nothing is a plain text box.
"""

from django import forms


class StaffText(forms.Textarea):
    """StaffText(Kind.MESSAGE, Kind.INTERNAL, attrs={"rows": 3})"""

    template_name = "textmodules/box.html"

    def __init__(self, *kinds: str, attrs=None):
        super().__init__(attrs)
        self.kinds = tuple(str(kind) for kind in kinds)
        self.source = ""  # the address its texts come from; empty: nothing is offered
        self.texts = None  # they themselves, where a browser without scripts has asked for them

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"].update(source=self.source, texts=self.texts)
        return context
