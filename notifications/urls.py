"""How one hears of things."""

from django.urls import path

from notifications import views

urlpatterns = [
    path("account/notifications/", views.preferences, name="notification-preferences"),
]
