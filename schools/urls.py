"""The list of schools, and the forms that keep one right. The page of a school lies on a higher floor."""

from django.urls import path

from schools import views
from schools.numbers import SCHOOL

urlpatterns = [
    path("schools/", views.schools, name="schools"),
    path(f"schools/{SCHOOL}/rooms/", views.rooms, name="rooms"),
    path(f"schools/{SCHOOL}/rooms/<int:pk>/", views.room, name="room"),
    path(f"schools/{SCHOOL}/rooms/<int:pk>/use/", views.room_use, name="room-use"),
    path(f"schools/{SCHOOL}/contacts/", views.contacts, name="contacts"),
    path(f"schools/{SCHOOL}/contacts/<int:pk>/", views.contact, name="contact"),
    path(f"schools/{SCHOOL}/contacts/<int:pk>/removal/", views.contact_removal, name="contact-removal"),
    path(f"schools/{SCHOOL}/access/", views.access, name="school-access"),
]
