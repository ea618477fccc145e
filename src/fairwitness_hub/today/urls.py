"""The address of the first page."""

from django.urls import path

from fairwitness_hub.today import views

urlpatterns = [path("", views.today, name="today")]
