"""Fields of bodies and filters. They take the JSON type they promise and no other; nothing is guessed or echoed."""

from datetime import UTC

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

from foundation.text import clean_line, clean_text

LARGEST_ID = 2**63 - 1


class Plain:
    """The sentences all fields share."""

    default_error_messages = {
        "required": _("This is missing."),
        "null": _("This is empty. Leave it out, or give a value."),
        "blank": _("This is empty. Write something."),
    }


class Line(Plain, serializers.CharField):
    """Text on one line, cleaned."""

    default_error_messages = {"invalid": _("This must be a text, in quotation marks.")}
    clean = staticmethod(clean_line)

    def __init__(self, *, max_length: int, **kwargs):
        super().__init__(max_length=max_length, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        text = self.clean(data, self.max_length)
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class Text(Line):
    """Text of several lines, cleaned."""

    clean = staticmethod(clean_text)


class YesNo(Plain, serializers.BooleanField):
    """True or false."""

    default_error_messages = {"invalid": _("This must be true or false, without quotation marks.")}

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Id(Plain, serializers.IntegerField):
    """The id of a row."""

    default_error_messages = {"invalid": _("This must be an id: a whole number, without quotation marks.")}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int) or not 0 < data <= LARGEST_ID:
            self.fail("invalid")
        return data


class Day(Plain, serializers.DateField):
    """A day of the calendar."""

    default_error_messages = {"invalid": _('This must be a day, such as "2026-11-30".')}

    def to_internal_value(self, data):
        try:
            day = parse_date(data) if isinstance(data, str) else None
        except ValueError:
            day = None
        if day is None:
            self.fail("invalid")
        return day


class Instant(Plain, serializers.DateTimeField):
    """A point in time with its time zone."""

    default_error_messages = {"invalid": _('This must be a point in time with its zone: "2026-11-30T08:15:00+01:00".')}

    def to_internal_value(self, data):
        try:
            instant = parse_datetime(data) if isinstance(data, str) else None
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            self.fail("invalid")
        try:
            return instant.astimezone(UTC)
        except OverflowError:
            self.fail("invalid")


class Choice(Plain, serializers.ChoiceField):
    """One of a few words; the sentence of the error names them."""

    def __init__(self, choices, **kwargs):
        super().__init__(choices, **kwargs)
        self.error_messages["invalid_choice"] = _listed(tuple(self.choices))

    def run_validation(self, data=empty):
        if data is not empty and data is not None and not isinstance(data, str):
            self.fail("invalid_choice")
        return super().run_validation(data)

    def to_internal_value(self, data):
        if data not in self.choices:
            self.fail("invalid_choice")
        return data


class Several(Plain, serializers.ListField):
    """A list, each entry once and of the type of `child`."""

    default_error_messages = {
        "not_a_list": _("This must be a list: [...]."),
        "max_length": _("These are too many. At most {max_length} are taken."),
    }

    def to_internal_value(self, data):
        if not isinstance(data, list):
            self.fail("not_a_list")
        return list(dict.fromkeys(super().to_internal_value(data)))


class Answers(Plain, serializers.DictField):
    """An object of short texts. Which keys and words are meant, the command says."""

    default_error_messages = {"not_a_dict": _("This must be an object: {{...}}.")}
    child = Line(max_length=40, allow_blank=True)


class Named(Line):
    """A row named by a text, such as a slug or an e-mail address.

    A subclass says in `found` which rows may be named; to name one beyond them is as if it did not exist.
    """

    default_error_messages = {"unknown": _("This does not exist.")}

    def __init__(self, *, max_length: int = 254, **kwargs):
        super().__init__(max_length=max_length, **kwargs)

    def found(self, name: str):
        """Return the row, or None."""
        raise NotImplementedError

    def to_internal_value(self, data):
        row = self.found(super().to_internal_value(data))
        if row is None:
            self.fail("unknown")
        return row

    def run_validators(self, value):
        """The text was checked on its way to the row."""


def _listed(choices):
    return lazy(lambda: gettext("This must be one of: %(choices)s.") % {"choices": ", ".join(choices)}, str)()
