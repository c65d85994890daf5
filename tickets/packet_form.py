"""The form of a packet. What is missing, `packets.require_complete` says: the page and the API ask for the same."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.berlin import BERLIN
from foundation.forms import ChipCheckboxes, ChipRadio
from foundation.text import LineField, TextField
from textmodules.models import Kind
from textmodules.widgets import StaffText
from tickets.forms import NO_PUPILS, WORDS
from tickets.models import Escalation
from tickets.packet_page import MINUTES, PacketPage
from tickets.packets import ITEM, IncompletePacket, Packet, require_complete

NEEDED = ("team", "tips", "tried", "since", "rooms", "access")
ANSWER_ICONS = {Escalation.Answer.YES: "check", Escalation.Answer.NO: "close", Escalation.Answer.NOT_POSSIBLE: "help"}


class AnswerRadio(ChipRadio):
    """Yes, no or not possible: three targets of one width."""

    group_class = "answers"


class MomentField(forms.CharField):
    """A moment as the clocks in Dortmund show it; at the night they go back an hour, the earlier of the two."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format=MINUTES)

    def clean(self, value):
        words = super().clean(value)
        if not words:
            return None
        try:
            return datetime.fromisoformat(words).replace(tzinfo=BERLIN)
        except ValueError:
            raise ValidationError(_("This is not a moment. Enter day and time.")) from None


class Given(forms.MultipleChoiceField):
    """Any of the choices; what is not among them any more is left out without a word."""

    def validate(self, value):
        pass

    def clean(self, value):
        known = {key for key, _label in self.choices}
        return [word for word in super().clean(value) if word in known]


class PacketForm(forms.Form):
    """The diagnosis of the first level. Nothing is required field by field; the packet is checked as a whole."""

    team = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Team"),
        widget=ChipRadio(),
        error_messages={"invalid_choice": gettext_lazy("Choose a team of the list.")},
    )
    spoken_with = LineField(
        max_length=80,
        required=False,
        label=gettext_lazy("Spoken with"),
        help_text=gettext_lazy("On the telephone; empty where it goes in writing."),
    )
    tips = Given(required=False, label=gettext_lazy("What was tried?"), widget=ChipCheckboxes())
    tried = TextField(
        max_length=WORDS,
        required=False,
        label=gettext_lazy("What was tried?"),
        help_text=NO_PUPILS,
        widget=StaffText(Kind.INTERNAL, attrs={"rows": 4}),
    )
    since = MomentField(required=False, label=gettext_lazy("Since when?"))
    rooms = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Which rooms?"),
        widget=ChipCheckboxes(),
        error_messages={"invalid_choice": gettext_lazy("One of the rooms does not exist at this school any more.")},
    )
    access = TextField(
        max_length=1000,
        required=False,
        label=gettext_lazy("When and how does somebody get in?"),
        widget=forms.Textarea({"rows": 3}),
    )
    devices = Given(required=False, label=gettext_lazy("Which devices?"), widget=ChipCheckboxes())
    device_codes = LineField(
        max_length=400,
        required=False,
        label=gettext_lazy("Other devices"),
        help_text=gettext_lazy("Inventory numbers, with commas or blanks between them."),
    )

    def __init__(self, data=None, *, page: PacketPage, at: datetime):
        super().__init__(data, initial=page.known)
        self.page, self.at = page, at
        for item in page.items:
            self.fields[ITEM + item.key] = forms.ChoiceField(
                choices=Escalation.Answer.choices,
                required=False,
                label=item.text,
                widget=AnswerRadio(icons=ANSWER_ICONS),
            )
        self.order_fields(["team", "spoken_with", *(ITEM + item.key for item in page.items)])
        self.fields["team"].choices = [(team.slug, team.name) for team in page.teams]
        self.fields["tips"].choices = [(tip, tip) for tip in page.ticket.category.tips]
        self.fields["rooms"].choices = [(str(room.pk), room.name) for room in page.rooms]
        self.fields["devices"].choices = [(device.code, str(device)) for device in page.devices]
        for name in NEEDED:
            self.fields[name].needed = True
        if self.fields["tips"].choices:
            self.fields["tried"].label = _("In words")
        for name in ("tips", "devices"):
            if not self.fields[name].choices:
                del self.fields[name]

    @property
    def answers(self) -> list:
        """The questions of the checklist, to be drawn one after the other."""
        return [self[ITEM + item.key] for item in self.page.items]

    @property
    def rooms_in_reach(self) -> list:
        return self["rooms"][: self.page.rooms_in_reach]

    @property
    def other_rooms(self) -> list:
        return self["rooms"][self.page.rooms_in_reach :]

    @property
    def words(self) -> dict:
        """What was typed and tapped so far, as it came, for whoever goes on with it."""
        words = {}
        for name, field in self.fields.items():
            several = isinstance(field, forms.MultipleChoiceField)
            given = self.data.getlist(name)[:200] if several else [self.data.get(name, "")]
            kept = [word.replace("\x00", "")[:10_000] for word in given]
            words[name] = kept if several else kept[0]
        return words

    def clean_device_codes(self) -> list:
        """Return the devices that were typed by their numbers."""
        codes = self.cleaned_data["device_codes"].replace(",", " ").replace(";", " ").split()
        found = (
            {row.code.lower(): row for row in self.page.devices_of_school.filter(code__in=_spellings(codes))}
            if codes
            else {}
        )
        unknown = [code for code in codes if code.lower() not in found]
        if unknown:
            raise ValidationError(
                _("There is no device %(codes)s at this school."), params={"codes": ", ".join(unknown)[:200]}
            )
        return list(found.values())

    def clean(self):
        """Put the packet together and name every gap at once, beside what cannot be read."""
        data = super().clean()
        try:
            require_complete(self.packet, self.page.ticket, self.page.checklist, self.at)
        except IncompletePacket as gaps:
            for name, sentences in gaps.message_dict.items():
                if name in self.errors:
                    continue
                # The three answers stand beside the statement; the sentence need not name them.
                told = _("The answer is missing.") if name.startswith(ITEM) and name in self.fields else sentences
                self.add_error(name if name in self.fields else None, told)
        return data

    @property
    def packet(self) -> Packet:
        """The packet as far as it can be read."""
        data, page = self.cleaned_data, self.page
        meant = set(data.get("devices", ()))
        devices = [*(row for row in page.devices if row.code in meant), *data.get("device_codes", ())]
        return Packet(
            answers={item.key: data[ITEM + item.key] for item in page.items if data.get(ITEM + item.key)},
            tried="\n".join(filter(None, [*data.get("tips", ()), data.get("tried", "")])),
            since=data.get("since"),
            access=data.get("access", ""),
            rooms=[room for room in page.rooms if str(room.pk) in data.get("rooms", ())],
            devices=list({row.pk: row for row in devices}.values()),
            team=next((team for team in page.teams if team.slug == data.get("team")), None),
            spoken_with=data.get("spoken_with", ""),
        )


def _spellings(codes) -> set[str]:
    """Labels are read out on the telephone, so small letters do."""
    return {spelling for code in codes for spelling in (code, code.upper(), code.lower())}
