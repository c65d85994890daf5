"""The texts that fit at a box, fetched when somebody opens their list."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from schools.models import School
from textmodules.models import Kind
from tickets.text_modules import TextChoice, may_use_texts

from .ticket import scope


@login_required
@require_safe
@never_cache
def of_ticket(request, number):
    """List texts with the facts of one report filled in."""
    rows = scope(request).with_names().with_due_times().numbered(number)
    return _list(request, ticket=get_object_or_404(rows))


@login_required
@require_safe
@never_cache
def anywhere(request):
    """List texts where there is no report yet; with `school`, its facts are filled in."""
    number = request.GET.get("school", "")
    school = None
    if number:
        school = School.objects.visible_to(request.viewer).filter(number=number.replace("\0", "")[:20]).first()
    return _list(request, school=school)


def _list(request, *, ticket=None, school=None):
    if not may_use_texts(request.viewer, ticket):
        raise PermissionDenied
    kinds = [kind for kind in Kind.values if kind in request.GET.getlist("kind")]
    if not kinds:
        raise Http404
    choice = TextChoice(request.viewer, kinds, ticket=ticket, school=school)
    return render(request, "textmodules/_choices.html", {"texts": choice.texts, "in_page": True})
