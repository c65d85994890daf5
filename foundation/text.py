"""What people type, made fit to keep: one spelling, nothing invisible, no longer than agreed."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

# Marks that turn the reading direction, and characters nobody can see: they make one text look like another.
# The joiners U+200C and U+200D stay, because Persian words and many emoji are spelled with them.
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
# Control characters without tab and line feed; half surrogates cannot be stored in UTF-8 at all.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def clean_line(value: str, max_length: int) -> str:
    """Return the value on one line with single spaces, or raise a ValidationError where it is too long."""
    return _within(" ".join(_visible(value).split()), max_length)


def clean_text(value: str, max_length: int) -> str:
    """Return the value with its lines kept, or raise a ValidationError where it is too long."""
    lines = [line.rstrip() for line in _visible(value).replace("\t", " ").split("\n")]
    return _within(re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip(), max_length)


def _visible(value: str) -> str:
    value = _LINE_BREAKS.sub("\n", value)
    value = _CONTROL.sub("", _INVISIBLE.sub("", value))
    return unicodedata.normalize("NFC", value)


def _within(value: str, max_length: int) -> str:
    if len(value) > max_length:
        message = _("The text is too long: %(length)s characters. Shorten it to at most %(limit)s.")
        params = {
            "length": number_format(len(value), force_grouping=True),
            "limit": number_format(max_length, force_grouping=True),
        }
        raise ValidationError(message, code="max_length", params=params)
    return value


class LineField(forms.CharField):
    """A form field of one line, cleaned by `clean_line`."""

    def __init__(self, *, max_length: int, **kwargs):
        # The limit counts the cleaned text; the browser is told, the field's own validator is not asked.
        super().__init__(**kwargs)
        self.limit = max_length
        if not self.widget.is_hidden:
            self.widget.attrs.setdefault("maxlength", str(max_length))

    def to_python(self, value):
        return clean_line(_text_or_empty(value), self.limit)


class TextField(forms.CharField):
    """A form field of several lines, cleaned by `clean_text`."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int, **kwargs):
        # No `maxlength` in the browser: it would cut a pasted text short without a word.
        super().__init__(**kwargs)
        self.limit = max_length

    def to_python(self, value):
        return clean_text(_text_or_empty(value), self.limit)


def _text_or_empty(value) -> str:
    return "" if value is None else str(value)
