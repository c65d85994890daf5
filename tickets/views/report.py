"""A teacher reports. Works without a script, on a phone, and when pressed twice."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from idempotency.fingerprint import fingerprint_of
from idempotency.once import run_once
from tickets import drafts
from tickets.commands.report import report_incident
from tickets.forms import ReportForm
from tickets.models import Draft, DraftPhoto, Ticket
from tickets.numbers import is_number
from tickets.photos import PHOTOS_A_REPORT
from tickets.report_page import ReportPage, reportable_schools
from tickets.uploads import clean_uploads, photo_answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Show the report form of a school, or take the report; a rejected form keeps every word and photo."""
    schools = list(reportable_schools(request.viewer))
    number = request.POST.get("school") or request.GET.get("school", "")
    school = next((school for school in schools if school.number == number), None)
    if school is None and len(schools) == 1 and not number:
        school = schools[0]
    if school is None:
        status = 422 if request.method == "POST" else 404 if number else 200
        return render(request, "tickets/choose_school.html", {"schools": schools}, status=status)
    page = ReportPage(request.viewer, school)
    if request.method == "POST":
        return _take(request, page, schools)
    draft = Draft.objects.visible_to(request.viewer).with_photo_keys().order_by("-saved_at").first()
    if draft and request.GET.get("draft") == str(draft.key):
        return _form(request, page, schools, ReportForm(page=page, initial=draft.words), draft=draft)
    initial = {"category": request.GET.get("category", ""), "room": request.GET.get("room", "")}
    return _form(request, page, schools, ReportForm(page=page, initial=initial), waiting=draft)


@login_required
@require_POST
def discard(request, key):
    """Throw a draft away with its photos."""
    drafts.discard(get_object_or_404(Draft.objects.visible_to(request.viewer), key=key))
    return redirect("report")


@login_required
@require_safe
def draft_photo(request, draft, key):
    """Hand a photo of a draft to its author."""
    own = Draft.objects.visible_to(request.viewer)
    photo = get_object_or_404(get_object_or_404(own, key=draft).photos, key=key)
    return photo_answer(photo)


def _take(request, page, schools):
    form = ReportForm(request.POST, page=page)
    draft = _own_draft(request)
    kept = draft.photos.exclude(key__in=_unwanted(request)).count() if draft else 0
    fresh, problems = clean_uploads(request.FILES.getlist("photos"), room_for=PHOTOS_A_REPORT - kept)
    if not form.is_valid() or problems:
        for problem in problems:
            form.add_error(None, problem)
        return _rejected(request, page, schools, form, draft, fresh)

    def report():
        data = form.cleaned_data
        ticket = report_incident(
            school=page.school,
            category=data["category"],
            room=data["room"],
            place=data["place"],
            urgency=data["urgency"],
            description=data["description"],
            confidential=data["confidential"],
            reporter=data.get("reporter"),
            photos=(drafts.take(draft, unwanted=_unwanted(request)) if draft else []) + fresh,
            by=request.user,
            at=request.at,
        )
        return _sent(request, ticket)

    key = request.POST.get("idempotency_key") or str(uuid.uuid4())
    try:
        return run_once(owner=request.user, key=key, fingerprint=fingerprint_of(request), at=request.at, action=report)
    except ValidationError as error:
        form.add_error(None, error)
        return _rejected(request, page, schools, form, draft, fresh)


def _rejected(request, page, schools, form, draft, fresh):
    words = {name: request.POST.get(name, "")[:10_000] for name in form.fields} | {"school": page.school.number}
    draft = drafts.keep(
        author=request.user, words=words, photos=fresh, draft=draft, at=request.at, unwanted=_unwanted(request)
    )
    return _form(request, page, schools, form, draft=draft, status=422)


def _own_draft(request):
    try:
        key = uuid.UUID(request.POST.get("draft", ""))
    except ValueError:
        return None
    return Draft.objects.visible_to(request.viewer).filter(key=key).first()


def _unwanted(request) -> set[str]:
    """Return the keys of the draft's photos that were taken out of the form."""
    return {key for key in request.POST.getlist("remove_photo") if _is_uuid(key)}


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _sent(request, ticket):
    """Lead to the report; who entered it for somebody else does not see a confidential one."""
    own = not ticket.confidential or ticket.reporter_id == request.user.pk
    if own or Ticket.objects.visible_to(request.viewer).filter(pk=ticket.pk).exists():
        return redirect(f"{ticket.get_absolute_url()}?sent=1")
    text = _("Report %(number)s was sent. It is confidential: only the reporter and whoever takes care see it.")
    messages.success(request, text % {"number": ticket.number})
    return redirect("tickets")


def _photos_of(draft) -> list[DraftPhoto]:
    """Return the photos that wait with a draft; of one that was just read the keys are known already."""
    if draft is None:
        return []
    keys = getattr(draft, "photo_keys", None)
    return list(draft.photos.order_by("pk")) if keys is None else [DraftPhoto(key=key) for key in keys]


def _form(request, page, schools, form, *, draft=None, waiting=None, status=200):
    category, room = form["category"].value() or "", form["room"].value() or ""
    if room == ReportForm.OTHER_ROOM:
        room = form["other_room"].value() or ""
    left = request.GET.get("left", "")
    context = {
        "page": page,
        "known": page.known_faults(category=str(category), room=str(room)),
        "left": left if is_number(left) else "",
        "schools": schools if len(schools) < 20 else [],
        "school": page.school,
        "form": form,
        "chosen_category": form["category"].value(),
        "chosen_room": form["room"].value(),
        "draft": draft,
        "draft_photos": _photos_of(draft),
        "waiting": waiting,
        "photo_limit": PHOTOS_A_REPORT,
        "idempotency_key": request.POST.get("idempotency_key") or uuid.uuid4(),
        "title": _("What does not work?"),
    }
    return render(request, "tickets/report.html", context, status=status)
