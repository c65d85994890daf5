"""The list of schools, and the pages on which the IT contact keeps rooms, contacts and access right."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.exports import table_answer

from . import commands
from .directory import Directory
from .forms import AccessForm, ContactForm, DirectoryForm, OnceForm, RoomForm
from .models import Contact, Room, School, TechnicalProfile
from .permissions import require_keeper
from .portrait import by_building
from .posting import once, post_once
from .tables import table_of_contacts, table_of_rooms, table_of_schools


@login_required
@require_safe
def schools(request):
    """List the schools the viewer sees."""
    form = DirectoryForm(request.viewer, request.GET)
    narrowed = form.cleaned_data if form.is_valid() else {}
    directory = Directory(request.viewer, **narrowed, page=request.GET.get("page", "1"))
    query = urlencode({name: request.GET[name] for name in ("q", "campus") if request.GET.get(name)})
    context = {"form": form, "page_obj": directory.page, "query": query, "narrowed": any(narrowed.values())}
    return render(request, "schools/schools.html", {**context, "asked": directory.asked_for})


@login_required
@require_POST
def export(request):
    """Hand out all schools of the list as CSV."""
    form = DirectoryForm(request.viewer, request.POST)
    directory = Directory(request.viewer, **(form.cleaned_data if form.is_valid() else {}))
    return table_answer(request, table_of_schools(directory))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request, number):
    """Show all rooms and add one."""
    school = _kept_school(request, number)
    # One adds rooms building by building: the last one is kept, so that only the name changes.
    initial = {"building": request.GET.get("building", "")}
    form = RoomForm(school.sites.order_by("name"), request.POST or None, initial=initial)
    page = partial(_rooms_page, request, school, form)

    def add(name, **facts):
        room = commands.add_room(school=school, name=name, **facts, by=request.user, at=request.at)
        messages.success(request, _("The room “%(name)s” is added.") % {"name": room.name})
        return f"{_to('rooms', school)}?{urlencode({'building': room.building})}"

    return post_once(request, form, add, page) if request.method == "POST" else page()


@login_required
@require_POST
def rooms_export(request, number):
    """Hand out the rooms of a school as CSV, those out of use last."""
    school = _kept_school(request, number)
    found = _rooms(school)
    in_use = [room for building in by_building(room for room in found if room.active) for room in building.rooms]
    return table_answer(request, table_of_rooms(school, [*in_use, *(room for room in found if not room.active)]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def room(request, number, pk):
    """Change what a room is called."""
    school = _kept_school(request, number)
    room = get_object_or_404(school.rooms, pk=pk)
    initial = {"name": room.name, "building": room.building, "site": room.site_id}
    form = RoomForm(school.sites.order_by("name"), request.POST or None, initial=initial)
    buildings = by_building(school.rooms.in_use())
    context = {"school": school, "room": room, "name": room.name, "form": form, "buildings": buildings}
    page = partial(render, request, "schools/room.html", context)

    def rename(**facts):
        facts = {"site": room.site, **facts}  # a school with one site is not asked for it
        commands.rename_room(room=room, **facts, by=request.user, at=request.at)
        messages.success(request, _("The room “%(name)s” is saved.") % {"name": room.name})
        return _to("rooms", school)

    return post_once(request, form, rename, page) if request.method == "POST" else page()


@login_required
@require_POST
def room_use(request, number, pk):
    """Take a room out of use, or back into it; the page of rooms offers the way back."""
    school = _kept_school(request, number)
    room = get_object_or_404(school.rooms, pk=pk)
    active = request.POST.get("active") == "yes"

    def use():
        commands.use_room(room=room, active=active, by=request.user, at=request.at)
        if not active:
            return redirect(f"{_to('rooms', school)}?retired={room.pk}")
        messages.success(request, _("The room “%(name)s” is in use again.") % {"name": room.name})
        return redirect(_to("rooms", school))

    return once(request, use)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request, number):
    """Show the contact persons and add one."""
    school = _kept_school(request, number)
    form = ContactForm(request.POST or None)
    context = {"school": school, "form": form, "contacts": _contacts(school)}
    page = partial(render, request, "schools/contacts.html", context)

    def add(**facts):
        contact = commands.add_contact(school=school, **facts, by=request.user, at=request.at)
        messages.success(request, _("%(name)s is added.") % {"name": contact.name})
        return _to("contacts", school)

    return post_once(request, form, add, page) if request.method == "POST" else page()


@login_required
@require_POST
def contacts_export(request, number):
    """Hand out the contact persons of a school as CSV."""
    school = _kept_school(request, number)
    return table_answer(request, table_of_contacts(school, _contacts(school)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request, number, pk):
    """Change how somebody is reached."""
    school = _kept_school(request, number)
    contact = get_object_or_404(school.contacts, pk=pk)
    initial = {name: getattr(contact, name) for name in ("name", "function", "phone", "email", "reachable")}
    form = ContactForm(request.POST or None, initial=initial)
    context = {"school": school, "contact": contact, "name": contact.name, "form": form}
    page = partial(render, request, "schools/contact.html", context)

    def change(**facts):
        commands.change_contact(contact=contact, **facts, by=request.user, at=request.at)
        messages.success(request, _("%(name)s is saved.") % {"name": contact.name})
        return _to("contacts", school)

    return post_once(request, form, change, page) if request.method == "POST" else page()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact_removal(request, number, pk):
    """Ask, because it cannot be undone, and remove a contact person."""
    school = _kept_school(request, number)

    def remove():
        # Looked up only here: pressed twice, the second answer is the first one and not "not found".
        contact = get_object_or_404(school.contacts, pk=pk)
        commands.remove_contact(contact=contact, by=request.user, at=request.at)
        messages.success(request, _("%(name)s is removed.") % {"name": contact.name})
        return redirect(_to("contacts", school))

    if request.method == "POST":
        return once(request, remove)
    contact = get_object_or_404(school.contacts, pk=pk)
    context = {"school": school, "contact": contact, "form": OnceForm()}
    return render(request, "schools/contact_removal.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def access(request, number):
    """Say how to get in."""
    school = _kept_school(request, number)
    profile = TechnicalProfile.objects.filter(school=school).first() or TechnicalProfile(school=school)
    initial = {"access_notes": profile.access_notes, "iserv_host": profile.iserv_host}
    form = AccessForm(request.POST or None, initial=initial)
    page = partial(render, request, "schools/access.html", {"school": school, "form": form})

    def describe(**facts):
        commands.describe_access(school=school, **facts, by=request.user, at=request.at)
        messages.success(request, _("The access is saved."))
        return school.get_absolute_url()

    return post_once(request, form, describe, page) if request.method == "POST" else page()


def _kept_school(request, number) -> School:
    """Return a school the viewer keeps right; not visible is 404, visible and not theirs to keep is 403."""
    school = get_object_or_404(School.objects.visible_to(request.viewer), number=number)
    require_keeper(request.viewer, school)
    return school


def _rooms(school) -> list[Room]:
    return list(school.rooms.alphabetical().select_related("site"))


def _contacts(school) -> QuerySet[Contact]:
    return school.contacts.order_by("order", "name", "pk")


def _rooms_page(request, school, form, status=200):
    found = _rooms(school)
    retired = request.GET.get("retired", "")
    context = {
        "school": school,
        "form": form,
        "buildings": by_building(room for room in found if room.active),
        "retired": [room for room in found if not room.active],
        "just_retired": next((room for room in found if str(room.pk) == retired and not room.active), None),
        "key": OnceForm()["idempotency_key"].value(),
    }
    return render(request, "schools/rooms.html", context, status=status)


def _to(name: str, school: School) -> str:
    return reverse(name, args=[school.number])
