"""What happened while somebody was typing: both versions side by side, so that neither is lost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from schools.viewer import Viewer
from tickets import history
from tickets.models import Ticket, TicketEvent
from tickets.permissions import may_write_internally

MOST = 10


@dataclass(frozen=True)
class Difference:
    """One field of a form: what it was when it was opened, what somebody else made of it, what was entered here.

    Each as its value; `words` says how the form words a value.
    """

    name: str
    label: str
    before: str
    now: str
    mine: str
    words: Callable[[str], str]

    @property
    def is_mine(self) -> bool:
        """Whether it was changed here, and not only looked at."""
        return self.mine != self.before

    @property
    def told(self) -> tuple[str, str, str]:
        """Before, now, mine, for people."""
        return self.words(self.before), self.words(self.now), self.words(self.mine if self.is_mine else self.now)


def since_version(ticket: Ticket, viewer: Viewer, version: int | None) -> list[history.Entry]:
    """Return what the viewer may read of what happened after this version, newest first."""
    if version is None or version >= ticket.version:
        return []
    return _told(ticket, viewer, version__gt=version)


def since_event(ticket: Ticket, viewer: Viewer, event: str) -> list[history.Entry]:
    """Return what the viewer may read of what happened after the event with this key, newest first."""
    if not (event.isascii() and event.isdigit() and len(event) < 18):
        return []
    return _told(ticket, viewer, pk__gt=int(event))


def differences(
    form: forms.Form, ticket: Ticket, viewer: Viewer, version: int | None, columns: Iterable[str]
) -> list[Difference]:
    """Return for each of these fields, which are columns of the ticket, what it was, is, and shall be."""
    before = _values_at(ticket, viewer, version)
    rows = []
    for name in columns:
        now = str(_value(ticket, name))
        mine = str(form[name].value() or now)
        words = partial(_label, form.fields[name])
        rows.append(Difference(name, str(form[name].label), before.get(name, now), now, mine, words))
    return rows


def joined(sent: QueryDict, rows: Iterable[Difference]) -> QueryDict:
    """Return what was sent with what somebody else changed and this form did not: neither is lost."""
    data = sent.copy()
    for row in rows:
        if not row.is_mine:
            data[row.name] = row.now
    return data


def written(form: forms.Form) -> list[tuple[str, str]]:
    """Return what was entered, field by field, in the words of the form; nothing for what was left empty."""
    rows = []
    for bound in form:
        value = bound.value()
        if value in (None, "", [], False):
            continue
        values = value if isinstance(value, list | tuple) else [value]
        told = ", ".join(_("Yes") if one is True else _label(bound.field, str(one)) for one in values)
        rows.append((str(bound.label), told))
    return rows


def _told(ticket, viewer, **after) -> list[history.Entry]:
    events = TicketEvent.objects.visible_to(viewer).filter(ticket=ticket, **after).select_related("by")
    return history.told(events.order_by("-at", "-pk")[:MOST], works=may_write_internally(viewer, ticket))


def _values_at(ticket, viewer, version) -> dict[str, str]:
    """Return the columns as they were at a version: what the first change after it replaced."""
    if version is None:
        return {}
    values = {}
    events = TicketEvent.objects.visible_to(viewer).filter(ticket=ticket, verb="classified", version__gt=version)
    for event in events.in_order():
        for name, change in event.data.items():
            if isinstance(change, list) and len(change) == 2:
                values.setdefault(name, str(change[0]))
    return values


def _value(ticket, name) -> str:
    value = getattr(ticket, name)
    return getattr(value, "slug", value)


def _label(field: forms.Field, value: str) -> str:
    """Return how the form words a choice; what is no choice says itself."""
    choices = getattr(field, "choices", ())
    for key, label in choices:
        if str(getattr(key, "value", key)) == str(value):
            return str(label)
    return str(value)
