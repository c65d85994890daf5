"""One's own texts, and those everybody shares. The texts for one report lie on the floor of the reports."""

from django.urls import path

from textmodules import views

urlpatterns = [
    path("texts/", views.texts, name="texts"),
    path("texts/export/", views.export, name="texts-export"),
    path("texts/new/", views.new, name="text-new"),
    path("texts/<int:pk>/", views.text, name="text"),
    path("texts/<int:pk>/removal/", views.removal, name="text-removal"),
]
