"""Signing in and out, and one's own account. There is no sign-up and no reset by e-mail."""

from allauth.account import views as account
from django.urls import include, path

from fairwitness_hub.accounts import views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/link/<str:token>/", views.sign_in_link, name="sign_in_link"),
    path("sign-out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/first/", account.password_set, name="account_set_password"),
    path("two-step/", include("allauth.mfa.urls")),
]
