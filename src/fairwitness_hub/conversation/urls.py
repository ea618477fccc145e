"""Conversations, by stream."""

from django.urls import path

from fairwitness_hub.conversation import views

urlpatterns = [path("<hex:stream>/", views.conversation, name="conversation")]
