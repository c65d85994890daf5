"""Schools and the forms that keep one right; campuses and absences to steer.

The page of a school, the list of campuses and the map show reports too: they lie on a higher floor.
"""

from django.urls import path

from campuses.slugs import CAMPUS
from schools import views
from schools.numbers import SCHOOL
from schools.steering import views as steering

urlpatterns = [
    path("schools/", views.schools, name="schools"),
    path("schools/export/", views.export, name="schools-export"),
    path(f"schools/{SCHOOL}/rooms/", views.rooms, name="rooms"),
    path(f"schools/{SCHOOL}/rooms/export/", views.rooms_export, name="rooms-export"),
    path(f"schools/{SCHOOL}/rooms/<int:pk>/", views.room, name="room"),
    path(f"schools/{SCHOOL}/rooms/<int:pk>/use/", views.room_use, name="room-use"),
    path(f"schools/{SCHOOL}/contacts/", views.contacts, name="contacts"),
    path(f"schools/{SCHOOL}/contacts/export/", views.contacts_export, name="contacts-export"),
    path(f"schools/{SCHOOL}/contacts/<int:pk>/", views.contact, name="contact"),
    path(f"schools/{SCHOOL}/contacts/<int:pk>/removal/", views.contact_removal, name="contact-removal"),
    path(f"schools/{SCHOOL}/access/", views.access, name="school-access"),
    path(f"schools/{SCHOOL}/campus/", steering.school_campus, name="school-campus"),
    path(f"campuses/{CAMPUS}/", steering.campus, name="campus"),
    path(f"campuses/{CAMPUS}/manager/", steering.manager, name="campus-manager"),
    path("campuses/absences/", steering.absences, name="absences"),
    path("campuses/absences/export/", steering.absences_export, name="absences-export"),
    path("campuses/absences/new/", steering.absence_new, name="absence-new"),
    path("campuses/absences/<int:pk>/", steering.absence, name="absence"),
    path("campuses/absences/<int:pk>/export/", steering.absence_export, name="absence-export"),
    path("campuses/absences/<int:pk>/days/", steering.absence_days, name="absence-days"),
    path("campuses/absences/<int:pk>/end/", steering.absence_end, name="absence-end"),
    path("campuses/absences/<int:pk>/covers/end/", steering.covers_end, name="covers-end"),
]
