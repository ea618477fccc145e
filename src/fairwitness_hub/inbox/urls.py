"""The inbox. Filters are in the query, so that an address can be shared."""

from django.urls import path

from fairwitness_hub.inbox import views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("queue/", views.queue, name="queue"),
    path("stream/", views.changes, name="queue_stream"),
    path("<hex:alert>/", views.alert, name="alert"),
    path("<hex:alert>/messages/", views.messages, name="alert_messages"),
    path("<hex:alert>/claim/", views.claim, name="alert_claim"),
    path("<hex:alert>/close/", views.close, name="alert_close"),
    path("<hex:alert>/reopen/", views.reopen, name="alert_reopen"),
]
