"""Addresses of people."""

from django.urls import path

from fairwitness_hub.people import views

urlpatterns = [
    path("", views.people, name="people"),
    path("enrol/", views.enrol, name="person_enrol"),
    path("<slug:person>/", views.person, name="person"),
    path("<slug:person>/correct/", views.correct, name="person_correct"),
    path("<slug:person>/lines/new/", views.add_line, name="person_add_line"),
    path("<slug:person>/lines/<slug:line>/grant/", views.grant, name="mandate_grant"),
    path("<slug:person>/lines/<slug:line>/withdraw/", views.withdraw, name="mandate_withdraw"),
]
