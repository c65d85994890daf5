"""The pages on which coordination and administration decide who looks after what, and who stands in."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.exports import table_answer
from campuses.models import Absence
from schools.covers import cover_schools
from schools.forms import OnceForm
from schools.models import Cover, School
from schools.posting import once, post_once
from schools.withdrawal import withdraw

from . import absences as commands
from . import people
from .absence_page import AbsencePage
from .access import require_steerer
from .campus_page import CampusPage
from .campuses import change_manager, move_school
from .forms import AbsenceForm, CoverForm, DaysForm, ManagerForm, MoveForm
from .load import MOST_SCHOOLS
from .overview import Overview
from .tables import table_of_absences, table_of_covers

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def campus(request, slug):
    """Show one campus with its managers over time and its schools."""
    require_steerer(request.viewer)
    shown = CampusPage(request.viewer, slug)
    return render(request, "campuses/campus.html", {"shown": shown, "most": MOST_SCHOOLS})


@login_required
@require_http_methods(FORM)
def manager(request, slug):
    """Give the campus to another person from a day on."""
    require_steerer(request.viewer)
    shown = CampusPage(request.viewer, slug)
    offered = people.substitutes(request.viewer)
    form = ManagerForm(offered, _with_load(shown.overview), request.POST or None)
    form.fields["starts_on"].initial = request.viewer.day
    page = partial(render, request, "campuses/manager.html", {"shown": shown, "form": form, "most": MOST_SCHOOLS})

    def change(**facts):
        change_manager(campus=shown.campus, **facts, by=request.user, at=request.at)
        messages.success(request, _("The campus %(name)s is assigned.") % {"name": shown.campus.name})
        return reverse("campus", args=[slug])

    return post_once(request, form, change, page) if request.method == "POST" else page()


@login_required
@require_http_methods(FORM)
def school_campus(request, number):
    """Give a school to another campus, from now on."""
    school = get_object_or_404(School.objects.visible_to(request.viewer).select_related("campus"), number=number)
    require_steerer(request.viewer)
    overview = Overview(request.viewer)
    lines = {line.campus.pk: line for line in overview.campuses}

    def label(campus):
        line = lines[campus.pk]
        count = len(line.schools)
        schools = ngettext("%(count)s school", "%(count)s schools", count) % {"count": count}
        return f"{campus.name} ({line.manager.name if line.manager else _('nobody')}, {schools})"

    form = MoveForm(request.viewer, label, request.POST or None)
    context = {"school": school, "form": form, "most": MOST_SCHOOLS}
    page = partial(render, request, "campuses/school_campus.html", context)

    def move(**facts):
        moved = move_school(school=school, **facts, by=request.user, at=request.at)
        name = moved.campus.name if moved.campus else _("Coordination")
        messages.success(request, _("%(school)s belongs to %(campus)s now.") % {"school": school.name, "campus": name})
        return reverse("campus", args=[moved.campus.slug]) if moved.campus else reverse("campuses")

    return post_once(request, form, move, page) if request.method == "POST" else page()


@login_required
@require_safe
def absences(request):
    """List who is absent now or later, and what that leaves uncovered."""
    require_steerer(request.viewer)
    return render(request, "campuses/absences.html", {"overview": Overview(request.viewer), "area": "absences"})


@login_required
@require_POST
def absences_export(request):
    """Hand out who is absent now or later as CSV."""
    require_steerer(request.viewer)
    return table_answer(request, table_of_absences(Overview(request.viewer)))


@login_required
@require_http_methods(FORM)
def absence_new(request):
    """Enter an absence; who stands in is asked on its page."""
    require_steerer(request.viewer)
    overview = Overview(request.viewer)
    offered = people.managers(request.viewer)
    form = AbsenceForm(offered, _with_load(overview), request.POST or None, initial={"starts_on": request.viewer.day})
    page = partial(render, request, "campuses/absence_new.html", {"form": form})

    def enter(**facts):
        absence = commands.enter_absence(**facts, by=request.user, at=request.at)
        told = _("%(name)s is entered as absent. Choose who stands in.") % {"name": absence.person.name}
        messages.success(request, told)
        return reverse("absence", args=[absence.pk])

    return post_once(request, form, enter, page) if request.method == "POST" else page()


@login_required
@require_http_methods(FORM)
def absence(request, pk):
    """Show one absence, and let somebody stand in."""
    require_steerer(request.viewer)
    shown = AbsencePage(request.viewer, pk)
    form = _cover_form(request, shown, request.POST or None)
    page = partial(_absence_page, request, shown, form)

    def cover(**facts):
        row = get_object_or_404(Absence, pk=pk)
        covers = cover_schools(absence=row, **facts, by=request.user, at=request.at)
        count = len(covers)
        told = ngettext("%(name)s stands in at %(count)s school.", "%(name)s stands in at %(count)s schools.", count)
        messages.success(request, told % {"name": facts["substitute"].name, "count": count})
        return reverse("absence", args=[pk])

    return post_once(request, form, cover, page) if request.method == "POST" else page()


@login_required
@require_POST
def absence_export(request, pk):
    """Hand out one absence school by school as CSV."""
    require_steerer(request.viewer)
    return table_answer(request, table_of_covers(AbsencePage(request.viewer, pk)))


@login_required
@require_http_methods(FORM)
def absence_days(request, pk):
    """Shorten or extend an absence."""
    require_steerer(request.viewer)
    row = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
    form = DaysForm(request.POST or None, initial={"starts_on": row.starts_on, "ends_on": row.ends_on})
    has_begun = row.starts_on < request.viewer.day
    if has_begun:
        form.fields["starts_on"].disabled = True
    page = partial(render, request, "campuses/absence_days.html", {"absence": row, "form": form})

    def change(**facts):
        commands.change_absence(absence=row, **facts, by=request.user, at=request.at)
        messages.success(request, _("The days are saved."))
        return reverse("absence", args=[pk])

    return post_once(request, form, change, page) if request.method == "POST" else page()


@login_required
@require_POST
def absence_end(request, pk):
    """Let somebody be back from now on."""
    require_steerer(request.viewer)

    def end():
        # Looked up only here: pressed twice, the second answer is the first one and not "not found".
        row = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
        try:
            commands.end_absence(absence=row, by=request.user, at=request.at)
            messages.success(request, _("%(name)s is back.") % {"name": row.person.name})
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        return redirect("absences")

    return once(request, end)


@login_required
@require_POST
def covers_end(request, pk):
    """Let covers of an absence end now: one, or all of a substitute."""
    require_steerer(request.viewer)
    keys = [key for key in request.POST.getlist("cover") if key.isascii() and key.isdigit() and len(key) < 10]

    def end():
        rows = Cover.objects.filter(absence=pk, pk__in=keys).select_related("absence__person", "substitute", "school")
        ended = [row.substitute.name for row in rows if _ends(request, row)]
        if ended:
            told = ngettext("%(count)s cover has ended.", "%(count)s covers have ended.", len(ended))
            messages.success(request, told % {"count": len(ended)})
        return redirect("absence", pk)

    return once(request, end)


def _ends(request, row) -> bool:
    try:
        withdraw(row=row, by=request.user, at=request.at)
    except ValidationError as refused:
        messages.error(request, f"{row.school.name}: {refused.messages[0]}")
        return False
    return True


def _cover_form(request, shown: AbsencePage, data) -> CoverForm:
    steered = shown.overview.steered

    def label(person):
        load = shown.overview.loads.get(person.pk)
        return people.told(person, load, steered.rosters.absences, shown.period)

    offered = [person for person in people.substitutes(request.viewer) if person.pk != shown.away.person.id]
    days = shown.unasked_days
    schools = [str(school.pk) for school in shown.unasked]
    initial = {"starts_on": days.starts_on, "ends_on": days.ends_on, "schools": schools}
    return CoverForm(offered, label, [line.school for line in shown.schools], data, initial=initial)


def _absence_page(request, shown, form, status=200):
    context = {"shown": shown, "form": form, "key": OnceForm()["idempotency_key"].value()}
    return render(request, "campuses/absence.html", context, status=status)


def _with_load(overview: Overview):
    return lambda person: people.told(person, overview.loads.get(person.pk))
