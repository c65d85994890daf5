"""API v1: every resource, registered in one place."""

from django.urls import path, re_path

from helpdesk import api_docs
from schools.api import Campuses, People, Rooms, SchoolDetail, Schools
from tickets.api.attachments import AttachmentFile, Attachments
from tickets.api.categories import Categories
from tickets.api.rating import Rate
from tickets.api.steps import step_urls
from tickets.api.tickets import Events, KnownFaults, TicketDetail, Tickets

# Anything else, a NUL among them, is no number and never reaches the database.
TICKET = r"(?P<number>[A-Za-z0-9-]{1,32})"

urlpatterns = [
    path("schema/", api_docs.schema, name="api-schema"),
    path("docs/", api_docs.docs, name="api-docs"),
    path("campuses/", Campuses.as_view(), name="api-campuses"),
    path("schools/", Schools.as_view(), name="api-schools"),
    re_path(r"^schools/(?P<number>[0-9]{6})/$", SchoolDetail.as_view(), name="api-school"),
    path("rooms/", Rooms.as_view(), name="api-rooms"),
    path("people/", People.as_view(), name="api-people"),
    path("categories/", Categories.as_view(), name="api-categories"),
    path("known-faults/", KnownFaults.as_view(), name="api-known-faults"),
    path("tickets/", Tickets.as_view(), name="api-tickets"),
    re_path(rf"^tickets/{TICKET}/$", TicketDetail.as_view(), name="api-ticket"),
    re_path(rf"^tickets/{TICKET}/events/$", Events.as_view(), name="api-events"),
    re_path(rf"^tickets/{TICKET}/attachments/$", Attachments.as_view(), name="api-attachments"),
    re_path(
        rf"^tickets/{TICKET}/attachments/(?P<key>[0-9a-f-]{{36}})/$", AttachmentFile.as_view(), name="api-attachment"
    ),
    re_path(rf"^tickets/{TICKET}/rate/$", Rate.as_view(), name="api-rate"),
    *step_urls(TICKET),
    re_path(r"^", api_docs.Nowhere.as_view(), name="api-nowhere"),
]
