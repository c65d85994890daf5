"""The list of schools, and the forms that keep one right. The page of a school lies on a higher floor."""

from django.urls import path

from schools import views

urlpatterns = [
    path("schools/", views.schools, name="schools"),
    path("schools/<str:number>/rooms/", views.rooms, name="rooms"),
    path("schools/<str:number>/rooms/<int:pk>/", views.room, name="room"),
    path("schools/<str:number>/rooms/<int:pk>/use/", views.room_use, name="room-use"),
    path("schools/<str:number>/contacts/", views.contacts, name="contacts"),
    path("schools/<str:number>/contacts/<int:pk>/", views.contact, name="contact"),
    path("schools/<str:number>/contacts/<int:pk>/removal/", views.contact_removal, name="contact-removal"),
    path("schools/<str:number>/access/", views.access, name="school-access"),
]
