"""The door and one's own account."""

from django.urls import path

from accounts.views import account, passwords, preferences, signing_in

urlpatterns = [
    path("login/", signing_in.sign_in, name="login"),
    path("logout/", signing_in.sign_out, name="logout"),
    path("password/reset/", passwords.reset, name="password-reset"),
    path("password/reset/sent/", passwords.reset_sent, name="password-reset-sent"),
    path("password/set/", passwords.choose, name="password-set"),
    path("password/set/<uuid:public_id>/<slug:token>/", passwords.link, name="password-link"),
    path("account/", account.account, name="account"),
    path("account/password/", passwords.change, name="password-change"),
    path("account/keys/new/", account.new_key, name="key-new"),
    path("account/keys/<int:key>/revocation/", account.revoke_key, name="key-revocation"),
    path("language/", preferences.language, name="language"),
    path("theme/", preferences.theme, name="theme"),
]
