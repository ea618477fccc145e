"""Addresses of people."""

from django.urls import path

from fairwitness_hub.people import views

urlpatterns = [
    path("", views.people, name="people"),
    path("enrol/", views.enrol, name="person_enrol"),
    path("<hex:person>/", views.person, name="person"),
    path("<hex:person>/correct/", views.correct, name="person_correct"),
    path("<hex:person>/lines/new/", views.add_line, name="person_add_line"),
    path("<hex:person>/lines/<hex:line>/grant/", views.grant, name="mandate_grant"),
    path("<hex:person>/lines/<hex:line>/withdraw/", views.withdraw, name="mandate_withdraw"),
]
