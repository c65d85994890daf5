"""Text modules at the text boxes of reports: filled in with what is known of one report, as far as it may stand there.

A page that shows a form with a `StaffText` box calls `offer_texts(form, request, ticket=ticket)` before it renders,
and before it checks what was sent:

    if asked_for_text(request):
        return the page with the form as it is

With scripts the texts are fetched when their list is opened. Without, a button of the form itself brings the list,
and a second one the text: each time the form comes back as it was typed, and nothing else has happened.
"""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from foundation import wording
from pages.models import SiteSettings
from schools.viewer import Viewer
from textmodules.models import Kind, TextModule
from textmodules.placeholders import filled_in
from textmodules.widgets import StaffText
from tickets.models import Ticket
from tickets.permissions import may_write_internally

BUTTON = "text_module"  # of a browser without scripts; "body" asks for the list, "body:7" for a text


@dataclass(frozen=True)
class ReadyText:
    """One text as it goes into the box."""

    pk: int
    title: str
    words: str
    is_shared: bool
    is_internal: bool


class TextChoice:
    """The texts that fit at one box, for one viewer and, where there is one, one report; one statement for all.

    Without a report (somebody is still on the telephone) what only a report knows stays open.
    """

    def __init__(self, viewer: Viewer, kinds, *, ticket: Ticket | None = None, school=None):
        self.viewer = viewer
        self.kinds = tuple(kinds)
        self.ticket = ticket
        self.school = ticket.school if ticket else school

    @cached_property
    def texts(self) -> list[ReadyText]:
        rows = TextModule.objects.visible_to(self.viewer).fitting(self.kinds).filter(active=True).in_order()
        # One's own first, and what is for colleagues only after what the school may read.
        return sorted(map(self._ready, rows), key=lambda text: (text.is_shared, text.is_internal))

    def _ready(self, row: TextModule) -> ReadyText:
        is_internal = set(row.kinds) == {Kind.INTERNAL}
        return ReadyText(row.pk, row.title, filled_in(row.body, self.value), row.is_shared, is_internal)

    def text(self, key: str) -> ReadyText | None:
        return next((text for text in self.texts if str(text.pk) == key), None)

    def value(self, key: str, language: str) -> str:
        """Return what stands for a placeholder in a text of this language; empty where nobody knows it."""
        with translation.override(language):
            return str(getattr(self, f"_{key}")() or "")

    def _number(self):
        return self.ticket and self.ticket.number

    def _school(self):
        return self.school and self.school.name

    def _room(self):
        """The room; a place the reporter has typed only where those who join do not read it."""
        if self.ticket is None:
            return ""
        if self.ticket.room_id:
            return self.ticket.room.name
        return "" if self._is_read_by_others else self.ticket.place

    def _category(self):
        return self.ticket and self.ticket.category.name

    def _reporter(self):
        """Who reported it, unless it is confidential or the text may be read by people who join or have joined."""
        if self.ticket is None or self.ticket.confidential:
            return ""
        return "" if self._is_read_by_others else self.ticket.reporter_name

    @cached_property
    def _is_read_by_others(self) -> bool:
        """Whether people who join, or have joined, read the text; not what is among colleagues."""
        if set(self.kinds) == {Kind.INTERNAL}:
            return False
        # Who joined goes on reading when the category becomes one that nobody can join.
        return self.ticket.category.is_known_fault or self.ticket.followers.exists()

    def _due(self):
        """The promised solution; a promise that is broken or paused is none."""
        due = self.ticket and self.ticket.resolution_due_at
        return f"{wording.long_day(due)}, {wording.clock(due)}" if due and due > self.viewer.at else ""

    def _me(self):
        return self.viewer.person.name

    def _my_phone(self):
        return self.viewer.person.phone

    def _campus_management(self):
        manager = self.school and self.viewer.manager_of(self.school)
        return manager and manager.name

    def _hotline(self):
        return self._site.hotline_phone

    @cached_property
    def _site(self) -> SiteSettings:
        return SiteSettings.current()


def may_use_texts(viewer: Viewer, ticket: Ticket | None) -> bool:
    """Return whether boxes offer texts to the viewer: to those who work on this report, or on any."""
    return viewer.is_staff and (ticket is None or may_write_internally(viewer, ticket))


def asked_for_text(request) -> bool:
    """Return whether the form came only to look for a text: show it again, check nothing, do nothing."""
    return request.method == "POST" and BUTTON in request.POST


def offer_texts(form: forms.BaseForm, request, *, ticket: Ticket | None = None, school=None) -> None:
    """Let every `StaffText` of the form offer the viewer's texts; costs nothing until somebody asks for them.

    `ticket` brings `with_due_times()`. A form that came by `asked_for_text` gets the list, or the chosen text below
    what was typed, and no complaints: nobody is done typing yet.
    """
    boxes = {form.add_prefix(name): field.widget for name, field in form.fields.items()}
    boxes = {name: widget for name, widget in boxes.items() if isinstance(widget, StaffText)}
    if not boxes or not may_use_texts(request.viewer, ticket):
        return
    for widget in boxes.values():
        widget.source = _source(widget.kinds, ticket, school)
    name, _, key = request.POST.get(BUTTON, "").partition(":")
    if not asked_for_text(request) or name not in boxes or not form.is_bound:
        return
    form._errors = ErrorDict(renderer=form.renderer)  # Django's own mark of "has been checked"
    choice = TextChoice(request.viewer, boxes[name].kinds, ticket=ticket, school=school)
    text = choice.text(key)
    if text is None:
        boxes[name].texts = choice.texts
        return
    data = form.data.copy()
    data[name] = "\n\n".join(filter(None, [data.get(name, "").rstrip(), text.words]))
    form.data = data
    boxes[name].attrs["autofocus"] = True


def _source(kinds, ticket, school) -> str:
    address = reverse("ticket-texts", args=[ticket.number]) if ticket else reverse("texts-anywhere")
    query = QueryDict(mutable=True)
    query.setlist("kind", kinds)
    if school and not ticket:
        query["school"] = school.number
    return f"{address}?{query.urlencode()}"
