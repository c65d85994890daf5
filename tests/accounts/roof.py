"""A roof that knows what people hold on higher floors."""

from datetime import date

from django.urls import include, path

from accounts.roles import RoleLine
from accounts.views.account import account


def roles_of(person, *, at):
    return [RoleLine("Lehrkraft", "Bert-Brecht-Gymnasium", date(2025, 8, 1), None)]


urlpatterns = [
    path("account/", account, {"roles_of": roles_of}, name="account"),
    path("", include("helpdesk.urls")),
]
