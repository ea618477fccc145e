"""Addresses of the record."""

from django.urls import path

from fairwitness_hub.record import views

urlpatterns = [
    path("", views.record, name="record"),
    path("refused/", views.refused, name="record_refused"),
    path("not-understood/", views.not_understood, name="record_not_understood"),
    path("verify/", views.verify, name="record_verify"),
    path("verification/", views.verification, name="record_verification"),
    path("keys/", views.keys, name="record_keys"),
    path("checkpoint/<path:log>/", views.checkpoint, name="record_checkpoint"),
]
