"""Home and preferences."""

from django.urls import path

from fairwitness_hub.design import views

urlpatterns = [
    path("", views.home, name="home"),
    path("preferences/", views.preferences, name="preferences"),
]
