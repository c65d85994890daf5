"""Reports: file, find, read, work."""

from django.urls import path

from schools.numbers import SCHOOL
from tickets.numbers import TICKET
from tickets.views import (
    calls,
    campuses,
    escalate,
    joining,
    listing,
    merge,
    notices,
    queue,
    report,
    school,
    similar,
    steps,
    text_modules,
    ticket,
    triage,
)

urlpatterns = [
    path("tickets/new/", report.new, name="report"),
    path("tickets/similar/", similar.similar, name="similar"),
    path("tickets/drafts/<uuid:key>/removal/", report.discard, name="draft-removal"),
    path("tickets/drafts/<uuid:draft>/photos/<uuid:key>/", report.draft_photo, name="draft-photo"),
    path("tickets/", listing.tickets, name="tickets"),
    path("tickets/export/", listing.export, name="tickets-export"),
    path(f"tickets/{TICKET}/", ticket.ticket, name="ticket"),
    path(f"tickets/{TICKET}/photos/<uuid:key>/", ticket.photo, name="photo"),
    path(f"tickets/{TICKET}/comment/", steps.comment, name="ticket-comment"),
    path(f"tickets/{TICKET}/live/", ticket.live, name="ticket-live"),
    path(f"tickets/{TICKET}/escalate/", escalate.escalate, name="ticket-escalate"),
    path(f"tickets/{TICKET}/join/", joining.join, name="ticket-join"),
    path(f"tickets/{TICKET}/leave/", joining.leave, name="ticket-leave"),
    path(f"tickets/{TICKET}/merge/", merge.merge, name="ticket-merge"),
    path(f"tickets/{TICKET}/<str:name>/", steps.step, name="ticket-step"),
    path("texts/for/", text_modules.anywhere, name="texts-anywhere"),
    path(f"texts/for/{TICKET}/", text_modules.of_ticket, name="ticket-texts"),
    path(f"schools/{SCHOOL}/", school.school, name="school"),
    path("campuses/", campuses.campuses, name="campuses"),
    path("campuses/map/", campuses.school_map, name="campus-map"),
    path("campuses/responsibility/", campuses.responsibility, name="responsibility"),
    path("queue/", queue.queue, name="queue"),
    path("triage/", triage.triage, name="triage"),
    path("triage/live/", triage.live, name="triage-live"),
    path("queue/live/", queue.live, name="queue-live"),
    path("calls/", calls.calls, name="calls"),
    path("calls/found/", calls.found, name="calls-found"),
    path("calls/beside/", calls.beside, name="calls-beside"),
    path("calls/counted/", calls.counted, name="calls-counted"),
    path(f"calls/{TICKET}/", calls.done, name="call-done"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="notices-read"),
]
