"""Texts of the city and the report of a barrier."""

from django.urls import path

from pages import views

urlpatterns = [
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("barrier/", views.barrier, name="barrier"),
    path("barrier/reported/", views.barrier_reported, name="barrier-reported"),
]
